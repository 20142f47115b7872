public import Dialogues
internal import GRDB

extension Project {
  /// Imports a corpus, or more of one, in one transaction: all of it or nothing.
  ///
  /// Importing the same again changes nothing. A dialogue that is already there keeps its turns,
  /// speakers and texts, because that is what people have rated; differences are reported. Where
  /// its sound lies, titles, times, words and further columns follow the newest import.
  ///
  /// Up to twenty thousand turns are collected before the file is locked, so that other programs can
  /// go on writing while an importer reads its files.
  ///
  /// - Parameters:
  ///   - name: the corpus; all dialogues handed in must be its own.
  ///   - root: the folder that audio paths are relative to, absolute or relative to the folder of
  ///     the project file.
  ///   - dryRun: whether only to report what would happen.
  ///   - body: hands in the dialogues; must not call the project. If it throws, nothing is changed.
  /// - Returns: what happened.
  @discardableResult
  public func importCorpus(
    name: String, root: String, dryRun: Bool = false, _ body: (CorpusWriter) throws -> Void
  ) throws -> ImportReport {
    guard !name.isEmpty, !name.utf8.contains(0) else {
      throw ProjectError(.refused, "\(path): a corpus needs a name.")
    }
    return try importing(CorpusWriter.Corpus(name: name, root: root), dryRun: dryRun, body)
  }

  /// Imports ratings of turns that are already there, in one transaction: all of them or nothing.
  ///
  /// - Parameters:
  ///   - dryRun: whether only to report what would happen.
  ///   - body: hands in the ratings; must not call the project. If it throws, nothing is changed.
  /// - Returns: what happened.
  @discardableResult
  public func importRatings(
    dryRun: Bool = false, _ body: (CorpusWriter) throws -> Void
  ) throws -> ImportReport {
    try importing(nil, dryRun: dryRun, body)
  }

  private func importing(
    _ corpus: CorpusWriter.Corpus?, dryRun: Bool, _ body: (CorpusWriter) throws -> Void
  ) throws -> ImportReport {
    try requireWritable()
    return try ProjectError.explaining(path) {
      try connections.main.writeWithoutTransaction { db in
        // Appending to several indexes at once needs more pages at hand than one keystroke does.
        try db.execute(sql: "PRAGMA cache_size = -32000")
        defer { try? db.execute(sql: "PRAGMA cache_size = -2000") }
        let writer = CorpusWriter(project: self, db: db, corpus: corpus)
        do {
          try body(writer)
          try writer.finish()
          if dryRun { try db.rollback() } else { try db.commit() }
        } catch {
          if db.isInsideTransaction { try? db.rollback() }
          throw error
        }
        // Not needed for durability: keeps the log beside the file small.
        _ = try? db.checkpoint(.truncate)
        return writer.report
      }
    }
  }
}

/// Takes the dialogues and ratings of an import.
public final class CorpusWriter {
  struct Corpus {
    var name: String
    var root: String
    var id: Int64 = 0
    var dialogues: Int64 = 0
    var turns: Int64 = 0
    var fingerprint: UInt64 = 0
  }

  /// What happened so far; behind what was handed in by the dialogues still being collected.
  public internal(set) var report = ImportReport()

