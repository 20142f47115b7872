/// What an import did, or would do.
public struct ImportReport: Equatable, Sendable {
  /// Dialogues that were not there before.
  public var newDialogues = 0
  /// Dialogues that were there.
  public var knownDialogues = 0
  /// Turns that were not there before.
  public var newTurns = 0
  /// Turns that were there and are the same.
  public var unchangedTurns = 0
  /// Turns that were there and whose sound, times, words or further columns follow the import now.
  public var updatedTurns = 0
  /// Turns, known or not, that contradict what the project has: kept as they were.
  public var changedTurns = 0
  /// Ratings that were not there before.
  public var newRatings = 0
  /// Ratings that were there and are the same.
  public var unchangedRatings = 0
  /// Ratings of a rater on a turn who has another one there: kept as they were.
  public var changedRatings = 0
  /// What was not taken over, a sentence each; only the first hundred.
  public var differences: [String] = []

  /// Creates a report of nothing.
  public init() {}

  /// Whether the import found anything to add or to update.
  public var isEmpty: Bool {
    newDialogues == 0 && newTurns == 0 && updatedTurns == 0 && newRatings == 0
  }

  mutating func note(_ difference: @autoclosure () -> String) {
    if differences.count < 100 { differences.append(difference()) }
  }
}
