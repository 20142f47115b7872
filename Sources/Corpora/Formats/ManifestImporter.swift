internal import Dialogues

/// The general way in: a CSV or JSON Lines file, a row a turn.
///
/// Columns: `dialogue`, `turn` and one of `text` and `audio` must be there; `speaker`, `start`, `end`,
/// `split`, `corpus`, `label`, `rater`, `valence`, `arousal`, `dominance`, `confidence` and `time`
/// may; `rater:NAME` holds the label of that rater, as in Undertone's own CSV export; all others are
/// kept as metadata. A turn may have several rows, one for each rater.
///
/// Turns keep the order of the file: times in corpora overlap and go back, and ids need not be
/// numbers.
///
/// The corpus a turn is filed under is part of its identity, and two people's projects merge only if
/// they agree on it. So what travels with the file goes first: its `corpus` column; then what the
/// person says; then the file's name; and only if that says nothing (`manifest.csv`, `train.csv`)
/// the name of its folder.
struct ManifestImporter: CorpusImporter {
  let name = "manifest"
  let summary = "any corpus: a CSV or JSON Lines file with a row for each turn"

  private static let names = [
    "manifest.csv", "manifest.jsonl", "manifest.tsv", "manifest.ndjson", "turns.csv", "turns.jsonl",
  ]
  /// File names that say nothing about the corpus.
  private static let empty: Set<String> = [
    "manifest", "turns", "utterances", "data", "metadata", "index", "labels", "all", "corpus",
    "export",
  ]

  func recognise(_ path: String) -> String? {
    guard let file = file(path), let reader = try? openRecords(file) else { return nil }
    if reader is JSONLinesReader {
      guard (try? reader.next()) == .record else { return nil }
    }
    let columns = Set(reader.columns)
    guard columns.isSuperset(of: ["dialogue", "turn"]),
      columns.contains("text") || columns.contains("audio")
    else { return nil }
    return "\(FileSystem.lastComponent(file)) has the columns dialogue, turn and "
      + (columns.contains("text") ? "text" : "audio")
  }

  private func file(_ path: String) -> String? {
    guard FileSystem.isFolder(path) else { return path }
    return Self.names.lazy.map { "\(path)/\($0)" }.first(where: FileSystem.isFile)
  }

  /// The name a corpus goes by when nobody says it.
  static func corpusName(_ file: String) -> String {
    let stem = FileSystem.stem(FileSystem.lastComponent(file))
    if !empty.contains(stem.lowercased()), MELDTable.split(of: stem) == nil { return stem }
    let folder =
      FileSystem.resolved(FileSystem.folder(of: file)).map(FileSystem.lastComponent) ?? ""
    return folder.isEmpty ? stem : folder
  }

  func read(_ path: String, into run: ImportRun) throws {
    guard let file = file(path) else {
      throw CorpusError(
        file: path,
        message: "it holds none of \(Self.names.joined(separator: ", ")); name the file itself.")
    }
    let folder = run.options.root ?? FileSystem.folder(of: file)
    let root = try AudioRoot(folder)
    run.summary.root = root.path
    run.setScheme(nil)
    let table = try ManifestTable(file, root: root, run: run)
    try table.read()
    run.summary.scheme =
      run.options.scheme ?? Self.scheme(for: run.summary.labels, corpus: table.corpus)
  }

  /// A rater in a manifest came with the corpus; a name that ends in `/self` is a self-report.
  static func rater(_ name: String) -> Rater {
    Rater(name: name, kind: name.hasSuffix("/self") ? .selfReport : .corpus)
  }

  /// A scheme for the labels a corpus uses: a known one that has them all, else one of just them,
  /// neutral first, in alphabetical order so that everybody's is the same.
  static func scheme(for labels: [String: Int], corpus: String) -> LabelScheme {
    for scheme in [LabelScheme.meld, .iemocap, .emoryNLP] {
      if labels.keys.allSatisfy({ scheme.index(of: $0) != nil }) { return scheme }
    }
    let names = labels.keys.sorted {
      ($0.lowercased() != "neutral" ? 1 : 0, $0) < ($1.lowercased() != "neutral" ? 1 : 0, $1)
    }
    return LabelScheme(name: corpus, labels: names)
  }
}

