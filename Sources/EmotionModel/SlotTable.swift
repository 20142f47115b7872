internal import Dialogues

/// For each turn of a dialogue and each slot, which turn fills the slot.
struct SlotTable: Equatable, Sendable {
  /// How many turns there are.
  var turns: Int
  /// For each slot the turn that fills it when a turn is judged; −1 where none does.
  var fillers: [[Int]]

  /// Finds the turns.
  ///
  /// Any number of speakers may take part. A turn without a speaker belongs to nobody: it has no
  /// own earlier turns, and is neither someone's own nor another's.
  init(speakers: [String], slots: [Architecture.Slot]) {
    turns = speakers.count
    fillers = slots.map { slot in
      speakers.indices.map { turn in
        switch slot.relation {
        case .back: turn >= slot.distance ? turn - slot.distance : -1
        case .own:
          Self.nth(slot.distance, before: turn, in: speakers) { $0 == speakers[turn] }
        case .other:
          Self.nth(slot.distance, before: turn, in: speakers) { $0 != speakers[turn] }
        case .answered:
          turn >= slot.distance
            ? Self.nth(1, before: turn - slot.distance, in: speakers) {
              $0 != speakers[turn - slot.distance]
            } : -1
        }
      }
    }
  }

  private static func nth(
    _ wanted: Int, before turn: Int, in speakers: [String], where isWanted: (String) -> Bool
  ) -> Int {
    guard !speakers[turn].isEmpty else { return -1 }
    var left = wanted
    // A speaker may have spoken last thousands of turns ago; what is further back than this is no
    // context any more, and the search stays short for any dialogue.
    for earlier in stride(from: turn - 1, through: max(0, turn - 128), by: -1)
    where !speakers[earlier].isEmpty && isWanted(speakers[earlier]) {
      left -= 1
      if left == 0 { return earlier }
    }
    return -1
  }
}
