internal import Dialogues
internal import GRDB

/// Whether the file is sound, and how to make what is derived from the log anew.
extension Project {
  /// Looks for damage.
  ///
  /// Checks the file itself, that its tables fit each other, and that the present state is what the
  /// log says. Reads everything, which takes seconds in a large project.
  ///
  /// - Returns: a sentence for each thing found; empty if all is well.
  public func check() throws -> [String] {
    try read(.scan) { db in
      let broken = try db.rows("PRAGMA integrity_check(20)").map { try $0.text(0) }
      guard broken == ["ok"] else {
        return broken.map { "The file is damaged: \($0)." }
      }
      let foreign = try db.rows("PRAGMA foreign_key_check").prefix(20).map {
        "A row of the table \(try $0.text(0)) points to nothing."
      }
      return try foreign + problemsOfStates(db) + problemsOfGold(db) + problemsOfCounts(db)
    }
  }

  private func problemsOfStates(_ db: Database) throws -> [String] {
    var problems: [String] = []
    let pairs = try db.cursor(
      "SELECT turn, rater FROM event UNION SELECT turn, rater FROM turn_state ORDER BY turn, rater")
    while let pair = try pairs.next(), problems.count < 20 {
      let turn = TurnRow(id: try pair.integer(0))
      let rater = try pair.integer(1)
      let imported = try importedAnswer(db, turn, rater)
      let stored =
        try storedOutcome(db, turn, rater)
        ?? RaterLog.Outcome(state: TurnState(answer: imported), answeredBy: nil)
      if stored != RaterLog.outcome(of: try entries(db, turn, rater), from: imported) {
        problems.append("The state kept for \(try turnKey(db, turn)) is not what the log says.")
      }
    }
    return problems
  }

  private func problemsOfGold(_ db: Database) throws -> [String] {
    var problems: [String] = []
    let turns = try db.cursor(
      "SELECT turn FROM event WHERE kind = 'adjudicated' UNION SELECT turn FROM gold ORDER BY turn")
    while let row = try turns.next(), problems.count < 20 {
      let turn = TurnRow(id: try row.integer(0))
      let kept = try db.row("SELECT labels, decided_by FROM gold WHERE turn = ?", turn.id)
      let gold = try foldedGold(db, turn)
      guard try kept?.text(0) == gold.map({ StoredText.list($0.adjudication.labels) }),
        try kept?.eventID(1) == gold?.decidedBy
      else {
        problems.append(
          "The gold label kept for \(try turnKey(db, turn)) is not what the log says.")
        continue
      }
    }
    return problems
  }

  private func problemsOfCounts(_ db: Database) throws -> [String] {
    let kept = "SELECT rater, dialogue, labelled, flagged, skipped, noted FROM dialogue_progress"
    let dialogues = try db.integer(
      """
      WITH counted AS (\(Project.countedProgress)),
        kept AS (\(kept) WHERE labelled + flagged + skipped + noted > 0)
      SELECT (SELECT count(*) FROM (SELECT * FROM counted EXCEPT SELECT * FROM kept))
        + (SELECT count(*) FROM (SELECT * FROM kept EXCEPT SELECT * FROM counted))
      """)
    let raters = try db.integer(
      """
      SELECT count(*) FROM rater_progress AS r JOIN (
        SELECT rater, sum(labelled) AS labelled, sum(flagged) AS flagged, sum(skipped) AS skipped,
          sum(noted) AS noted FROM dialogue_progress GROUP BY rater) AS d ON d.rater = r.rater
      WHERE (r.labelled, r.flagged, r.skipped, r.noted)
        <> (d.labelled, d.flagged, d.skipped, d.noted)
      """)
    let sizes = try db.integer(
      """
      SELECT (SELECT dialogue_count FROM project) <> (SELECT count(*) FROM dialogue)
        OR (SELECT turn_count FROM project) <> (SELECT count(*) FROM turn)
        OR (SELECT sum(turn_count) FROM dialogue) <> (SELECT count(*) FROM turn)
      """)
    var problems: [String] = []
    if dialogues != 0 { problems.append("Progress kept for dialogues is not what the log says.") }
    if raters != 0 { problems.append("Progress kept for raters is not what the log says.") }
    if sizes == 1 { problems.append("The number of turns or dialogues kept is wrong.") }
    return problems
  }

  /// Progress as the states and imported ratings give it; without dialogues where all is 0.
  private static let countedProgress = """
    SELECT rater, turn >> 20 AS dialogue, sum(labelled) AS labelled, sum(flagged) AS flagged,
      sum(skipped) AS skipped, sum(noted) AS noted
    FROM (
      SELECT rater, turn, labels IS NOT NULL AS labelled, flagged, skipped, note <> '' AS noted
      FROM turn_state
      UNION ALL
      SELECT rater, turn, 1, 0, 0, 0 FROM imported_rating AS i WHERE NOT EXISTS (
        SELECT 1 FROM turn_state AS s WHERE s.rater = i.rater AND s.turn = i.turn))
    GROUP BY rater, turn >> 20
    HAVING sum(labelled) + sum(flagged) + sum(skipped) + sum(noted) > 0
    """

  /// Makes the present state and all progress anew from the log and the imported ratings.
  ///
  /// For the case that ``check()`` finds that they differ. The log itself is not touched.
  public func rebuild() throws {
    try write { db in
      for table in ["turn_state", "dialogue_progress", "rater_progress", "gold"] {
        try db.execute(sql: "DELETE FROM \(table)")
      }
      let pairs = try db.cursor(
        "SELECT DISTINCT turn, rater FROM event WHERE kind <> 'listened' ORDER BY turn, rater")
      while let pair = try pairs.next() {
        let turn = TurnRow(id: try pair.integer(0))
        let rater = try pair.integer(1)
        try store(db, foldedOutcome(db, turn, rater), turn, rater)
      }
      let adjudicated = try db.cursor(
        "SELECT DISTINCT turn FROM event WHERE kind = 'adjudicated' ORDER BY turn")
      while let row = try adjudicated.next() {
        try refoldGold(db, TurnRow(id: try row.integer(0)))
      }
      try db.execute(
        sql: """
          INSERT INTO dialogue_progress (rater, dialogue, labelled, flagged, skipped, noted)
          \(Project.countedProgress);
          INSERT INTO rater_progress (rater, labelled, flagged, skipped, noted)
          SELECT rater, sum(labelled), sum(flagged), sum(skipped), sum(noted)
          FROM dialogue_progress GROUP BY rater;
          """)
    }
  }
}
