internal import Dialogues

/// EmoryNLP's own JSON, as github.com/emorynlp/emotion-detection has it: episodes with scenes with
/// utterances, each with `utterance_id`, `speakers`, `transcript`, `tokens` and `emotion`.
///
/// Scenes and utterances get the ids that the CSV files give them, so that both are the same turns.
struct EmoryNLPDocument {
  let path: String
  let split: String

  /// Whether a file is such a document: its first bytes hold the names of its outer members.
  static func isOne(_ path: String) -> Bool {
    guard FileSystem.fileExtension(path) == "json", let file = try? ByteFile(path),
      (try? file.fill(at: 0)) != nil
    else { return false }
    let start = String(decoding: file.buffer.prefix(4096), as: UTF8.self)
    return start.contains("\"episodes\"") || start.contains("\"episode_id\"")
  }

  /// Reads the document.
  ///
  /// - Parameter clip: finds the sound of a turn by season, episode, scene and utterance.
  func read(into run: ImportRun, clip: (_ numbers: [String], _ turn: inout Turn) throws -> Void)
    throws
  {
    let bytes = try FileSystem.contents(path)
    run.expect(bytes: bytes.count)
    var parser = JSONParser(bytes[...])
    let value: JSONValue
    do { value = try parser.parse() } catch {
      throw CorpusError(file: path, message: "it is not JSON: \(error.reason).")
    }
    guard let episodes = value.members?["episodes"]?.list ?? value.list else {
      throw CorpusError(file: path, message: "it has no list “episodes”.")
    }
    for episode in episodes {
      guard let scenes = episode.members?["scenes"]?.list else {
        try run.warn(.malformedRow, path, "an episode has no list “scenes”.")
        continue
      }
      for scene in scenes { try read(scene, run: run, clip: clip) }
    }
    if parser.metForeignEncoding {
      try run.warn(
        .encoding, path,
        "it is not UTF-8 throughout and was read as Windows-1252; check its accents and quotes.")
    }
    run.advance(bytes: bytes.count)
  }

  private func read(
    _ scene: JSONValue, run: ImportRun,
    clip: (_ numbers: [String], _ turn: inout Turn) throws -> Void
  ) throws {
    guard let id = scene.members?["scene_id"]?.text, let numbers = Self.numbers(id, letters: "sec"),
      let utterances = scene.members?["utterances"]?.list
    else {
      try run.warn(
        .malformedRow, path, "a scene has no id like s01_e01_c01 or no list “utterances”.")
      return
    }
    let key = DialogueKey(
      corpus: "EmoryNLP", split: split,
      dialogue: EmoryNLPImporter.dialogue(
        season: numbers[0], episode: numbers[1], scene: numbers[2]))
    guard run.isNew(key) else {
      try run.warn(.duplicate, path, "scene \(quoted(id)) was there before; the first is kept.")
      return
    }
    var turns = TurnCollector()
    for utterance in utterances {
      try read(utterance, of: key, numbers: numbers, into: &turns, run: run, clip: clip)
    }
    try turns.finish(key, file: path, run: run)
  }

  private func read(
    _ utterance: JSONValue, of key: DialogueKey, numbers: [String],
    into turns: inout TurnCollector, run: ImportRun,
    clip: (_ numbers: [String], _ turn: inout Turn) throws -> Void
  ) throws {
    guard let members = utterance.members, let id = members["utterance_id"]?.text,
      let parts = Self.numbers(id, letters: "secu"), Array(parts.prefix(3)) == numbers
    else {
      try run.warn(
        .wrongValue, path,
        "an utterance of scene \(key.dialogue) has no id of that scene, like \(key.dialogue)_u001.")
      return
    }
    guard turns.place(of: parts[3]) == nil else {
      try run.warn(
        .duplicate, path,
        "turn \(parts[3]) of scene \(key.dialogue) was there before; the first is kept.")
      return
    }
    var turn = Turn(key: TurnKey(dialogue: key, turn: parts[3]))
    turn.text = members["transcript"]?.text ?? ""
    turn.speaker = (members["speakers"]?.list ?? []).compactMap(\.text).map { trimmed($0) }
      .joined(separator: " and ")
    try clip(parts, &turn)
    let label = trimmed(members["emotion"]?.text ?? "")
    let rating = Rating(
      turn: turn.key, rater: EmoryNLPImporter.rater, answer: Answer(labels: [label]))
    turns.add(turn, order: Double(parts[3]) ?? 0, ratings: label.isEmpty ? [] : [rating])
  }

  /// The numbers of an id such as `s01_e15_c04_u003`, without their leading zeros; `nil` if it is not
  /// one with those letters.
  static func numbers(_ id: String, letters: String) -> [String]? {
    let parts = id.split(separator: "_", omittingEmptySubsequences: false)
    guard parts.count == letters.count else { return nil }
    var numbers: [String] = []
    for (part, letter) in zip(parts, letters) {
      guard part.first == letter, isWholeNumber(String(part.dropFirst())) else { return nil }
      let digits = part.dropFirst().drop { $0 == "0" }
      numbers.append(digits.isEmpty ? "0" : String(digits))
    }
    return numbers
  }
}
