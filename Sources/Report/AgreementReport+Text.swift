internal import Agreement

extension AgreementReport {
  /// The report for a terminal: at most 80 columns, no colour, no control characters.
  public func text() -> String {
    var sections = [heading, headline, others]
    sections += [labels, pairs, confusion, raters, footer]
    return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
      .joined(separator: "\n\n") + "\n"
  }

  private var heading: [String] {
    let counts = summary.counts
    var lines = [Plain.left("Agreement · \(Plain.shown(title))", 79).trimmed]
    if let group { lines.append("raters of kind \(Plain.shown(group))") }
    lines.append(
      [
        Plain.count(counts.dialogues, "dialogue"), Plain.count(counts.items, "turn"),
        Plain.count(counts.ratings, "rating"), Plain.count(counts.raters, "rater"),
      ].joined(separator: ", "))
    lines.append("\(Plain.count(counts.sharedItems, "turn")) with at least two ratings")
    return lines + notes.map { Plain.left(Plain.shown($0), 79).trimmed }
  }

  private var headline: [String] {
    [
      row("Krippendorff's α", summary.alpha), row("raw agreement", summary.raw),
      row("Gwet's AC1", summary.ac1),
    ]
  }

  private var others: [String] {
    var lines = [
      row("Fleiss' κ", summary.fleiss), row("Brennan-Prediger κ", summary.brennanPrediger),
      row("Conger's κ", Estimate(summary.conger)),
    ]
    if summary.raters.count == 2 {
      lines += [
        row("Cohen's κ", Estimate(summary.two.cohen)),
        row("largest κ possible", Estimate(summary.two.maximum)),
        row("Scott's π", Estimate(summary.two.scott)),
      ]
    } else {
      lines.append(row("Light's κ", Estimate(summary.light)))
    }
    return lines
  }

  /// A name, the value, its interval, and a bar from 0 to 1.
  private func row(_ name: String, _ estimate: Estimate) -> String {
    let start = Plain.left(name, 20)
    guard let value = estimate.statistic.value else {
      return start + "undefined: \(estimate.statistic.reason.map { "\($0)" } ?? "")"
    }
    let interval = Plain.left(estimate.percentile.map(bounds) ?? "", 18)
    return
      (start + Plain.right(Plain.fixed(value, 3), 7) + "  " + interval
      + Plain.bar(value, 30)).trimmed
  }

  private func bounds(_ bounds: Bounds) -> String {
    "[\(Plain.fixed(bounds.low, 3)), \(Plain.fixed(bounds.high, 3))]"
  }

  private func short(_ statistic: Statistic, _ decimals: Int = 2) -> String {
    statistic.value.map { Plain.fixed($0, decimals) } ?? "–"
  }

  private var labels: [String] {
    guard !summary.perLabel.isEmpty else { return [] }
    let header =
      Plain.left("label", 16) + Plain.right("ratings", 9) + Plain.right("share", 7)
      + Plain.right("specific", 10) + Plain.right("κ", 8) + Plain.right("α", 8)
    let lines = summary.perLabel.map { label in
      let interval = label.alpha.percentile.map(bounds) ?? ""
      return
        (Plain.left(label.label, 16) + Plain.right(Plain.count(label.ratings), 9)
        + Plain.right(label.prevalence.value.map { Plain.fixed(100 * $0, 0) + " %" } ?? "–", 7)
        + Plain.right(short(label.specific.statistic), 10)
        + Plain.right(short(label.kappa.statistic), 8)
        + Plain.right(short(label.alpha.statistic), 8) + "  " + interval).trimmed
    }
    return [header] + lines
  }

  /// The raters that fit beside one another.
  private static let widestMap = 11

  private var pairs: [String] {
    let compared = summary.pairwise.raters
    guard compared.count > 1 else { return [] }
    guard compared.count <= Self.widestMap else { return extremePairs }
    let names = compared.map { summary.raters[$0] }
    var lines = ["pairs of raters: Cohen's κ above the diagonal, turns both rated below"]
    lines.append(Plain.left("", 12) + names.map { Plain.right($0, 6) }.joined())
    for (row, name) in names.enumerated() {
      let cells = names.indices.map { column in
        if row == column { return Plain.right("·", 6) }
        let table = summary.pairwise.table(row, column)
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
    let compared = summary.pairwise.raters
    var known: [(kappa: Double, turns: Int, names: String)] = []
    for one in compared.indices {
      for other in compared.indices where other > one {
        let table = summary.pairwise.table(one, other)
        guard let kappa = table.cohenKappa.value else { continue }
        let names = [one, other].map { Plain.shown(summary.raters[compared[$0]]) }
        known.append((kappa, table.shared, names.joined(separator: " · ")))
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

  /// Pairs of ratings by their two labels, over all pairs of raters compared.
  private var confusion: [String] {
    let count = summary.labels.count
    guard (2...Self.widestConfusion).contains(count), !summary.pairwise.tables.isEmpty else {
      return []
    }
    var together = [[Int]](repeating: [Int](repeating: 0, count: count), count: count)
    for table in summary.pairwise.tables {
      for row in 0..<count {
        for column in 0..<count {
          together[row][column] += table.counts[row * count + column]
          together[column][row] += table.counts[row * count + column]
        }
      }
    }
    guard together.contains(where: { $0.contains { $0 > 0 } }) else { return [] }
    var lines = ["where one rater said the label on the left, the others said, in percent"]
    lines.append(Plain.left("", 16) + summary.labels.map { Plain.right($0, 6) }.joined())
    for (name, row) in zip(summary.labels, together) {
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

  private var raters: [String] {
    guard summary.perRater.count > 1 else { return [] }
    let header =
      Plain.left("rater", 20) + Plain.right("ratings", 9) + Plain.right("mean κ", 9)
      + Plain.right("α without", 11)
    let shown = summary.perRater.prefix(30).map { rater in
      Plain.left(rater.rater, 20) + Plain.right(Plain.count(rater.ratings), 9)
        + Plain.right(short(rater.meanKappa), 9) + Plain.right(short(rater.alphaWithout), 11)
    }
    let more = summary.raters.count - shown.count
    return [header] + shown + (more > 0 ? ["and \(Plain.count(more, "more rater"))"] : [])
  }

  private var footer: [String] {
    let plan = summary.resampling
    var lines: [String] = []
    if plan.replicates > 0 {
      let share = Plain.fixed(100 * plan.confidence, 0)
      lines.append(
        "[low, high]: \(share) % percentile interval, \(Plain.count(plan.replicates)) bootstrap "
          + "replicates over")
      lines.append("\(plan.unit.rawValue == "items" ? "turns" : "dialogues"), seed \(plan.seed).")
      let undefined = summary.alpha.undefinedReplicates
      if undefined > 0 {
        lines.append("α was undefined in \(Plain.count(undefined, "replicate")), left out.")
      }
    }
    lines.append("Raw agreement: mean over turns of the share of agreeing pairs of raters.")
    lines.append("Fleiss' κ: Gwet's rule for missing ratings. Chance labels: all declared ones.")
    return lines
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
  /// The text without the blanks at its end.
  fileprivate var trimmed: String {
    var end = endIndex
    while end > startIndex, self[index(before: end)] == " " { end = index(before: end) }
    return String(self[..<end])
  }
}
