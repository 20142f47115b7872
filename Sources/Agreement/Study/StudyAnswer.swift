/// A person's answer with what their study knows of how it was given.
public struct StudyAnswer: Equatable, Sendable {
  /// The turn, by a number of the caller's.
  public var item: Int
  /// The dialogue, by a number of the caller's: what the arms of a study are made of.
  public var dialogue: Int
  /// The rater, a place in a list of the caller's.
  public var rater: Int
  /// The label that holds, a place in a list of the caller's.
  public var label: Int
  /// Whether the dialogue is in the arm whose suggestions are shown; `nil` where no study was recorded.
  public var isAssisted: Bool?
  /// What the source suggests for the turn, seen or not; `nil` where it says nothing.
  public var suggestion: Int?
  /// The suggested label that was in view when the answer was given; `nil` if none was.
  public var shown: Int?
  /// The label given before the suggestion was revealed, where the protocol asked for one first.
  public var committed: Int?
  /// When the answer was given, in any unit; `nil` where it is not known.
  public var time: Double?
  /// Seconds from the first sound of the turn to the first answer.
  public var seconds: Double?
  /// How long the turn's sound is, in seconds; `nil` for a turn of text, or where it is not known.
  public var soundSeconds: Double?
  /// How many seconds of the sound were heard in one go before the first answer; `nil` for a turn of
  /// text.
  public var heardSeconds: Double?

  /// Creates an answer of which nothing more is known.
  public init(item: Int, dialogue: Int, rater: Int, label: Int) {
    self.item = item
    self.dialogue = dialogue
    self.rater = rater
    self.label = label
  }

  /// Whether it came before the sound could have been heard to its end; `nil` where that is not known.
  var isFaster: Bool? {
    guard let seconds, let soundSeconds else { return nil }
    return seconds < soundSeconds
  }

  /// Whether nothing of the turn's sound was heard before; `nil` for a turn of text.
  var isUnheard: Bool? { heardSeconds.map { $0 <= 0 } }

  /// Whether the turn was unheard, or the answer faster than its sound; `nil` where neither is known.
  var isHasty: Bool? {
    isUnheard == true ? true : isFaster ?? isUnheard
  }
}
