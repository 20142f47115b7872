public import Dialogues
internal import GRDB

/// Going to the next turn of some kind, and searching.
extension Project {
  /// What to go to.
  public enum Wanted: String, Sendable, CaseIterable {
    /// A turn without an answer of the rater; also one they skipped.
    case unlabelled
    /// A turn the rater flagged.
    case flagged
    /// A turn the rater skipped.
    case skipped
    /// A turn the rater wrote a note on.
    case noted

    fileprivate var filter: DialogueFilter {
      switch self {
      case .unlabelled: .unfinished
      case .flagged: .flagged
      case .skipped: .skipped
      case .noted: .noted
      }
    }

    /// True of a row of `turn` left-joined with `turn_state` as `s` and `imported_rating` as `i`.
    fileprivate var condition: String {
      switch self {
      case .unlabelled:
        "CASE WHEN s.turn IS NULL THEN i.labels IS NULL ELSE s.labels IS NULL END"
      case .flagged: "s.flagged = 1"
      case .skipped: "s.skipped = 1"
      case .noted: "s.note <> ''"
      }
    }
  }

  /// The next turn of a kind after a place, or before it; past the end it goes on from the other,
  /// so that the place itself comes last.
  ///
  /// - Parameters:
  ///   - wanted: what to go to.
  ///   - place: where to begin; `nil` for the beginning (or the end, backwards), inclusive.
  ///   - backwards: whether to go towards the beginning.
  ///   - rater: whose turns are meant.
  /// - Returns: `nil` if no turn is of that kind.
  public func next(
    _ wanted: Wanted, after place: TurnPlace?, backwards: Bool = false, for rater: Rater
  ) throws -> TurnPlace? {
    try read { db in
      let rater = try raterID(db, rater)
      if wanted == .unlabelled {
        let progress = try progress(db, rater)
        if progress.labelled >= progress.total { return nil }
      }
      let search = Search(wanted: wanted, backwards: backwards, rater: rater)
      let all = 0...Int64.max
      guard let start = place.map({ TurnRow($0) }) else {
        return try search.first(db, in: all)
      }
      let ahead = backwards ? 0...max(start.id - 1, 0) : start.id + 1...Int64.max
      return try search.first(db, in: ahead) ?? search.first(db, in: all)
    }
  }

  /// The place of the first match among some turns of a dialogue, in the direction of the search.
  func next(
    _ wanted: Wanted, in places: Range<Int>, ofDialogue dialogue: Int64, backwards: Bool,
    for rater: Rater
  ) throws -> Int? {
    guard !places.isEmpty else { return nil }
    return try read { db in
      try Search(wanted: wanted, backwards: backwards, rater: raterID(db, rater)).turn(
        db, dialogue: dialogue,
        in: TurnRow(dialogue: dialogue, turn: places.lowerBound)
          .id...TurnRow(
            dialogue: dialogue, turn: places.upperBound - 1
          ).id)?.turn
    }
  }

  private struct Search {
    var wanted: Wanted
    var backwards: Bool
    var rater: Int64?

    private var order: String { backwards ? "DESC" : "ASC" }

    /// The first match among turns whose row ids lie in a range, in the direction of the search.
    func first(_ db: Database, in range: ClosedRange<Int64>) throws -> TurnPlace? {
      let edge = TurnRow(id: backwards ? range.upperBound : range.lowerBound).dialogue
      if let place = try turn(db, dialogue: edge, in: range) { return place }
      guard
        let dialogue = try db.integer(
          """
          SELECT dialogue.id FROM dialogue
          \(wanted == .unlabelled ? "LEFT" : "") JOIN dialogue_progress AS p
            ON p.rater = ?1 AND p.dialogue = dialogue.id
          WHERE dialogue.id \(backwards ? "<" : ">") ?2 AND \(wanted.filter.condition)
          ORDER BY dialogue.id \(order) LIMIT 1
          """, rater, edge)
      else { return nil }
      return try turn(db, dialogue: dialogue, in: range)
    }

    func turn(
      _ db: Database, dialogue: Int64, in range: ClosedRange<Int64>
    ) throws -> TurnPlace? {
      guard dialogue < Int64.max >> TurnRow.placeBits else { return nil }
      let range = TurnRow.all(ofDialogue: dialogue).clamped(to: range)
      return try db.integer(
        """
        SELECT turn.id FROM turn
        LEFT JOIN turn_state AS s ON s.rater = ?1 AND s.turn = turn.id
        LEFT JOIN imported_rating AS i ON i.rater = ?1 AND i.turn = turn.id
        WHERE turn.id BETWEEN ?2 AND ?3 AND \(wanted.condition)
        ORDER BY turn.id \(order) LIMIT 1
        """, rater, range.lowerBound, range.upperBound
      ).map { TurnRow(id: $0).place }
    }
  }
}
