internal import Dialogues
internal import GRDB

/// One merge, in a transaction here and a snapshot there.
struct Merge {
  let into: Project
  let db: Database
  let other: Project
  let from: Database
  var report = MergeReport()
  /// From the other file's integers to this one's.
  private var dialogues: [Int64: Int64] = [:]
  private var raters: [Int64: Int64] = [:]

  init(into: Project, _ db: Database, from other: Project, _ from: Database) {
    self.into = into
    self.db = db
    self.other = other
    self.from = from
  }

  mutating func run() throws -> MergeReport {
    try mergeCorpora()
    for row in try from.rows("SELECT name, kind, id FROM rater ORDER BY id") {
      let rater = try other.rater(row, from: 0)
      raters[try row.integer(2)] = try into.enrolledRaterID(db, rater)
    }
    try mergeImportedRatings()
    try mergeEvents()
    try mergeSuggestions()
    try mergeAssignments()
    return report
  }

  private mutating func mergeCorpora() throws {
    for row in try from.rows("SELECT name, root, id FROM corpus ORDER BY id") {
      let name = try row.text(0)
      let root =
        try db.row("SELECT root FROM corpus WHERE name = ?", name)?.text(0)
        ?? other.folder(ofRoot: try row.text(1))
      let writer = CorpusWriter(
        project: into, db: db, corpus: CorpusWriter.Corpus(name: name, root: root))
      try writer.begin()
      let ids = try from.rows(
        "SELECT id FROM dialogue WHERE corpus = ? ORDER BY id", try row.integer(2))
      for id in try ids.map({ try $0.integer(0) }) {
        guard let dialogue = try other.dialogue(from, id: id) else { continue }
        try writer.store(dialogue, .settling)
        if let difference = writer.report.differences.first {
          throw ProjectError(
            .refused,
            "\(other.path): it has another version of the corpus \(name) than \(into.path): "
              + difference)
        }
        dialogues[id] = try into.dialogueID(db, dialogue.key)
      }
      try writer.finish()
      report.dialogues += writer.report.newDialogues
      report.turns += writer.report.newTurns
    }
  }

