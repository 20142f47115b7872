public import Dialogues
internal import GRDB

/// What has to be known of every turn to say which should be looked at again.
extension Project {
  /// Calls a function with every turn somebody answered, a source has a suggestion for, or whose gold
  /// label is known, in the order of the project.
  ///
  /// Four tables are read in step, each once and in its own order; texts are not touched.
  ///
  /// - Parameters:
  ///   - source: the source whose suggestions count; `nil` for none.
  ///   - goldRater: a corpus's rater whose answers count as gold where nothing is adjudicated.
  ///   - dialogue: only the turns of the dialogue at this place; all if `nil`.
  public func forEachTurnUnderReview(
    source: String?, goldRater: String? = nil, inDialogue dialogue: Int? = nil,
    _ body: (TurnPlace, TurnUnderReview) throws -> Void
  ) throws {
    try read(dialogue == nil ? .scan : .short) { db in
      let turns = dialogue.map { TurnRow.all(ofDialogue: Int64($0) + 1) } ?? 0...Int64.max
      let (first, last) = (turns.lowerBound, turns.upperBound)
      var labels = LabelLists()
      var suggestions = try Stream(
        db,
        """
        SELECT turn, label_list, posterior, refined FROM suggestion
        WHERE source = (SELECT id FROM source WHERE name = ?) AND turn BETWEEN ? AND ? ORDER BY turn
        """, source, first, last)
      var gold = try Stream(
        db, "SELECT turn, labels FROM gold WHERE turn BETWEEN ? AND ? ORDER BY turn", first, last)
      var known = try Stream(
        db,
        """
        SELECT turn, labels FROM imported_rating WHERE rater = (SELECT id FROM rater WHERE name = ?)
          AND turn BETWEEN ? AND ? ORDER BY turn
        """, goldRater, first, last)
      let lists = try labelLists(db)
      let people = try db.rows("SELECT id, name FROM rater WHERE kind = 'person' ORDER BY name")
      var answers = try people.map { row in
        (
          name: try row.text(1),
          stream: try Stream(
            db,
            """
            SELECT turn, labels FROM turn_state
            WHERE rater = ?1 AND turn BETWEEN ?2 AND ?3 AND labels IS NOT NULL
            UNION ALL
            SELECT turn, labels FROM imported_rating AS i
            WHERE rater = ?1 AND turn BETWEEN ?2 AND ?3 AND NOT EXISTS (
              SELECT 1 FROM turn_state AS s WHERE s.rater = ?1 AND s.turn = i.turn)
            ORDER BY turn
            """, try row.integer(0), first, last)
        )
      }
      var changes = try Changes(db, first, last)
      let disputed = try turnsDecidedDifferently(db, first, last)
      while true {
        var turn = min(
          suggestions.turn ?? .max, min(gold.turn ?? .max, known.turn ?? .max))
        for place in answers.indices { turn = min(turn, answers[place].stream.turn ?? .max) }
        guard turn < .max else { return }
        var found = TurnUnderReview()
        if let row = suggestions.row(of: turn) {
          found.labels = lists[row.integer(1)] ?? []
          found.posterior = row.doubles(2)
          if let refined = row.text(3) {
            // One of the labels, nearly always: no string need be made for it.
            found.refined =
              found.labels.first { $0.utf8.elementsEqual(refined) }
              ?? String(decoding: refined, as: UTF8.self)
          }
          try suggestions.advance()
        }
        if let row = known.row(of: turn) {
          found.gold = row.text(1).map { labels.strings($0) }
          try known.advance()
        }
        if let row = gold.row(of: turn) {
          found.gold = row.text(1).map { labels.strings($0) }
          found.isAdjudicated = true
          try gold.advance()
        }
        for place in answers.indices {
          guard let row = answers[place].stream.row(of: turn) else { continue }
          let given = row.text(1).map { labels.strings($0) } ?? []
          if !given.isEmpty {
            found.answers.append(.init(rater: answers[place].name, labels: given))
          }
          try answers[place].stream.advance()
        }
        found.changes = try changes.take(turn)
        if !disputed.isEmpty { found.adjudicatorsDiffer = disputed.contains(turn) }
        try body(TurnRow(id: turn).place, found)
      }
    }
  }

