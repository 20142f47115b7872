internal import Agreement

extension AgreementReport {
  /// The report as JSON, ending in a newline.
  ///
  /// Keys are in snake case; `schema` is 1 and rises when a key changes its meaning. A statistic
  /// has `value` and, where it was resampled, `low` and `high` (percentile), `bca_low` and
  /// `bca_high`; without a value `value` is null and `undefined` says why.
  ///
  /// - Parameter others: reports on other groups of raters, which are never mixed with this one.
  public func json(others: [AgreementReport] = []) -> String {
    var members: [(String, JSON)] = [("schema", .integer(1)), ("report", .string("agreement"))]
    members += self.members
    if !others.isEmpty {
      members.append(("other_groups", .array(others.map { .object($0.members) })))
    }
    return JSON.object(members).text() + "\n"
  }

  private var members: [(String, JSON)] {
    let plan = summary.resampling
    return [
      ("title", .string(title)),
      ("group", group.map(JSON.string) ?? .null),
      ("notes", .array(notes.map(JSON.string))),
      (
        "counts",
        .object([
          ("dialogues", .integer(summary.counts.dialogues)),
          ("turns", .integer(summary.counts.items)),
          ("shared_turns", .integer(summary.counts.sharedItems)),
          ("ratings", .integer(summary.counts.ratings)),
          ("raters", .integer(summary.counts.raters)),
        ])
      ),
      (
        "intervals",
        .object([
          ("method", .string("percentile")), ("resampled", .string(plan.unit.rawValue)),
          ("replicates", .integer(plan.replicates)), ("seed", .string("\(plan.seed)")),
          ("confidence", .number(plan.confidence)),
        ])
      ),
      ("labels", .array(summary.labels.map(JSON.string))),
      ("alpha_nominal", json(summary.alpha)),
      ("raw_agreement", json(summary.raw)),
      ("gwet_ac1", json(summary.ac1)),
      ("fleiss_kappa", json(summary.fleiss)),
      ("fleiss_kappa_1971", json(summary.fleiss1971)),
      ("conger_kappa", json(summary.conger)),
      ("light_kappa", json(summary.light)),
      ("brennan_prediger", json(summary.brennanPrediger)),
      ("raw_agreement_pooled", json(summary.pooled)),
      ("cohen_kappa", json(summary.two.cohen)),
      ("maximum_kappa", json(summary.two.maximum)),
      ("scott_pi", json(summary.two.scott)),
      ("per_label", .array(summary.perLabel.map(json))),
      ("pairs", .array(pairs)),
      ("per_rater", .array(summary.perRater.map(json))),
      ("raters_not_compared", .integer(summary.pairwise.leftOut)),
      ("definitions", .object(Self.definitions.map { ($0.0, .string($0.1)) })),
    ]
  }

  private func json(_ statistic: Statistic) -> JSON {
    switch statistic {
    case .value(let value): .object([("value", .number(value))])
    case .undefined(let reason):
      .object([("value", .null), ("undefined", .string("\(reason)"))])
    }
  }

  private func json(_ estimate: Estimate) -> JSON {
    guard case .object(var members) = json(estimate.statistic) else { return .null }
    if let bounds = estimate.percentile {
      members += [("low", .number(bounds.low)), ("high", .number(bounds.high))]
    }
    if let bounds = estimate.accelerated {
      members += [("bca_low", .number(bounds.low)), ("bca_high", .number(bounds.high))]
    }
    if let error = estimate.standardError { members.append(("standard_error", .number(error))) }
    if estimate.undefinedReplicates > 0 {
      members.append(("undefined_replicates", .integer(estimate.undefinedReplicates)))
    }
    return .object(members)
  }

  private func json(_ label: AgreementSummary.Label) -> JSON {
    .object([
      ("label", .string(label.label)), ("ratings", .integer(label.ratings)),
      ("prevalence", json(label.prevalence)), ("specific_agreement", json(label.specific)),
      ("alpha_nominal", json(label.alpha)), ("fleiss_kappa", json(label.kappa)),
    ])
  }

  private func json(_ rater: AgreementSummary.Rater) -> JSON {
    .object([
      ("rater", .string(rater.rater)), ("ratings", .integer(rater.ratings)),
      ("labels", .array(rater.labels.map(JSON.integer))),
      ("mean_kappa", json(rater.meanKappa)), ("alpha_without", json(rater.alphaWithout)),
    ])
  }

  private var pairs: [JSON] {
    let raters = summary.pairwise.raters
    return raters.indices.flatMap { one in
      raters.indices.filter { $0 > one }.map { other in
        let table = summary.pairwise.table(one, other)
        let rows = (0..<table.labels).map { row in
          JSON.array(
            table.counts[(row * table.labels)..<((row + 1) * table.labels)].map(JSON.integer))
        }
        return .object([
          (
            "raters",
            .array([raters[one], raters[other]].map { .string(summary.raters[$0]) })
          ),
          ("turns", .integer(table.shared)),
          ("raw_agreement", json(table.rawAgreement)),
          ("cohen_kappa", json(table.cohenKappa)),
          ("cohen_kappa_standard_error", json(table.cohenStandardError)),
          ("maximum_kappa", json(table.maximumKappa)),
          ("scott_pi", json(table.scottPi)),
          ("confusion", .array(rows)),
        ])
      }
    }
  }

  /// What each statistic is, for a reader who has another tool beside it.
  static let definitions = [
    ("raw_agreement", "mean over turns with two or more ratings of the share of agreeing pairs"),
    ("raw_agreement_pooled", "agreeing pairs of ratings among all pairs of the same turn"),
    ("alpha_nominal", "Krippendorff 2011, turns with two or more ratings"),
    (
      "gwet_ac1",
      "Gwet 2008, all labels of the project; shares of labels over turns with one or more ratings"
    ),
    (
      "fleiss_kappa",
      "Fleiss 1971 with Gwet's rule for missing ratings (Gwet 2014); per label against the rest"
    ),
    ("fleiss_kappa_1971", "defined for the same number of ratings on every turn"),
    ("conger_kappa", "Conger 1980, chance from each rater's own labels"),
    ("light_kappa", "mean of Cohen's kappa over the pairs that have one"),
    ("brennan_prediger", "Brennan and Prediger 1981, chance is one over the number of labels"),
    ("cohen_kappa", "Cohen 1960 on the turns both rated, with their labels on those turns"),
    ("maximum_kappa", "the largest Cohen's kappa the two raters' label frequencies allow"),
    ("specific_agreement", "of the pairs with one rating of the label, the share with two"),
  ]
}
