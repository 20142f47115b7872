internal import Agreement

// Truth, repeats and the study in a terminal.

extension AgreementReport {
  var truthLines: [String] {
    guard let truth, truth.turns.isEmpty || !answers.isEmpty else { return [] }
    let shared = truth.unanimous + truth.majority + truth.ties
    guard shared > 0 else { return [] }
    var lines = Plain.wrapped(
      "of \(Plain.count(shared, "turn")) with two or more ratings \(Plain.count(truth.unanimous)) are "
        + "unanimous, \(Plain.count(truth.majority)) have a majority, \(Plain.count(truth.ties)) tie",
      79)
    if let entropy = truth.meanEntropy.value {
      lines += Plain.wrapped("mean entropy of the soft labels \(Plain.fixed(entropy, 3)) bits", 79)
    }
    if let overruled = truth.overruled {
      lines += Plain.wrapped(
        "Dawid and Skene's label is not the majority's on \(Plain.count(overruled, "turn")). "
          + truth.estimation, 79)
    } else {
      lines += Plain.wrapped(truth.estimation, 79)
    }
    return lines
  }

  var repeatLines: [String] {
    guard !repeats.isEmpty else { return [] }
    let header =
      Plain.left("with oneself, again", 20) + Plain.right("turns", 8) + Plain.right("κ", 8)
      + Plain.left("  interval", 20) + Plain.right("raw", 8) + Plain.right("α", 8)
    return [header]
      + repeats.map { row in
        let interval = row.measures[0].estimate.percentile.map(bounds) ?? ""
        return Plain.left(row.rater, 20) + Plain.right(Plain.count(row.turns), 8)
          + Plain.right(short(row.measures[0].estimate.statistic), 8)
          + Plain.left("  \(interval)", 20)
          + row.measures.dropFirst().map { Plain.right(short($0.estimate.statistic), 8) }.joined()
      }
  }

  var studyLines: [[String]] {
    guard let study else { return [] }
    let columns = 30
    var first = ["── suggestions and people"]
    first += Plain.wrapped(study.lead, 79)
    first += study.notes.flatMap { Plain.wrapped($0, 79) }
    var sections = [
      first, study.summary.all.tellingMeasures.map { line($0.quantity.name, $0.estimate, columns) },
    ]
    func table(_ title: String, _ rows: [(String, StudyRates)]) -> [String] {
      let header =
        Plain.left(title, 20) + Plain.right("answers", 8)
        + ["taken", "bias", "faster", "unheard", "seconds"].map { Plain.right($0, 9) }.joined()
      return [header]
        + rows.map { name, rates in
          Plain.left(name, 20) + Plain.right(Plain.count(rates.answers), 8)
            + rates.tableMeasures.map { Plain.right(short($0.estimate.statistic), 9) }.joined()
            + Plain.right(rates.medianSeconds.map { Plain.fixed($0, 1) } ?? "–", 9)
        }
    }
    sections.append(
      table("rater", study.summary.raters.map { ($0.rater, $0.rates) })
        + Plain.wrapped(study.flagSentence, 79))
    if study.summary.windows.count > 1 {
      sections.append(
        table(
          "part of the work", study.summary.windows.enumerated().map { ("\($0 + 1)", $1) })
          + Plain.wrapped(StudyReport.driftSentence, 79))
    }
    return sections
  }

  /// What the terminal explains of these sections.
  var studyDefinitions: [String] {
    let quantities =
      (study?.summary.all.tellingMeasures.map(\.quantity) ?? [])
      + (repeats.isEmpty ? [] : [.repeatKappa])
    return quantities.flatMap { Plain.wrapped("\($0.name): \($0.definition).", 79) }
  }
}
