internal import Agreement

extension AgreementReport {
  /// The report for a terminal: at most 80 columns, no colour, no control characters.
  public func text() -> String {
    var sections = [heading, headline.map(row), tellingOthers.filter(isInText).map(row)]
    sections += [labelTable, pairTable, confusionTable, raterTable, truthLines, repeatLines]
    sections += breakdowns.map(table) + models.map(table) + studyLines
    sections += parts.map { ["── \(Plain.left($0.title, 70).trimmed)", $0.body] }
    sections.append(footer)
    return joined(sections) + "\n"
  }

  /// A part of a report, without what the whole says for all.
  private var body: String {
    joined([Array(heading.dropFirst()), (headline + tellingOthers).map(row), raterTable])
  }

  private func joined(_ sections: [[String]]) -> String {
    sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }

  private var heading: [String] {
    var lines = [Plain.left("Agreement · \(Plain.shown(title))", 79).trimmed]
    if let group { lines.append("raters of kind \(Plain.shown(group))") }
    lines.append(Self.sentence(counts))
    lines.append("\(Plain.count(counts.sharedItems, "turn")) with at least two ratings")
    return lines + notes.flatMap { Plain.wrapped($0, 79) }
  }

  /// Definitions that hardly differ from one above them are left to the other formats.
  private func isInText(_ measure: Measure) -> Bool {
    measure.quantity != .pooled && measure.quantity != .fleiss1971
  }

  private var nameColumns: Int {
    max(20, ((headline + tellingOthers).map { $0.quantity.name.count }.max() ?? 0) + 1)
  }

  /// A name, the value, its interval, and a bar from 0 to 1.
  private func row(_ measure: Measure) -> String {
    line(measure.quantity.name, measure.estimate, nameColumns)
  }

  func line(_ name: String, _ estimate: Estimate, _ columns: Int) -> String {
    let start = Plain.left(name, columns)
    guard let value = estimate.statistic.value else {
      return Plain.left(start + "undefined: \(estimate.reasonText)", 79).trimmed
    }
    let interval = Plain.left(estimate.percentile.map(bounds) ?? "", 18)
    return
      (start + Plain.right(Plain.fixed(value, 3), 7) + "  " + interval
      + Plain.bar(value, 50 - columns)).trimmed
  }

  func bounds(_ bounds: Bounds) -> String {
    "[\(Plain.fixed(bounds.low, 3)), \(Plain.fixed(bounds.high, 3))]"
  }

  func short(_ statistic: Statistic?, _ decimals: Int = 2) -> String {
    statistic?.value.map { Plain.fixed($0, decimals) } ?? "–"
  }

  private var labelTable: [String] {
    guard !labels.isEmpty else { return [] }
    let hasKappa = labels.contains { $0.kappa != nil }
    let header =
      Plain.left("label", 16) + Plain.right("ratings", 9) + Plain.right("share", 7)
      + (hasKappa ? Plain.right("specific", 10) + Plain.right("κ", 8) : "") + Plain.right("α", 8)
    let lines = labels.map { label in
      let share = label.prevalence.value.map { Plain.fixed(100 * $0, 0) + " %" } ?? "–"
      var line =
        Plain.left(label.label, 16) + Plain.right(Plain.count(label.ratings), 9)
        + Plain.right(share, 7)
      if hasKappa {
        line +=
          Plain.right(short(label.specific?.statistic), 10)
          + Plain.right(short(label.kappa?.statistic), 8)
      }
      let interval = label.alpha.percentile.map(bounds) ?? ""
      return (line + Plain.right(short(label.alpha.statistic), 8) + "  " + interval).trimmed
    }
    return [header] + lines
  }

  /// The raters that fit beside one another.
  private static let widestMap = 11

  private var pairTable: [String] {
    guard let pairwise, pairwise.raters.count > 1 else { return [] }
    guard pairwise.raters.count <= Self.widestMap else { return extremePairs }
    let names = pairwise.raters.map { raters[$0] }
    var lines = ["pairs of raters: Cohen's κ above the diagonal, turns both rated below"]
    lines.append(Plain.left("", 12) + names.map { Plain.right(Plain.fit($0, 5), 6) }.joined())
    for (row, name) in names.enumerated() {
      let cells = names.indices.map { column in
        if row == column { return Plain.right("·", 6) }
        let table = pairwise.table(row, column)
        if column < row { return Plain.right(Plain.count(table.shared), 6) }
        let kappa = table.cohenKappa
        return Plain.right(short(kappa) + kappa.shade, 6)
      }
      lines.append((Plain.left(name, 12) + cells.joined()).trimmed)
    }
    return lines
  }

  /// The pairs that agree least and most, where there are too many for a map.
  private var extremePairs: [String] {
    var known = pairs.compactMap { pair in
      pair.table.cohenKappa.value.map { kappa in
        (
          kappa: kappa, turns: pair.table.shared,
          names: "\(Plain.shown(pair.one)) · \(Plain.shown(pair.other))"
        )
      }
    }
    known.sort { ($0.kappa, $0.names) < ($1.kappa, $1.names) }
    func line(_ pair: (kappa: Double, turns: Int, names: String)) -> String {
      Plain.right(Plain.fixed(pair.kappa, 2), 6) + Plain.right(Plain.count(pair.turns), 9) + "  "
        + Plain.left(pair.names, 60).trimmed
    }
    guard known.count > 10 else {
      return ["Cohen's κ of pairs of raters, turns both rated"] + known.map(line)
    }
    return ["Cohen's κ of the five pairs of raters that agree least, turns both rated"]
      + known.prefix(5).map(line) + ["and of the five that agree most"]
      + known.suffix(5).map(line)
  }

