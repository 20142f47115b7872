internal import Dialogues
internal import Foundation
internal import GRDB

/// The log as it lies in the table `event`.
extension Project {
  /// Appends an event that happens now.
  func append(
    _ db: Database, _ content: LogEntry<TurnRow>.Content, on turn: TurnRow, by rater: Int64,
    conditions: RatingConditions?
  ) throws -> EventID {
    let time = Project.now()
    let last = try db.integer(
      "SELECT max(clock) FROM event WHERE rater = ? AND kind <> 'listened'", rater)
    let clock = max(Int64(time * 1_000_000), (last ?? 0) + 1)
    var generator = SystemRandomNumberGenerator()
    let order = EventOrder(clock: clock, id: EventID(clock: clock, using: &generator))
    try insert(
      db,
      StoredEvent(
        entry: LogEntry(order: order, turn: turn, content: content), time: time,
        conditions: conditions, program: conditions?.program ?? program), by: rater)
    return order.id
  }

  /// An event with everything its row holds.
  struct StoredEvent: Equatable {
    var entry: LogEntry<TurnRow>
    /// The wall clock, in seconds since 1970.
    var time: Double
    var conditions: RatingConditions?
    var program: String
  }

  func insert(_ db: Database, _ event: StoredEvent, by rater: Int64) throws {
    var answer: StoredAnswer?
    var note: String?
    var target: EventID?
    switch event.entry.content {
    case .did(.answered(let given)): answer = StoredAnswer(given)
    case .did(.noted(let text)): note = text
    case .did(.adjudicated(let adjudication)): note = adjudication.reason
    case .undid(let id), .redid(let id): target = id
    case .did, .listened: break
    }
    var labels = answer?.labels
    if case .did(.adjudicated(let adjudication)) = event.entry.content {
      labels = StoredText.list(adjudication.labels)
    }
    let conditions = event.conditions
    let shown = conditions?.shown
    try db.run(
      """
      INSERT INTO event (id, clock, time, rater, turn, kind, target, labels, dimensions, confidence,
        note, shown_source, shown_label, shown_probability, met, heard_milliseconds, replays,
        answer_milliseconds, protocol, arm, stage, program)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, blob(event.entry.order.id), event.entry.order.clock, event.time, rater,
      event.entry.turn.id, event.entry.content.kind, target.map(blob), labels,
      answer?.dimensions, answer?.confidence, note, shown?.source, shown?.label,
      shown?.probability, conditions?.order, conditions?.heardMilliseconds, conditions?.replays,
      conditions?.answerMilliseconds, conditions?.annotationProtocol?.rawValue,
      conditions?.arm?.rawValue, conditions?.stage?.rawValue, event.program)
  }

  static let eventColumns = """
    id, clock, turn, kind, target, labels, dimensions, confidence, note, time, shown_source,
    shown_label, shown_probability, met, heard_milliseconds, replays, answer_milliseconds, protocol,
    arm, stage, program
    """

  /// Reads the first nine of ``eventColumns``.
  func entry(_ row: Row) throws -> LogEntry<TurnRow> {
    let kind = try row.text(3)
    let content: LogEntry<TurnRow>.Content
    switch kind {
    case "undid": content = .undid(try row.eventID(4))
    case "redid": content = .redid(try row.eventID(4))
    case "listened": content = .listened
    case "answered":
      guard let answer = try StoredAnswer(row, from: 5)?.answer else { throw unknownEvent(kind) }
      content = .did(.answered(answer))
    case "noted": content = .did(.noted(try row.text(8)))
    case "withdrew": content = .did(.withdrew)
    case "flagged": content = .did(.flagged)
    case "unflagged": content = .did(.unflagged)
    case "skipped": content = .did(.skipped)
    case "adjudicated":
      content = .did(
        .adjudicated(
          Adjudication(labels: StoredText.strings(try row.text(5)), reason: try row.text(8))))
    case "unskipped": content = .did(.unskipped)
    default: throw unknownEvent(kind)
    }
    return LogEntry(
      order: EventOrder(clock: try row.integer(1), id: try row.eventID(0)),
      turn: TurnRow(id: try row.integer(2)), content: content)
  }

  private func unknownEvent(_ kind: String) -> ProjectError {
    ProjectError(
      .damaged, "\(path): an event of the kind “\(kind)” cannot be read; take a backup copy.")
  }

  /// Reads all of ``eventColumns``.
  func storedEvent(_ row: Row) throws -> StoredEvent {
    StoredEvent(
      entry: try entry(row), time: try row.optionalReal(9) ?? 0,
      conditions: try conditions(row, 10),
      program: try row.text(20))
  }

  /// Reads the conditions of an event; `nil` for one without.
  func conditions(_ row: Row, _ column: Int) throws -> RatingConditions? {
    guard let heard = try row.optionalInteger(column + 4) else { return nil }
    var shown: RatingConditions.ShownSuggestion?
    if let source = try row.optionalText(column) {
      shown = RatingConditions.ShownSuggestion(
        source: source, label: try row.text(column + 1),
        probability: try row.optionalReal(column + 2) ?? 0)
    }
    return RatingConditions(
      shown: shown, order: try row.optionalInteger(column + 3).map(Int.init),
      heardMilliseconds: Int(heard), replays: Int(try row.optionalInteger(column + 5) ?? 0),
      answerMilliseconds: try row.optionalInteger(column + 6).map(Int.init),
      program: try row.text(column + 10),
      annotationProtocol: try row.optionalText(column + 7).flatMap(AnnotationProtocol.init),
      arm: try row.optionalText(column + 8).flatMap(StudyArm.init),
      stage: try row.optionalText(column + 9).flatMap(AnswerStage.init))
  }

  func entry(_ db: Database, _ id: EventID) throws -> LogEntry<TurnRow>? {
    try db.row("SELECT \(Project.eventColumns) FROM event WHERE id = ?", blob(id)).map(entry)
  }

  func entries(_ db: Database, _ turn: TurnRow, _ rater: Int64) throws -> [LogEntry<TurnRow>] {
    try db.rows(
      "SELECT \(Project.eventColumns) FROM event WHERE turn = ? AND rater = ?", turn.id, rater
    ).map(entry)
  }

  /// The logs of raters who are one person, as one from its end, read only as far as it is asked
  /// for.
  func backwards(
    _ db: Database, _ raters: [Int64]
  ) throws -> () throws -> LogEntry<TurnRow>? {
    let logs = try raters.map { rater in
      try db.cursor(
        """
        SELECT \(Project.eventColumns) FROM event WHERE rater = ? AND kind <> 'listened'
        ORDER BY clock DESC, id DESC
        """, rater)
    }
    var heads = try logs.map { try $0.next().map(self.entry) }
    return {
      let latest = heads.enumerated().compactMap { log, head in head.map { (log, $0) } }
        .max { $0.1 < $1.1 }
      guard let (log, entry) = latest else { return nil }
      heads[log] = try logs[log].next().map(self.entry)
      return entry
    }
  }

  /// The wall clock, in seconds since 1970.
  static func now() -> Double {
    Date().timeIntervalSince1970
  }

  func blob(_ id: EventID) -> DatabaseValue {
    Data(id.bytes).databaseValue
  }
}

extension LogEntry.Content {
  /// The name in the column `kind`.
  var kind: String {
    switch self {
    case .did(.answered): "answered"
    case .did(.withdrew): "withdrew"
    case .did(.flagged): "flagged"
    case .did(.unflagged): "unflagged"
    case .did(.noted): "noted"
    case .did(.skipped): "skipped"
    case .did(.unskipped): "unskipped"
    case .did(.adjudicated): "adjudicated"
    case .undid: "undid"
    case .redid: "redid"
    case .listened: "listened"
    }
  }
}
