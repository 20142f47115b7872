public import Agreement

/// How suggestions moved people and how they worked, beside their agreement.
public struct StudyReport: Equatable, Sendable {
  /// The source whose suggestions answers are compared with; `nil` if there is none.
  public var source: String?
  /// The numbers.
  public var summary: StudySummary
  /// Sentences on what was left out or is different.
  public var notes: [String]

  /// Creates a part of a report.
  public init(source: String?, summary: StudySummary, notes: [String] = []) {
    self.source = source
    self.summary = summary
    self.notes = notes
  }
}

extension StudyReport {
  /// The raters that the rule flags.
  var flagged: [String] { summary.raters.filter(\.rates.isRubberStamp).map(\.rater) }

  /// Who is flagged and by what rule, in sentences.
  var flagSentence: String {
    (flagged.isEmpty
      ? "Nobody is flagged as taking suggestions without looking. "
      : "Flagged as taking suggestions without looking: \(flagged.joined(separator: ", ")). ")
      + StudyRates.rubberStampRule
  }

  /// What the numbers are of, in a sentence.
  var lead: String {
    let rates = summary.all
    let arms =
      "\(Plain.count(rates.answers, "answer")) in \(Plain.count(rates.assistedDialogues, "dialogue")) "
      + "with suggestions and \(Plain.count(rates.controlDialogues)) without"
    return source.map { "\(arms); the suggestions are those of \($0)." } ?? "\(arms)."
  }

  static let driftSentence =
    "Every rater's answers in the order they were given, cut into parts of equal count; part 1 is the "
    + "first of each."
}

extension StudyRates {
  /// All numbers with an interval, each with the answers it rests on.
  var measures: [Measure] {
    [
      Measure(.pull, pull, turns: compared.assisted + compared.control),
      Measure(.yielding, yielding, turns: compared.assisted + compared.control),
      Measure(.assistedAgreement, assistedAgreement, turns: compared.assisted),
      Measure(.controlAgreement, controlAgreement, turns: compared.control),
      Measure(.acceptance, acceptance, turns: shown),
      Measure(.changed, changed, turns: reveals),
      Measure(.towards, towards, turns: reveals),
      Measure(.away, away, turns: reveals),
      Measure(.assistedKappa, assistedKappa, turns: answers),
      Measure(.controlKappa, controlKappa, turns: answers),
      Measure(.kappaDifference, kappaDifference, turns: answers),
      Measure(.faster, faster, turns: timed),
      Measure(.unheard, unheard, turns: audible),
    ]
  }

  /// Those that say something of this study: what a protocol does not have is left out.
  var tellingMeasures: [Measure] {
    measures.filter {
      switch $0.estimate.statistic {
      case .undefined(.nothingRevealed), .undefined(.notTimed), .undefined(.notAudible): false
      default: true
      }
    }
  }

  /// What a row of a table of raters or windows has: taken, bias, faster, unheard.
  var tableMeasures: [Measure] {
    [
      Measure(.acceptance, acceptance, turns: shown),
      Measure(.pull, pull, turns: compared.assisted + compared.control),
      Measure(.faster, faster, turns: timed), Measure(.unheard, unheard, turns: audible),
    ]
  }
}
