public import Dialogues

/// A dialogue with everything a project knows of it, ready to be written.
public struct ExportedDialogue: Equatable, Sendable {
  /// The dialogue's identity.
  public var key: DialogueKey
  /// A title for people; empty where the corpus has none.
  public var title: String
  /// The turns in spoken order.
  public var turns: [ExportedTurn]

  /// Creates a dialogue to export.
  public init(key: DialogueKey, title: String = "", turns: [ExportedTurn]) {
    self.key = key
    self.title = title
    self.turns = turns
  }
}

/// A turn with everything a project knows of it.
public struct ExportedTurn: Equatable, Sendable {
  /// The turn.
  public var turn: Turn
  /// The gold label; several for a tie, none where nobody decided.
  public var gold: [String]
  /// How the gold came about; `nil` if that is not known.
  public var standing: Standing?
  /// What an adjudicator decided; `nil` if nobody did.
  public var decision: ExportedDecision?
  /// How the votes behind the gold fell; empty where nobody voted.
  public var votes: [Vote]
  /// What the raters said, at most one rating each, in the order of their names.
  public var ratings: [ExportedRating]
  /// What a source suggests, its refined label included; `nil` if there is nothing.
  public var suggestion: Suggestion?

  /// Creates a turn to export.
  public init(
    turn: Turn, gold: [String] = [], votes: [Vote] = [], ratings: [ExportedRating] = [],
    suggestion: Suggestion? = nil, standing: Standing? = nil, decision: ExportedDecision? = nil
  ) {
    self.turn = turn
    self.gold = gold
    self.standing = standing
    self.decision = decision
    self.votes = votes
    self.ratings = ratings
    self.suggestion = suggestion
  }
}

/// An adjudicator's decision.
public struct ExportedDecision: Equatable, Sendable {
  /// Who decided.
  public var rater: String
  /// Why; empty if that was not said.
  public var reason: String
  /// When, in seconds since 1970.
  public var time: Double

  /// Creates a decision.
  public init(rater: String, reason: String, time: Double) {
    self.rater = rater
    self.reason = reason
    self.time = time
  }
}

/// A rating and the conditions it was given under.
public struct ExportedRating: Equatable, Sendable {
  /// The rating.
  public var rating: Rating
  /// The conditions; `nil` for a rating that was imported.
  public var conditions: RatingConditions?

  /// Creates a rating to export.
  public init(_ rating: Rating, conditions: RatingConditions? = nil) {
    self.rating = rating
    self.conditions = conditions
  }
}

/// How many raters chose a label.
public struct Vote: Hashable, Sendable {
  /// The label.
  public var label: String
  /// The raters who chose it, alone or among others.
  public var raters: Int
  /// Its part of the soft label, 0 to 1: a rater's vote is shared evenly among the labels they
  /// chose, and the parts of a turn sum to 1.
  public var share: Double

  /// Creates a vote.
  public init(label: String, raters: Int, share: Double) {
    self.label = label
    self.raters = raters
    self.share = share
  }
}
