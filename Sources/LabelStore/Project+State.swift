internal import Dialogues
internal import GRDB

/// The present state as the tables repeat it; always written in the transaction of the event.
extension Project {
  /// The state kept for a turn; `nil` for one the rater has done nothing with.
  func storedOutcome(
    _ db: Database, _ turn: TurnRow, _ rater: Int64
  ) throws -> RaterLog.Outcome? {
    try db.row(
      """
      SELECT labels, dimensions, confidence, flagged, skipped, note, answered_by FROM turn_state
      WHERE rater = ? AND turn = ?
      """, rater, turn.id
    ).map { try outcome($0, from: 0) }
  }

  /// Reads the columns of `turn_state` that follow its key.
  func outcome(_ row: Row, from column: Int) throws -> RaterLog.Outcome {
    RaterLog.Outcome(
      state: TurnState(
        answer: try StoredAnswer(row, from: column)?.answer,
        isFlagged: try row.integer(column + 3) == 1, isSkipped: try row.integer(column + 4) == 1,
        note: try row.text(column + 5)),
      answeredBy: EventID(bytes: try row.blob(column + 6)))
  }

  /// The answer of this rater that came with a corpus or a file.
  func importedAnswer(_ db: Database, _ turn: TurnRow, _ rater: Int64) throws -> Answer? {
    try db.row(
      "SELECT labels, dimensions, confidence FROM imported_rating WHERE rater = ? AND turn = ?",
      rater, turn.id
    ).flatMap { try StoredAnswer($0, from: 0)?.answer }
  }

  /// What the log says about a turn.
  func foldedOutcome(
    _ db: Database, _ turn: TurnRow, _ rater: Int64
  ) throws -> RaterLog.Outcome {
    RaterLog.outcome(
      of: try entries(db, turn, rater), from: try importedAnswer(db, turn, rater))
  }

  /// Brings the tables to what the log says about a turn.
  ///
  /// - Parameter action: what was just done, undone or done again.
  func refold(
    _ db: Database, _ turn: TurnRow, _ rater: Int64, after action: Action
  ) throws -> TurnState {
    if case .adjudicated = action { try refoldGold(db, turn) }
    return try refold(db, turn, rater)
  }

  /// Brings a rater's state of a turn to what the log says.
  @discardableResult
  func refold(_ db: Database, _ turn: TurnRow, _ rater: Int64) throws -> TurnState {
    let imported = try importedAnswer(db, turn, rater)
    let before = try storedOutcome(db, turn, rater)?.state ?? TurnState(answer: imported)
    let outcome = RaterLog.outcome(of: try entries(db, turn, rater), from: imported)
    try store(db, outcome, turn, rater)
    try count(db, Tally(outcome.state) - Tally(before), dialogue: turn.dialogue, rater)
    return outcome.state
  }

  func store(
    _ db: Database, _ outcome: RaterLog.Outcome, _ turn: TurnRow, _ rater: Int64
  ) throws {
    let answer = outcome.state.answer.map(StoredAnswer.init)
    try db.run(
      """
      INSERT INTO turn_state
        (rater, turn, labels, dimensions, confidence, flagged, skipped, note, answered_by)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET labels = excluded.labels, dimensions = excluded.dimensions,
        confidence = excluded.confidence, flagged = excluded.flagged, skipped = excluded.skipped,
        note = excluded.note, answered_by = excluded.answered_by
      """, rater, turn.id, answer?.labels, answer?.dimensions, answer?.confidence,
      outcome.state.isFlagged, outcome.state.isSkipped, outcome.state.note,
      outcome.answeredBy.map(blob))
  }

  /// Adds to the counters of a dialogue and of the whole project.
  func count(_ db: Database, _ change: Tally, dialogue: Int64, _ rater: Int64) throws {
    guard change != Tally() else { return }
    try db.run(
      """
      INSERT INTO dialogue_progress (rater, dialogue, labelled, flagged, skipped, noted)
      VALUES (?, ?, 0, 0, 0, 0) ON CONFLICT DO NOTHING
      """, rater, dialogue)
    try db.run(
      """
      UPDATE dialogue_progress SET labelled = labelled + ?, flagged = flagged + ?,
        skipped = skipped + ?, noted = noted + ? WHERE rater = ? AND dialogue = ?
      """, change.labelled, change.flagged, change.skipped, change.noted, rater, dialogue)
    try db.run(
      """
      INSERT INTO rater_progress (rater, labelled, flagged, skipped, noted)
      VALUES (?, 0, 0, 0, 0) ON CONFLICT DO NOTHING
      """, rater)
    try db.run(
      """
      UPDATE rater_progress SET labelled = labelled + ?, flagged = flagged + ?,
        skipped = skipped + ?, noted = noted + ? WHERE rater = ?
      """, change.labelled, change.flagged, change.skipped, change.noted, rater)
  }

  func progress(_ db: Database, dialogue: Int64, _ rater: Int64?) throws -> Progress {
    Progress(
      labelled: Int(
        try db.integer(
          "SELECT labelled FROM dialogue_progress WHERE rater = ? AND dialogue = ?", rater, dialogue
        ) ?? 0),
      total: Int(try db.integer("SELECT turn_count FROM dialogue WHERE id = ?", dialogue) ?? 0))
  }

  func progress(_ db: Database, _ rater: Int64?) throws -> Progress {
    Progress(
      labelled: Int(
        try db.integer("SELECT labelled FROM rater_progress WHERE rater = ?", rater) ?? 0),
      total: Int(try db.integer("SELECT turn_count FROM project") ?? 0))
  }
}

/// How many turns a rater has labelled, flagged, skipped and noted.
struct Tally: Hashable, Sendable {
  var labelled = 0
  var flagged = 0
  var skipped = 0
  var noted = 0

  init() {}

  /// What one turn counts.
  init(_ state: TurnState) {
    labelled = state.answer == nil ? 0 : 1
    flagged = state.isFlagged ? 1 : 0
    skipped = state.isSkipped ? 1 : 0
    noted = state.note.isEmpty ? 0 : 1
  }

  static func + (one: Tally, other: Tally) -> Tally {
    var sum = one
    sum.labelled += other.labelled
    sum.flagged += other.flagged
    sum.skipped += other.skipped
    sum.noted += other.noted
    return sum
  }

  static func - (one: Tally, other: Tally) -> Tally {
    var difference = one
    difference.labelled -= other.labelled
    difference.flagged -= other.flagged
    difference.skipped -= other.skipped
    difference.noted -= other.noted
    return difference
  }
}
