internal import Agreement

// Truth, repeats and the study as tidy rows.

extension AgreementReport {
  func addTruth(to table: inout TidyTable, _ prefix: String) {
    let all = prefix.isEmpty ? "all" : String(prefix.dropLast())
    if let truth, !answers.isEmpty {
      table.add("unanimous_turns", scope: all, count: truth.unanimous)
      table.add("majority_turns", scope: all, count: truth.majority)
      table.add("tied_turns", scope: all, count: truth.ties)
      let shared = truth.unanimous + truth.majority + truth.ties
      table.add(
        "mean_entropy_bits", scope: all, Estimate(truth.meanEntropy), n: shared,
        note: truth.estimation)
      if let overruled = truth.overruled {
        table.add("overruled_by_dawid_skene", scope: all, count: overruled)
      }
      for (label, prior) in zip(answers, truth.priors) {
        table.add(
          "dawid_skene_label_share", scope: "\(prefix)label:\(label)", Estimate(.value(prior)),
          n: counts.items)
      }
    }
    for turn in truth?.turns ?? [] { add(turn, to: &table, prefix) }
    for row in repeats {
      for measure in row.measures { table.add(measure, scope: "\(prefix)rater:\(row.rater)") }
    }
  }

  private func add(_ turn: TruthReport.Turn, to table: inout TidyTable, _ prefix: String) {
    let scope = "\(prefix)turn:\(turn.item)"
    let total = turn.votes.reduce(0, +)
    if let entropy = turn.entropy {
      table.add(
        "entropy_bits", scope: scope, Estimate(entropy), n: total,
        note: "majority: \(turn.majority.joined(separator: "|"))")
    }
    for (place, label) in answers.enumerated() where turn.votes.indices.contains(place) {
      let scope = "\(scope)|label:\(label)"
      if turn.votes[place] > 0 {
        table.add(
          "soft_label", scope: scope, Estimate(.value(Double(turn.votes[place]) / Double(total))),
          n: total)
      }
      // What an estimate rules out to a millionth is left to the format json.
      for (name, shares) in [("dawid_skene", turn.dawidSkene), ("mace", turn.mace)]
      where shares.indices.contains(place) && shares[place] >= 1e-6 {
        table.add(name, scope: scope, Estimate(.value(shares[place])), n: total)
      }
    }
    for (name, value) in [("ewe", turn.estimate), ("ewe_mean_of_all", turn.estimateOfAll)] {
      if let value { table.add(name, scope: scope, Estimate(value), n: 1) }
    }
  }

  func addStudy(to table: inout TidyTable, _ prefix: String) {
    guard let study else { return }
    add(study.summary.all, to: &table, scope: "\(prefix)study")
    for own in study.summary.raters {
      let scope = "\(prefix)study|rater:\(own.rater)"
      add(own.rates, to: &table, scope: scope)
      table.add(
        "rubber_stamp", scope: scope, Estimate(.value(own.rates.isRubberStamp ? 1 : 0)),
        n: own.rates.shown, note: StudyRates.rubberStampRule)
    }
    for (place, rates) in study.summary.windows.enumerated() {
      add(rates, to: &table, scope: "\(prefix)study|window:\(place + 1)")
    }
  }

  private func add(_ rates: StudyRates, to table: inout TidyTable, scope: String) {
    table.add("answers", scope: scope, count: rates.answers)
    table.add("assisted_dialogues", scope: scope, count: rates.assistedDialogues)
    table.add("control_dialogues", scope: scope, count: rates.controlDialogues)
    for measure in rates.measures { table.add(measure, scope: scope) }
    table.add("hasty_acceptance", scope: scope, Estimate(rates.hastyAcceptance), n: rates.shown)
    if let seconds = rates.medianSeconds {
      table.add("median_seconds", scope: scope, Estimate(.value(seconds)), n: rates.answers)
    }
  }
}
