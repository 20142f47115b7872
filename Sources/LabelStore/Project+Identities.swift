internal import Dialogues
internal import GRDB

/// From the names people and corpora use to the integers of this file and back.
extension Project {
  func dialogueID(_ db: Database, _ key: DialogueKey) throws -> Int64? {
    try db.integer(
      """
      SELECT dialogue.id FROM corpus JOIN dialogue ON dialogue.corpus = corpus.id
      WHERE corpus.name = ? AND dialogue.split = ? AND dialogue.name = ?
      """, key.corpus, key.split, key.dialogue)
  }

  func turnRow(_ db: Database, _ key: TurnKey) throws -> TurnRow? {
    try db.integer(
      """
      SELECT turn.id FROM corpus JOIN dialogue ON dialogue.corpus = corpus.id
      JOIN turn ON turn.dialogue = dialogue.id
      WHERE corpus.name = ? AND dialogue.split = ? AND dialogue.name = ? AND turn.name = ?
      """, key.dialogue.corpus, key.dialogue.split, key.dialogue.dialogue, key.turn
    ).map { TurnRow(id: $0) }
  }

  func knownTurn(_ db: Database, _ key: TurnKey) throws -> TurnRow {
    guard let row = try turnRow(db, key) else {
      throw ProjectError(
        .refused, "\(path): it has no turn \(key); import the corpus it belongs to first.")
    }
    return row
  }

  func dialogueKey(_ db: Database, _ id: Int64) throws -> DialogueKey? {
    try db.row(
      """
      SELECT corpus.name, dialogue.split, dialogue.name FROM dialogue
      JOIN corpus ON corpus.id = dialogue.corpus WHERE dialogue.id = ?
      """, id
    ).map { DialogueKey(corpus: try $0.text(0), split: try $0.text(1), dialogue: try $0.text(2)) }
  }

  func turnKey(_ db: Database, _ row: TurnRow) throws -> TurnKey {
    guard let dialogue = try dialogueKey(db, row.dialogue),
      let turn = try db.row("SELECT name FROM turn WHERE id = ?", row.id)
    else {
      throw ProjectError(
        .damaged, "\(path): it speaks of a turn that it does not have; take a backup copy.")
    }
    return TurnKey(dialogue: dialogue, turn: try turn.text(0))
  }

  /// The rater's integer; `nil` if the project has not met the rater.
  func raterID(_ db: Database, _ rater: Rater) throws -> Int64? {
    guard let row = try db.row("SELECT id, kind FROM rater WHERE name = ?", rater.name) else {
      return nil
    }
    guard try row.text(1) == rater.kind.rawValue else {
      throw ProjectError(
        .refused,
        "\(path): “\(rater.name)” is already a rater of the kind “\(try row.text(1))” in it, not "
          + "“\(rater.kind.rawValue)”; use another name.")
    }
    return try row.integer(0)
  }

  /// The rater's integer, given now if need be.
  func enrolledRaterID(_ db: Database, _ rater: Rater) throws -> Int64 {
    if let id = try raterID(db, rater) { return id }
    guard !rater.name.isEmpty, !rater.name.utf8.contains(0) else {
      throw ProjectError(.refused, "\(path): a rater needs a name; give one with --rater.")
    }
    try db.run("INSERT INTO rater (name, kind) VALUES (?, ?)", rater.name, rater.kind.rawValue)
    return db.lastInsertedRowID
  }

  func rater(id: Int64, _ db: Database) throws -> Rater {
    guard let row = try db.row("SELECT name, kind FROM rater WHERE id = ?", id) else {
      throw ProjectError(
        .damaged, "\(path): it speaks of a rater that it does not have; take a backup copy.")
    }
    return try rater(row, from: 0)
  }

  func rater(_ row: Row, from column: Int) throws -> Rater {
    let kind = try row.text(column + 1)
    guard let known = Rater.Kind(rawValue: kind) else {
      throw ProjectError(
        .damaged, "\(path): the kind of rater “\(kind)” is unknown; take a backup copy.")
    }
    return Rater(name: try row.text(column), kind: known)
  }
}
