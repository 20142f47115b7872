internal import Agreement

extension AgreementReport {
  /// The report as JSON, ending in a newline.
  ///
  /// Keys are in snake case; `schema` is 1 and rises when a key changes its meaning. A statistic
  /// has `value`, `turns` and, where it was resampled, `low` and `high` (percentile), `bca_low` and
  /// `bca_high`; without a value `value` is null and `undefined` says why.
  public func json() -> String {
    let members: [(String, JSON)] = [("schema", .integer(1)), ("report", .string("agreement"))]
    return JSON.object(members + self.members + [("definitions", definitions)]).text() + "\n"
  }

  private var members: [(String, JSON)] {
    var members: [(String, JSON)] = [
      ("title", .string(title)), ("program", .string(program)),
      ("group", group.map(JSON.string) ?? .null), ("level", .string(level.rawValue)),
      ("notes", .array(notes.map(JSON.string))), ("counts", json(counts)),
      (
        "intervals",
        .object([
          ("method", .string("percentile")), ("resampled", .string(resampling.unit.rawValue)),
          ("replicates", .integer(resampling.replicates)),
          ("seed", .string("\(resampling.seed)")),
          ("confidence", .number(resampling.confidence)),
        ])
      ),
      ("labels", .array(answers.map(JSON.string))),
    ]
    members += (headline + others).map { ($0.quantity.rawValue, json($0)) }
    members += [
      ("per_label", .array(labels.map(json))), ("pairs", .array(pairRows)),
      ("per_rater", .array(raterRows.map(json))),
      ("raters_not_compared", .integer(pairwise?.leftOut ?? 0)),
    ]
    if !breakdowns.isEmpty {
      members.append(("by", .object(breakdowns.map { ($0.scope, json($0)) })))
    }
    if let truth { members.append(("truth", json(truth))) }
    if !repeats.isEmpty { members.append(("repeats", .array(repeats.map(json)))) }
    if let study { members.append(("study", json(study))) }
    if !models.isEmpty { members.append(("models", .array(models.map(json)))) }
    if !parts.isEmpty { members.append(("parts", .array(parts.map { .object($0.members) }))) }
    return members
  }

  private func json(_ counts: RatingCounts) -> JSON {
    .object([
      ("dialogues", .integer(counts.dialogues)), ("turns", .integer(counts.items)),
      ("shared_turns", .integer(counts.sharedItems)), ("ratings", .integer(counts.ratings)),
      ("raters", .integer(counts.raters)),
    ])
  }

  func json(_ measure: Measure) -> JSON {
    guard case .object(let members) = json(measure.estimate) else { return .null }
    return .object(members + [("turns", .integer(measure.turns))])
  }

  func json(_ statistic: Statistic) -> JSON {
    switch statistic {
    case .value(let value): .object([("value", .number(value))])
    case .undefined(let reason):
      .object([("value", .null), ("undefined", .string("\(reason)"))])
    }
  }

  func json(_ estimate: Estimate) -> JSON {
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

  private func json(_ label: LabelRow) -> JSON {
    var members: [(String, JSON)] = [
      ("label", .string(label.label)), ("ratings", .integer(label.ratings)),
      ("prevalence", json(label.prevalence)), ("alpha_nominal", json(label.alpha)),
    ]
    if let specific = label.specific { members.append(("specific_agreement", json(specific))) }
    if let kappa = label.kappa { members.append(("fleiss_kappa", json(kappa))) }
    return .object(members)
  }

  private func json(_ rater: RaterRow) -> JSON {
    .object(
      [
        ("rater", .string(rater.rater)), ("ratings", .integer(rater.ratings)),
        ("labels", .array(rater.answers.map(JSON.integer))),
      ] + rater.measures.map { ($0.quantity.rawValue, json($0.estimate)) }
        + [("confusion_with_majority", .array(rows(rater.againstMajority)))])
  }

  private func json(_ breakdown: Breakdown) -> JSON {
    .object([
      ("explanation", .string(breakdown.explanation)),
      (
        "parts",
        .array(
          breakdown.parts.map { part in
            .object(
              [("name", .string(part.name)), ("counts", json(part.counts))]
                + (part.measures + part.others).map { ($0.quantity.rawValue, json($0)) }
                + [("per_label", .array(part.labels.map(json)))])
          })
      ),
    ])
  }

  private func json(_ entry: ModelBesidePeople) -> JSON {
    let comparison = entry.comparison
    func json(_ scores: ModelComparison.Scores) -> JSON {
      .object([
        ("wa", self.json(scores.accuracy)), ("ua", self.json(scores.recall)),
        ("cohen_kappa", self.json(scores.kappa)),
      ])
    }
    func json(_ difference: ModelComparison.Difference) -> JSON {
      .object([
        ("model", self.json(difference.model)), ("human_ceiling", self.json(difference.people)),
        ("difference", self.json(difference.difference)),
      ])
    }
    return .object([
      ("model", .string(entry.model)), ("turns", .integer(comparison.items)),
      ("people_left_out", .integer(comparison.leftOut)), ("wa", json(comparison.accuracy)),
      ("ua", json(comparison.recall)), ("cohen_kappa", json(comparison.kappa)),
      (
        "people",
        .array(
          comparison.people.map { person in
            .object([
              ("rater", .string(person.rater)), ("turns", .integer(person.items)),
              ("own", json(person.own)), ("model", json(person.model)),
            ])
          })
      ),
    ])
  }

  /// A square table of counts, a row a label.
  private func rows(_ counts: [Int]) -> [JSON] {
    let labels = answers.count
    guard counts.count == labels * labels else { return [] }
    return (0..<labels).map { row in
      .array(counts[(row * labels)..<((row + 1) * labels)].map(JSON.integer))
    }
  }

  private var pairRows: [JSON] {
    pairs.map { pair in
      let table = pair.table
      return .object([
        ("raters", .array([.string(pair.one), .string(pair.other)])),
        ("turns", .integer(table.shared)), ("raw_agreement", json(table.rawAgreement)),
        ("cohen_kappa", json(table.cohenKappa)),
        ("cohen_kappa_standard_error", json(table.cohenStandardError)),
        ("maximum_kappa", json(table.maximumKappa)), ("scott_pi", json(table.scottPi)),
        ("confusion", .array(rows(table.counts))),
      ])
    }
  }

  private var definitions: JSON {
    .object(quantities.map { ($0.rawValue, .string($0.definition)) })
  }
}
