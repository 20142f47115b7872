import Corpora
import Dialogues
import EmotionModel

/// Scores trigger, influence and answers by position alone on a file of annotated excerpts.
struct InfluenceEvaluation {
  let path: String
  let cases: [TriggerCase]
  private let dialogues: [Int]
  private let validation: TriggerValidation
  private let protocolName: String
  private let seen: Int
  private let rows: [(name: String, scores: TriggerScores)]
  private let faithfulness: InfluenceFaithfulness?
  private let replicates: Int
  private let seed: UInt64

  /// - Parameters:
  ///   - verifies: whether influence is also compared with leaving turns out, which takes longer.
  init(
    path: String, checkpoint: String?, verifies: Bool, replicates: Int, seed: UInt64,
    locations: Locations
  ) throws {
    self.path = path
    self.replicates = replicates
    self.seed = seed
    cases = try Self.read(path)
    let cases = cases
    let classifier = try EmotionClassifier(
      contentsOf: try checkpoint ?? Suggester.shippedCheckpoint(locations))
    guard let shipped = locations.shared("models/trigger.safetensors") else {
      throw Failure(
        "The trigger model that ships with Undertone cannot be found; “undertone doctor” says where "
          + "it was looked for.")
    }
    let model = try TriggerModel(contentsOf: shipped)
    dialogues = TriggerCase.dialogues(of: cases)
    seen = cases.count { model.fingerprints.contains($0.fingerprint) }
    // Nobody may be asked about what they learned by heart: on the model's own training excerpts
    // the figures are those of models that have not seen the dialogue.
    protocolName = seen > 0 ? "cross_validated" : "shipped_weights"
    validation =
      seen > 0
      ? TriggerValidation(crossValidating: cases) : TriggerValidation(model, on: cases)
    let excerpts = cases.enumerated().map { Self.dialogue($1.shift, number: $0) }
    let leaned = excerpts.map { Self.mostInfluential(in: $0, classifier) }
    var chosen: [(String, [[Bool]])] = [("trigger", validation.chosen), ("influence", leaned)]
    for baseline in TriggerBaseline.allCases {
      chosen.append((baseline.rawValue, cases.map { baseline.choose(in: $0.shift) }))
    }
    let dialogues = dialogues
    rows = chosen.map { name, chosen in
      (
        name,
        TriggerScores(
          chosen, on: cases, dialogues: dialogues, replicates: replicates, seed: seed)
      )
    }
    faithfulness =
      verifies
      ? InfluenceFaithfulness(
        classifier, judging: excerpts.map { ($0, [$0.turns.count - 1]) }, seed: seed) : nil
  }

  static func read(_ path: String) throws -> [TriggerCase] {
    let file = try EmotionShiftFile(contentsOf: path, emotions: EmotionShift.knownEmotions)
    for warning in file.warnings.prefix(20) { printError(warning) }
    if file.warnings.count > 20 { printError("… and \(file.warnings.count - 20) more like these.") }
    return file.excerpts.map { excerpt in
      TriggerCase(
        shift: EmotionShift(
          speakers: excerpt.speakers, emotions: excerpt.emotions, texts: excerpt.texts),
        triggers: excerpt.triggers)
    }
  }

  private static func dialogue(_ shift: EmotionShift, number: Int) -> Dialogue {
    let key = DialogueKey(corpus: "excerpts", dialogue: "\(number)")
    return Dialogue(
      key: key,
      turns: (0..<shift.count).map {
        Turn(
          key: TurnKey(dialogue: key, turn: "\($0)"), speaker: shift.speakers[$0],
          text: shift.texts[$0])
      })
  }

  /// The earlier turn with the strongest influence on the last one; none where the model looked at
  /// no other turn.
  private static func mostInfluential(
    in dialogue: Dialogue, _ classifier: EmotionClassifier
  ) -> [Bool] {
    let last = dialogue.turns.count - 1
    let influences = InfluenceCheck(classifier, dialogue).analysis(of: last).influences
    let strongest = influences.filter { $0.turn != "\(last)" }.max { abs($0.value) < abs($1.value) }
    return dialogue.turns.map { $0.key.turn == strongest?.turn }
  }

  // MARK: Showing

