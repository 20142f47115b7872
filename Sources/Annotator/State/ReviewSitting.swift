public import Dialogues

/// Settling what people differ on: which turns are looked at, how far one is, what may be seen.
///
/// A sitting is for review or for labelling, from its beginning: what others answered must not be a
/// key away for somebody who has yet to answer.
public struct ReviewSitting: Equatable, Sendable {
  /// Which turns come one after the other.
  public var scope: ReviewScope
  /// What narrows them further, as typed.
  public var filter: String
  /// The turn of the queue in front; `nil` before the first.
  public var entry: ReviewPlace?
  /// How far the whole project is settled; `nil` until it is known.
  public var progress: Progress?
  /// Whether raters' names are shown instead of their letters.
  public var showsNames: Bool
  /// Reasons that were typed and wait for the decision on their turn, by turn.
  public var reasons: [TurnKey: String]

  /// Creates the state at the beginning of a review.
  public init(scope: ReviewScope = .toReview, filter: String = "") {
    self.scope = scope
    self.filter = filter
    entry = nil
    progress = nil
    showsNames = false
    reasons = [:]
  }
}

/// Where a turn stands in the queue.
public struct ReviewPlace: Equatable, Sendable {
  /// The turn.
  public var position: Position
  /// Its place in the list as filtered, from 0.
  public var rank: Int
  /// How many turns the list has.
  public var count: Int

  /// Creates a place.
  public init(position: Position, rank: Int, count: Int) {
    self.position = position
    self.rank = rank
    self.count = count
  }
}

/// What is known of a turn by those who settle it.
public struct ReviewedTurn: Equatable, Sendable {
  /// What each rater left on the turn: people first, by their letters, then the other kinds.
  public var opinions: [Opinion]
  /// Why it should be looked at again, the strongest reason first.
  public var reasons: [Reason]
  /// How far it is settled.
  public var standing: Standing
  /// What was decided; `nil` if nothing was.
  public var decision: Decision?

  /// What other adjudicators decided otherwise.
  public var disputes: [Decision]

  /// Creates what is known of a turn.
  public init(
    opinions: [Opinion] = [], reasons: [Reason] = [], standing: Standing = .unrated,
    decision: Decision? = nil, disputes: [Decision] = []
  ) {
    self.disputes = disputes
    self.opinions = opinions
    self.reasons = reasons
    self.standing = standing
    self.decision = decision
  }

  /// One rater's answer and what else they left.
  public struct Opinion: Equatable, Sendable {
    /// The rater's name.
    public var name: String
    /// The letter a person goes by where names are hidden; `nil` for other kinds of raters.
    public var letter: String?
    /// What kind of rater it is.
    public var kind: Rater.Kind
    /// The answer; `nil` if there is only a note, a flag or a skip.
    public var answer: Answer?
    /// Whether the rater flagged the turn.
    public var isFlagged: Bool
    /// Whether the rater passed over it.
    public var isSkipped: Bool
    /// The rater's note; empty if there is none.
    public var note: String
    /// What they had committed to before a suggestion was shown; `nil` where there was no such stage.
    public var committed: [String]?
    /// The suggested label in view when they answered; `nil` if none was.
    public var shown: String?

    /// Creates an opinion.
    public init(
      name: String, letter: String? = nil, kind: Rater.Kind = .person, answer: Answer?,
      isFlagged: Bool = false, isSkipped: Bool = false, note: String = "",
      committed: [String]? = nil, shown: String? = nil
    ) {
      self.name = name
      self.letter = letter
      self.kind = kind
      self.answer = answer
      self.isFlagged = isFlagged
      self.isSkipped = isSkipped
      self.note = note
      self.committed = committed
      self.shown = shown
    }
  }

  /// A reason in the queue's words and what it weighs.
  public struct Reason: Equatable, Sendable {
    /// The reason.
    public var reason: ReviewReason
    /// Its score, 0 to 1.
    public var score: Double

