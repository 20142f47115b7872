internal import Dialogues

/// The tasks of a Label Studio file while they are read.
final class LabelStudioTasks {
  private let reader: JSONLinesReader
  private let corpus: String
  private let root: AudioRoot
  private let run: ImportRun
  /// Whether a task named no dialogue.
  private(set) var hasNoDialogues = false

  init(_ reader: JSONLinesReader, corpus: String, root: AudioRoot, run: ImportRun) {
    self.reader = reader
    self.corpus = corpus
    self.root = root
    self.run = run
  }

  private func cell(_ names: String...) -> String {
    for name in names {
      let text = reader.text(reader.column(name))
      if !text.isEmpty { return text }
    }
    return ""
  }

  /// The id of the task read last; its place where it has none.
  private var taskID: String {
    guard let id = reader.object.first(where: { $0.key == "id" })?.value else {
      return "\(reader.row)"
    }
    if case .number(let text) = id { return text }
    return id.text.map { trimmed($0) }.flatMap { $0.isEmpty ? nil : $0 } ?? "\(reader.row)"
  }

  /// The utterances of a task that is a whole conversation; `nil` in one that is a turn.
  private var utterances: [[String: JSONValue]]? {
    guard case .object(let data)? = reader.object.first(where: { $0.key == "data" })?.value else {
      return nil
    }
    for (_, value) in data {
      guard let list = value.list, !list.isEmpty else { continue }
      let objects = list.compactMap(\.members)
      if objects.count == list.count, objects.allSatisfy({ $0["text"]?.text != nil }) {
        return objects
      }
    }
    return nil
  }

  /// The dialogue of the task read last.
  func key() throws -> DialogueKey? {
    var dialogue = utterances == nil ? trimmed(cell("dialogue")) : ""
    if utterances != nil {
      dialogue = trimmed(cell("dialogue_id", "id"))
      if dialogue.isEmpty { dialogue = taskID }
    }
    if dialogue.isEmpty {
      hasNoDialogues = true
      dialogue = corpus
    }
    let ownCorpus = trimmed(cell("corpus"))
    let ownSplit = trimmed(cell("split"))
    return DialogueKey(
      corpus: ownCorpus.isEmpty ? corpus : ownCorpus,
      split: ownSplit.isEmpty ? run.options.split ?? "" : ownSplit, dialogue: dialogue)
  }

  /// Reads the task read last as a turn, or as several.
  func readTask(_ key: DialogueKey, into turns: inout TurnCollector) throws {
    if turns.title.isEmpty { turns.title = trimmed(cell("title")) }
    if let utterances { return try readConversation(utterances, key, into: &turns) }
    let id = trimmed(cell("turn"))
    var turn = Turn(key: TurnKey(dialogue: key, turn: id.isEmpty ? taskID : id))
    turn.text = cell("text", "transcript", "utterance")
    turn.speaker = trimmed(cell("speaker", "author"))
    turn.time = try run.time(cell("start"), cell("end"), in: reader)
    guard try setAudio(of: &turn, cell("audio")) else { return }
    if let part = try run.time(cell("audio_start"), cell("audio_end"), in: reader),
      part.end > part.start
    {
      turn.audio?.span = part
    }
    turn.metadata = reader.metadata(except: ownColumns)
    readExport(into: &turn)
    let results = try LabelStudioResults(reader.object, in: reader, run: run)
    turn.metadata += results.metadata
    guard try isNew(turn, in: turns) else { return }
    turns.predictions += results.predictions(of: turn.key)
    turns.add(turn, ratings: results.ratings(of: turn.key, at: nil))
  }

  private var ownColumns: ColumnSet {
    ColumnSet(
      [
        "dialogue", "turn", "text", "transcript", "utterance", "speaker", "author", "start", "end",
        "audio", "audio_start", "audio_end", "corpus", "split", "title", "metadata", "words",
        "votes",
      ].map { reader.column($0) })
  }

  /// The further columns and word times that our own export keeps in a task's data; those of others
  /// that are called so are kept as they are.
  private func readExport(into turn: inout Turn) {
    let data = reader.object.first { $0.key == "data" }?.value.members ?? [:]
    if case .object(let fields)? = data["metadata"] {
      for (name, value) in fields where !name.isEmpty {
        turn.metadata.append(MetadataField(name: name, value: value.text ?? value.encoded))
      }
    }
    turn.words = (data["words"]?.list ?? []).compactMap { value in
      guard let word = value.members, let text = word["word"]?.text,
        let start = word["start"]?.double, let end = word["end"]?.double
      else { return nil }
      return WordTime(word: text, span: TimeSpan(start: start, end: end))
    }
  }

  private func isNew(_ turn: Turn, in turns: TurnCollector) throws -> Bool {
    guard turns.place(of: turn.key.turn) != nil else { return true }
    try run.warn(
      .duplicate, reader.path, row: reader.row,
      "turn \(quoted(turn.key.turn)) of dialogue \(quoted(turn.key.dialogue.dialogue)) was there "
        + "before; the first is kept.")
    return false
  }

  private func readConversation(
    _ utterances: [[String: JSONValue]], _ key: DialogueKey, into turns: inout TurnCollector
  ) throws {
    let results = try LabelStudioResults(reader.object, in: reader, run: run)
    for (place, utterance) in utterances.enumerated() {
      let id = ["turn", "id"].lazy.compactMap { utterance[$0] }.compactMap {
        if case .number(let text) = $0 { text } else { $0.text }
      }.first
      var turn = Turn(
        key: TurnKey(
          dialogue: key,
          turn: id.map { trimmed($0) }.flatMap { $0.isEmpty ? nil : $0 } ?? "\(place)"))
      turn.text = utterance["text"]?.text ?? ""
      turn.speaker = trimmed((utterance["author"] ?? utterance["speaker"])?.text ?? "")
      if let start = utterance["start"]?.double, let end = utterance["end"]?.double {
        turn.time = TimeSpan(start: start, end: end)
      }
      guard try setAudio(of: &turn, cell("audio")), try isNew(turn, in: turns) else { continue }
      turns.predictions += place == 0 ? results.predictions(of: turn.key) : []
      turns.add(turn, ratings: results.ratings(of: turn.key, at: place))
    }
  }

  /// Finds a turn's recording.
  ///
  /// - Returns: whether the task may be kept.
  private func setAudio(of turn: inout Turn, _ address: String) throws -> Bool {
    let name = Self.fileName(trimmed(address))
    if name.isEmpty { return true }
    switch root.find(name) {
    case .found(let path):
      run.countAudio()
      turn.audio = AudioSpan(path: path)
    case .missing(let path):
      try run.missAudio(
        reader.path, row: reader.row, "\(quoted(path)) is not there; the turn is silent.")
      turn.audio = AudioSpan(path: path)
    case .outside(let reason):
      try run.warn(.unsafePath, reader.path, row: reader.row, reason)
      return false
    }
    return true
  }

  /// The file behind an address: Label Studio serves local files as `/data/local-files/?d=a/b.wav`,
  /// uploads as `/data/upload/3/c.wav`, and the rest of the web by its own names.
  static func fileName(_ address: String) -> String {
    if let query = address.firstRange(of: "local-files/?d=") {
      return PercentEncoding.decoded(String(address[query.upperBound...]))
    }
    let isUpload = address.contains("/data/upload/") || address.hasPrefix("upload/")
    guard isUpload || address.contains("://") else { return address }
    let path = address.prefix { $0 != "?" && $0 != "#" }
    return PercentEncoding.decoded(FileSystem.lastComponent(String(path)))
  }
}
