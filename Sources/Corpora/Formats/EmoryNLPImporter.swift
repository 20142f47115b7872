internal import Dialogues

/// EmoryNLP: a folder with the CSV files of github.com/declare-lab/MELD (`data/emorynlp`) or the JSON files
/// of github.com/emorynlp/emotion-detection, or one file.
///
/// Zahiri and Choi 2018, arXiv:1708.04299. A dialogue is a scene of an episode, under the corpus's own
/// id, `s01_e15_c01`.
struct EmoryNLPImporter: CorpusImporter {
  let name = "emorynlp"
  let summary = "EmoryNLP: a folder with its CSV or JSON files, or one of them"

  private static let columns = [
    "Utterance", "Emotion", "Scene_ID", "Utterance_ID", "Season", "Episode",
  ]
  static let rater = Rater(name: "EmoryNLP", kind: .corpus)

  func recognise(_ path: String) -> String? {
    if !tables(path).found.isEmpty {
      return "CSV with EmoryNLP's columns (Scene_ID, Season, Episode)"
    }
    return documents(path).isEmpty ? nil : "JSON with EmoryNLP's episodes, scenes and utterances"
  }

  /// The id of a scene, which is the same in both kinds of file: `s01_e15_c01`.
  static func dialogue(season: String, episode: String, scene: String) -> String {
    zip("sec", [season, episode, scene]).map { letter, digits in
      "\(letter)" + (digits.utf8.count < 2 ? "0" + digits : digits)
    }.joined(separator: "_")
  }

  private func documents(_ path: String) -> [String] {
    let paths =
      FileSystem.isFolder(path)
      ? FileSystem.names(in: path).map { "\(path)/\($0)" }.filter(FileSystem.isFile) : [path]
    return paths.filter(EmoryNLPDocument.isOne)
  }

  /// The CSV files with EmoryNLP's columns, and why others cannot be read.
  private func tables(_ path: String) -> (found: [String], failures: [CorpusError]) {
    let paths =
      FileSystem.isFolder(path)
      ? FileSystem.names(in: path).filter { FileSystem.fileExtension($0) == "csv" }
        .map { "\(path)/\($0)" }
      : [path]
    var (found, failures) = ([String](), [CorpusError]())
    for path in paths {
      do throws(CorpusError) {
        let header = try CSVReader(path: path).columns
        if Self.columns.allSatisfy(header.contains) { found.append(path) }
      } catch {
        failures.append(error)
      }
    }
    return (found, failures)
  }

  func read(_ path: String, into run: ImportRun) throws {
    var (tables, failures) = tables(path)
    let documents = tables.isEmpty ? documents(path) : []
    if tables.isEmpty, documents.isEmpty, !FileSystem.isFolder(path) { tables = [path] }
    guard !tables.isEmpty || !documents.isEmpty else {
      throw CorpusError(
        file: path,
        message:
          "no CSV file in it has the columns \(Self.columns.joined(separator: ", ")), and no JSON "
          + "file EmoryNLP's episodes." + (failures.first.map { " \($0)" } ?? ""))
    }
    for failure in failures where FileSystem.isFolder(path) {
      try run.warn(.unreadableFile, failure.file, row: failure.row, failure.message)
    }
    run.setScheme(.emoryNLP)
    let root = try AudioRoot(FileSystem.isFolder(path) ? path : FileSystem.folder(of: path))
    run.summary.root = root.path
    for file in tables + documents {
      let split =
        run.options.split ?? MELDTable.split(of: FileSystem.stem(FileSystem.lastComponent(file)))
        ?? ""
      let clips = try EmoryNLPClips(root: root, split: split, of: file, run: run)
      if tables.isEmpty {
        try EmoryNLPDocument(path: file, split: split).read(into: run) { numbers, turn in
          try clips?.find(numbers, for: &turn, row: nil)
        }
      } else {
        try read(file, split: split, clips: clips, into: run)
      }
    }
  }

