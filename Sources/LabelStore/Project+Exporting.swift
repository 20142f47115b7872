public import Dialogues
internal import GRDB

/// A turn with what everybody said of it and what a source suggests.
public struct RatedTurn: Equatable, Sendable {
  /// The turn.
  public var turn: Turn
  /// The present answers, in the order of the raters' names.
  public var ratings: [GivenRating]
  /// The source's suggestion; `nil` if it has none.
  public var suggestion: Suggestion?
  /// What was decided on the turn; `nil` if nothing was.
  public var gold: Project.GoldLabel?
}

/// A rating and the conditions it was given under.
public struct GivenRating: Equatable, Sendable {
  /// The rating.
  public var rating: Rating
  /// The conditions; `nil` for an imported rating.
  public var conditions: RatingConditions?
}

extension Project {
  /// Calls a function with every dialogue, its turns, everybody's present answers and one source's
  /// suggestions, all as at one moment.
  ///
  /// The order is that of the dialogues' keys and not that of the project, in which dialogues stand as
  /// they were imported and merged: copies of one content are to be told by their exports to be one.
  /// One dialogue is in memory at a time.
  ///
  /// - Parameters:
  ///   - source: whose suggestions; none if the project has no such source.
  ///   - body: takes a dialogue's identity, its title, and its turns in spoken order.
  public func forEachRatedDialogue(
    suggestedBy source: String,
    _ body: (DialogueKey, _ title: String, [RatedTurn]) throws -> Void
  ) throws {
    try read(.scan) { db in
      for id in try dialoguesByKey(db) {
        guard let dialogue = try dialogue(db, id: id) else { continue }
        var turns = dialogue.turns.map { RatedTurn(turn: $0, ratings: [], suggestion: nil) }
        for (place, rating) in try givenRatings(db, of: id, dialogue) {
          turns[place].ratings.append(rating)
        }
        for (place, gold) in try goldLabels(db, of: id, count: turns.count).enumerated() {
          turns[place].gold = gold
        }
        for (place, suggestion) in try suggestions(db, of: id, dialogue.key, from: source)
        where turns.indices.contains(place) {
          turns[place].suggestion = suggestion
        }
        try body(dialogue.key, dialogue.title, turns)
      }
    }
  }

  private func dialoguesByKey(_ db: Database) throws -> [Int64] {
    let dialogues = try db.rows(
      """
      SELECT dialogue.id, corpus.name, dialogue.split, dialogue.name FROM dialogue
      JOIN corpus ON corpus.id = dialogue.corpus ORDER BY dialogue.id
      """
    ).map { row in
      (
        id: try row.integer(0),
        key: DialogueKey(
          corpus: try row.text(1), split: try row.text(2), dialogue: try row.text(3))
      )
    }
    return dialogues.sorted { $0.key < $1.key }.map(\.id)
  }

  /// The present answers on the turns of a dialogue, in the order of the raters' names, each with the
  /// turn's place in it.
  private func givenRatings(
    _ db: Database, of dialogue: Int64, _ content: Dialogue
  ) throws -> [(place: Int, rating: GivenRating)] {
    let range = TurnRow.all(ofDialogue: dialogue)
    return try db.rows(
      """
      SELECT s.turn, rater.name, rater.kind, s.labels, s.dimensions, s.confidence, e.time,
        e.shown_source, e.shown_label, e.shown_probability, e.met, e.heard_milliseconds, e.replays,
        e.answer_milliseconds, e.protocol, e.arm, e.stage, e.program
      FROM rater CROSS JOIN turn_state AS s ON s.rater = rater.id AND s.turn BETWEEN ?1 AND ?2
      LEFT JOIN event AS e ON e.id = s.answered_by
      WHERE s.labels IS NOT NULL
      UNION ALL
      SELECT i.turn, rater.name, rater.kind, i.labels, i.dimensions, i.confidence, i.time, NULL, NULL,
        NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ''
      FROM rater CROSS JOIN imported_rating AS i ON i.rater = rater.id AND i.turn BETWEEN ?1 AND ?2
      WHERE NOT EXISTS (SELECT 1 FROM turn_state AS s WHERE s.rater = i.rater AND s.turn = i.turn)
      ORDER BY 2
      """, range.lowerBound, range.upperBound
    ).compactMap { row in
      let place = TurnRow(id: try row.integer(0)).place.turn
      guard content.turns.indices.contains(place), let answer = try StoredAnswer(row, from: 3)
      else { return nil }
      return (
        place,
        GivenRating(
          rating: Rating(
            turn: content.turns[place].key, rater: try rater(row, from: 1), answer: answer.answer,
            time: try row.optionalReal(6)), conditions: try conditions(row, 7))
      )
    }
  }
}
