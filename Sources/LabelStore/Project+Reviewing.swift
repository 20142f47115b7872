public import Dialogues
internal import Dispatch
internal import GRDB
internal import Glibc
internal import Synchronization

/// What has to be known of every turn to say which should be looked at again.
extension Project {
  /// Calls a function with every turn somebody answered, a source has a suggestion for, or whose gold
  /// label is known, in the order of the project.
  ///
  /// The tables are read in step, each once and in its own order; texts are not touched.
  ///
  /// - Parameters:
  ///   - source: the source whose suggestions count; `nil` for none.
  ///   - goldRater: a corpus's rater whose answers count as gold where nothing is adjudicated.
  ///   - dialogue: only the turns of the dialogue at this place; all if `nil`.
  public func forEachTurnUnderReview(
    source: String?, goldRater: String? = nil, inDialogue dialogue: Int? = nil,
    _ body: (TurnPlace, TurnUnderReview) throws -> Void
  ) throws {
    let turns = dialogue.map { TurnRow.all(ofDialogue: Int64($0) + 1) } ?? 0...Int64.max
    try read(dialogue == nil ? .scan : .short) { db in
      try readTurnsUnderReview(db, turns, source: source, goldRater: goldRater, body)
    }
  }

  /// Gathers what ``forEachTurnUnderReview(source:goldRater:inDialogue:_:)`` finds in the whole
  /// project, by two threads: somebody waits for it.
  ///
  /// - Parameters:
  ///   - start: what each thread begins with; made for each, so that they share nothing whose
  ///     references both would count.
  ///   - body: adds a turn to what a thread has gathered.
  /// - Returns: what was gathered of the first half of the project, and of the second.
  public func gatherTurnsUnderReview<Gathered: Sendable>(
    source: String?, goldRater: String? = nil,
    startingWith start: @autoclosure @Sendable () -> Gathered,
    _ body: @Sendable (inout Gathered, TurnPlace, TurnUnderReview) -> Void
  ) throws -> [Gathered] {
    let dialogues = try read(.scan) { db in
      try db.integer("SELECT max(id) FROM dialogue") ?? 0
    }
    let middle = TurnRow(dialogue: dialogues / 2 + 1, turn: 0).id
    let halves: [(use: Connections.Use, turns: ClosedRange<Int64>)] = [
      (.scan, 0...middle - 1), (.secondScan, middle...Int64.max),
    ]
    let results = Mutex<[Int: Result<Gathered, any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: halves.count) { half in
      let result = Result {
        var gathered = start()
        try read(halves[half].use) { db in
          try readTurnsUnderReview(
            db, halves[half].turns, source: source, goldRater: goldRater
          ) { body(&gathered, $0, $1) }
        }
        return gathered
      }
      results.withLock { $0[half] = result }
    }
    return try results.withLock { results in
      try halves.indices.compactMap { try results[$0]?.get() }
    }
  }

  private func readTurnsUnderReview(
    _ db: Database, _ turns: ClosedRange<Int64>, source: String?, goldRater: String?,
    _ body: (TurnPlace, TurnUnderReview) throws -> Void
  ) throws {
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
      try Answers(db, rater: try row.integer(0), name: try row.text(1), first, last)
    }
    var changes = try Changes(db, first, last)
    let disputed = try turnsDecidedDifferently(db, first, last)
    // One for all turns: its lists are filled anew, not made anew.
    var found = TurnUnderReview()
    while true {
      var turn = min(suggestions.turn, gold.turn, known.turn)
      for place in answers.indices { turn = min(turn, answers[place].turn) }
      guard turn < .max else { return }
      // A flag or a note alone is nothing to review.
      var isKnown = min(suggestions.turn, gold.turn, known.turn) == turn
      found.refined = nil
      if suggestions.turn == turn {
        let list = lists[suggestions.rows.integer(1)] ?? ModelLabels(labels: [])
        found.labels = list.labels
        suggestions.rows.read(2, into: &found.posterior)
        found.refined = suggestions.rows.text(3).map(list.label)
        try suggestions.advance()
      } else {
        found.labels = []
        found.posterior.removeAll(keepingCapacity: true)
      }
      (found.gold, found.isAdjudicated) = (nil, false)
      if known.turn == turn {
        found.gold = known.rows.text(1).map { labels.strings($0) }
        try known.advance()
      }
      if gold.turn == turn {
        found.gold = gold.rows.text(1).map { labels.strings($0) }
        found.isAdjudicated = true
        try gold.advance()
      }
      found.answers.removeAll(keepingCapacity: true)
      for place in answers.indices where answers[place].turn == turn {
        guard let given = try answers[place].take(&labels) else { continue }
        isKnown = true
        if !given.isEmpty {
          found.answers.append(.init(rater: answers[place].name, labels: given))
        }
      }
      guard isKnown else { continue }
      found.changes = try changes.take(turn)
      found.adjudicatorsDiffer = !disputed.isEmpty && disputed.contains(turn)
      try body(TurnRow(id: turn).place, found)
    }
  }

  /// The turns whose adjudicators differ: the decision that holds is not that of more than half of them.
  ///
  /// Of two who differ neither has the say, and a third who sees both settles it.
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
        let decisions = try decisions(db, on: TurnRow(id: turn)).map(\.adjudication.labels)
        guard let holding = try foldedGold(db, TurnRow(id: turn))?.adjudication.labels else {
          return false
        }
        let alike = decisions.count { Set($0) == Set(holding) }
        return 2 * alike <= decisions.count
      })
  }

  private func labelLists(_ db: Database) throws -> [Int64: ModelLabels] {
    Dictionary(
      try db.rows("SELECT id, labels FROM label_list").map {
        (try $0.integer(0), ModelLabels(labels: StoredText.strings(try $0.text(1))))
      }, uniquingKeysWith: { first, _ in first })
  }
}

