public import Dialogues
internal import GRDB

/// Reading: dialogues, states, progress. Nothing here takes longer in a large project.
extension Project {
  /// Which dialogues a list shows.
  public enum DialogueFilter: String, Sendable, CaseIterable {
    /// All of them.
    case all
    /// Those with a turn the rater has not labelled.
    case unfinished
    /// Those whose every turn the rater has labelled.
    case finished
    /// Those with a turn the rater flagged.
    case flagged
    /// Those with a turn the rater skipped.
    case skipped
    /// Those with a turn the rater wrote a note on.
    case noted

    /// True of a row of `dialogue` left-joined with `dialogue_progress` as `p`.
    var condition: String {
      switch self {
      case .all: "TRUE"
      case .unfinished: "ifnull(p.labelled, 0) < dialogue.turn_count"
      case .finished: "ifnull(p.labelled, 0) >= dialogue.turn_count"
      case .flagged: "p.flagged > 0"
      case .skipped: "p.skipped > 0"
      case .noted: "p.noted > 0"
      }
    }
  }

  /// How many dialogues there are.
  public var dialogueCount: Int {
    get throws { try read { Int(try $0.integer("SELECT dialogue_count FROM project") ?? 0) } }
  }

  /// A page of the list of dialogues, in the order of the project.
  ///
  /// - Parameters:
  ///   - place: the place of the dialogue to begin with; the page may begin later if the filter
  ///     leaves it out.
  ///   - limit: the most lines.
  ///   - backwards: whether to go towards the beginning; the page is still in the project's order.
  ///   - filter: which dialogues to list.
  ///   - text: only dialogues whose corpus, split, id or title hold it, in upper or lower case.
  ///   - rater: whose progress is meant.
  public func dialogueSummaries(
    from place: Int = 0, limit: Int, backwards: Bool = false, filter: DialogueFilter = .all,
    matching text: String = "", of rater: Rater
  ) throws -> [DialogueSummary] {
    try read { db in
      let rows = try db.rows(
        """
        SELECT dialogue.id, corpus.name, dialogue.split, dialogue.name, dialogue.title,
          dialogue.turn_count, ifnull(p.labelled, 0)
        FROM dialogue JOIN corpus ON corpus.id = dialogue.corpus
        LEFT JOIN dialogue_progress AS p ON p.rater = ? AND p.dialogue = dialogue.id
        WHERE dialogue.id \(backwards ? "<=" : ">=") ? AND \(filter.condition)
          AND (? = '' OR instr(lower(corpus.name || ' ' || dialogue.split || ' '
            || dialogue.name || ' ' || dialogue.title), lower(?)) > 0)
        ORDER BY dialogue.id \(backwards ? "DESC" : "ASC") LIMIT ?
        """, try raterID(db, rater), place + 1, StoredText.clean(text),
        StoredText.clean(text), max(limit, 0))
      let summaries = try rows.map { row in
        DialogueSummary(
          key: DialogueKey(
            corpus: try row.text(1), split: try row.text(2), dialogue: try row.text(3)),
          place: try row.count(0) - 1, title: try row.text(4),
          progress: Progress(labelled: try row.count(6), total: try row.count(5)))
      }
      return backwards ? summaries.reversed() : summaries
    }
  }

  /// The dialogue at a place, from 0; `nil` beyond the last.
  public func dialogue(at place: Int) throws -> Dialogue? {
    try read { try dialogue($0, id: Int64(place) + 1) }
  }

  /// The dialogue of that identity; `nil` if the project does not have it.
  public func dialogue(_ key: DialogueKey) throws -> Dialogue? {
    try read { db in try dialogueID(db, key).flatMap { try dialogue(db, id: $0) } }
  }

  /// Where a dialogue stands in the project, from 0; `nil` if the project does not have it.
  public func place(of key: DialogueKey) throws -> Int? {
    try read { db in try dialogueID(db, key).map { Int($0) - 1 } }
  }

  /// Where a turn stands in the project; `nil` if the project does not have it.
  public func place(of key: TurnKey) throws -> TurnPlace? {
    try read { db in try turnRow(db, key)?.place }
  }

