internal import Agreement

// Truth, repeats and the study as JSON.

extension AgreementReport {
  func json(_ truth: TruthReport) -> JSON {
    var members: [(String, JSON)] = []
    if !answers.isEmpty {
      members += [
        ("unanimous_turns", .integer(truth.unanimous)),
        ("majority_turns", .integer(truth.majority)),
        ("tied_turns", .integer(truth.ties)), ("mean_entropy_bits", json(truth.meanEntropy)),
        ("estimation", .string(truth.estimation)),
        ("overruled_by_dawid_skene", truth.overruled.map(JSON.integer) ?? .null),
        ("dawid_skene_label_shares", .array(truth.priors.map(JSON.number))),
      ]
    }
    if !truth.turns.isEmpty { members.append(("turns", .array(truth.turns.map(json)))) }
    return .object(members)
  }

  /// Lists by label are in the order of `labels`.
  private func json(_ turn: TruthReport.Turn) -> JSON {
    var members: [(String, JSON)] = [("turn", .string(turn.item))]
    if !turn.votes.isEmpty {
      let total = Double(turn.votes.reduce(0, +))
      members += [
        ("votes", .array(turn.votes.map(JSON.integer))),
        ("soft_label", .array(turn.votes.map { .number(Double($0) / total) })),
        ("majority", .array(turn.majority.map(JSON.string))),
      ]
    }
    if let entropy = turn.entropy { members.append(("entropy_bits", json(entropy))) }
    if !turn.dawidSkene.isEmpty {
      members.append(("dawid_skene", .array(turn.dawidSkene.map(JSON.number))))
      members.append(("mace", .array(turn.mace.map(JSON.number))))
    }
    if let estimate = turn.estimate { members.append(("ewe", json(estimate))) }
    if let estimate = turn.estimateOfAll {
      members.append(("ewe_mean_of_all", json(estimate)))
    }
    return .object(members)
  }

  func json(_ row: RepeatRow) -> JSON {
    .object(
      [("rater", .string(row.rater)), ("turns", .integer(row.turns))]
        + row.measures.map { ($0.quantity.rawValue, json($0.estimate)) })
  }

  func json(_ study: StudyReport) -> JSON {
    let summary = study.summary
    return .object([
      ("source", study.source.map(JSON.string) ?? .null),
      ("notes", .array(study.notes.map(JSON.string))),
      ("rubber_stamp_rule", .string(StudyRates.rubberStampRule)),
      ("all", .object(members(summary.all))),
      (
        "per_rater",
        .array(
          summary.raters.map { own in
            .object(
              [
                ("rater", .string(own.rater)), ("rubber_stamp", .bool(own.rates.isRubberStamp)),
              ] + members(own.rates))
          })
      ),
      (
        "windows",
        .array(
          summary.windows.enumerated().map { place, rates in
            .object([("window", .integer(place + 1))] + members(rates))
          })
      ),
    ])
  }

  private func members(_ rates: StudyRates) -> [(String, JSON)] {
    [
      ("answers", .integer(rates.answers)),
      ("assisted_dialogues", .integer(rates.assistedDialogues)),
      ("control_dialogues", .integer(rates.controlDialogues)),
    ]
      + rates.measures.map { measure in
        guard case .object(let members) = json(measure.estimate) else {
          return (measure.quantity.rawValue, .null)
        }
        return (
          measure.quantity.rawValue,
          .object(members + [("answers", .integer(measure.turns))])
        )
      } + [
        ("hasty_acceptance", json(rates.hastyAcceptance)),
        ("median_seconds", rates.medianSeconds.map(JSON.number) ?? .null),
      ]
  }
}
