internal import Dialogues
internal import GRDB

/// What a merge brought, or would bring.
public struct MergeReport: Equatable, Sendable {
  /// Dialogues that were not here.
  public var dialogues = 0
  /// Turns that were not here.
  public var turns = 0
  /// Imported ratings that were not here.
  public var ratings = 0
  /// Events that were not here.
  public var events = 0
  /// Suggestions that were not here, or replaced another of the same source.
  public var suggestions = 0

  /// Creates a report of nothing.
  public init() {}
}

extension Project {
  /// Adds everything another project has that this one has not: the union of both.
  ///
  /// Events and ratings have an identity of their own, so projects can be merged in any order and
  /// any number of times, and the present state comes out the same. Where both have a suggestion of
  /// one source for one turn, the greater posterior, compared as bytes, wins in every order. This
  /// project keeps its name, its protocol and where the sound lies.
  ///
  /// - Parameters:
  ///   - other: the other project, which is only read.
  ///   - dryRun: whether only to report what would come.
  /// - Returns: what came.
  /// - Throws: ``ProjectError`` if the label schemes differ, a dialogue both have is not the same, or
  ///   a rater's imported ratings contradict each other; then nothing is changed.
  @discardableResult
  public func merge(_ other: Project, dryRun: Bool = false) throws -> MergeReport {
    try requireSameScheme(as: other)
    try requireWritable()
    return try ProjectError.explaining(path) {
      try connections.main.writeWithoutTransaction { db in
        var report = MergeReport()
        try db.inTransaction(.immediate) {
          report = try other.read(.scan) { from in
            var merge = Merge(into: self, db, from: other, from)
            return try merge.run()
          }
          return dryRun ? .rollback : .commit
        }
        return report
      }
    }
  }

  private func requireSameScheme(as other: Project) throws {
    let mine = try information().scheme
    let theirs = try other.information().scheme
    let differences = Set(mine.labels.map(\.name)).symmetricDifference(theirs.labels.map(\.name))
    if let difference = differences.min() {
      throw ProjectError(
        .refused,
        "\(other.path): its label scheme is not that of \(path): only one of them has the label "
          + "“\(difference)”; projects of different schemes cannot be merged.")
    }
    guard mine.dimensions == theirs.dimensions else {
      throw ProjectError(
        .refused,
        "\(other.path): it rates other dimensions, or on other scales, than \(path); such "
          + "projects cannot be merged.")
    }
  }
}

/// One merge, in a transaction here and a snapshot there.
private struct Merge {
  let into: Project
  let db: Database
  let other: Project
  let from: Database
  var report = MergeReport()
  /// From the other file's integers to this one's.
  var dialogues: [Int64: Int64] = [:]
  var raters: [Int64: Int64] = [:]

  init(into: Project, _ db: Database, from other: Project, _ from: Database) {
    self.into = into
    self.db = db
    self.other = other
    self.from = from
  }

  mutating func run() throws -> MergeReport {
    try mergeCorpora()
    for row in try from.rows("SELECT name, kind, id FROM rater ORDER BY name") {
      let rater = try other.rater(row, from: 0)
      raters[try row.integer(2)] = try into.enrolledRaterID(db, rater)
    }
    try mergeImportedRatings()
    try mergeEvents()
    try mergeSuggestions()
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
        try writer.store(dialogue, updating: false)
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

  private func rater(_ id: Int64) throws -> Int64 {
    guard let rater = raters[id] else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
    return rater
  }

  private mutating func mergeImportedRatings() throws {
    let writer = CorpusWriter(project: into, db: db, corpus: nil)
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

  private mutating func mergeEvents() throws {
    struct Touched: Hashable {
      var turn: TurnRow
      var rater: Int64
    }
    var touched: Set<Touched> = []
    var adjudicated: Set<TurnRow> = []
    // An undo must find what it undoes: the order of the log, not that of arrival.
    let rows = try from.cursor(
      "SELECT \(Project.eventColumns), rater FROM event ORDER BY clock, id")
    while let row = try rows.next() {
      var event = try other.storedEvent(row)
      let known = try db.integer(
        "SELECT 1 FROM event WHERE id = ?", into.blob(event.entry.order.id))
      guard known == nil else { continue }
      let rater = try rater(try row.integer(21))
      event.entry.turn = try turn(event.entry.turn.id)
      try into.insert(db, event, by: rater)
      report.events += 1
      switch event.entry.content {
      case .did(.adjudicated), .undid, .redid: adjudicated.insert(event.entry.turn)
      case .did, .listened: break
      }
      if event.entry.content != .listened {
        touched.insert(Touched(turn: event.entry.turn, rater: rater))
      }
    }
    for touched in touched { try into.refold(db, touched.turn, touched.rater) }
    for turn in adjudicated { try into.refoldGold(db, turn) }
  }

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
          WHERE (excluded.posterior, ifnull(excluded.refined, ''), excluded.influences)
            > (posterior, ifnull(refined, ''), influences)
          """, id, try turn(row.integer(0)).id, try row.optionalText(1), try row.optionalReal(2),
          try row.optionalText(3), try row.text(4), values[0], values[1],
          try row.optionalInteger(7), try row.optionalReal(8))
        report.suggestions += db.changesCount
      }
    }
  }
}
