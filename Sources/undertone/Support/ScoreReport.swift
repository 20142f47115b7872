import EmotionModel

/// A source's scores against a rater's labels, as text or JSON.
struct ScoreReport {
  let scores: Evaluation
  let intervals: EvaluationIntervals

  /// The four figures in one line, with 95 % intervals.
  func line(_ name: String) -> String {
    "\(name): "
      + figures.map { "\($0.title) \(cell($0.value, $0.interval))" }.joined(separator: "  ")
      + "  (\(scores.turns) turns)"
  }

  /// The baselines that need no model, and each label.
  var details: String {
    var lines: [String] = []
    let majority = scores.majority
    lines.append(
      "always the commonest: UA \(number(majority.unweightedAccuracy))  "
        + "WA \(number(majority.weightedAccuracy))  weighted F1 \(number(majority.weightedF1))  "
        + "macro F1 \(number(majority.macroF1))")
    let chance = scores.chance
    lines.append(
      "chance: UA \(number(chance.unweightedAccuracy))  WA \(number(chance.weightedAccuracy))  "
        + "weighted F1 \(number(chance.weightedF1))  macro F1 \(number(chance.macroF1))")
    return lines.joined(separator: "\n") + "\n" + perLabel
  }

  /// Each label, and how often each true label was given each label.
  var perLabel: String {
    let lines = scores.perLabel.map { label in
      "  \(label.label): \(label.support) turns, precision \(number(label.precision)), "
        + "recall \(number(label.recall)), F1 \(number(label.f1))"
    }
    return (lines + [confusion]).joined(separator: "\n")
  }

  private var confusion: String {
    var lines = ["confusion (rows: true, columns: \(scores.labels.joined(separator: ", "))):"]
    for (label, row) in zip(scores.labels, scores.confusion) {
      lines.append("  \(label): \(row.map(String.init).joined(separator: " "))")
    }
    return lines.joined(separator: "\n")
  }

  /// Always the commonest label, and drawing labels as often as they occur, as JSON members.
  var baselines: String {
    let majority = scores.majority
    let chance = scores.chance
    return "\"majority\":{\"ua\":\(jsonNumber(majority.unweightedAccuracy)),"
      + "\"wa\":\(jsonNumber(majority.weightedAccuracy)),"
      + "\"weighted_f1\":\(jsonNumber(majority.weightedF1)),"
      + "\"macro_f1\":\(jsonNumber(majority.macroF1))},"
      + "\"chance\":{\"ua\":\(jsonNumber(chance.unweightedAccuracy)),"
      + "\"wa\":\(jsonNumber(chance.weightedAccuracy)),"
      + "\"weighted_f1\":\(jsonNumber(chance.weightedF1)),"
      + "\"macro_f1\":\(jsonNumber(chance.macroF1))}"
  }

  /// The figures as a JSON object; `null` for what is undefined.
  var json: String {
    var members = figures.map { figure in
      let range =
        figure.interval.map { ",\"low\":\($0.low),\"high\":\($0.high)" } ?? ""
      return "\"\(figure.name)\":{\"value\":\(jsonNumber(figure.value))\(range)}"
    }
    members.append("\"turns\":\(scores.turns)")
    let labels = scores.perLabel.map { label in
      "{\"label\":\(jsonText(label.label)),\"support\":\(label.support),"
        + "\"precision\":\(jsonNumber(label.precision)),\"recall\":\(jsonNumber(label.recall)),"
        + "\"f1\":\(jsonNumber(label.f1))}"
    }
    members.append("\"per_label\":[\(labels.joined(separator: ","))]")
    members.append("\"labels\":[\(scores.labels.map(jsonText).joined(separator: ","))]")
    let rows = scores.confusion.map { "[\($0.map(String.init).joined(separator: ","))]" }
    members.append("\"confusion\":[\(rows.joined(separator: ","))]")
    return "{\(members.joined(separator: ","))}"
  }

  private typealias Figure = (
    name: String, title: String, value: Double?, interval: EvaluationIntervals.Interval?
  )

  private var figures: [Figure] {
    [
      ("ua", "UA", scores.unweightedAccuracy, intervals.unweightedAccuracy),
      ("wa", "WA", scores.weightedAccuracy, intervals.weightedAccuracy),
      ("weighted_f1", "weighted F1", scores.weightedF1, intervals.weightedF1),
      ("macro_f1", "macro F1", scores.macroF1, intervals.macroF1),
    ]
  }

  private func cell(_ value: Double?, _ interval: EvaluationIntervals.Interval?) -> String {
    let range = interval.map { " [\(number($0.low)), \(number($0.high))]" } ?? ""
    return number(value) + range
  }

  private func number(_ value: Double?) -> String {
    value.map { rounded($0, 1_000_000) } ?? "undefined"
  }

  private func jsonNumber(_ value: Double?) -> String { value.map { "\($0)" } ?? "null" }
}

/// A number with as many decimals as the scale has zeros.
func rounded(_ value: Double, _ scale: Double) -> String {
  "\((value * scale).rounded() / scale)"
}

/// A JSON string.
func jsonText(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case _ where scalar.value < 0x20:
      let hex = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
