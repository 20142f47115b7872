internal import Dialogues

extension CorpusImporter {
  /// Reads just far enough to say what the corpus is called and where its sound lies, which a
  /// project must know before it can take the first dialogue in.
  ///
  /// - Returns: the corpus's name and the folder its audio paths are relative to; `nil` if there is
  ///   no dialogue in it.
  /// - Throws: ``CorpusError`` for what is wrong with the path.
  public func examine(
    _ path: String, options: ImportOptions = ImportOptions()
  ) throws -> (corpus: String, root: String)? {
    // A first dialogue may turn out to be empty; only then is all that comes after it read.
    try firstDialogue(path, options, quickly: true)
      ?? firstDialogue(path, options, quickly: false)
  }

  private func firstDialogue(
    _ path: String, _ options: ImportOptions, quickly: Bool
  ) throws -> (corpus: String, root: String)? {
    var corpus: String?
    let run = ImportRun(
      options: options, wantsFirstDialogue: quickly,
      consume: { imported in
        corpus = imported.dialogue.key.corpus
        throw Enough()
      }, warn: { _ in }, progress: { _ in })
    do {
      try read(path, into: run)
    } catch is Enough {}
    return corpus.map { ($0, run.summary.root) }
  }
}

/// Ends the reading once the first dialogue is there.
private struct Enough: Error {}