  private static let widestConfusion = 10

  private var confusionTable: [String] {
    guard (2...Self.widestConfusion).contains(answers.count), let confusion else { return [] }
    var lines = ["where one rater said the label on the left, the others said, in percent"]
    lines.append(Plain.left("", 16) + answers.map { Plain.right(Plain.fit($0, 5), 6) }.joined())
    for (name, row) in zip(answers, confusion) {
      let total = row.reduce(0, +)
      let cells = row.map { cell in
        guard total > 0 else { return Plain.right("–", 6) }
        let share = Double(cell) / Double(total)
        return Plain.right(
          cell == 0 ? "·" : Plain.fixed(100 * share, 0) + Statistic.value(share).shade, 6)
      }
      lines.append((Plain.left(name, 16) + cells.joined()).trimmed)
    }
    return lines
  }

  private var raterTable: [String] {
    guard raterRows.count > 1 else { return [] }
    let names = raterRows[0].measures.map(\.quantity.columnName)
    let header =
      Plain.left("rater", 16) + Plain.right("ratings", 8)
      + names.map { Plain.right($0, 9) }.joined()
    let shown = raterRows.prefix(30).map { rater in
      Plain.left(rater.rater, 16) + Plain.right(Plain.count(rater.ratings), 8)
        + rater.measures.map { Plain.right(short($0.estimate.statistic), 9) }.joined()
    }
    let more = raters.count - shown.count
    return [header] + shown + (more > 0 ? ["and \(Plain.count(more, "more rater"))"] : [])
  }

  private func table(_ breakdown: Breakdown) -> [String] {
    let names = headline.map(\.quantity.columnName)
    let header =
      Plain.left("by \(breakdown.scope)", 20) + Plain.right("turns", 8)
      + Plain.right("shared", 8) + names.map { Plain.right($0, 8) }.joined() + "  interval of α"
    let lines = breakdown.parts.map { part in
      let line =
        Plain.left(part.name, 20) + Plain.right(Plain.count(part.counts.items), 8)
        + Plain.right(Plain.count(part.counts.sharedItems), 8)
        + part.measures.map { Plain.right(short($0.estimate.statistic), 8) }.joined()
      let alpha = part.measures.first?.estimate
      let after = alpha.map { $0.percentile.map(bounds) ?? $0.reasonText } ?? ""
      return Plain.left("\(line)  \(after)", 79).trimmed
    }
    return [header] + lines + Plain.wrapped(breakdown.explanation, 79)
  }

  private func table(_ entry: ModelBesidePeople) -> [String] {
    let columns = 26
    var lines = [Plain.left("\(entry.model) beside people", 60).trimmed]
    lines.append(Plain.count(entry.comparison.items, "turn"))
    for (name, score) in entry.scores {
      let name = name == "cohen_kappa" ? "κ" : name.uppercased()
      lines += [
        line("\(name) of the model", score.model, columns),
        line("\(name) of people, mean", score.people, columns),
        line("\(name) difference", score.difference, columns),
      ]
    }
    lines += entry.comparison.people.map { person in
      Plain.left("WA of \(person.rater)", columns)
        + Plain.right(short(person.own.accuracy, 3), 7) + "  model there "
        + short(person.model.accuracy, 3) + ", \(Plain.count(person.items, "turn"))"
    }
    return lines + Plain.wrapped(ModelBesidePeople.explanation, 79)
  }

  private var footer: [String] {
    var lines: [String] = []
    if let intervalSentence { lines += Plain.wrapped("[low, high]: \(intervalSentence).", 79) }
    if let undefinedReplicatesSentence { lines.append(undefinedReplicatesSentence) }
    for measure in headline + tellingOthers.filter(isInText) {
      lines += Plain.wrapped("\(measure.quantity.name): \(measure.quantity.definition).", 79)
    }
    return lines + studyDefinitions
  }
}

extension Quantity {
  /// The name over a narrow column.
  var columnName: String {
    switch self {
    case .alphaNominal, .alphaOrdinal, .alphaInterval, .alphaRatio, .alphaMASI: "α"
    case .alphaJaccard: "α Jac."
    case .raw: "raw"
    case .ac1: "AC1"
    case .ac2: "AC2"
    case .meanKappa: "mean κ"
    case .alphaWithout: "α others"
    case .withMajority: "majority"
    case .seconds: "seconds"
    case .skill: "D-S"
    case .competence: "MACE"
    case .eweWeight: "EWE"
    case .eweWeightOfAll: "EWE, own"
    case .repeatKappa: "κ"
    case .repeatRaw: "raw"
    case .repeatAlpha: "α"
    case .acceptance: "taken"
    case .pull: "bias"
    case .faster: "faster"
    case .unheard: "unheard"
    default: name.lowercased()
    }
  }
}

extension Statistic {
  /// Four steps of shading, so that high values stand out without colour.
  fileprivate var shade: String {
    switch value ?? 0 {
    case 0.8...: "█"
    case 0.6..<0.8: "▓"
    case 0.4..<0.6: "▒"
    case 0.2..<0.4: "░"
    default: " "
    }
  }
}

extension String {
  /// Without the blanks at its end.
  fileprivate var trimmed: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