  /// A turn of the other file here.
  ///
  /// Equal dialogues have equal turns at equal places.
  private func turn(_ id: Int64) throws -> TurnRow {
    let row = TurnRow(id: id)
    guard let dialogue = dialogues[row.dialogue] else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT)
    }
    return TurnRow(dialogue: dialogue, turn: row.place.turn)
  }

  func rater(_ id: Int64) throws -> Int64 {
    guard let rater = raters[id] else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
    return rater
  }

  private mutating func mergeImportedRatings() throws {
    let writer = CorpusWriter(project: into, db: db, corpus: nil, comparesTimes: true)
    var keys = TurnKeys(project: other)
    let rows = try from.cursor(
      """
      SELECT i.turn, labels, dimensions, confidence, time, rater.name, rater.kind, turn.name
      FROM imported_rating AS i JOIN rater ON rater.id = i.rater JOIN turn ON turn.id = i.turn
      ORDER BY i.rater, i.turn
      """)
    while let row = try rows.next() {
      guard let answer = try StoredAnswer(row, from: 1)?.answer else { continue }
      try writer.store(
        Rating(
          turn: try keys.key(from, TurnRow(id: try row.integer(0)), named: try row.text(7)),
          rater: try other.rater(row, from: 5), answer: answer, time: try row.optionalReal(4)))
      if let difference = writer.report.differences.first {
        throw ProjectError(
          .refused, "\(other.path): it contradicts \(into.path): \(difference)")
      }
    }
    try writer.storeTotals()
    report.ratings = writer.report.newRatings
  }

  // MARK: Events

  private struct Touched: Hashable {
    var turn: TurnRow
    /// The turn in the other file.
    var there: TurnRow
    var rater: Int64
    /// The rater in the other file.
    var raterThere: Int64
  }

  private mutating func mergeEvents() throws {
    var touched: Set<Touched> = []
    var adjudicated: [TurnRow: TurnRow] = [:]
    var new: Set<EventID> = []
    var shares: [Int64: MergeReport.RaterShare] = [:]
    // An undo must find what it undoes: the order of the log, not that of arrival.
    let rows = try from.cursor(
      "SELECT \(Project.eventColumns), rater FROM event ORDER BY clock, id")
    while let row = try rows.next() {
      var event = try other.storedEvent(row)
      let known = try db.integer(
        "SELECT 1 FROM event WHERE id = ?", into.blob(event.entry.order.id))
      guard known == nil else { continue }
      let raterThere = try row.integer(21)
      let rater = try rater(raterThere)
      let there = event.entry.turn
      event.entry.turn = try turn(there.id)
      try into.insert(db, event, by: rater)
      new.insert(event.entry.order.id)
      report.events += 1
      var share =
        try shares[rater] ?? MergeReport.RaterShare(rater: into.rater(id: rater, db))
      share.events += 1
      switch event.entry.content {
      case .did(.adjudicated):
        adjudicated[event.entry.turn] = there
        share.decisions += 1
      case .undid, .redid: adjudicated[event.entry.turn] = there
      case .did, .listened: break
      }
      shares[rater] = share
      if event.entry.content != .listened {
        touched.insert(
          Touched(turn: event.entry.turn, there: there, rater: rater, raterThere: raterThere))
      }
    }
    for touched in touched.sorted(by: { ($0.turn.id, $0.rater) < ($1.turn.id, $1.rater) }) {
      let before = try into.storedOutcome(db, touched.turn, touched.rater)
      try into.refold(db, touched.turn, touched.rater)
      let after = try into.storedOutcome(db, touched.turn, touched.rater)
      if after?.answeredBy != before?.answeredBy, after?.state.answer != nil {
        shares[touched.rater]?.answers += 1
      }
      try noteConflict(touched, before, after, new)
    }
    for (turn, there) in adjudicated.sorted(by: { $0.key.id < $1.key.id }) {
      let before = try gold(db, turn)
      try into.refoldGold(db, turn)
      try noteConflict(turn, before, try gold(from, there), new)
    }
    report.raters = shares.values.sorted { $0.rater.name < $1.rater.name }
  }

  /// An answer of each copy that the other has not seen is a conflict; one that follows the other is
  /// not.
  private mutating func noteConflict(
    _ touched: Touched, _ before: RaterLog.Outcome?, _ after: RaterLog.Outcome?,
    _ new: Set<EventID>
  ) throws {
    guard let mine = before?.answeredBy, let labels = before?.state.answer?.labels,
      let there = try other.storedOutcome(from, touched.there, touched.raterThere),
      let theirs = there.answeredBy, let otherLabels = there.state.answer?.labels,
      labels != otherLabels, new.contains(theirs), try !isKnown(mine)
    else { return }
    report.conflicts.append(
      MergeConflict(
        kind: .answers(
          try into.turnKey(db, touched.turn), try into.rater(id: touched.rater, db)),
        here: labels, there: otherLabels, keepsOwn: after?.answeredBy == mine))
  }

  private mutating func noteConflict(
    _ turn: TurnRow, _ mine: (labels: [String], by: EventID)?,
    _ theirs: (labels: [String], by: EventID)?, _ new: Set<EventID>
  ) throws {
    guard let mine, let theirs, mine.labels != theirs.labels, new.contains(theirs.by),
      try !isKnown(mine.by)
    else { return }
    report.conflicts.append(
      MergeConflict(
        kind: .decisions(try into.turnKey(db, turn)), here: mine.labels, there: theirs.labels,
        keepsOwn: try gold(db, turn)?.by == mine.by))
  }

  /// Whether the other file has the event.
  private func isKnown(_ id: EventID) throws -> Bool {
    try from.integer("SELECT 1 FROM event WHERE id = ?", into.blob(id)) != nil
  }

  private func gold(_ db: Database, _ turn: TurnRow) throws -> (labels: [String], by: EventID)? {
    try db.row("SELECT labels, decided_by FROM gold WHERE turn = ?", turn.id).map {
      (StoredText.strings(try $0.text(0)), try $0.eventID(1))
    }
  }

  // MARK: Suggestions

  private mutating func mergeSuggestions() throws {
    for source in try from.rows("SELECT name, details, id FROM source ORDER BY name") {
      try db.run(
        """
        INSERT INTO source (name, details) VALUES (?, ?)
        ON CONFLICT (name) DO UPDATE SET details = max(details, excluded.details)
        """, try source.text(0), try source.text(1))
      let id = try db.integer("SELECT id FROM source WHERE name = ?", try source.text(0))
      let rows = try from.cursor(
        """
        SELECT suggestion.turn, label, probability, refined, label_list.labels, posterior, influences,
          trigger_place, trigger_probability
        FROM suggestion JOIN label_list ON label_list.id = suggestion.label_list
        WHERE source = ? ORDER BY suggestion.turn
        """, try source.integer(2))
      while let row = try rows.next() {
        let values = (5...6).map { row[$0] as DatabaseValue }
        try db.run(
          "INSERT INTO label_list (labels) VALUES (?) ON CONFLICT DO NOTHING", try row.text(4))
        try db.run(
          """
          INSERT INTO suggestion (source, turn, label, probability, refined, label_list, posterior,
            influences, trigger_place, trigger_probability)
          VALUES (?, ?, ?, ?, ?, (SELECT id FROM label_list WHERE labels = ?), ?, ?, ?, ?)
          ON CONFLICT DO UPDATE SET label = excluded.label, probability = excluded.probability,
            refined = excluded.refined, label_list = excluded.label_list,
            posterior = excluded.posterior, influences = excluded.influences,
            trigger_place = excluded.trigger_place,
            trigger_probability = excluded.trigger_probability
          WHERE (excluded.posterior, ifnull(excluded.refined, ''), excluded.influences,
              (SELECT labels FROM label_list WHERE id = excluded.label_list),
              ifnull(excluded.trigger_place, -1), ifnull(excluded.trigger_probability, -1))
            > (posterior, ifnull(refined, ''), influences,
              (SELECT labels FROM label_list WHERE id = suggestion.label_list),
              ifnull(trigger_place, -1), ifnull(trigger_probability, -1))
          """, id, try turn(row.integer(0)).id, try row.optionalText(1), try row.optionalReal(2),
          try row.optionalText(3), try row.text(4), values[0], values[1],
          try row.optionalInteger(7), try row.optionalReal(8))
        report.suggestions += db.changesCount
      }
    }
  }
}
