internal import Agreement

// Truth, repeats and the study as tables.

extension AgreementReport {
  func studyTables(_ prefix: String) -> [LaTeXTable] {
    var tables: [LaTeXTable] = []
    if let truth, !answers.isEmpty, truth.unanimous + truth.majority + truth.ties > 0 {
      var rows = [
        ["Unanimous turns", Plain.count(truth.unanimous)],
        ["Turns with one label ahead", Plain.count(truth.majority)],
        ["Tied turns", Plain.count(truth.ties)],
        ["Mean entropy in bits", text(truth.meanEntropy)],
      ]
      if let overruled = truth.overruled {
        rows.append(["Majorities overruled by Dawid-Skene", Plain.count(overruled)])
      }
      tables.append(
        LaTeXTable(
          key: "\(prefix)truth",
          caption: "Votes on turns with two or more ratings. \(truth.estimation)",
          columns: ["", "Value"], rows: rows))
    }
    if !repeats.isEmpty {
      tables.append(
        LaTeXTable(
          key: "\(prefix)repeats",
          caption: "Raters with themselves on turns given again, unmarked.",
          columns: ["Rater", "κ", "Interval", "Raw", "α", "Turns"],
          rows: repeats.map { row in
            [row.rater] + cells(row.measures[0].estimate)
              + row.measures.dropFirst().map { text($0.estimate.statistic) }
              + [Plain.count(row.turns)]
          }))
    }
    guard let study else { return tables }
    tables.append(
      LaTeXTable(
        key: "\(prefix)study", caption: "Suggestions and people. \(study.lead)",
        columns: ["Statistic", "Value", "Interval", "Answers"],
        rows: study.summary.all.tellingMeasures.map {
          [$0.quantity.name] + cells($0.estimate) + [Plain.count($0.turns)]
        }))
    func table(_ key: String, _ caption: String, _ rows: [(String, StudyRates)]) -> LaTeXTable {
      LaTeXTable(
        key: prefix + key, caption: caption,
        columns: ["", "Answers", "Taken", "Bias", "Interval", "Faster", "Unheard", "Seconds"],
        rows: rows.map { name, rates in
          [name, Plain.count(rates.answers), text(rates.acceptance.statistic)]
            + [
              text(rates.pull.statistic),
              rates.pull.percentile.map {
                "[\(Plain.fixed($0.low, 2)), \(Plain.fixed($0.high, 2))]"
              } ?? "",
              text(rates.faster.statistic), text(rates.unheard.statistic),
              rates.medianSeconds.map { Plain.fixed($0, 1) } ?? "–",
            ]
        })
    }
    tables.append(
      table(
        "study-raters", "Suggestions, rater by rater. \(study.flagSentence)",
        study.summary.raters.map { ($0.rater, $0.rates) }))
    if study.summary.windows.count > 1 {
      tables.append(
        table(
          "drift", "Drift. \(StudyReport.driftSentence)",
          study.summary.windows.enumerated().map { ("part \($0 + 1)", $1) }))
    }
    return tables
  }
}
