public import Dialogues
internal import GRDB

/// Everybody's answers, and the whole history of a turn.
extension Project {
  /// Everyone who has done or rated something, by name.
  public func raters() throws -> [Rater] {
    try read { db in
      try db.rows("SELECT name, kind FROM rater ORDER BY name").map { try rater($0, from: 0) }
    }
  }

  /// How many turns people have given an answer to, each person's counted by itself.
  public func answerCount() throws -> Int {
    try read { db in
      Int(
        try db.integer(
          """
          SELECT coalesce(sum(labelled), 0) FROM rater_progress
          JOIN rater ON rater.id = rater_progress.rater WHERE kind = 'person'
          """) ?? 0)
    }
  }

  /// How many turns a person has given an answer to.
  public func answerCount(of person: String) throws -> Int {
    try read { db in
      Int(
        try db.integer(
          """
          SELECT labelled FROM rater_progress JOIN rater ON rater.id = rater_progress.rater
          WHERE kind = 'person' AND name = ?
          """, person) ?? 0)
    }
  }

  /// A number that is another one after anybody, in this program or another, has written to the file.
  public func changeCount() throws -> Int {
    try read { db in try db.row("PRAGMA data_version").map { try $0.count(0) } ?? 0 }
  }

  /// Calls a function with every present answer: those given here that hold, and those imported,
  /// where the rater has not answered otherwise since.
  ///
  /// The order is that of the project's turns, then of the raters' names. Nothing is collected: a
  /// million ratings need no more memory than one.
  ///
  /// - Parameters:
  ///   - kinds: whose ratings; all if `nil`.
  ///   - body: takes a rating and the conditions it was given under, `nil` for an imported one.
  public func forEachRating(
    by kinds: Set<Rater.Kind>? = nil,
    _ body: (Rating, RatingConditions?) throws -> Void
  ) throws {
    try read(.scan) { db in
      try forEachRating(db, by: kinds, in: 0...Int64.max, body)
    }
  }

  /// The present answers on the turns of a dialogue, in the order of ``forEachRating(by:_:)``.
  public func ratings(
    of key: DialogueKey, by kinds: Set<Rater.Kind>? = nil
  ) throws -> [Rating] {
    try read { db in
      guard let dialogue = try dialogueID(db, key) else { return [] }
      var ratings: [Rating] = []
      try forEachRating(db, by: kinds, in: TurnRow.all(ofDialogue: dialogue)) { rating, _ in
        ratings.append(rating)
      }
      return ratings
    }
  }

  private func forEachRating(
    _ db: Database, by kinds: Set<Rater.Kind>?, in range: ClosedRange<Int64>,
    _ body: (Rating, RatingConditions?) throws -> Void
  ) throws {
    var streams = try db.rows("SELECT id, name, kind FROM rater ORDER BY name").compactMap {
      row -> RatingStream? in
      let rater = try rater(row, from: 1)
      guard kinds?.contains(rater.kind) ?? true else { return nil }
      return try RatingStream(db, rater: rater, id: try row.integer(0), in: range)
    }
    var keys = TurnKeys(project: self)
    while true {
      var next: (turn: Int64, name: String)?
      for stream in streams {
        guard let candidate = stream.turn else { continue }
        if next.map({ candidate.id < $0.turn }) ?? true { next = (candidate.id, candidate.name) }
      }
      guard let (turn, name) = next else { return }
      let key = try keys.key(db, TurnRow(id: turn), named: name)
      for place in streams.indices where streams[place].turn?.id == turn {
        let (answer, time, conditions) = try streams[place].take(self)
        try body(
          Rating(turn: key, rater: streams[place].rater, answer: answer, time: time), conditions)
      }
    }
  }

  /// Something that happened to a turn.
  public struct HistoryEntry: Equatable, Sendable {
    /// Who did it.
    public var rater: Rater
    /// When, in seconds since 1970, by the clock of the machine it happened on.
    public var time: Double
    /// What was done, undone or done again; `nil` if the turn was listened to.
    public var action: Action?
    /// Whether it was done, undone, done again, or only heard.
    public var kind: Kind
    /// Whether a later undo has taken the action back.
    public var isUndone: Bool
    /// The conditions an answer was given or the turn was heard under.
    public var conditions: RatingConditions?

    /// What an entry of the history is.
    public enum Kind: String, Sendable {
      /// An action.
      case did
      /// An undo of an action.
      case undid
      /// A redo of an action.
      case redid
      /// The turn was played.
      case listened
    }
  }

