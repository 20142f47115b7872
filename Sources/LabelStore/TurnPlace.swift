/// Where a turn stands in a project: the place of its dialogue and its place in the dialogue.
///
/// Places order the project as it was imported. They belong to one file: a merged project may have
/// its dialogues in another order, so what must last (a label, an undo) is filed under a `TurnKey`.
public struct TurnPlace: Hashable, Sendable {
  /// The place of the dialogue in the project, from 0.
  public var dialogue: Int
  /// The place of the turn in its dialogue, from 0.
  public var turn: Int

  /// Creates a place from its two parts, both from 0.
  public init(dialogue: Int, turn: Int) {
    self.dialogue = dialogue
    self.turn = turn
  }
}

extension TurnPlace: Comparable {
  /// Whether one turn comes before another in the order of the project.
  public static func < (one: TurnPlace, other: TurnPlace) -> Bool {
    (one.dialogue, one.turn) < (other.dialogue, other.turn)
  }
}

/// The integer under which this file keeps a turn: the dialogue's id and the turn's place in it.
///
/// One integer that is also the order of the project makes the turns of a dialogue, and each
/// rater's states of them, neighbours on disk: a dialogue is one range read, without a further
/// index over a million rows. It works because dialogues are only ever appended and never change
/// their turns (see ``CorpusWriter``).
struct TurnRow: Hashable, Sendable {
  /// How many bits hold the place in the dialogue.
  static let placeBits: Int64 = 20
  /// The most turns a dialogue can have.
  static let mostTurns = 1 << 20

  var id: Int64

  init(id: Int64) {
    self.id = id
  }

  init(dialogue: Int64, turn: Int) {
    id = dialogue << Self.placeBits | Int64(turn)
  }

  /// The row id of the dialogue; its place is one less.
  var dialogue: Int64 { id >> Self.placeBits }

  var place: TurnPlace {
    TurnPlace(dialogue: Int(dialogue) - 1, turn: Int(id) & (Self.mostTurns - 1))
  }

  init(_ place: TurnPlace) {
    self.init(dialogue: Int64(place.dialogue) + 1, turn: place.turn)
  }

  /// The ids that the turns of a dialogue can have.
  static func all(ofDialogue dialogue: Int64) -> ClosedRange<Int64> {
    dialogue << placeBits...(dialogue << placeBits | (Int64(mostTurns) - 1))
  }
}
