internal import Agreement

// What turns' votes say, agreement with oneself, and how suggestions moved people.

extension AgreementReport {
  func truthSection(_ prefix: String) -> Markup {
    guard let truth, !answers.isEmpty else { return .nothing }
    let shared = truth.unanimous + truth.majority + truth.ties
    guard shared > 0 else { return .nothing }
    let parts = [
      ("unanimous", truth.unanimous), ("one label ahead", truth.majority),
      ("tied", truth.ties),
    ]
    let plot = StackedPlot(rows: [("turns", parts.map(\.1))], parts: parts.map(\.0))
    let legend: [Markup] = parts.enumerated().map { place, part in
      "<li><i class=\"k\(place)\"></i>\(part.0)</li>"
    }
    var rows = parts.map { DataTable.Row("turns \($0.0)", cells: [Plain.count($0.1)]) }
    rows.append(DataTable.Row("mean entropy in bits", cells: [text(truth.meanEntropy)]))
    if let overruled = truth.overruled {
      rows.append(
        DataTable.Row(
          "turns where Dawid and Skene’s label is not the majority’s",
          cells: [Plain.count(overruled)]))
    }
    rows += zip(answers, truth.priors).map { label, share in
      DataTable.Row(
        "share of \(label) by Dawid and Skene", cells: ["\(Plain.fixed(100 * share, 1)) %"])
    }
    let described = parts.map { "\($0.0): \(Plain.count($0.1))" }.joined(separator: "; ") + "."
    return section(
      "\(prefix)truth", "What the votes say",
      "Of the turns with two or more ratings, in per cent. Ties stay ties. \(truth.estimation)",
      Drawing(
        id: "\(prefix)truth-plot", title: "Turns by how their ratings agree",
        description: described, height: plot.height, content: plot.content),
      DataTable(caption: "What the votes say", columns: ["", "value"], rows: rows),
      after: "<ul class=\"legend\">\(legend)</ul>")
  }

  func repeatSection(_ prefix: String) -> Markup {
    guard !repeats.isEmpty else { return .nothing }
    let plot = RangePlot(
      rows: repeats.prefix(Self.mostDrawn).map {
        .init(name: $0.rater, estimate: $0.measures[0].estimate)
      })
    let table = DataTable(
      caption: "Agreement with oneself on turns given again",
      columns: ["rater", "κ", "low", "high", "raw", "α", "turns"],
      rows: repeats.map { row in
        DataTable.Row(
          row.rater, row.measures[0].estimate,
          after: row.measures.dropFirst().map { text($0.estimate.statistic) }
            + [Plain.count(row.turns)])
      })
    return section(
      "\(prefix)repeats", "With oneself",
      "κ of each rater’s first with their second answers to turns that were given again, unmarked.",
      Drawing(
        id: "\(prefix)repeats-plot", title: "κ of each rater with themselves",
        description: spoken(plot.rows), height: plot.height, content: plot.content), table)
  }

  func studySections(_ prefix: String) -> [Markup] {
    guard let study else { return [] }
    let notes: [Markup] = study.notes.map { "<p class=\"note\">\($0)</p>" }
    let measures = study.summary.all.tellingMeasures
    let plot = RangePlot(
      rows: measures.map { .init(name: $0.quantity.shortName, estimate: $0.estimate) })
    let whole = section(
      "\(prefix)study", "Suggestions and people",
      "\(study.lead) Above 0, the bias says by how much suggestions pull answers towards them.",
      Drawing(
        id: "\(prefix)study-plot", title: "How suggestions moved answers, and how people worked",
        description: spoken(plot.rows), height: plot.height, content: plot.content),
      DataTable(
        caption: "How suggestions moved answers, and how people worked",
        columns: ["statistic", "value", "low", "high", "answers"],
        rows: measures.map {
          DataTable.Row($0.quantity.name, $0.estimate, after: [Plain.count($0.turns)])
        }), more: Markup(notes))
    return [whole, peopleSection(study, prefix), driftSection(study, prefix)]
  }

  private func peopleSection(_ study: StudyReport, _ prefix: String) -> Markup {
    let raters = study.summary.raters
    guard !raters.isEmpty else { return .nothing }
    let plot = RangePlot(
      rows: raters.prefix(Self.mostDrawn).map {
        .init(name: $0.rater, estimate: $0.rates.pull, isSpecial: $0.rates.isRubberStamp)
      })
    return section(
      "\(prefix)study-raters", "Suggestions, rater by rater",
      "The plot shows the bias of suggestions for each rater; a square is a rater who is flagged. "
        + study.flagSentence,
      Drawing(
        id: "\(prefix)study-raters-plot", title: "Bias of suggestions by rater",
        description: spoken(plot.rows), height: plot.height, content: plot.content),
      rateTable(
        "Suggestions, rater by rater", "rater",
        raters.map { ($0.rater + ($0.rates.isRubberStamp ? " (flagged)" : ""), $0.rates) }))
  }

  private func driftSection(_ study: StudyReport, _ prefix: String) -> Markup {
    let windows = study.summary.windows
    guard windows.count > 1 else { return .nothing }
    let quantity: (StudyRates) -> Estimate =
      windows.contains { $0.acceptance.statistic.value != nil }
      ? { $0.acceptance } : { $0.faster }
    let estimates = windows.map(quantity)
    guard estimates.contains(where: { $0.statistic.value != nil }) else { return .nothing }
    let isAcceptance = windows.contains { $0.acceptance.statistic.value != nil }
    let drawn = isAcceptance ? "Acceptance" : "Faster than the sound"
    let names = windows.indices.map { "part \($0 + 1)" }
    let plot = SeriesPlot(estimates: estimates, names: names)
    let rows = zip(names, estimates).map { RangePlot.Row(name: $0, estimate: $1) }
    return section(
      "\(prefix)drift", "Drift", "\(StudyReport.driftSentence) The plot shows: \(drawn).",
      Drawing(
        id: "\(prefix)drift-plot", title: "\(drawn) over the course of the work",
        description: spoken(rows), height: plot.height, content: plot.content),
      rateTable("Drift", "part", zip(names, windows).map { ($0, $1) }))
  }

  private func rateTable(
    _ caption: String, _ first: String, _ rows: [(String, StudyRates)]
  ) -> DataTable {
    DataTable(
      caption: caption,
      columns: [
        first, "answers", "taken", "bias", "low", "high", "faster", "unheard", "median seconds",
      ],
      rows: rows.map { name, rates in
        let bounds = rates.pull.percentile
        return DataTable.Row(
          name,
          cells: [
            Plain.count(rates.answers), text(rates.acceptance.statistic),
            text(rates.pull.statistic), bounds.map { Plain.fixed($0.low, 3) } ?? "",
            bounds.map { Plain.fixed($0.high, 3) } ?? "", text(rates.faster.statistic),
            text(rates.unheard.statistic),
            rates.medianSeconds.map { Plain.fixed($0, 1) } ?? "–",
          ])
      })
  }
}
