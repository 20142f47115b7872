public import Dialogues
internal import GRDB

/// Gold labels: what adjudicators decided.
extension Project {
  /// Decides what the right answer for a turn is. The latest decision that is not undone counts,
  /// whoever made it; all of them stay in the history.
  ///
  /// - Parameter conditions: what the adjudicator heard and saw; `nil` if unknown.
  @discardableResult
  public func adjudicate(
    _ turn: TurnKey, _ adjudication: Adjudication, conditions: RatingConditions? = nil,
    by rater: Rater
  ) throws -> SavedState {
    try act(
      .adjudicated(
        Adjudication(labels: adjudication.labels, reason: StoredText.clean(adjudication.reason))),
      on: turn, by: rater, conditions: conditions)
  }

  /// A decision with who made it and when.
  public struct GoldLabel: Equatable, Sendable {
    /// The decision.
    public var adjudication: Adjudication
    /// Who decided.
    public var rater: Rater
    /// When, in seconds since 1970.
    public var time: Double
  }

  /// What was decided on the turns of a dialogue, in the order of its turns; `nil` where nothing was.
  public func goldLabels(of key: DialogueKey) throws -> [GoldLabel?] {
    try read { db in
      guard let dialogue = try dialogueID(db, key),
        let count = try db.integer("SELECT turn_count FROM dialogue WHERE id = ?", dialogue)
      else { return [] }
      return try goldLabels(db, of: dialogue, count: Int(count))
    }
  }

  func goldLabels(_ db: Database, of dialogue: Int64, count: Int) throws -> [GoldLabel?] {
    var labels = [GoldLabel?](repeating: nil, count: count)
    let range = TurnRow.all(ofDialogue: dialogue)
    for row in try db.rows(
      "\(Self.goldQuery) WHERE gold.turn BETWEEN ? AND ?", range.lowerBound, range.upperBound)
    {
      let place = TurnRow(id: try row.integer(0)).place.turn
      if labels.indices.contains(place) { labels[place] = try goldLabel(row) }
    }
    return labels
  }

  /// What each adjudicator decided on the turns of a dialogue, the latest decision of each that holds,
  /// in the order of its turns; empty for a turn that has no more than one adjudicator.
  public func decisions(of key: DialogueKey) throws -> [[GoldLabel]] {
    try read { db in
      guard let dialogue = try dialogueID(db, key),
        let count = try db.integer("SELECT turn_count FROM dialogue WHERE id = ?", dialogue)
      else { return [] }
      var all = [[GoldLabel]](repeating: [], count: Int(count))
      let range = TurnRow.all(ofDialogue: dialogue)
      for row in try db.rows(
        """
        SELECT turn FROM event WHERE kind = 'adjudicated' AND turn BETWEEN ? AND ?
        GROUP BY turn HAVING count(DISTINCT rater) > 1
        """, range.lowerBound, range.upperBound)
      {
        let turn = TurnRow(id: try row.integer(0))
        guard all.indices.contains(turn.place.turn) else { continue }
        all[turn.place.turn] = try decisions(db, on: turn)
      }
      return all
    }
  }

  /// The latest decision of each adjudicator on a turn that holds.
  func decisions(_ db: Database, on turn: TurnRow) throws -> [GoldLabel] {
    try db.rows(
      "SELECT DISTINCT rater FROM event WHERE turn = ? AND kind = 'adjudicated' ORDER BY rater",
      turn.id
    ).compactMap { row in
      guard let decision = RaterLog.gold(of: try entries(db, turn, try row.integer(0))),
        let event = try db.row(
          """
          SELECT rater.name, rater.kind, event.time FROM event
          JOIN rater ON rater.id = event.rater WHERE event.id = ?
          """, blob(decision.decidedBy))
      else { return nil }
      return GoldLabel(
        adjudication: decision.adjudication, rater: try rater(event, from: 0),
        time: try event.optionalReal(2) ?? 0)
    }
  }

  /// Calls a function with every adjudicated turn, in the order of the project.
  public func forEachGoldLabel(_ body: (TurnKey, GoldLabel) throws -> Void) throws {
    try read(.scan) { db in
      var keys = TurnKeys(project: self)
      let rows = try db.cursor("\(Self.goldQuery) ORDER BY gold.turn")
      while let row = try rows.next() {
        let turn = TurnRow(id: try row.integer(0))
        try body(try keys.key(db, turn, named: try row.text(6)), try goldLabel(row))
      }
    }
  }

  private static let goldQuery = """
    SELECT gold.turn, gold.labels, event.note, rater.name, rater.kind, event.time, turn.name
    FROM gold JOIN event ON event.id = gold.decided_by JOIN rater ON rater.id = event.rater
    JOIN turn ON turn.id = gold.turn
    """

  private func goldLabel(_ row: Row) throws -> GoldLabel {
    GoldLabel(
      adjudication: Adjudication(
        labels: StoredText.strings(try row.text(1)), reason: try row.text(2)),
      rater: try rater(row, from: 3), time: try row.optionalReal(5) ?? 0)
  }

  /// What the log says about the gold label of a turn.
  func foldedGold(
    _ db: Database, _ turn: TurnRow
  ) throws -> (adjudication: Adjudication, decidedBy: EventID)? {
    RaterLog.gold(
      of: try db.rows(
        """
        SELECT \(Project.eventColumns) FROM event WHERE turn = ?1 AND rater IN (
          SELECT rater FROM event WHERE turn = ?1 AND kind = 'adjudicated')
        """, turn.id
      ).map(entry))
  }

  /// Brings the table to what the log says about the gold label of a turn.
  func refoldGold(_ db: Database, _ turn: TurnRow) throws {
    guard let gold = try foldedGold(db, turn) else {
      try db.run("DELETE FROM gold WHERE turn = ?", turn.id)
      return
    }
    try db.run(
      """
      INSERT INTO gold (turn, labels, decided_by) VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET labels = excluded.labels, decided_by = excluded.decided_by
      """, turn.id, StoredText.list(gold.adjudication.labels), blob(gold.decidedBy))
  }
}
