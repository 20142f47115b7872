internal import Dialogues

/// audformat: a folder with `db.yaml` and its tables as `db.TABLE.csv`.
///
/// A row of a table is a turn: a file, or a part of one. Rows of several tables that are about the same
/// part are one turn. Columns `dialogue` and `turn`, as our own export writes them, say which it is;
/// without them, the parts of a file are a dialogue named like the file, each called by its times, and
/// in a database of whole files alone a folder is a dialogue and each file a turn. Columns with a rater
/// are their ratings, those of an emotion without one the consensus, which is named after the database.
struct AudformatImporter: CorpusImporter {
  let name = "audformat"
  let summary = "audformat: a folder with db.yaml and its tables as CSV files"

  func recognise(_ path: String) -> String? {
    let file = Self.file(path)
    guard FileSystem.lastComponent(file) == "db.yaml", FileSystem.isFile(file) else { return nil }
    return FileSystem.isFolder(path) ? "it holds a db.yaml" : "it is named db.yaml"
  }

  private static func file(_ path: String) -> String {
    FileSystem.isFolder(path) ? "\(path)/db.yaml" : path
  }

  func read(_ path: String, into run: ImportRun) throws {
    let file = Self.file(path)
    guard FileSystem.isFile(file) else {
      if FileSystem.isFolder(path) {
        throw CorpusError(file: path, message: "there is no db.yaml in it.")
      }
      _ = try ByteFile(path)
      throw CorpusError(file: path, message: "it is neither a folder nor a file.")
    }
    guard ["yaml", "yml"].contains(FileSystem.fileExtension(file)) else {
      throw CorpusError(
        file: path, message: "audformat is read from the folder with db.yaml, or from that file.")
    }
    let header = try AudformatHeader(file)
    let folder = FileSystem.folder(of: file)
    let root = try AudioRoot(run.options.root ?? folder)
    run.summary.root = root.path
    let corpus = run.options.corpus ?? (header.name.isEmpty ? "audformat" : header.name)
    let scheme = Self.scheme(header, corpus: corpus)
    run.setScheme(scheme)
    var database = AudformatDatabase(
      corpus: corpus, hasSegments: header.tables.contains(where: \.isSegmented), file: file,
      root: root, run: run)
    let consensus = run.options.rater ?? Rater(name: corpus, kind: .corpus)
    for table in header.tables {
      guard !table.id.contains("/"), FileSystem.isFile("\(folder)/db.\(table.id).csv") else {
        try run.warn(
          .missingFile, file,
          "the table \(quoted(table.id)) is not there as CSV; save the database with "
            + "storage_format=\"csv\".")
        continue
      }
      let reader = try CSVReader(path: "\(folder)/db.\(table.id).csv", renaming: [:])
      database.tables.append(
        try AudformatTable(table, reader: reader, of: header, consensus: consensus))
    }
    try database.read()
    if scheme == nil {
      run.summary.scheme =
        run.options.scheme ?? ManifestImporter.scheme(for: run.summary.labels, corpus: corpus)
    }
  }

  /// The label scheme that the header declares; `nil` if it declares no labels of emotions.
  private static func scheme(_ header: AudformatHeader, corpus: String) -> LabelScheme? {
    let name = ["emotion", "emotions", "label", "labels", "category"].first {
      header.schemes[$0]?.labels != nil
    }
    guard let name, let labels = header.schemes[name]?.labels, !labels.isEmpty,
      Set(labels).count == labels.count
    else { return nil }
    var scheme = LabelScheme(name: corpus, labels: labels)
    for name in AnswerColumns.usualDimensions {
      guard let low = header.schemes[name]?.minimum, let high = header.schemes[name]?.maximum,
        let lowest = Int(exactly: low), let highest = Int(exactly: high), lowest < highest
      else { continue }
      scheme.dimensions.append(
        LabelScheme.Dimension(
          name: name, low: lowest, high: highest, lowMeaning: "low", highMeaning: "high"))
    }
    return scheme
  }
}

/// The tables of a database while they are read together.
private struct AudformatDatabase {
  let corpus: String
  let hasSegments: Bool
  let file: String
  let root: AudioRoot
  let run: ImportRun
  var tables: [AudformatTable] = []

  /// The split of each file that a table with a split has.
  private var splits: [String: String] = [:]
  /// The dialogues of rows that one table names, for the others, by a hash of the row's index.
  private var dialogues: [Int: DialogueKey] = [:]

  init(corpus: String, hasSegments: Bool, file: String, root: AudioRoot, run: ImportRun) {
    self.corpus = corpus
    self.hasSegments = hasSegments
    self.file = file
    self.root = root
    self.run = run
  }

  mutating func read() throws {
    // Tables without a split take that of the others, so those come first.
    tables = tables.filter { $0.header.split != nil } + tables.filter { $0.header.split == nil }
    // And those that name their turns before those that share their rows.
    tables = tables.filter(\.namesTurns) + tables.filter { !$0.namesTurns }
    var runs: [DialogueRuns] = []
    var keys: [DialogueKey] = []
    var known: Set<DialogueKey> = []
    for table in tables {
      let found = try DialogueRuns(table.reader, run: run) { try key(table) }
      keys += found.keys.filter { known.insert($0).inserted }
      runs.append(found)
    }
    for key in keys {
      var turns = TurnCollector()
      var ids: [String: String] = [:]
      for (table, runs) in zip(tables, runs) {
        try runs.forEachRow(of: key, in: table.reader, run: run) {
          try readRow(table, key, into: &turns, ids: &ids)
        }
      }
      turns.shareRecordings()
      try turns.finish(key, file: file, run: run)
    }
  }