  private func read(
    _ path: String, split: String, clips: EmoryNLPClips?, into run: ImportRun
  ) throws {
    let reader = try openRecords(path, renaming: run.options.columns)
    let text = try reader.requiredColumn("Utterance", for: "EmoryNLP")
    let emotion = try reader.requiredColumn("Emotion", for: "EmoryNLP")
    let scene = try reader.requiredColumn("Scene_ID", for: "EmoryNLP")
    let utterance = try reader.requiredColumn("Utterance_ID", for: "EmoryNLP")
    let season = try reader.requiredColumn("Season", for: "EmoryNLP")
    let episode = try reader.requiredColumn("Episode", for: "EmoryNLP")
    let speaker = reader.column("Speaker")
    let start = reader.column("Start_Time")
    let end = reader.column("End_Time")
    let used = ColumnSet(
      [text, emotion, scene, utterance, season, episode, speaker, start, end])

    let runs = try DialogueRuns(reader, run: run) {
      for (column, name) in [
        (season, "Season"), (episode, "Episode"), (scene, "Scene_ID"), (utterance, "Utterance_ID"),
      ] where !isWholeNumber(trimmed(reader.text(column))) {
        try run.warn(
          .wrongValue, path, row: reader.row,
          "\(name) \(quoted(reader.text(column))) is not a whole number.")
        return nil
      }
      let numbers = [season, episode, scene].map { trimmed(reader.text($0)) }
      return DialogueKey(
        corpus: "EmoryNLP", split: split,
        dialogue: Self.dialogue(season: numbers[0], episode: numbers[1], scene: numbers[2]))
    }

    var turns = TurnCollector()
    try runs.forEach(in: reader, run: run) { key in
      let id = trimmed(reader.text(utterance))
      if turns.place(of: id) != nil {
        try run.warn(
          .duplicate, path, row: reader.row,
          "turn \(id) of scene \(key.dialogue) was there before; the first is kept.")
        return
      }
      var turn = Turn(key: TurnKey(dialogue: key, turn: id))
      turn.text = reader.text(text)
      let names = trimmed(reader.text(speaker))
      if let list = PythonList.strings(names) {
        turn.speaker = list.joined(separator: " and ")
      } else {
        turn.speaker = names
        if names.hasPrefix("[") {
          try run.warn(
            .unreadableValue, path, row: reader.row,
            "the speakers \(quoted(names)) are not a list of names; they are kept as they are.")
        }
      }
      turn.time = try run.time(reader.text(start), reader.text(end), in: reader)
      turn.metadata = reader.metadata(except: used)
      try clips?.find(
        [season, episode, scene].map { trimmed(reader.text($0)) } + [id], for: &turn,
        row: reader.row)
      let label = trimmed(reader.text(emotion))
      turns.add(
        turn, order: Double(id) ?? 0,
        ratings: label.isEmpty
          ? [] : [Rating(turn: turn.key, rater: Self.rater, answer: Answer(labels: [label]))])
    } end: { key in
      try turns.finish(key, file: path, run: run)
    }
  }
}

/// EmoryNLP's clips: `sea{S}_ep{E}_sc{C}_utt{U}.mp4`.
struct EmoryNLPClips {
  private let root: AudioRoot
  private let folder: String
  private let file: String
  private let run: ImportRun

  /// `nil`, and a warning, where there are none beside the file.
  init?(root: AudioRoot, split: String, of file: String, run: ImportRun) throws {
    let folder = ["clips", "audio", split, ""].first { folder in
      FileSystem.names(in: "\(root.path)/\(folder)").contains {
        $0.hasPrefix("sea") && $0.contains("_utt")
      }
    }
    guard let folder else {
      try run.warn(
        .missingFile, file,
        "there are no clips sea…_ep…_sc…_utt….mp4 beside it; the turns are text only.")
      return nil
    }
    self.root = root
    self.folder = folder
    self.file = file
    self.run = run
  }

  /// Finds a turn's clip.
  ///
  /// - Parameter numbers: season, episode, scene and utterance.
  func find(_ numbers: [String], for turn: inout Turn, row: Int?) throws {
    let name = "sea\(numbers[0])_ep\(numbers[1])_sc\(numbers[2])_utt\(numbers[3]).mp4"
    switch root.find(folder.isEmpty ? name : "\(folder)/\(name)") {
    case .found(let path):
      run.countAudio()
      turn.audio = AudioSpan(path: path)
    case .missing(let path):
      try run.missAudio(file, row: row, "\(path) is not there; the turn is silent.")
      turn.audio = AudioSpan(path: path)
    case .outside(let reason):
      try run.warn(.brokenAudio, file, row: row, reason)
    }
  }
}

/// Lists as Python prints them, the way EmoryNLP's CSV files hold speakers.
enum PythonList {
  /// The strings of a literal such as `['Ann', "Ann's boss"]`; `nil` if it is not one.
  static func strings(_ literal: String) -> [String]? {
    var rest = Array(literal.utf8)[...]
    let skipSpace = { (rest: inout ArraySlice<UInt8>) in
      while rest.first == 0x20 { rest.removeFirst() }
    }
    guard rest.popFirst() == UInt8(ascii: "["), rest.last == UInt8(ascii: "]") else { return nil }
    rest.removeLast()
    var strings: [String] = []
    skipSpace(&rest)
    while let quote = rest.popFirst() {
      guard quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return nil }
      var bytes: [UInt8] = []
      var isClosed = false
      while let byte = rest.popFirst() {
        if byte == quote {
          isClosed = true
          break
        }
        if byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() {
          bytes.append(escaped)
        } else {
          bytes.append(byte)
        }
      }
      guard isClosed else { return nil }
      strings.append(TextDecoding.decode(bytes[...]).text)
      skipSpace(&rest)
      if rest.isEmpty { return strings }
      guard rest.popFirst() == UInt8(ascii: ",") else { return nil }
      skipSpace(&rest)
    }
    return strings
  }
}
