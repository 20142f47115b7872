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
  /// suggestions, in the order of the project and all as at one moment.
  ///
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
      let last = try db.integer("SELECT dialogue_count FROM project") ?? 0
      var streams = try db.rows("SELECT id, name, kind FROM rater ORDER BY name").map { row in
        try RatingStream(
          db, rater: try rater(row, from: 1), id: try row.integer(0), in: 0...Int64.max)
      }
      for id in 0..<last {
        guard let dialogue = try dialogue(db, id: id + 1) else { continue }
        var turns = dialogue.turns.map { RatedTurn(turn: $0, ratings: [], suggestion: nil) }
        let range = TurnRow.all(ofDialogue: id + 1)
        for stream in streams.indices {
          while let turn = streams[stream].turn, turn.id <= range.upperBound {
            let place = TurnRow(id: turn.id).place.turn
            let (answer, time, conditions) = try streams[stream].take(self)
            guard turn.id >= range.lowerBound, turns.indices.contains(place) else { continue }
            let rating = Rating(
              turn: turns[place].turn.key, rater: streams[stream].rater, answer: answer, time: time)
            turns[place].ratings.append(GivenRating(rating: rating, conditions: conditions))
          }
        }
        for (place, gold) in try goldLabels(db, of: id + 1, count: turns.count).enumerated() {
          turns[place].gold = gold
        }
        for (place, suggestion) in try suggestions(db, of: id + 1, dialogue.key, from: source)
        where turns.indices.contains(place) {
          turns[place].suggestion = suggestion
        }
        try body(dialogue.key, dialogue.title, turns)
      }
    }
  }
}
