public import Dialogues
internal import GRDB

/// What everybody made of a turn, for those who settle it.
public struct RaterOpinion: Equatable, Sendable {
  /// Who.
  public var rater: Rater
  /// Their answer, note, flag and skip.
  public var state: TurnState
  /// What they had committed to before the suggestion was shown; `nil` if the answer did not come
  /// after one.
  public var committed: [String]?
  /// The suggested label in view when they answered; `nil` if none was.
  public var shown: String?
}

extension Project {
  /// What everybody left on the turns of a dialogue, in the order of the turns, each in the order of
  /// the raters' names.
  ///
  /// Second answers in dialogues given to somebody again are left out: they say how steady a rater is,
  /// not what the turn is.
  public func opinions(on key: DialogueKey) throws -> [[RaterOpinion]] {
    try read { db in
      guard let dialogue = try dialogueID(db, key),
        let count = try db.integer("SELECT turn_count FROM dialogue WHERE id = ?", dialogue)
      else { return [] }
      var opinions = [[RaterOpinion]](repeating: [], count: Int(count))
      let range = TurnRow.all(ofDialogue: dialogue)
      for row in try db.rows(
        """
        SELECT s.turn, s.labels, s.dimensions, s.confidence, s.flagged, s.skipped, s.note,
          s.answered_by, rater.name, rater.kind, e.shown_label, iif(e.stage = 'revealed',
            \(Self.committedLabels(before: "e")), NULL)
        FROM rater CROSS JOIN turn_state AS s ON s.rater = rater.id AND s.turn BETWEEN ?1 AND ?2
        LEFT JOIN event AS e ON e.id = s.answered_by
        WHERE rater.kind <> 'retest'
        UNION ALL
        SELECT i.turn, i.labels, i.dimensions, i.confidence, 0, 0, '', NULL, rater.name, rater.kind,
          NULL, NULL
        FROM rater CROSS JOIN imported_rating AS i ON i.rater = rater.id AND i.turn BETWEEN ?1 AND ?2
        WHERE rater.kind <> 'retest' AND NOT EXISTS (
          SELECT 1 FROM turn_state AS s WHERE s.rater = i.rater AND s.turn = i.turn)
        ORDER BY 1, 9
        """, range.lowerBound, range.upperBound)
      {
        let place = TurnRow(id: try row.integer(0)).place.turn
        guard opinions.indices.contains(place) else { continue }
        opinions[place].append(
          RaterOpinion(
            rater: try rater(row, from: 8), state: try outcome(row, from: 1).state,
            committed: try row.optionalText(11).map(StoredText.strings),
            shown: try row.optionalText(10)))
      }
      return opinions
    }
  }

  /// A query for the labels last committed to before an answer, those of an undone one left out: whoever
  /// took an answer back did not have it in mind when the suggestion was shown.
  ///
  /// - Parameter answer: what the query around it calls the event of the answer.
  static func committedLabels(before answer: String) -> String {
    """
    (SELECT first.labels FROM event AS first
      WHERE first.turn = \(answer).turn AND first.rater = \(answer).rater
        AND first.stage = 'committed' AND (first.clock, first.id) < (\(answer).clock, \(answer).id)
        AND ifnull((
          SELECT undo.kind FROM event AS undo
          WHERE undo.turn = first.turn AND undo.rater = first.rater AND undo.target = first.id
          ORDER BY undo.clock DESC, undo.id DESC LIMIT 1), '') <> 'undid'
      ORDER BY first.clock DESC, first.id DESC LIMIT 1)
    """
  }

  /// The turn at a place, without its word times and further columns; `nil` if there is none.
  public func turnText(at place: TurnPlace) throws -> (key: TurnKey, speaker: String, text: String)?
  {
    try read { db in
      let row = TurnRow(place)
      guard let turn = try db.row("SELECT speaker, text FROM turn WHERE id = ?", row.id) else {
        return nil
      }
      return (try turnKey(db, row), try turn.text(0), try turn.text(1))
    }
  }

  /// The turns whose speaker's name holds a text, in upper or lower case.
  public func turns(spokenBy name: String) throws -> [TurnPlace] {
    try read(.scan) { db in
      try Int64.fetchAll(
        db, sql: "SELECT id FROM turn WHERE instr(lower(speaker), lower(?)) > 0 ORDER BY id",
        arguments: [StoredText.clean(name)]
      ).map { TurnRow(id: $0).place }
    }
  }

  /// The people whose ratings are in the project, in the order it met them.
  public func people() throws -> [String] {
    try read { db in
      try db.rows("SELECT name FROM rater WHERE kind = 'person' ORDER BY id").map { try $0.text(0) }
    }
  }
}