  /// The turns two adjudicators decided differently, each by the latest of their decisions that holds.
  private func turnsDecidedDifferently(
    _ db: Database, _ first: Int64, _ last: Int64
  ) throws -> Set<Int64> {
    let turns = try db.rows(
      """
      SELECT turn FROM event WHERE kind = 'adjudicated' AND turn BETWEEN ? AND ?
      GROUP BY turn HAVING count(DISTINCT rater) > 1
      """, first, last
    ).map { try $0.integer(0) }
    return Set(
      try turns.filter { turn in
        let raters = try db.rows(
          "SELECT DISTINCT rater FROM event WHERE turn = ? AND kind = 'adjudicated'", turn
        ).map { try $0.integer(0) }
        let decisions = try raters.compactMap {
          RaterLog.gold(of: try entries(db, TurnRow(id: turn), $0))?.adjudication.labels
        }
        return Set(decisions.map(Set.init)).count > 1
      })
  }

  private func labelLists(_ db: Database) throws -> [Int64: [String]] {
    Dictionary(
      try db.rows("SELECT id, labels FROM label_list").map {
        (try $0.integer(0), StoredText.strings(try $0.text(1)))
      }, uniquingKeysWith: { first, _ in first })
  }
}

/// Rows that begin with a turn, ascending, read one ahead.
private struct Stream {
  private let rows: RowReader
  /// The turn of the row not yet taken.
  private(set) var turn: Int64?

  init(_ db: Database, _ sql: String, _ values: (any DatabaseValueConvertible)?...) throws {
    rows = try RowReader(db, sql, values)
    try advance()
  }

  mutating func advance() throws {
    turn = try rows.next() ? rows.integer(0) : nil
  }

  /// The row not yet taken, if it is of that turn.
  func row(of turn: Int64) -> RowReader? { self.turn == turn ? rows : nil }
}

/// A few lists of labels make up a project: each is read from its JSON once.
private struct LabelLists {
  private var known: [UInt64: (text: [UInt8], list: [String])] = [:]

  mutating func strings(_ text: UnsafeBufferPointer<UInt8>) -> [String] {
    var fingerprint: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text { fingerprint = (fingerprint ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    if let entry = known[fingerprint], entry.text.elementsEqual(text) { return entry.list }
    let list = StoredText.strings(String(decoding: text, as: UTF8.self))
    if known.count < 10_000 { known[fingerprint] = (Array(text), list) }
    return list
  }
}

/// Answers that were changed when the suggestion was shown, turn by turn.
///
/// Only the present answer counts: if it was given in view of the suggestion, it is held against the
/// latest one committed to before it.
private struct Changes {
  private var rows: RowCursor?
  private var next: (turn: Int64, change: TurnUnderReview.Change)?

  init(_ db: Database, _ firstTurn: Int64, _ lastTurn: Int64) throws {
    // Most projects have no such answers, and their logs need not be read.
    guard try db.integer("SELECT 1 FROM event WHERE stage = 'revealed' LIMIT 1") != nil else {
      return
    }
    rows = try db.cursor(
      """
      SELECT last.turn, rater.name, last.labels, last.shown_label,
        \(Project.committedLabels(before: "last"))
      FROM event AS last
      JOIN turn_state AS s ON s.rater = last.rater AND s.turn = last.turn
        AND s.answered_by = last.id
      JOIN rater ON rater.id = last.rater
      WHERE last.stage = 'revealed' AND last.turn BETWEEN ? AND ? ORDER BY last.turn, rater.name
      """, firstTurn, lastTurn)
    try advance()
  }

  private mutating func advance() throws {
    next = nil
    while let row = try rows?.next() {
      guard let committed = try row.optionalText(4) else { continue }
      let change = TurnUnderReview.Change(
        rater: try row.text(1), committed: StoredText.strings(committed),
        revealed: StoredText.strings(try row.text(2)), shown: try row.optionalText(3) ?? "")
      guard change.committed != change.revealed else { continue }
      next = (try row.integer(0), change)
      return
    }
  }

  mutating func take(_ turn: Int64) throws -> [TurnUnderReview.Change] {
    var changes: [TurnUnderReview.Change] = []
    while let next, next.turn <= turn {
      if next.turn == turn { changes.append(next.change) }
      try advance()
    }
    return changes
  }
}