  let project: Project
  let db: Database
  var corpus: Corpus?
  /// Whether a rating that is there contradicts the same one of another time. A file may leave the
  /// time out; between copies of a project it would depend on the order in which they are merged.
  let comparesTimes: Bool
  /// The row id of the project's last dialogue.
  var lastDialogue: Int64 = 0
  /// Whether the last dialogue was appended by this import.
  var lastDialogueIsNew = false
  /// The ratings that this import gave the last dialogue, where that is new.
  var newRatings: Set<RatedTurn> = []
  var raters: [Rater: KnownRater] = [:]
  var places: TurnPlaces
  /// How many turns of one dialogue are labelled by the ratings that came last, by rater.
  var counts: [Int64: Int] = [:]
  var countedDialogue: Int64 = 0
  /// How many turns of all dialogues are labelled by the ratings that came, by rater.
  var totals: [Int64: Int] = [:]
  let turnInsertion = RowInsertion(
    """
    INSERT INTO turn (id, dialogue, place, name, speaker, text, audio_path, audio_start, audio_end,
      start, end, words, metadata) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """)
  let ratingInsertion = RowInsertion(
    """
    INSERT INTO imported_rating (rater, turn, labels, dimensions, confidence, time)
    VALUES (?, ?, ?, ?, ?, ?)
    """)
  let progressAddition = RowInsertion(
    """
    INSERT INTO dialogue_progress (rater, dialogue, labelled, flagged, skipped, noted)
    VALUES (?, ?, ?, 0, 0, 0) ON CONFLICT DO UPDATE SET labelled = labelled + excluded.labelled
    """)

  private var waiting: [(dialogue: Dialogue?, ratings: [Rating])] = []
  private var waitingTurns = 0
  /// More than the well-known corpora have, and some tens of megabytes.
  private static let mostCollected = 20_000

  init(project: Project, db: Database, corpus: Corpus?, comparesTimes: Bool = false) {
    self.comparesTimes = comparesTimes
    self.project = project
    self.db = db
    self.corpus = corpus
    places = TurnPlaces(project: project)
  }

  /// Hands in a dialogue and the ratings that came with its turns.
  ///
  /// - Throws: ``ProjectError`` if it does not belong to the corpus of this import, has two turns of
  ///   one name, or holds something no project can.
  public func add(_ dialogue: Dialogue, ratings: [Rating] = []) throws {
    waiting.append((dialogue, ratings))
    waitingTurns += dialogue.turns.count
    if db.isInsideTransaction || waitingTurns >= Self.mostCollected { try flush() }
  }

  /// Hands in a rating of a turn that is in the project or was handed in before.
  ///
  /// - Throws: ``ProjectError`` if the project has no such turn.
  public func add(_ rating: Rating) throws {
    waiting.append((nil, [rating]))
    waitingTurns += 1
    if db.isInsideTransaction || waitingTurns >= Self.mostCollected { try flush() }
  }

  func finish() throws {
    try flush()
    try storeTotals()
    guard let corpus else { return }
    try db.run(
      "UPDATE corpus SET dialogue_count = ?, turn_count = ?, fingerprint = ? WHERE id = ?",
      corpus.dialogues, corpus.turns, Int64(bitPattern: corpus.fingerprint), corpus.id)
    try db.run(
      """
      UPDATE project SET dialogue_count = ?,
        turn_count = (SELECT ifnull(sum(turn_count), 0) FROM corpus)
      """, lastDialogue)
  }

  private func flush() throws {
    if !db.isInsideTransaction {
      try db.beginTransaction(.immediate)
      try begin()
    }
    for (dialogue, ratings) in waiting {
      if let dialogue { try store(dialogue, .following) }
      for rating in ratings { try store(rating) }
    }
    waiting.removeAll(keepingCapacity: true)
    waitingTurns = 0
  }

  /// Reads the numbers to count on from; the first thing done in the transaction.
  func begin() throws {
    lastDialogue = try db.integer("SELECT dialogue_count FROM project") ?? 0
    guard var corpus else { return }
    try db.run(
      """
      INSERT INTO corpus (name, root) VALUES (?, ?)
      ON CONFLICT (name) DO UPDATE SET root = excluded.root
      """, corpus.name, StoredText.clean(corpus.root))
    guard
      let row = try db.row(
        "SELECT id, dialogue_count, turn_count, fingerprint FROM corpus WHERE name = ?", corpus.name
      )
    else { return }
    corpus.id = try row.integer(0)
    corpus.dialogues = try row.integer(1)
    corpus.turns = try row.integer(2)
    corpus.fingerprint = UInt64(bitPattern: try row.integer(3))
    self.corpus = corpus
  }
}
