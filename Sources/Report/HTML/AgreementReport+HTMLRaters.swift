internal import Agreement

// Raters in pairs and one by one, and what they mix up.

extension AgreementReport {
  private static let widestMap = 40

  func pairSection(_ prefix: String) -> Markup {
    guard let pairwise, pairwise.raters.count > 1 else { return .nothing }
    let names = pairwise.raters.map { raters[$0] }
    let table = DataTable(
      caption: "Pairs of raters",
      columns: ["pair", "Cohen’s κ", "raw agreement", "largest κ", "turns both rated"],
      rows: pairs.map { pair in
        DataTable.Row(
          "\(pair.one) · \(pair.other)",
          cells: [
            pair.table.cohenKappa.value.map { Plain.fixed($0, 3) }
              ?? "undefined: \(Estimate(pair.table.cohenKappa).reasonText)",
            text(pair.table.rawAgreement), text(pair.table.maximumKappa),
            Plain.count(pair.table.shared),
          ])
      })
    var drawing: Drawing?
    if names.count <= Self.widestMap {
      let map = HeatMap(
        rows: names, columns: names,
        cells: names.indices.map { row in
          names.indices.map { column in pairCell(row, column, names, pairwise) }
        })
      drawing = Drawing(
        id: "\(prefix)pairs-plot", title: "Cohen’s κ of each pair of raters",
        description: spokenPairs, height: map.height, content: map.content)
    }
    let left = pairwise.leftOut
    return section(
      "\(prefix)pairs", "Pairs of raters",
      "Cohen’s κ of each pair on the turns both rated. A dash is a pair with nothing to compare."
        + (left > 0 ? " \(Plain.count(left, "rater")) with fewer ratings left out." : ""),
      drawing, table)
  }

  private func pairCell(
    _ row: Int, _ column: Int, _ names: [String], _ pairwise: Pairwise
  ) -> HeatMap.Cell {
    guard row != column else { return HeatMap.Cell(share: nil, text: "", explanation: "") }
    let table = pairwise.table(row, column)
    let who = "\(names[row]) and \(names[column])"
    let shared = Plain.count(table.shared, "turn")
    guard let kappa = table.cohenKappa.value else {
      return HeatMap.Cell(
        share: nil, text: "–",
        explanation: "\(who): undefined, \(Estimate(table.cohenKappa).reasonText), \(shared)")
    }
    return HeatMap.Cell(
      share: kappa, text: Plain.fixed(kappa, 2),
      explanation: "\(who): κ \(Plain.fixed(kappa, 3)), \(shared)")
  }

  private var spokenPairs: String {
    let known = pairs.compactMap { pair in
      pair.table.cohenKappa.value.map { (kappa: $0, names: "\(pair.one) and \(pair.other)") }
    }
    guard let least = known.min(by: { $0.kappa < $1.kappa }),
      let most = known.max(by: { $0.kappa < $1.kappa })
    else { return "No pair of raters has a κ." }
    return "From \(Plain.fixed(least.kappa, 2)) (\(least.names)) to "
      + "\(Plain.fixed(most.kappa, 2)) (\(most.names)). All pairs are in the table."
  }

  // MARK: What is mixed up

  private static let widestConfusion = 24

  func confusionSection(_ prefix: String) -> Markup {
    guard (2...Self.widestConfusion).contains(answers.count), let confusion else { return .nothing }
    let map = HeatMap(
      rows: answers, columns: answers,
      cells: confusion.enumerated().map { row, counts in
        let total = counts.reduce(0, +)
        return counts.enumerated().map { column, count in
          guard total > 0 else { return HeatMap.Cell(share: nil, text: "–", explanation: "") }
          let share = Double(count) / Double(total)
          let percent = Plain.fixed(100 * share, 0)
          return HeatMap.Cell(
            share: share, text: count == 0 ? "·" : percent,
            explanation: "where one said \(answers[row]), \(percent) % of the others said "
              + "\(answers[column]) (\(Plain.count(count, "pair")) of ratings)")
        }
      })
    let table = DataTable(
      caption: "Pairs of ratings of the same turn, by both labels",
      columns: ["one said"] + answers,
      rows: zip(answers, confusion).map { name, counts in
        DataTable.Row(name, cells: counts.map { Plain.count($0) })
      })
    return section(
      "\(prefix)confusion", "What is taken for what",
      "Where one rater gave the label on the left, what the others gave to the same turn, in per cent.",
      Drawing(
        id: "\(prefix)confusion-plot", title: "Confusion matrix of the labels",
        description: spoken(confusion), height: map.height, content: map.content), table)
  }

  private func spoken(_ confusion: [[Int]]) -> String {
    var worst: (share: Double, text: String)?
    for (row, counts) in confusion.enumerated() {
      let total = Double(counts.reduce(0, +))
      for (column, count) in counts.enumerated() where column != row && count > 0 {
        let share = Double(count) / total
        if share > worst?.share ?? 0 {
          let percent = Plain.fixed(100 * share, 0)
          worst = (
            share,
            "Most often mixed up: where one said \(answers[row]), \(percent) % of the others said "
              + "\(answers[column]). All pairs of labels are in the table."
          )
        }
      }
    }
    return worst?.text ?? "No two raters of the same turn gave different labels."
  }

  // MARK: One by one

  func raterSection(_ prefix: String) -> Markup {
    guard raterRows.count > 1 else { return .nothing }
    let measures = raterRows[0].measures.map(\.quantity)
    let counted = raterRows[0].answers.isEmpty ? [] : answers.prefix(Self.widestConfusion)
    let table = DataTable(
      caption: "Raters",
      columns: ["rater", "ratings"] + measures.map(\.columnName) + counted,
      rows: raterRows.map { row in
        DataTable.Row(
          row.rater,
          cells: [Plain.count(row.ratings)]
            + row.measures.map { text($0.estimate.statistic) }
            + row.answers.prefix(Self.widestConfusion).map { Plain.count($0) })
      })
    guard !counted.isEmpty, answers.count <= Self.widestConfusion else {
      return section(
        "\(prefix)raters", "Rater by rater",
        measures.map { "\($0.name): \($0.definition)." }.joined(separator: " "), nil, table)
    }
    let drawn = raterRows.prefix(Self.mostDrawn)
    let plot = StackedPlot(rows: drawn.map { ($0.rater, $0.answers) }, parts: answers)
    let legend: [Markup] = answers.enumerated().map { place, name in
      "<li><i class=\"k\(place % 10)\"></i>\(name)</li>"
    }
    return section(
      "\(prefix)raters", "Rater by rater",
      "How often each rater gave each label, in per cent of their ratings and in the order of the "
        + "legend. Where α without a rater is higher than the α of all, that rater stands apart.",
      Drawing(
        id: "\(prefix)raters-plot", title: "Label distribution by rater",
        description: spokenDistributions, height: plot.height, content: plot.content), table,
      after: "<ul class=\"legend\">\(legend)</ul>")
  }

  private var spokenDistributions: String {
    let texts = raterRows.prefix(12).map { row in
      let total = Double(max(row.answers.reduce(0, +), 1))
      let most = row.answers.enumerated().sorted {
        ($1.element, $0.offset) < ($0.element, $1.offset)
      }
      .prefix(3).filter { $0.element > 0 }
      .map { "\(answers[$0.offset]) \(Plain.fixed(100 * Double($0.element) / total, 0)) %" }
      return "\(row.rater): \(most.joined(separator: ", "))"
    }
    return texts.joined(separator: "; ") + ". All counts are in the table."
  }
}
