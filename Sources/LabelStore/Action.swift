public import Dialogues

/// Something a person did to a turn, that can be undone.
public enum Action: Hashable, Sendable {
  /// Gave an answer, or another one than before. Ends a skip.
  case answered(Answer)
  /// Took the answer back.
  case withdrew
  /// Marked the turn to come back to.
  case flagged
  /// Removed that mark.
  case unflagged
  /// Wrote a note; an empty text removes it.
  case noted(String)
  /// Passed over the turn. An answer it had no longer counts: a turn is answered or skipped.
  case skipped
  /// Took the passing over back.
  case unskipped
  /// Decided what the right answer for the turn is, for everybody.
  ///
  /// Leaves the person's own answer alone.
  case adjudicated(Adjudication)
}

extension Action: CustomStringConvertible {
  /// The action in a few words for the status line: `answer anger`, `flag`.
  public var description: String {
    switch self {
    case .answered(let answer):
      let dimensions = answer.dimensions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      return "answer " + (answer.labels + dimensions).joined(separator: ", ")
    case .withdrew: return "withdrawal of the answer"
    case .flagged: return "flag"
    case .unflagged: return "removal of the flag"
    case .noted(let text): return text.isEmpty ? "removal of the note" : "note"
    case .skipped: return "skip"
    case .unskipped: return "return from a skip"
    case .adjudicated(let adjudication):
      return adjudication.labels.isEmpty
        ? "decision that no label is right"
        : "adjudication \(adjudication.labels.joined(separator: ", "))"
    }
  }
}

/// What an undo or a redo did.
public struct UndoneAction: Equatable, Sendable {
  /// The turn it was about.
  public var turn: TurnKey
  /// Where that turn is in this project.
  public var place: TurnPlace
  /// Whose act it was: the rater or, in a dialogue given to them again, ``Rater/retest``.
  public var rater: Rater
  /// What was undone or done again.
  public var action: Action
  /// The turn after it.
  public var saved: SavedState
}

/// What is on disk once a verb has returned.
public struct SavedState: Equatable, Sendable {
  /// The turn for the rater who acted.
  public var state: TurnState
  /// How far that rater is in the dialogue of the turn.
  public var dialogue: Progress
  /// How far that rater is in the whole project.
  public var project: Progress
}
