/// What a project knows of one turn that decides whether somebody should look at it again.
public struct TurnUnderReview: Equatable, Sendable {
  /// What people answered: rater and labels, those without labels left out.
  public var answers: [Opinion]
  /// The model's posterior; empty without a suggestion.
  public var posterior: [Double]
  /// The labels ``posterior`` speaks of.
  public var labels: [String]
  /// The label after decoding the dialogue; `nil` if that was not done.
  public var refined: String?
  /// The labels known to be right, adjudicated or by a rater that counts as gold; `nil` if unknown.
  public var gold: [String]?
  /// Whether ``gold`` was decided by an adjudicator, which settles the turn.
  public var isAdjudicated: Bool
  /// Who changed their answer when the suggestion was shown, and from what to what.
  public var changes: [Change]
  /// Whether two adjudicators' decisions that hold are not the same.
  public var adjudicatorsDiffer: Bool

  /// Creates a description of a turn.
  public init(
    answers: [Opinion] = [], posterior: [Double] = [], labels: [String] = [],
    refined: String? = nil, gold: [String]? = nil, isAdjudicated: Bool = false,
    changes: [Change] = [], adjudicatorsDiffer: Bool = false
  ) {
    self.answers = answers
    self.posterior = posterior
    self.labels = labels
    self.refined = refined
    self.gold = gold
    self.isAdjudicated = isAdjudicated
    self.changes = changes
    self.adjudicatorsDiffer = adjudicatorsDiffer
  }

  /// One person's labels.
  public struct Opinion: Equatable, Sendable {
    /// The rater's name.
    public var rater: String
    /// What they answered; at least one label.
    public var labels: [String]

    /// Creates an opinion.
    public init(rater: String, labels: [String]) {
      self.rater = rater
      self.labels = labels
    }
  }

  /// An answer that was changed when the suggestion was shown.
  public struct Change: Equatable, Sendable {
    /// The rater's name.
    public var rater: String
    /// What they had committed to.
    public var committed: [String]
    /// What they answered in view of the suggestion.
    public var revealed: [String]
    /// The suggestion in view.
    public var shown: String

    /// Creates a change.
    public init(rater: String, committed: [String], revealed: [String], shown: String) {
      self.rater = rater
      self.committed = committed
      self.revealed = revealed
      self.shown = shown
    }
  }
}
