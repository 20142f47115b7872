public import Dialogues
internal import GRDB

/// Finds turns by what a file says of them, which is often less than a whole key.
///
/// Files of ratings seldom name the corpus and often no split. Corpora and splits are looked up once,
/// so that a hundred thousand rows need no more than one index lookup for each possible key.
public struct TurnFinder: Sendable {
  private let project: Project
  private let splits: [(corpus: String, split: String)]

  /// Creates a finder for the corpora that the project has now.
  public init(_ project: Project) throws {
    self.project = project
    splits = try project.read { db in
      try db.rows(
        """
        SELECT DISTINCT corpus.name, dialogue.split FROM dialogue
        JOIN corpus ON corpus.id = dialogue.corpus ORDER BY corpus.id, dialogue.split
        """
      ).map { (corpus: try $0.text(0), split: try $0.text(1)) }
    }
  }

  /// The turns that fit; more than one if the split or the corpus would have to be named, too.
  ///
  /// - Parameters:
  ///   - corpus: the corpus; `nil` for any.
  ///   - split: the split; `nil` for any.
  ///   - dialogue: the corpus's own id of the dialogue.
  ///   - turn: the corpus's own id of the turn.
  public func turns(
    corpus: String?, split: String?, dialogue: String, turn: String
  ) throws -> [TurnKey] {
    let candidates = splits.filter { candidate in
      (corpus.map { $0 == candidate.corpus } ?? true)
        && (split.map { $0 == candidate.split } ?? true)
    }.map { candidate in
      TurnKey(
        dialogue: DialogueKey(
          corpus: candidate.corpus, split: candidate.split, dialogue: dialogue), turn: turn)
    }
    return try project.read { db in
      try candidates.filter { try project.turnRow(db, $0) != nil }
    }
  }
}