/// One manifest while it is read.
private struct ManifestTable {
  let path: String
  let corpus: String
  private let root: AudioRoot
  private let run: ImportRun
  private let reader: any RecordReader
  private let dialogue: Int
  private let turn: Int
  private let speaker, text, audio, start, end, audioStart, audioEnd, split, corpusColumn,
    rater, title: Int?
  private let answers: AnswerColumns
  private let fallbackSplit: String

  init(_ path: String, root: AudioRoot, run: ImportRun) throws {
    self.path = path
    self.root = root
    self.run = run
    reader = try openRecords(path, renaming: run.options.columns)
    if let reader = reader as? JSONLinesReader { try Self.meetNames(reader) }
    dialogue = try reader.requiredColumn("dialogue", for: "a manifest")
    turn = try reader.requiredColumn("turn", for: "a manifest")
    if !(reader is JSONLinesReader), reader.column("text") == nil, reader.column("audio") == nil {
      throw CorpusError(
        file: path,
        message: "a manifest needs a column “text” or “audio”; the file has "
          + reader.columns.map { quoted($0) }.joined(separator: ", ")
          + ". Name one with --map theirs=ours.")
    }
    speaker = reader.column("speaker")
    text = reader.column("text")
    audio = reader.column("audio")
    start = reader.column("start")
    end = reader.column("end")
    audioStart = reader.column("audio_start")
    audioEnd = reader.column("audio_end")
    split = reader.column("split")
    corpusColumn = reader.column("corpus")
    rater = reader.column("rater")
    // Kept with the turns' further columns as well, so that an export has it.
    title = reader.columns.contains("title") ? reader.column("title") : nil
    answers = AnswerColumns(reader, scheme: run.options.scheme)
    corpus = run.options.corpus ?? ManifestImporter.corpusName(path)
    let stem = FileSystem.stem(FileSystem.lastComponent(path))
    // Ids often restart from file to file; the name of the file then keeps them apart.
    fallbackSplit =
      run.options.split
      ?? (["train", "dev", "test", "valid", "val", "validation"].contains(stem) ? stem : "")
    if run.options.corpus == nil, reader.column("corpus") == nil || reader is JSONLinesReader {
      try run.warn(
        .choice, path,
        "turns that name no corpus are filed under \(quoted(corpus)), after the file or its folder; "
          + "projects merge only where the name is the same, and --corpus NAME sets it.")
    }
  }

  /// In JSON Lines a name that is to be mapped may come late, so a wrong one is only known at the end;
  /// the first record says it sooner.
  private static func meetNames(_ reader: JSONLinesReader) throws {
    let start = reader.position
    while try reader.next() != .end, !reader.unmetNames.isEmpty {}
    reader.seek(start)
    if let name = reader.unmetNames.min() {
      throw CorpusError(
        file: reader.path,
        message: "no record in it has the name \(quoted(name)); the names are "
          + reader.columns.prefix(30).map { quoted($0) }.joined(separator: ", ") + ".")
    }
  }

  func read() throws {
    let runs = try DialogueRuns(reader, run: run) {
      let id = trimmed(reader.text(dialogue))
      if id.isEmpty || trimmed(reader.text(turn)).isEmpty {
        try run.warn(
          .wrongValue, path, row: reader.row,
          "the \(id.isEmpty ? "dialogue" : "turn") is empty; every row needs both ids.")
        return nil
      }
      let ownCorpus = trimmed(reader.text(corpusColumn))
      let ownSplit = trimmed(reader.text(split))
      return DialogueKey(
        corpus: ownCorpus.isEmpty ? corpus : ownCorpus,
        split: ownSplit.isEmpty ? fallbackSplit : ownSplit, dialogue: id)
    }
    var raters: [(place: Int, rater: Rater)] = []
    let table = ExportedTable(reader)
    for (place, column) in reader.columns.enumerated()
    where table == nil && column.hasPrefix("rater:") {
      let rater = ManifestImporter.rater(trimmed(column.dropFirst("rater:".count)))
      if !rater.name.isEmpty { raters.append((place, rater)) }
    }
    let exported = ExportedColumns(reader)
    var ownColumns = ColumnSet(
      [
        dialogue, turn, speaker, text, audio, start, end, audioStart, audioEnd, split, corpusColumn,
        rater,
      ] + answers.places)
    for place in raters.map(\.place) + (exported?.places ?? []) + (table?.places ?? []) {
      ownColumns.insert(place)
    }
    var turns = TurnCollector()
    try runs.forEach(in: reader, run: run) { key in
      try readRow(
        key, into: &turns, raters: raters, exported: exported, table: table,
        ownColumns: ownColumns)
    } end: { key in
      turns.shareRecordings()
      try turns.finish(key, file: path, run: run)
    }
  }

