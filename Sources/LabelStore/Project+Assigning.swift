public import Dialogues
internal import GRDB

/// Who has which dialogues.
extension Project {
  /// Shares the dialogues out among the raters of the study, or, called again, those that came since.
  ///
  /// What raters have already stays theirs. A dialogue whose every turn is adjudicated, or was
  /// answered by `goldRater`, can be handed out as a gold dialogue.
  ///
  /// - Parameter goldRater: a corpus's rater whose answers count as gold, e.g. `MELD`; `nil` for
  ///   adjudicated turns alone.
  /// - Returns: how many dialogues each rater was given, and how many of them for what purpose.
  /// - Throws: ``ProjectError`` if the study names no raters.
  @discardableResult
  public func assignDialogues(
    goldRater: String? = nil
  ) throws -> [(rater: String, added: [WorkItem.Purpose: Int])] {
    let design = try information().study
    guard !design.raters.isEmpty else {
      throw ProjectError(
        .refused,
        "\(path): its study names no raters; name them and the overlap with `undertone study "
          + "--raters ana,ben --overlap 2`.")
    }
    return try write { db in
      let gold = try goldDialogues(db, goldRater: goldRater)
      let rows = try db.rows(
        """
        SELECT dialogue.id, corpus.name, dialogue.split, dialogue.name, dialogue.turn_count
        FROM dialogue JOIN corpus ON corpus.id = dialogue.corpus WHERE dialogue.turn_count > 0
        """)
      var ids: [DialogueKey: Int64] = [:]
      var keys: [Int64: DialogueKey] = [:]
      let candidates = try rows.map { row in
        let id = try row.integer(0)
        let key = DialogueKey(
          corpus: try row.text(1), split: try row.text(2), dialogue: try row.text(3))
        (ids[key], keys[id]) = (id, key)
        return StudyDesign.Candidate(
          dialogue: key, turns: try row.count(4), isGold: gold.contains(id))
      }
      var present: [String: [WorkItem]] = [:]
      for name in design.raters {
        guard let rater = try raterID(db, Rater(name: name, kind: .person)) else { continue }
        present[name] = try items(db, of: rater).compactMap { item in
          keys[item.dialogue].map { WorkItem(dialogue: $0, purpose: item.purpose) }
        }
      }
      let shares = design.share(candidates, present: present)
      return try design.raters.map { name in
        let rater = try enrolledRaterID(db, Rater(name: name, kind: .person))
        let first = present[name]?.count ?? 0
        let items = shares[name] ?? []
        for (place, item) in items.enumerated() {
          try db.run(
            "INSERT INTO assignment (rater, position, dialogue, purpose) VALUES (?, ?, ?, ?)",
            rater, first + place, ids[item.dialogue], item.purpose.rawValue)
        }
        return (name, Dictionary(grouping: items, by: \.purpose).mapValues(\.count))
      }
    }
  }

  /// How far everybody is who was given dialogues, by name.
  public func assignedProgress() throws -> [(rater: Rater, progress: Progress)] {
    try read { db in
      try db.rows(
        """
        SELECT rater.name, rater.kind, sum(ifnull(p.labelled, 0)), sum(dialogue.turn_count)
        FROM assignment AS a JOIN rater ON rater.id = a.rater
        JOIN dialogue ON dialogue.id = a.dialogue
        LEFT JOIN rater AS again ON again.name = rater.name || '/retest' AND again.kind = 'retest'
        LEFT JOIN dialogue_progress AS p ON p.dialogue = a.dialogue
          AND p.rater = iif(a.purpose = 'retest', again.id, a.rater)
        GROUP BY a.rater ORDER BY rater.name
        """
      ).map { row in
        (
          try rater(row, from: 0), Progress(labelled: try row.count(2), total: try row.count(3))
        )
      }
    }
  }

  /// What a rater was given, in their order.
  func items(
    _ db: Database, of rater: Int64
  ) throws -> [(dialogue: Int64, purpose: WorkItem.Purpose)] {
    try db.rows(
      "SELECT dialogue, purpose FROM assignment WHERE rater = ? ORDER BY position", rater
    ).map { row in
      guard let purpose = WorkItem.Purpose(rawValue: try row.text(1)) else {
        throw DatabaseError(resultCode: .SQLITE_CORRUPT)
      }
      return (try row.integer(0), purpose)
    }
  }

  /// The dialogues whose every turn has a gold label or an answer of a rater that counts as one.
  private func goldDialogues(_ db: Database, goldRater: String?) throws -> Set<Int64> {
    let known = try goldRater.map { name in
      guard let id = try db.integer("SELECT id FROM rater WHERE name = ?", name) else {
        throw ProjectError(
          .refused, "\(path): it has no rater “\(name)” whose answers could count as gold.")
      }
      return id
    }
    return Set(
      try db.rows(
        """
        SELECT turn >> 20 AS dialogue FROM (
          SELECT turn FROM gold
          UNION SELECT turn FROM imported_rating WHERE rater = ?1
          UNION SELECT turn FROM turn_state WHERE rater = ?1 AND labels IS NOT NULL)
        GROUP BY dialogue
        HAVING count(*) = (SELECT turn_count FROM dialogue AS d WHERE d.id = turn >> 20)
        """, known
      ).map { try $0.integer(0) })
  }
}
