internal import Agreement

// The paragraph on methods, which HTML and LaTeX share, and the works it rests on.

extension AgreementReport {
  /// The works that the statistics of the report rest on, by key.
  var references: [Reference] {
    var works = Set(quantities.flatMap(\.references))
    if resampling.replicates > 0, hasAcceleratedIntervals { works.insert(.efron1987) }
    return works.sorted { $0.key < $1.key }
  }

  private var hasAcceleratedIntervals: Bool {
    (headline + others).contains { $0.estimate.accelerated != nil }
  }

  /// What was rated, compared and computed, in whole sentences.
  var methodsText: String {
    var sentences = [
      "\(raterWords) rated \(Plain.count(counts.items, "turn")) of "
        + "\(Plain.count(counts.dialogues, "dialogue")) "
        + "(\(Plain.count(counts.ratings, "rating"))); \(Plain.count(counts.sharedItems)) of the turns "
        + "have at least two ratings."
    ]
    sentences.append("Answers were treated as \(levelWords).")
    if let first = headline.first {
      sentences.append(
        "Agreement is reported as \(first.quantity.name) (\(first.quantity.definition))"
          + (headline.count > 1
            ? ", beside \(headline.dropFirst().map { lowered($0.quantity.name) }.joined(separator: " and "))."
            : "."))
    }
    if let intervalSentence {
      sentences.append(
        "Intervals are percentile bootstrap intervals: \(intervalSentence), drawn with the generator "
          + "SplitMix64. "
          + (resampling.unit == .dialogues
            ? "Whole dialogues were drawn because the turns of a dialogue are not independent."
            : ""))
    }
    if let study, study.summary.all.controlDialogues > 0 {
      sentences.append(
        "Suggestions\(study.source.map { " of \($0)" } ?? "") could be seen in "
          + "\(Plain.count(study.summary.all.assistedDialogues, "dialogue")) and not in "
          + "\(Plain.count(study.summary.all.controlDialogues)) control dialogues, chosen by hash; the bias of "
          + "suggestions is the share of answers that are the suggested label in the former less that in "
          + "the latter, and dialogues were drawn within each.")
    }
    sentences.append("Where a statistic is not defined, the reason is given instead of a number.")
    sentences.append("Computed with \(program).")
    return sentences.joined(separator: " ").replacing("  ", with: " ")
  }

  private var raterWords: String {
    let noun =
      switch group {
      case "person": counts.raters == 1 ? "person" : "people"
      case let group?: "raters of kind \(group)"
      case nil: counts.raters == 1 ? "rater" : "raters"
      }
    return "\(Plain.count(counts.raters)) \(noun)"
  }

  private var levelWords: String {
    switch level {
    case .nominal: "names without an order (nominal level)"
    case .ordinal: "ordered values (ordinal level): \(answers.joined(separator: ", "))"
    case .interval: "values on a scale (interval level)"
    case .ratio: "values on a scale with a zero (ratio level)"
    case .sets: "sets of labels, an empty set being an answer"
    }
  }

  /// A name within a sentence: capital letters of people stay.
  private func lowered(_ name: String) -> String {
    name.hasPrefix("Raw") ? "raw" + name.dropFirst(3) : name
  }
}
