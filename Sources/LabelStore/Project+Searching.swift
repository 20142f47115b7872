internal import Dialogues
internal import GRDB

extension Project {
  /// The next turn whose text or speaker holds some words, in the order of the project.
  ///
  /// Upper and lower case are the same (for letters beyond ASCII only if all of `words` is in one
  /// case in the text). A search through a million turns takes some tenths of a second: call it from
  /// a background queue; `isCancelled` is asked every few thousand turns.
  ///
  /// It is a plain scan: an index over all words would make the file half as large again, to save
  /// a wait that only the largest projects have.
  ///
  /// - Parameters:
  ///   - words: what to look for, verbatim.
  ///   - place: where to begin; that turn itself comes last. `nil` for the beginning (or the end,
  ///     backwards).
  ///   - backwards: whether to go towards the beginning. Past the end the search goes on from the
  ///     other.
  ///   - isCancelled: whether to give up, with `nil`.
  /// - Returns: `nil` if there is no such turn.
  public func search(
    _ words: String, after place: TurnPlace? = nil, backwards: Bool = false,
    isCancelled: () -> Bool = { false }
  ) throws -> TurnPlace? {
    let words = StoredText.clean(words)
    guard !words.isEmpty else { return nil }
    return try read(.scan) { db in
      let last = TurnRow.all(ofDialogue: try db.integer("SELECT dialogue_count FROM project") ?? 0)
      let end = last.upperBound
      let start = min(place.map { TurnRow($0).id } ?? (backwards ? end : 0), end)
      let ranges =
        backwards ? [0...max(start - 1, 0), start...end] : [min(start + 1, end)...end, 0...start]
      let statement = try statement(db, finding: words, backwards: backwards)
      for range in ranges {
        for part in parts(of: range, backwards: backwards) {
          if isCancelled() { return nil }
          let found = try Int64.fetchOne(
            statement.0, arguments: [part.lowerBound, part.upperBound] + statement.1)
          if let found { return TurnRow(id: found).place }
        }
      }
      return nil
    }
  }

  /// The place of the first turn among some of a dialogue that holds some words, in the direction of
  /// the search.
  func search(
    _ words: String, in places: Range<Int>, ofDialogue dialogue: Int64, backwards: Bool
  ) throws -> Int? {
    let words = StoredText.clean(words)
    guard !words.isEmpty, !places.isEmpty else { return nil }
    return try read(.scan) { db in
      let statement = try statement(db, finding: words, backwards: backwards)
      return try Int64.fetchOne(
        statement.0,
        arguments: [
          TurnRow(dialogue: dialogue, turn: places.lowerBound).id,
          TurnRow(dialogue: dialogue, turn: places.upperBound - 1).id,
        ] + statement.1
      ).map { TurnRow(id: $0).place.turn }
    }
  }

  /// The range in pieces of some hundred dialogues, so that a search can be given up in between.
  private func parts(
    of range: ClosedRange<Int64>, backwards: Bool
  ) -> some Sequence<ClosedRange<Int64>> {
    let step = Int64(500) << TurnRow.placeBits
    return sequence(state: backwards ? range.upperBound : range.lowerBound) { edge in
      guard range.contains(edge) else { return nil }
      let part =
        backwards
        ? max(edge - step, range.lowerBound)...edge : edge...min(edge + step, range.upperBound)
      edge = backwards ? part.lowerBound - 1 : part.upperBound + 1
      return part
    }
  }

  private func statement(
    _ db: Database, finding words: String, backwards: Bool
  ) throws -> (Statement, StatementArguments) {
    // SQLite's LIKE folds the case of ASCII letters only.
    var spellings = [words]
    if !words.utf8.allSatisfy({ $0 < 0x80 }) {
      for spelling in [words.lowercased(), words.uppercased()] where !spellings.contains(spelling) {
        spellings.append(spelling)
      }
    }
    let condition = spellings.map { _ in "text LIKE ? ESCAPE '\\' OR speaker LIKE ? ESCAPE '\\'" }
    let sql = """
      SELECT id FROM turn WHERE id BETWEEN ? AND ? AND (\(condition.joined(separator: " OR ")))
      ORDER BY id \(backwards ? "DESC" : "ASC") LIMIT 1
      """
    let patterns = spellings.map { spelling in
      var pattern = "%"
      for character in spelling {
        if "\\%_".contains(character) { pattern.append("\\") }
        pattern.append(character)
      }
      return pattern + "%"
    }
    return (
      try db.makeStatement(sql: sql), StatementArguments(patterns.flatMap { [$0, $0] })
    )
  }
}
