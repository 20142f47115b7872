internal import Agreement

extension AgreementReport {
  /// The report as a tidy table in CSV: a header, then a row a statistic.
  ///
  /// Columns: `statistic`, `scope` (`all`, or a kind and a name such as `label:joy`, `pair:ana|ben`),
  /// `value`, `low`, `high` (empty where there are none), `n` (turns it rests on; for counts the
  /// same as the value) and `note` (why there is no value, or which definition was followed).
  public func csv() -> String {
    var table = TidyTable()
    add(to: &table, prefix: "")
    return table.text
  }

  private func add(to table: inout TidyTable, prefix: String) {
    let all = prefix.isEmpty ? "all" : String(prefix.dropLast())
    table.add(counts, scope: all)
    table.add(resampling, scope: all)
    for measure in headline + others {
      table.add(
        measure.quantity.rawValue, scope: all, measure.estimate, n: measure.turns,
        note: measure.quantity.definition)
    }
    for row in labels { table.add(row, scope: "\(prefix)label:\(row.label)", counts) }
    for pair in pairs {
      let scope = "\(prefix)pair:\(pair.one)|\(pair.other)"
      let shared = pair.table.shared
      table.add("shared_turns", scope: scope, count: shared)
      table.add("raw_agreement", scope: scope, Estimate(pair.table.rawAgreement), n: shared)
      table.add("cohen_kappa", scope: scope, Estimate(pair.table.cohenKappa), n: shared)
      table.add("maximum_kappa", scope: scope, Estimate(pair.table.maximumKappa), n: shared)
      table.add("scott_pi", scope: scope, Estimate(pair.table.scottPi), n: shared)
    }
    if let confusion {
      for (one, row) in zip(answers, confusion) {
        for (other, count) in zip(answers, row) where count > 0 {
          table.add("pairs_of_ratings", scope: "\(prefix)answers:\(one)|\(other)", count: count)
        }
      }
    }
    for row in raterRows {
      let scope = "\(prefix)rater:\(row.rater)"
      table.add("ratings", scope: scope, count: row.ratings)
      for measure in row.measures { table.add(measure, scope: scope) }
      for (answer, count) in zip(answers, row.answers) {
        table.add("ratings", scope: "\(scope)|label:\(answer)", count: count)
      }
      for (place, count) in row.againstMajority.enumerated() where count > 0 {
        let pair = "\(answers[place / answers.count])|\(answers[place % answers.count])"
        table.add("turns_by_own_and_majority", scope: "\(scope)|labels:\(pair)", count: count)
      }
    }
    for breakdown in breakdowns {
      for part in breakdown.parts {
        let scope = "\(prefix)\(breakdown.scope):\(part.name)"
        table.add(part.counts, scope: scope)
        for measure in part.measures + part.others { table.add(measure, scope: scope) }
        for row in part.labels {
          table.add(row, scope: "\(scope)|label:\(row.label)", part.counts)
        }
      }
    }
    for entry in models {
      let scope = "\(prefix)model:\(entry.model)"
      let turns = entry.comparison.items
      for (name, score) in entry.scores {
        table.add("model_\(name)", scope: scope, score.model, n: turns)
        table.add("human_ceiling_\(name)", scope: scope, score.people, n: turns)
        table.add("difference_\(name)", scope: scope, score.difference, n: turns)
      }
      for person in entry.comparison.people {
        for (who, scores) in [("own", person.own), ("model", person.model)] {
          let scope = "\(scope)|rater:\(person.rater)|\(who)"
          table.add("wa", scope: scope, Estimate(scores.accuracy), n: person.items)
          table.add("ua", scope: scope, Estimate(scores.recall), n: person.items)
          table.add("cohen_kappa", scope: scope, Estimate(scores.kappa), n: person.items)
        }
      }
    }
    addTruth(to: &table, prefix)
    addStudy(to: &table, prefix)
    for part in parts { part.add(to: &table, prefix: "\(prefix)\(part.title)/") }
  }
}

/// Rows of CSV as RFC 4180 has them.
struct TidyTable {
  private(set) var text = "statistic,scope,value,low,high,n,note\n"

  mutating func add(_ counts: RatingCounts, scope: String) {
    add("dialogues", scope: scope, count: counts.dialogues)
    add("turns", scope: scope, count: counts.items)
    add("shared_turns", scope: scope, count: counts.sharedItems)
    add("ratings", scope: scope, count: counts.ratings)
    add("raters", scope: scope, count: counts.raters)
  }

  mutating func add(_ plan: Resampling, scope: String) {
    let unit = plan.unit == .items ? "turns" : "dialogues"
    write([
      "replicates", scope, "\(plan.replicates)", "", "", "", "percentile bootstrap over \(unit)",
    ])
    write(["seed", scope, "\(plan.seed)", "", "", "", "SplitMix64"])
    write(["confidence", scope, "\(plan.confidence)", "", "", "", "of low and high"])
  }

  mutating func add(_ name: String, scope: String, count: Int) {
    write([name, scope, "\(count)", "", "", "\(count)", ""])
  }

  mutating func add(_ row: LabelRow, scope: String, _ counts: RatingCounts) {
    add("ratings", scope: scope, count: row.ratings)
    add("prevalence", scope: scope, Estimate(row.prevalence), n: counts.sharedItems)
    if let specific = row.specific {
      add("specific_agreement", scope: scope, specific, n: counts.sharedItems)
    }
    if let kappa = row.kappa { add("fleiss_kappa", scope: scope, kappa, n: counts.sharedItems) }
    add("alpha_nominal", scope: scope, row.alpha, n: counts.sharedItems)
  }

  mutating func add(_ measure: Measure, scope: String) {
    add(measure.quantity.rawValue, scope: scope, measure.estimate, n: measure.turns)
  }

  mutating func add(
    _ name: String, scope: String, _ estimate: Estimate, n: Int, note: String = ""
  ) {
    write([
      name, scope, number(estimate.statistic.value), number(estimate.percentile?.low),
      number(estimate.percentile?.high), "\(n)",
      estimate.statistic.value == nil ? estimate.reasonText : note,
    ])
  }

  private func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }

  private mutating func write(_ cells: [String]) {
    text += cells.map(quoted).joined(separator: ",") + "\n"
  }

  private func quoted(_ cell: String) -> String {
    guard cell.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return cell }
    var quoted = "\""
    for scalar in cell.unicodeScalars {
      if scalar == "\"" { quoted += "\"" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }
}
