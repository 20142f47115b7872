public import Dialogues
internal import Foundation
internal import GRDB

/// What models suggest. Suggestions can be computed again, so they are replaced, not logged; what
/// of them a rater saw is in the rating's conditions.
extension Project {
  /// Files suggestions under a source, in place of those it had for the same turns, in one
  /// transaction.
  ///
  /// Influences are kept in single precision, everything else exactly.
  ///
  /// - Throws: ``ProjectError`` if a turn is unknown, or a posterior does not fit its labels or is
  ///   not made of numbers; then nothing is stored.
  public func storeSuggestions(_ source: Source, _ suggestions: [Suggestion]) throws {
    try write { db in
      guard !source.name.isEmpty, !source.name.utf8.contains(0) else {
        throw ProjectError(.refused, "\(path): a source of suggestions needs a name.")
      }
      try db.run(
        """
        INSERT INTO source (name, details) VALUES (?, ?)
        ON CONFLICT (name) DO UPDATE SET details = excluded.details
        """, source.name, StoredText.clean(source.details))
      guard let id = try db.integer("SELECT id FROM source WHERE name = ?", source.name) else {
        return
      }
      var lists: [[String]: Int64] = [:]
      var places = TurnPlaces(project: self)
      for suggestion in suggestions {
        let turn = try places.row(db, suggestion.turn)
        let list = try lists[suggestion.labels] ?? labelList(db, suggestion.labels)
        lists[suggestion.labels] = list
        try store(db, suggestion, of: id, at: turn, labels: list, &places)
      }
    }
  }

  private func labelList(_ db: Database, _ labels: [String]) throws -> Int64 {
    let text = StoredText.list(labels)
    try db.run("INSERT INTO label_list (labels) VALUES (?) ON CONFLICT DO NOTHING", text)
    return try db.integer("SELECT id FROM label_list WHERE labels = ?", text) ?? 0
  }

  private func store(
    _ db: Database, _ suggestion: Suggestion, of source: Int64, at turn: TurnRow, labels: Int64,
    _ places: inout TurnPlaces
  ) throws {
    let numbers =
      suggestion.posterior + suggestion.influences.map(\.value)
      + [suggestion.trigger?.value ?? 0]
    guard suggestion.posterior.count == suggestion.labels.count, numbers.allSatisfy(\.isFinite)
    else {
      throw ProjectError(
        .refused,
        "\(path): the suggestion for \(suggestion.turn) has \(suggestion.posterior.count) numbers for "
          + "\(suggestion.labels.count) labels, or one that is not a number; run the model again.")
    }
    func place(_ name: String) throws -> Int {
      let key = TurnKey(dialogue: suggestion.turn.dialogue, turn: name)
      return try places.row(db, key).place.turn
    }
    let influences = try suggestion.influences.map {
      SuggestionBytes.Influence(place: try place($0.turn), value: Float($0.value))
    }
    let trigger = try suggestion.trigger.map { (place: try place($0.turn), value: $0.value) }
    let best = suggestion.best
    try db.run(
      """
      INSERT OR REPLACE INTO suggestion (source, turn, label, probability, refined, label_list,
        posterior, influences, trigger_place, trigger_probability)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, source, turn.id, best?.label, best?.probability, suggestion.refined, labels,
      Data(SuggestionBytes.bytes(of: suggestion.posterior)),
      Data(SuggestionBytes.bytes(of: influences)), trigger?.place, trigger?.value)
  }

  /// The sources there are suggestions of, by name.
  public func sources() throws -> [Source] {
    try read { db in
      try db.rows("SELECT name, details FROM source ORDER BY name").map {
        Source(name: try $0.text(0), details: try $0.text(1))
      }
    }
  }

  /// How many turns a source has suggestions for.
  public func suggestionCount(of source: String) throws -> Int {
    try read { db in
      Int(
        try db.integer(
          """
          SELECT count(*) FROM suggestion WHERE source = (SELECT id FROM source WHERE name = ?)
          """, source) ?? 0)
    }
  }

  /// A source's suggestions for the turns of a dialogue, in their order; turns it has none for are
  /// left out.
  public func suggestions(for key: DialogueKey, from source: String) throws -> [Suggestion] {
    try read { db in
      guard let dialogue = try dialogueID(db, key) else { return [] }
      return try suggestions(db, of: dialogue, key, from: source).map(\.suggestion)
    }
  }

  /// A source's suggestions for the turns of a dialogue, each with the turn's place in it.
  func suggestions(
    _ db: Database, of dialogue: Int64, _ key: DialogueKey, from source: String
  ) throws -> [(place: Int, suggestion: Suggestion)] {
    let range = TurnRow.all(ofDialogue: dialogue)
    let rows = try db.rows(
      """
      SELECT suggestion.turn, label_list.labels, posterior, refined, influences, trigger_place,
        trigger_probability
      FROM suggestion JOIN label_list ON label_list.id = suggestion.label_list
      WHERE source = (SELECT id FROM source WHERE name = ?) AND turn BETWEEN ? AND ? ORDER BY turn
      """, source, range.lowerBound, range.upperBound)
    guard !rows.isEmpty else { return [] }
    let names = try db.rows(
      "SELECT name FROM turn WHERE id BETWEEN ? AND ? ORDER BY id", range.lowerBound,
      range.upperBound
    ).map { try $0.text(0) }
    return try rows.map { row in
      let labels = StoredText.strings(try row.text(1))
      func influence(_ place: Int, _ value: Double) -> Suggestion.Influence? {
        names.indices.contains(place) ? .init(turn: names[place], value: value) : nil
      }
      let place = TurnRow(id: try row.integer(0)).place.turn
      guard names.indices.contains(place) else {
        throw DatabaseError(resultCode: .SQLITE_CORRUPT)
      }
      return (
        place,
        Suggestion(
          turn: TurnKey(dialogue: key, turn: names[place]), labels: labels,
          posterior: SuggestionBytes.doubles(try row.blob(2)), refined: try row.optionalText(3),
          influences: SuggestionBytes.influences(try row.blob(4)).compactMap {
            influence($0.place, Double($0.value))
          },
          trigger: try row.optionalInteger(5).flatMap {
            influence(Int($0), try row.optionalReal(6) ?? 0)
          })
      )
    }
  }

  /// Removes a source and all its suggestions.
  ///
  /// What raters saw of them stays in their ratings.
  public func removeSource(_ name: String) throws {
    try write { db in
      try db.run(
        "DELETE FROM suggestion WHERE source = (SELECT id FROM source WHERE name = ?)", name)
      try db.run("DELETE FROM source WHERE name = ?", name)
    }
  }
}

/// Rows of turns asked for dialogue by dialogue: one lookup per dialogue and one table of names.
struct TurnPlaces {
  var project: Project
  private var dialogue: DialogueKey?
  private var rows: [String: TurnRow] = [:]

  init(project: Project) {
    self.project = project
  }

  mutating func remember(_ key: DialogueKey, _ turns: [String: TurnRow]) {
    dialogue = key
    rows = turns
  }

  mutating func row(_ db: Database, _ key: TurnKey) throws -> TurnRow {
    if key.dialogue != dialogue {
      let first = try project.knownTurn(db, key)
      let range = TurnRow.all(ofDialogue: first.dialogue)
      rows = [:]
      for row in try db.rows(
        "SELECT name, id FROM turn WHERE id BETWEEN ? AND ?", range.lowerBound, range.upperBound)
      {
        rows[try row.text(0)] = TurnRow(id: try row.integer(1))
      }
      dialogue = key.dialogue
    }
    return try rows[key.turn] ?? project.knownTurn(db, key)
  }
}
