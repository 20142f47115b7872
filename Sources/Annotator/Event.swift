public import Dialogues
public import Screen

/// Something that happened: a key, a result, a sound, the clock.
public enum Event: Equatable, Sendable {
  // What the annotator does.

  /// A command, from a key or the palette.
  case command(Command)
  /// A label of the scheme, by its place.
  case label(Int)
  /// A character that no binding takes, for a field or a list of values.
  case typed(Character)
  /// The terminal has another size.
  case resized(Size)

  // What comes back from the store.

  /// A dialogue was read. The generation is that of the request.
  case dialogueLoaded(OpenDialogue, generation: Int)
  /// There is no such dialogue, or it could not be read.
  case dialogueUnavailable(String, generation: Int)
  /// A place was looked for and found, or not.
  case found(Position?, SearchGoal)
  /// A window of the list of dialogues, for the request of that number.
  case listed(rows: [DialogueSummary], isAtStart: Bool, isAtEnd: Bool, request: Int)
  /// A change is on the disk.
  case saved(number: Int, at: TimeOfDay, progress: Progress)
  /// A change is not on the disk, and why.
  case saveFailed(number: Int, reason: String)
  /// Something was undone or redone, or there was nothing.
  case reverted(Reversal?, isRedo: Bool)
  /// Undo or redo did not work, and why.
  case revertFailed(String)
  /// Someone else's or our own work changed the counts.
  case progressed(Progress)

  // What comes back from the queue of turns to review.

  /// The turn that was looked for; `nil` if there is none.
  case reviewFound(ReviewPlace?)
  /// A window of the list, for the request of that number.
  case reviewListed(rows: [ReviewRow], first: Int, count: Int, request: Int)
  /// What everybody made of the turns of the dialogue at a place.
  case reviewed([ReviewedTurn], dialogue: Int)
  /// How far the project is settled.
  case reviewProgressed(Progress)

  // What comes back from the model.

  /// Suggestions for the dialogue at a place, or why there are none.
  case suggestionsReady([SuggestionView?], dialogue: Int)
  case suggestionsUnavailable(String, dialogue: Int)

  /// The model has learned from corrections.
  case learned(LearningNews)
  /// Where suggestions come from after going back, `nil` for where nothing learned is shown; and
  /// whether there was anything to go back from.
  case wentBack(to: String?, isLearned: Bool)

  // What comes back from the statistics.

  /// How far people agree, as far as is known now.
  case agreementReady(AgreementBoard)
  /// It could not be computed, and why.
  case agreementUnavailable(String)

  // What comes back from the sound.

  /// A turn's sound is decoded.
  case soundReady(Transport.Sound, dialogue: Int)
  /// A turn has no sound, and why.
  case soundUnavailable(turn: Int, dialogue: Int, reason: String)
  /// The first sample of a turn was handed to the device.
  case soundStarted(turn: Int, dialogue: Int)
  /// The heard position, in seconds of the turn.
  case soundPosition(turn: Int, dialogue: Int, seconds: Double)
  /// The turn's sound ended or was stopped after so many milliseconds in one go.
  case soundEnded(turn: Int, dialogue: Int, heardMilliseconds: Int, isLast: Bool)
  /// The device cannot be used, and why; `nil` once it can again.
  case deviceChanged(name: String, problem: String?)

  /// Something the annotator should know.
  case message(Message)
}

/// What a search in the project is for.
public enum SearchGoal: Equatable, Sendable {
  case unlabelled
  case flagged
  case text(String)
}

/// What an undo or redo did.
public struct Reversal: Equatable, Sendable {
  /// Where.
  public var position: Position
  /// The turn's state now.
  public var state: TurnState
  /// What was undone or redone, in words, e.g. `label joy`.
  public var description: String
  /// The counts now.
  public var progress: Progress

  /// Creates a reversal.
  public init(position: Position, state: TurnState, description: String, progress: Progress) {
    self.position = position
    self.state = state
    self.description = description
    self.progress = progress
  }
}
