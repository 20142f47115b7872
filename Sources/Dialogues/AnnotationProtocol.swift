/// A project's rule for when annotators see suggestions.
///
/// Suggestions pull people towards them (arXiv:2507.15821), so the rule is part of the measurement:
/// it is recorded with every answer, and ``StudyDesign/controlShare`` keeps dialogues to compare with.
public enum AnnotationProtocol: String, Sendable, Codable, CaseIterable {
  /// Suggestions are visible; the annotator may hide them.
  case assisted
  /// Suggestions are never visible.
  case blind
  /// A turn's suggestion is visible once the turn has an answer, which can then be changed, or kept by
  /// saying so or by moving on. Both answers are kept.
  case commitThenReveal = "commit-then-reveal"
}

/// Which part of a study a dialogue belongs to.
public enum StudyArm: String, Sendable, Codable, CaseIterable {
  /// Suggestions are shown as the protocol says.
  case suggested
  /// Suggestions are never shown, to have something to compare with.
  case control
}

/// Which of the two answers of ``AnnotationProtocol/commitThenReveal`` an answer is.
public enum AnswerStage: String, Sendable, Codable, CaseIterable {
  /// Given before the suggestion was shown.
  case committed
  /// Given, the same or another one, with the suggestion in view.
  case revealed
}
