internal import Dialogues
internal import GRDB

/// Bringing together who was given what.
extension Merge {
  /// Of two lists of work the greater one counts: compared dialogue by dialogue, and one that goes on
  /// where the other ends is greater. That is the same in every order of merging, and what a lead
  /// handed out later in one copy arrives in the others.
  mutating func mergeAssignments() throws {
    for row in try from.rows(
      """
      SELECT DISTINCT a.rater, rater.name, rater.kind FROM assignment AS a
      JOIN rater ON rater.id = a.rater ORDER BY rater.name
      """)
    {
      let rater = try rater(try row.integer(0))
      let theirs = try Self.items(from, of: try row.integer(0))
      let mine = try Self.items(db, of: rater)
      guard theirs != mine else { continue }
      let count = min(theirs.count, mine.count)
      let keepsOwn = theirs.lexicographicallyPrecedes(mine)
      if theirs.prefix(count) != mine.prefix(count) {
        report.conflicts.append(
          MergeConflict(
            kind: .share(try other.rater(row, from: 1)), here: [], there: [], keepsOwn: keepsOwn))
      }
      guard !keepsOwn else { continue }
      try db.run("DELETE FROM assignment WHERE rater = ?", rater)
      for (position, item) in theirs.enumerated() {
        try db.run(
          "INSERT INTO assignment (rater, position, dialogue, purpose) VALUES (?, ?, ?, ?)", rater,
          position, try into.dialogueID(db, item.dialogue), item.purpose)
      }
    }
  }

  private struct Item: Comparable {
    var dialogue: DialogueKey
    var purpose: String

    static func < (one: Item, other: Item) -> Bool {
      one.words.lexicographicallyPrecedes(other.words)
    }

    private var words: [String] {
      [dialogue.corpus, dialogue.split, dialogue.dialogue, purpose]
    }
  }

  private static func items(_ db: Database, of rater: Int64) throws -> [Item] {
    try db.rows(
      """
      SELECT corpus.name, dialogue.split, dialogue.name, a.purpose FROM assignment AS a
      JOIN dialogue ON dialogue.id = a.dialogue JOIN corpus ON corpus.id = dialogue.corpus
      WHERE a.rater = ? ORDER BY a.position
      """, rater
    ).map { row in
      Item(
        dialogue: DialogueKey(
          corpus: try row.text(0), split: try row.text(1), dialogue: try row.text(2)),
        purpose: try row.text(3))
    }
  }
}