    /// Creates a reason.
    public init(_ reason: ReviewReason, score: Double) {
      self.reason = reason
      self.score = score
    }
  }

  /// What an adjudicator decided.
  public struct Decision: Equatable, Sendable {
    /// The labels and why.
    public var adjudication: Adjudication
    /// The adjudicator's name.
    public var name: String
    /// The letter the adjudicator goes by where names are hidden.
    public var letter: String?
    /// When; `nil` for a decision on its way to the disk.
    public var time: String?

    /// Creates a decision.
    public init(_ adjudication: Adjudication, name: String, letter: String?, time: String? = nil) {
      self.adjudication = adjudication
      self.name = name
      self.letter = letter
      self.time = time
    }
  }

  /// What all people said: the label that is filled in without a decision.
  public var filledIn: [String]? {
    guard standing == .unanimous else { return nil }
    return opinions.first { $0.kind == .person && $0.answer?.labels.isEmpty == false }?.answer?
      .labels
  }

  /// How many people gave each label, the most frequent first.
  public var votes: [LabelCount] {
    var counts: [String: Int] = [:]
    for opinion in opinions where opinion.kind == .person {
      for label in opinion.answer?.labels ?? [] { counts[label, default: 0] += 1 }
    }
    return counts.map { LabelCount(label: $0.key, count: $0.value) }
      .sorted { ($1.count, $0.label) < ($0.count, $1.label) }
  }
}

/// A line of the list of turns to review.
public struct ReviewRow: Equatable, Sendable {
  /// The turn.
  public var position: Position
  /// Who speaks it.
  public var speaker: String
  /// What is said.
  public var text: String
  /// Why it is listed, the strongest reason first; none for a turn listed for its standing.
  public var reasons: [ReviewedTurn.Reason]
  /// How far it is settled.
  public var standing: Standing
  /// How many people gave each label, the most frequent first.
  public var votes: [LabelCount]
  /// The model's label; `nil` without a suggestion.
  public var suggested: String?

  /// Creates a line.
  public init(
    position: Position, speaker: String, text: String, reasons: [ReviewedTurn.Reason] = [],
    standing: Standing, votes: [LabelCount] = [], suggested: String? = nil
  ) {
    self.position = position
    self.speaker = speaker
    self.text = text
    self.reasons = reasons
    self.standing = standing
    self.votes = votes
    self.suggested = suggested
  }
}

/// The list of turns to review: a window of it at a time, whatever the size of the project.
public struct ReviewList: Equatable, Sendable {
  /// Which turns are listed.
  public var scope: ReviewScope
  /// What narrows them further.
  public var field: TextField
  /// The loaded window; `nil` until it is there.
  public var rows: [ReviewRow]?
  /// The place in the list of the window's first row.
  public var first: Int
  /// How many turns the list has.
  public var count: Int
  /// The place in the list of the selected row.
  public var selection: Int
  /// The number of the latest request for a window: the answer to an earlier one is ignored.
  public var request: Int

  init(_ review: ReviewSitting) {
    scope = review.scope
    field = TextField(review.filter)
    rows = nil
    first = 0
    count = 0
    selection = review.entry?.rank ?? 0
    request = 0
  }

  /// The selected row; `nil` while there is none.
  public var selected: ReviewRow? {
    guard let rows, rows.indices.contains(selection - first) else { return nil }
    return rows[selection - first]
  }

  /// Moves the selection.
  ///
  /// - Returns: whether another window is needed.
  mutating func move(by step: Int) -> Bool {
    guard let rows, count > 0 else { return false }
    selection = max(0, min(selection + step, count - 1))
    let margin = rows.count / 6
    return (selection < first + margin && first > 0)
      || (selection >= first + rows.count - margin && first + rows.count < count)
  }
}

extension State {
  /// What is known of a turn of the open dialogue, in a review.
  func reviewed(_ turn: Int) -> ReviewedTurn? {
    guard review != nil, let dialogue, dialogue.reviewed.indices.contains(turn) else { return nil }
    return dialogue.reviewed[turn]
  }
}