  private mutating func key(_ table: AudformatTable) throws -> DialogueKey? {
    let name = table.fileName
    if name.isEmpty {
      try run.warn(.wrongValue, table.reader.path, row: table.reader.row, "the file is empty.")
      return nil
    }
    if let split = table.header.split { splits[name] = splits[name] ?? split }
    let key = ownKey(table, name)
    if table.namesTurns {
      dialogues[table.index.hashValue] = key
      return key
    }
    return dialogues[table.index.hashValue] ?? key
  }

  private func ownKey(_ table: AudformatTable, _ name: String) -> DialogueKey {
    var dialogue = trimmed(table.text(.dialogue))
    if dialogue.isEmpty {
      let folder = FileSystem.folder(of: name)
      dialogue = hasSegments ? FileSystem.stem(name) : folder == "." ? corpus : folder
    }
    let ownCorpus = trimmed(table.text(.corpus))
    let ownSplit = trimmed(table.text(.split))
    return DialogueKey(
      corpus: ownCorpus.isEmpty ? corpus : ownCorpus,
      split: ownSplit.isEmpty ? run.options.split ?? splits[name] ?? "" : ownSplit,
      dialogue: dialogue)
  }

  private func readRow(
    _ table: AudformatTable, _ key: DialogueKey, into turns: inout TurnCollector,
    ids: inout [String: String]
  ) throws {
    let name = table.fileName
    let span = try table.span(run)
    var id = trimmed(table.text(.turn))
    if id.isEmpty { id = ids[table.index] ?? "" }
    // Rows that name their turns stand in spoken order; others are put in that of their times.
    let order = id.isEmpty ? span?.start ?? 0 : 0
    if id.isEmpty {
      if let span {
        id = "\(span.start)-" + (span.end.map { "\($0)" } ?? "")
      } else {
        id = FileSystem.stem(FileSystem.lastComponent(name))
      }
    }
    if turns.title.isEmpty { turns.title = trimmed(table.text(.title)) }
    let key = TurnKey(dialogue: key, turn: id)
    var place = turns.place(of: id)
    if place == nil {
      guard let turn = try newTurn(key, table, span) else { return }
      ids[table.index] = id
      place = turns.count
      turns.add(turn, order: order, ratings: [])
    }
    guard let place else { return }
    let text = table.text(.text)
    if turns[place].text.isEmpty { turns[place].text = text }
    if turns[place].speaker.isEmpty { turns[place].speaker = trimmed(table.text(.speaker)) }
    turns[place].metadata += table.metadata.filter { !turns[place].metadata.contains($0) }
    if let prediction = table.prediction(of: key) { add(prediction, to: &turns) }
    for (rater, answer) in try table.answers(run) {
      if !turns.merge(Rating(turn: key, rater: rater, answer: answer), at: place) {
        try run.warn(
          .duplicate, table.reader.path, row: table.reader.row,
          "\(quoted(rater.name)) has already rated turn \(quoted(id)); the first rating is kept.")
      }
    }
  }

  private func newTurn(
    _ key: TurnKey, _ table: AudformatTable, _ span: (start: Double, end: Double?)?
  ) throws -> Turn? {
    var turn = Turn(key: key)
    let name = table.fileName
    let audio = table.has(.audio) ? trimmed(table.text(.audio)) : name
    if !audio.isEmpty {
      switch root.find(audio) {
      case .found(let path):
        run.countAudio()
        turn.audio = AudioSpan(path: path)
      case .missing(let path):
        try run.missAudio(
          table.reader.path, row: table.reader.row,
          "\(quoted(path)) is not there; the turn is silent.")
        turn.audio = AudioSpan(path: path)
      case .outside(let reason):
        try run.warn(.unsafePath, table.reader.path, row: table.reader.row, reason)
        return nil
      }
    }
    if let span, audio == name { try set(span, of: &turn, table) }
    if table.has(.timeStart) {
      turn.time = try run.time(table.text(.timeStart), table.text(.timeEnd), in: table.reader)
    }
    return turn
  }

  private func add(_ prediction: ImportedPrediction, to turns: inout TurnCollector) {
    let known = turns.predictions.firstIndex {
      $0.turn == prediction.turn && $0.source == prediction.source
    }
    guard let known else { return turns.predictions.append(prediction) }
    turns.predictions[known].scores.merge(prediction.scores) { first, _ in first }
    turns.predictions[known].refined = turns.predictions[known].refined ?? prediction.refined
  }

  private func set(
    _ span: (start: Double, end: Double?), of turn: inout Turn, _ table: AudformatTable
  ) throws {
    guard let end = span.end else {
      try run.warn(
        .unreadableValue, table.reader.path, row: table.reader.row,
        "the turn begins at \(span.start) s and has no end; it plays its whole file.")
      return
    }
    turn.time = TimeSpan(start: span.start, end: end)
    if end > span.start {
      turn.audio?.span = turn.time
    } else {
      try run.warn(
        .backwardTime, table.reader.path, row: table.reader.row,
        "the turn starts at \(span.start) s and ends at \(end) s.")
    }
  }
}