  /// Calls a function with every dialogue in the order of the project, as at one moment.
  public func forEachDialogue(_ body: (Dialogue) throws -> Void) throws {
    try read(.scan) { db in
      let last = try db.integer("SELECT dialogue_count FROM project") ?? 0
      for id in 0..<last {
        if let dialogue = try dialogue(db, id: id + 1) { try body(dialogue) }
      }
    }
  }

  func dialogue(_ db: Database, id: Int64) throws -> Dialogue? {
    guard let key = try dialogueKey(db, id),
      let title = try db.row("SELECT title FROM dialogue WHERE id = ?", id)?.text(0)
    else { return nil }
    let range = TurnRow.all(ofDialogue: id)
    let turns = try db.rows(
      "SELECT \(Project.turnColumns) FROM turn WHERE id BETWEEN ? AND ? ORDER BY id",
      range.lowerBound, range.upperBound
    ).map { try turn($0, of: key) }
    return Dialogue(key: key, title: title, turns: turns)
  }

  static let turnColumns =
    "name, speaker, text, audio_path, audio_start, audio_end, start, end, words, metadata"

  func turn(_ row: Row, of dialogue: DialogueKey) throws -> Turn {
    Turn(
      key: TurnKey(dialogue: dialogue, turn: try row.text(0)), speaker: try row.text(1),
      text: try row.text(2),
      audio: try row.optionalText(3).map { AudioSpan(path: $0, span: try span(row, 4)) },
      time: try span(row, 6), words: StoredText.words(try row.optionalText(8)),
      metadata: StoredText.metadata(try row.optionalText(9)))
  }

  private func span(_ row: Row, _ column: Int) throws -> TimeSpan? {
    guard let start = try row.optionalReal(column), let end = try row.optionalReal(column + 1)
    else { return nil }
    return TimeSpan(start: start, end: end)
  }

  /// The present state of every turn of a dialogue for a rater, in the order of the turns.
  public func turnStates(of key: DialogueKey, for rater: Rater) throws -> [TurnState] {
    try read { db in
      guard let dialogue = try dialogueID(db, key),
        let count = try db.integer("SELECT turn_count FROM dialogue WHERE id = ?", dialogue)
      else { return [] }
      var states = Array(repeating: TurnState(), count: Int(count))
      guard let rater = try raterID(db, rater) else { return states }
      let range = TurnRow.all(ofDialogue: dialogue)
      for row in try db.rows(
        """
        SELECT turn, labels, dimensions, confidence FROM imported_rating
        WHERE rater = ? AND turn BETWEEN ? AND ?
        """, rater, range.lowerBound, range.upperBound)
      {
        let place = TurnRow(id: try row.integer(0)).place.turn
        if place < states.count { states[place].answer = try StoredAnswer(row, from: 1)?.answer }
      }
      for row in try db.rows(
        """
        SELECT turn, labels, dimensions, confidence, flagged, skipped, note, answered_by
        FROM turn_state WHERE rater = ? AND turn BETWEEN ? AND ?
        """, rater, range.lowerBound, range.upperBound)
      {
        let place = TurnRow(id: try row.integer(0)).place.turn
        if place < states.count { states[place] = try outcome(row, from: 1).state }
      }
      return states
    }
  }

  /// How far a rater is in the whole project.
  public func progress(of rater: Rater) throws -> Progress {
    try read { db in try progress(db, raterID(db, rater)) }
  }

  /// How far a rater is in one dialogue.
  public func progress(of rater: Rater, in key: DialogueKey) throws -> Progress {
    try read { db in
      guard let dialogue = try dialogueID(db, key) else { return Progress(labelled: 0, total: 0) }
      return try progress(db, dialogue: dialogue, raterID(db, rater))
    }
  }

  /// The turn a rater was last at: remembered, or that of their last action; `nil` for someone new.
  public func lastTurn(of rater: Rater) throws -> TurnPlace? {
    try read { db in
      try db.integer("SELECT turn FROM last_turn WHERE rater = ?", raterID(db, rater))
        .map { TurnRow(id: $0).place }
    }
  }
}
