internal import Dialogues

/// Label Studio's JSON: a list of tasks, as its export or its import has them, or one task a line.
///
/// A task is a turn; its `data` says what it is, in the columns of a manifest (``ManifestImporter``),
/// and `--map` names others. Tasks without a dialogue are all in one. A task whose data hold a list of
/// utterances, as in the template for conversations (`<Paragraphs>`), is a dialogue. Each annotation
/// that was not cancelled is a rating by who completed it, of kind person; predictions become
/// suggestions of their `model_version`.
struct LabelStudioImporter: CorpusImporter {
  let name = "label-studio"
  let summary = "Label Studio: tasks with annotations and predictions, as its JSON export has them"

  func recognise(_ path: String) -> String? {
    guard ["json", "jsonl", "ndjson"].contains(FileSystem.fileExtension(path)),
      let reader = try? Self.reader(path, ImportOptions()), (try? reader.next()) == .record
    else { return nil }
    let names = Set(reader.object.map(\.key))
    return names.isDisjoint(with: ["annotations", "predictions", "completions"])
      ? nil : "its first object has data and annotations or predictions, as Label Studio's tasks do"
  }

  private static func reader(
    _ path: String, _ options: ImportOptions
  ) throws(CorpusError) -> JSONLinesReader {
    if FileSystem.isFolder(path) {
      throw CorpusError(file: path, message: "it is a folder; name the JSON file in it.")
    }
    return try JSONLinesReader(ByteFile(path), renaming: options.columns, nested: "data")
  }

  func read(_ path: String, into run: ImportRun) throws {
    let root = try AudioRoot(run.options.root ?? FileSystem.folder(of: path))
    run.summary.root = root.path
    run.setScheme(nil)
    let reader = try Self.reader(path, run.options)
    let corpus = run.options.corpus ?? ManifestImporter.corpusName(path)
    let tasks = LabelStudioTasks(reader, corpus: corpus, root: root, run: run)
    let runs = try DialogueRuns(reader, run: run) { try tasks.key() }
    if tasks.hasNoDialogues {
      try run.warn(
        .choice, path,
        "tasks that name no dialogue are turns of one, \(quoted(corpus)); --map NAME=dialogue says which "
          + "field of their data does.")
    }
    var turns = TurnCollector()
    try runs.forEach(in: reader, run: run) { key in
      try tasks.readTask(key, into: &turns)
    } end: { key in
      turns.shareRecordings()
      try turns.finish(key, file: path, run: run)
    }
    run.summary.scheme =
      run.options.scheme ?? ManifestImporter.scheme(for: run.summary.labels, corpus: corpus)
  }
}