  /// The scores as a table.
  var text: String {
    var lines = [
      "\(path): \(counted(cases.count, "excerpt")) of \(counted(Set(dialogues).count, "dialogue"))",
      pad("", 22) + pad("precision", 28) + pad("recall", 28) + "F1",
    ]
    for row in rows {
      lines.append(
        pad(row.name, 22) + pad(cell(row.scores.precision), 28)
          + pad(cell(row.scores.recall), 28) + cell(row.scores.f1))
    }
    lines.append(
      seen > 0
        ? "trigger: cross-validated, one dialogue left out at a time: the shipped weights were "
          + "trained on \(seen) of these excerpts"
        : "trigger: the shipped weights, which have seen none of these excerpts")
    lines.append("influence: the earlier turn with the strongest influence on the model's choice")
    lines.append("probability of being a trigger, and how often it is one:")
    for (place, stratum) in validation.reliability(on: cases).enumerated()
    where stratum.candidates > 0 {
      let count = Double(stratum.candidates)
      lines.append(
        "  .\(place) to \(place == 9 ? "1.0" : ".\(place + 1)"): \(counted(stratum.candidates, "turn")), mean "
          + "\(rounded(stratum.expected / count, 1000)), triggers "
          + "\(rounded(Double(stratum.triggers) / count, 1000))")
    }
    if let error = validation.calibrationError(on: cases) {
      lines.append("  expected calibration error \(rounded(error, 10_000))")
    }
    if let faithfulness { lines += Self.lines(faithfulness) }
    lines.append("95 % intervals: \(replicates) replicates over dialogues, seed \(seed)")
    return lines.joined(separator: "\n")
  }

  private static func lines(_ report: InfluenceFaithfulness) -> [String] {
    func number(_ value: Double?) -> String { value.map { rounded($0, 10_000) } ?? "undefined" }
    var lines = [
      "against leaving turns out, \(counted(report.judgements, "judgement")) with two or more "
        + "earlier turns in view:",
      "  median rank correlation: influence \(number(report.influenceCorrelation)), "
        + "gate \(number(report.gateCorrelation))",
      "  largest difference for an earlier turn: \(report.largestDifference) logits",
    ]
    for (name, curves) in [
      ("after leaving out", report.deletion), ("after bringing back", report.insertion),
    ] {
      lines.append("  mean margin \(name) 0, 1, 2, … earlier turns, by order:")
      for order in InfluenceFaithfulness.Order.allCases {
        let values = (curves[order] ?? []).map { rounded($0, 1000) }.joined(separator: "  ")
        lines.append("    \(pad(order.rawValue, 18)) \(values)")
      }
    }
    return lines
  }

  /// The scores as JSON.
  var json: String {
    func estimate(_ value: TriggerScores.Estimate?) -> String {
      value.map { "{\"value\":\($0.value),\"low\":\($0.low),\"high\":\($0.high)}" } ?? "null"
    }
    var members = [
      "\"schema\":1", "\"file\":\(jsonText(path))", "\"excerpts\":\(cases.count)",
      "\"dialogues\":\(Set(dialogues).count)", "\"replicates\":\(replicates)", "\"seed\":\(seed)",
      "\"trigger_protocol\":\"\(protocolName)\"",
    ]
    for row in rows {
      members.append(
        "\"\(row.name)\":{\"precision\":\(estimate(row.scores.precision)),"
          + "\"recall\":\(estimate(row.scores.recall)),\"f1\":\(estimate(row.scores.f1))}")
    }
    let strata = validation.reliability(on: cases).map {
      "{\"turns\":\($0.candidates),\"triggers\":\($0.triggers),\"expected\":\($0.expected)}"
    }
    members.append("\"trigger_reliability\":[\(strata.joined(separator: ","))]")
    if let error = validation.calibrationError(on: cases) {
      members.append("\"trigger_ece\":\(error)")
    }
    if let faithfulness { members.append("\"faithfulness\":\(Self.json(faithfulness))") }
    return "{\(members.joined(separator: ","))}"
  }

  private static func json(_ report: InfluenceFaithfulness) -> String {
    func curves(_ curves: [InfluenceFaithfulness.Order: [Double]]) -> String {
      let members = InfluenceFaithfulness.Order.allCases.map { order in
        "\"\(order.rawValue)\":[\((curves[order] ?? []).map { "\($0)" }.joined(separator: ","))]"
      }
      return "{\(members.joined(separator: ","))}"
    }
    func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "null" }
    return "{\"judgements\":\(report.judgements),"
      + "\"influence_rank_correlation\":\(number(report.influenceCorrelation)),"
      + "\"gate_rank_correlation\":\(number(report.gateCorrelation)),"
      + "\"largest_difference\":\(report.largestDifference),"
      + "\"deletion\":\(curves(report.deletion)),\"insertion\":\(curves(report.insertion))}"
  }

  private func cell(_ value: TriggerScores.Estimate?) -> String {
    guard let value else { return "undefined" }
    return "\(rounded(value.value, 10_000)) [\(rounded(value.low, 10_000)), "
      + "\(rounded(value.high, 10_000))]"
  }
}

private func pad(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}
