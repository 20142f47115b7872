public import Dialogues

/// Something to be done outside: read, write, play, compute. A value, carried out by the program.
public enum Effect: Equatable, Sendable {
  /// Read the dialogue at a place and put the cursor on a turn of it; without a turn, on the
  /// annotator's first unlabelled one. Answered by ``Event/dialogueLoaded(_:generation:)``.
  case load(dialogue: Int, turn: Int?, generation: Int)
  /// Write a change to the disk, in the order asked.
  case save(Change, number: Int)
  /// Write to the log that so many milliseconds of a turn were heard in one go.
  case logListening(TurnKey, dialogue: Int, milliseconds: Int)
  /// Undo or redo the annotator's latest act, after all saves asked for before.
  case undo
  case redo
  /// Look for a turn from a position on, or backwards, round the end of the project.
  case find(SearchGoal, from: Position, forward: Bool)
  /// Read so many lines of the list of dialogues around a place in the project.
  case list(
    filter: DialogueList.Filter, text: String, around: Int, count: Int, request: Int)
  /// Look for the next turn to review after one, or before it, round the end of the list.
  case reviewStep(scope: ReviewScope, filter: String, from: Position, forward: Bool)
  /// A decision on a turn is on its way to the disk: the list need not come back to it.
  case reviewDecided(Position)
  /// Read so many lines of the list of turns to review around a place in it.
  case reviewList(
    scope: ReviewScope, filter: String, around: Int, count: Int, request: Int)
  /// Read anew what everybody made of the turns of a dialogue.
  case readReview(dialogue: Int)

  /// Have suggestions for a dialogue, stored or computed.
  case suggest(dialogue: Int)
  /// Go back to the source of suggestions before the present one, for this dialogue and later ones.
  case goBackToEarlierSource(dialogue: Int)

  /// Decode a turn's sound, to draw it and to have it ready.
  case prepare(turn: Int)
  /// Play turns one after another, the first from a position in seconds.
  case play(turns: [Int], from: Double, speed: Double, loop: Bool)
  case pause
  case resume
  case stopSound
  case seek(Double)
  case setSpeed(Double)
  case setLoop(Bool)

  /// Compute how far people agree, now and whenever ratings come, or stop doing so.
  case watchAgreement(Bool)
  /// Remember a preference in the settings file.
  case remember(Preferences)
  /// Use a theme for drawing.
  case useTheme(String)
  /// Say where the annotator is, so that the next sitting begins there.
  case rememberPosition(TurnKey)
  case redraw
  case suspend
  case quit
}
