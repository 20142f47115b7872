import Agreement
import Dialogues
import LabelStore
import Report
import Studies

extension ProjectRatings {
  /// Which of people's answers the parts on studies are about.
  private func choice(comparedWith source: String?) throws -> StudyReading.Choice {
    var choice = StudyReading.Choice(
      labels: labels.isEmpty ? try project.information().scheme.labels.map(\.name) : labels)
    choice.raters = raters
    choice.splits = splits
    choice.other = labels.isEmpty ? nil : RatingCollector.other
    choice.source = source
    return choice
  }

  /// How suggestions moved people and how they worked; `nil` where nobody has answered here.
  ///
  /// - Parameter source: the source to compare answers with; `nil` for the one most often shown.
  func study(
    comparedWith source: String?, windows: Int, _ resampling: Resampling
  ) throws -> StudyReport? {
    let sounds = TurnSounds(try project.information().corpora)
    let choice = try choice(comparedWith: source)
    let reading = try StudyReading(project, choice) { turn in sounds.seconds(of: turn) }
    guard !reading.answers.isEmpty else { return nil }
    var notes: [String] = []
    if reading.sawAnother > 0 {
      notes.append(
        "\(counted(reading.sawAnother, "answer")) saw another suggestion than the one stored now, with "
          + "which it is compared.")
    }
    let study = reading.answers.filter { $0.isAssisted != nil }
    let without = study.count { $0.suggestion == nil }
    if without > 0 {
      notes.append(
        "\(counted(without, "answer")) to turns without a suggestion left out of the bias; "
          + "“undertone suggest” makes suggestions for control dialogues too.")
    }
    return StudyReport(
      source: reading.source,
      summary: StudySummary(
        reading.answers, raters: reading.raters, labels: reading.labels.count, windows: windows,
        resampling),
      notes: notes)
  }

  /// The answers of people who were given dialogues again.
  func repeats() throws -> RatingTable {
    let choice = try choice(comparedWith: nil)
    return try RatingTable.repeats(in: project, choice)
  }
}
