public import Dialogues

/// Something an annotator did that must reach the disk.
public struct Change: Equatable, Sendable {
  /// What was done.
  public enum Kind: Equatable, Sendable {
    case answer(Answer, RatingConditions)
    case withdraw
    case flag(Bool)
    case skip(Bool)
    case note(String)
    case adjudicate(Adjudication, RatingConditions)
  }

  /// The turn it was done to.
  public var turn: TurnKey
  /// The place of its dialogue in the annotator's list: a dialogue given to them again is in it
  /// twice, and its answers are filed apart.
  public var dialogue: Int
  /// What was done.
  public var kind: Kind

  /// Creates a change.
  public init(turn: TurnKey, dialogue: Int, kind: Kind) {
    self.turn = turn
    self.dialogue = dialogue
    self.kind = kind
  }
}

/// What is on its way to the disk.
///
/// A change stays here until the store says that it is durable. One that fails is kept, shown, and
/// sent again before the next one, so that nothing an annotator did is lost to a full disk.
public struct Saving: Equatable, Sendable {
  /// A change and its number.
  public struct Pending: Equatable, Sendable {
    /// Its number, counted up from 0.
    public var number: Int
    /// What was done.
    public var change: Change
    /// Whether the disk refused it and it waits to be sent again.
    public var hasFailed: Bool
  }

  /// Changes not yet known to be on the disk, oldest first.
  public internal(set) var pending: [Pending] = []
  /// The time of day of the last change that is; `nil` before the first.
  public internal(set) var lastSaved: TimeOfDay?
  /// Why the last attempt failed; `nil` if it did not.
  public internal(set) var problem: String?
  /// Whether the annotator has asked to quit while something was still on its way.
  public internal(set) var endsWhenSaved = false
  var nextNumber = 0

  /// Creates the state of nothing done.
  public init() {}

  /// Whether the disk has refused something.
  public var hasFailed: Bool { pending.contains { $0.hasFailed } }
}

/// A time of day to the minute, as the annotator's clock shows it.
public struct TimeOfDay: Equatable, Sendable {
  /// 0 to 23.
  public var hour: Int
  /// 0 to 59.
  public var minute: Int

  /// Creates a time of day.
  public init(hour: Int, minute: Int) {
    self.hour = hour
    self.minute = minute
  }
}