  private func readRow(
    _ key: DialogueKey, into turns: inout TurnCollector, raters: [(place: Int, rater: Rater)],
    exported: ExportedColumns?, table: ExportedTable?, ownColumns: ColumnSet
  ) throws {
    let id = trimmed(reader.text(turn))
    if turns.title.isEmpty { turns.title = trimmed(reader.text(title)) }
    let read: (Int?) -> String = { column in
      let cell = reader.text(column)
      return table != nil ? FormulaEscape.removed(cell) : cell
    }
    let turnKey = TurnKey(dialogue: key, turn: id)
    let said = read(text)
    let name = trimmed(reader.text(audio))
    if said.isEmpty && name.isEmpty && turns.place(of: id) == nil, exported == nil,
      table == nil
    {
      try run.warn(
        .wrongValue, path, row: reader.row, "it has neither text nor audio.")
      return
    }
    var span: AudioSpan?
    if !name.isEmpty && turns.place(of: id) == nil {
      switch root.find(name) {
      case .found(let place):
        run.countAudio()
        span = AudioSpan(path: place)
      case .missing(let place):
        try run.missAudio(
          path, row: reader.row, "\(quoted(place)) is not there; the turn is silent.")
        span = AudioSpan(path: place)
      case .outside(let reason):
        try run.warn(.unsafePath, path, row: reader.row, reason)
        return
      }
    }
    var ratings: [Rating] = []
    for (place, rater) in raters {
      let labels = AnswerColumns.labels(read(place))
      if !labels.isEmpty {
        ratings.append(Rating(turn: turnKey, rater: rater, answer: Answer(labels: labels)))
      }
    }
    if let (answer, time) = try answers.answer(in: reader, run: run) {
      let name = trimmed(reader.text(rater))
      let rater =
        name.isEmpty
        ? run.options.rater ?? Rater(name: "corpus", kind: .corpus) : ManifestImporter.rater(name)
      ratings.append(Rating(turn: turnKey, rater: rater, answer: answer, time: time))
    }
    ratings += try table?.ratings(in: reader, turn: turnKey, run: run) ?? []
    var words: [WordTime] = []
    var metadata: [MetadataField] = []
    if let exported {
      guard let more = exported.ratings(in: reader, turn: turnKey),
        let itsWords = exported.words(in: reader), let fields = exported.metadata(in: reader)
      else {
        try run.warn(
          .wrongValue, path, row: reader.row,
          "its ratings, words or metadata are not as Undertone exports them.")
        return
      }
      ratings += more
      words = itsWords
      metadata = fields
    }
    if let place = turns.place(of: id) {
      return try add(ratings, to: &turns, at: place, said: said)
    }
    var turn = Turn(
      key: turnKey, speaker: trimmed(read(speaker)), text: said, audio: span,
      words: words, metadata: metadata + reader.metadata(except: ownColumns))
    turn.time = try run.time(reader.text(start), reader.text(end), in: reader)
    let part = try run.time(reader.text(audioStart), reader.text(audioEnd), in: reader)
    if let part, part.end > part.start { turn.audio?.span = part }
    turns.add(turn, ratings: ratings)
  }

  /// A further row of a turn: it may add ratings, nothing else.
  private func add(
    _ ratings: [Rating], to turns: inout TurnCollector, at place: Int, said: String
  ) throws {
    let turn = turns[place]
    if !said.isEmpty && said != turn.text {
      try run.warn(
        .duplicate, path, row: reader.row,
        "turn \(quoted(turn.key.turn)) of dialogue \(quoted(turn.key.dialogue.dialogue)) was there "
          + "before with another text; the first is kept.")
      return
    }
    let known = Set(turns.ratings(at: place).map(\.rater.name))
    let new = ratings.filter { !known.contains($0.rater.name) }
    if new.isEmpty {
      try run.warn(
        .duplicate, path, row: reader.row,
        "turn \(quoted(turn.key.turn)) of dialogue \(quoted(turn.key.dialogue.dialogue)) was there "
          + "before, and the row adds no rater to it.")
    }
    for rating in new { turns.add(rating, at: place) }
  }
}