  /// The whole history of a turn, in the order of the log.
  ///
  /// - Parameter rater: whose; everybody's if `nil`.
  public func history(of turn: TurnKey, by rater: Rater? = nil) throws -> [HistoryEntry] {
    try read { db in
      let row = try knownTurn(db, turn)
      var history: [(order: EventOrder, entry: HistoryEntry)] = []
      for raterRow in try db.rows("SELECT id, name, kind FROM rater ORDER BY name") {
        let who = try self.rater(raterRow, from: 1)
        guard rater == nil || rater == who else { continue }
        let events = try db.rows(
          "SELECT \(Project.eventColumns) FROM event WHERE turn = ? AND rater = ?", row.id,
          try raterRow.integer(0)
        ).map(storedEvent)
        history += RaterLog.history(of: events, by: who)
      }
      return history.sorted { $0.order < $1.order }.map(\.entry)
    }
  }
}

extension RaterLog {
  fileprivate static func history(
    of events: [Project.StoredEvent], by rater: Rater
  ) -> [(EventOrder, Project.HistoryEntry)] {
    var undone: Set<EventID> = []
    var actions: [EventID: Action] = [:]
    for event in events.sorted(by: { $0.entry < $1.entry }) {
      switch event.entry.content {
      case .did(let action): actions[event.entry.order.id] = action
      case .undid(let target): undone.insert(target)
      case .redid(let target): undone.remove(target)
      case .listened: break
      }
    }
    return events.map { event in
      let id = event.entry.order.id
      let (kind, action): (Project.HistoryEntry.Kind, Action?) =
        switch event.entry.content {
        case .did(let action): (.did, action)
        case .undid(let target): (.undid, actions[target])
        case .redid(let target): (.redid, actions[target])
        case .listened: (.listened, nil)
        }
      return (
        event.entry.order,
        Project.HistoryEntry(
          rater: rater, time: event.time, action: action, kind: kind,
          isUndone: undone.contains(id), conditions: event.conditions)
      )
    }
  }
}

/// One rater's present answers in the order of the turns; read in step with those of the others.
struct RatingStream {
  var rater: Rater
  private var rows: RowCursor
  private var row: Row?
  private var answers: [StoredAnswer: Answer] = [:]
  /// The row id and the name of the turn of the next answer.
  private(set) var turn: (id: Int64, name: String)?

  init(_ db: Database, rater: Rater, id: Int64, in range: ClosedRange<Int64>) throws {
    self.rater = rater
    rows = try db.cursor(
      """
      SELECT s.turn, s.labels, s.dimensions, s.confidence, e.time, e.shown_source, e.shown_label,
        e.shown_probability, e.met, e.heard_milliseconds, e.replays, e.answer_milliseconds,
        e.protocol, e.arm, e.stage, e.program, turn.name
      FROM turn_state AS s CROSS JOIN turn ON turn.id = s.turn
      LEFT JOIN event AS e ON e.id = s.answered_by
      WHERE s.rater = ?1 AND s.turn BETWEEN ?2 AND ?3 AND s.labels IS NOT NULL
      UNION ALL
      SELECT i.turn, labels, dimensions, confidence, time, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
        NULL, NULL, NULL, '', turn.name
      FROM imported_rating AS i CROSS JOIN turn ON turn.id = i.turn
      WHERE rater = ?1 AND i.turn BETWEEN ?2 AND ?3 AND NOT EXISTS (
        SELECT 1 FROM turn_state AS s WHERE s.rater = i.rater AND s.turn = i.turn)
      ORDER BY 1
      """, id, range.lowerBound, range.upperBound)
    try advance()
  }

  private mutating func advance() throws {
    row = try rows.next()
    turn = try row.map { (try $0.integer(0), try $0.text(16)) }
  }

  mutating func take(
    _ project: Project
  ) throws -> (answer: Answer, time: Double?, conditions: RatingConditions?) {
    guard let row, let stored = try StoredAnswer(row, from: 1) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT)
    }
    let answer: Answer
    if let known = answers[stored] {
      answer = known
    } else {
      answer = stored.answer
      // A few labels make up a project; free values on dimensions would fill the memory.
      if answers.count < 1000 { answers[stored] = answer }
    }
    let taken = (answer, try row.optionalReal(4), try project.conditions(row, 5))
    try advance()
    return taken
  }
}

/// Keys of turns asked for in order: the dialogue's part is read once per dialogue.
struct TurnKeys {
  var project: Project
  private var dialogue: (id: Int64, key: DialogueKey)?

  init(project: Project) {
    self.project = project
  }

  mutating func key(_ db: Database, _ row: TurnRow, named name: String) throws -> TurnKey {
    if let dialogue, dialogue.id == row.dialogue {
      return TurnKey(dialogue: dialogue.key, turn: name)
    }
    let key = try project.turnKey(db, row)
    dialogue = (row.dialogue, key.dialogue)
    return key
  }
}