/// The labels a posterior speaks of.
private struct ModelLabels {
  let labels: [String]
  private let texts: [[UInt8]]

  init(labels: [String]) {
    self.labels = labels
    texts = labels.map { Array($0.utf8) }
  }

  /// The label with these bytes: one of the list, nearly always, so that no string need be made for it.
  func label(_ text: UnsafeBufferPointer<UInt8>) -> String {
    for place in texts.indices where areEqual(texts[place], text) { return labels[place] }
    return String(decoding: text, as: UTF8.self)
  }
}

/// Whether texts are the same, byte by byte: by one call, not by an iterator for each of a million.
private func areEqual(_ one: [UInt8], _ other: UnsafeBufferPointer<UInt8>) -> Bool {
  guard one.count == other.count else { return false }
  guard let start = other.baseAddress else { return true }
  return memcmp(one, start, one.count) == 0
}

/// Rows that begin with a turn, ascending, read one ahead.
private struct Stream {
  let rows: RowReader
  /// The turn of the row not yet taken; `Int64.max` after the last.
  private(set) var turn: Int64 = .max

  init(_ db: Database, _ sql: String, _ values: (any DatabaseValueConvertible)?...) throws {
    rows = try RowReader(db, sql, values)
    try advance()
  }

  mutating func advance() throws {
    turn = try rows.next() ? rows.integer(0) : .max
  }
}

/// What one person answered, turn by turn: here, or else in the ratings that came with the corpus.
///
/// Two plain scans. SQLite's own union of the two tables takes three times as long for a row.
private struct Answers {
  let name: String
  private var here: Stream
  private var imported: Stream

  init(_ db: Database, rater: Int64, name: String, _ first: Int64, _ last: Int64) throws {
    self.name = name
    here = try Stream(
      db,
      """
      SELECT turn, labels FROM turn_state WHERE rater = ? AND turn BETWEEN ? AND ? ORDER BY turn
      """, rater, first, last)
    imported = try Stream(
      db,
      """
      SELECT turn, labels FROM imported_rating WHERE rater = ? AND turn BETWEEN ? AND ?
      ORDER BY turn
      """, rater, first, last)
  }

  /// The next turn there is something of; `Int64.max` after the last.
  var turn: Int64 { min(here.turn, imported.turn) }

  /// What was answered on the next turn, and goes on to the one after.
  ///
  /// - Returns: `nil` if nothing: what came with the corpus was withdrawn, or the turn only flagged.
  mutating func take(_ lists: inout LabelLists) throws -> [String]? {
    let turn = turn
    var given: [String]?
    if imported.turn == turn {
      given = imported.rows.text(1).map { lists.strings($0) }
      try imported.advance()
    }
    if here.turn == turn {
      given = here.rows.text(1).map { lists.strings($0) }
      try here.advance()
    }
    return given
  }
}

/// A few lists of labels make up a project: each is read from its JSON once.
private struct LabelLists {
  /// Sixteen short texts are found sooner by going through them than by hashing.
  private var usual: [(text: [UInt8], list: [String])] = []
  private var others: [[UInt8]: [String]] = [:]

  mutating func strings(_ text: UnsafeBufferPointer<UInt8>) -> [String] {
    for place in usual.indices where areEqual(usual[place].text, text) { return usual[place].list }
    if usual.count == 16, let list = others[Array(text)] { return list }
    let list = StoredText.strings(String(decoding: text, as: UTF8.self))
    if usual.count < 16 {
      usual.append((Array(text), list))
    } else if others.count < 10_000 {
      others[Array(text)] = list
    }
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
