/// How people answered in a study, and how far suggestions moved them.
///
/// Intervals draw dialogues within each arm, because dialogues were assigned to arms.
public struct StudyRates: Equatable, Sendable {
  /// Answers.
  public var answers: Int
  /// Dialogues with an answer in the arm with suggestions.
  public var assistedDialogues: Int
  /// Dialogues with an answer in the control arm.
  public var controlDialogues: Int

  /// Answers given with a suggestion in view.
  public var shown: Int
  /// Their share that is the suggested label.
  public var acceptance: Estimate

  /// Answers in the arm with suggestions to turns that have one, and in the control arm.
  public var compared: (assisted: Int, control: Int) { (assistedAnswers, controlAnswers) }
  var assistedAnswers: Int
  var controlAnswers: Int
  /// The share of answers that are the suggested label, in the arm with suggestions, seen or hidden.
  public var assistedAgreement: Estimate
  /// The same in the control arm, where nobody saw it: what the rater would have said anyway.
  public var controlAgreement: Estimate
  /// ``assistedAgreement`` less ``controlAgreement``: the bias of suggestions, and by how much the
  /// model's measured accuracy is inflated.
  public var pull: Estimate
  /// ``pull`` as a share of what could be moved, (p₁ − p₀) / (1 − p₀): of the answers that would have
  /// differed from the suggestion, how many did not (Sheps 1958, doi 10.1056/NEJM195812182592505).
  public var yielding: Estimate

  /// Fleiss's κ between people in the arm with suggestions.
  public var assistedKappa: Estimate
  /// The same in the control arm.
  public var controlKappa: Estimate
  /// The first less the second: agreement with one another that suggestions made.
  public var kappaDifference: Estimate

  /// Answers that were kept or changed with the suggestion in view, after one without: the turns whose
  /// reveal was seen.
  public var reveals: Int
  /// The share of them with another label.
  public var changed: Estimate
  /// The share that went from another label to the suggested one.
  public var towards: Estimate
  /// The share that went from the suggested label to another one.
  public var away: Estimate

  /// Answers of which is known how long they took and how long the sound is.
  public var timed: Int
  /// The share given before the sound could have been heard to its end.
  public var faster: Estimate
  /// Answers to turns that have sound.
  public var audible: Int
  /// The share given before anything of the turn was heard.
  public var unheard: Estimate
  /// The median seconds from the first sound to the answer; `nil` where none is known.
  public var medianSeconds: Double?
  /// Of the answers that took the suggestion in view, the share that was hasty: before anything was
  /// heard, or faster than the sound.
  public var hastyAcceptance: Statistic
}

extension StudyRates {
  /// Whether a rater seems to take suggestions without looking, by ``rubberStampRule``.
  public var isRubberStamp: Bool {
    guard shown >= Self.leastShown, let acceptance = acceptance.statistic.value,
      acceptance >= Self.leastAcceptance
    else { return false }
    return (hastyAcceptance.value ?? 0) >= 0.5 || (pull.percentile?.low ?? 0) > 0
  }

  private static let leastShown = 20
  private static let leastAcceptance = 0.95

  /// The rule behind ``isRubberStamp``, in a sentence.
  public static let rubberStampRule =
    "Flagged is who took at least 95 % of at least 20 suggestions in view and either took half of those "
    + "before the turn was heard or faster than its sound lasts, or agrees with suggestions more than in "
    + "the control dialogues, the interval lying above 0."
}
