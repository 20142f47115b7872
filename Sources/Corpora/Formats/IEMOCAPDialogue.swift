internal import Dialogues

/// One dialogue of IEMOCAP while it is read.
struct IEMOCAPDialogue {
  private static let corpus = "IEMOCAP"

  let id: String
  let session: String
  let release: IEMOCAPRelease
  let hasSound: Bool
  let run: ImportRun

  private var key: DialogueKey { DialogueKey(corpus: Self.corpus, dialogue: id) }
  private var evaluations: [IEMOCAPEvaluation] = []
  private var turns = TurnCollector()

  init(id: String, session: String, release: IEMOCAPRelease, hasSound: Bool, run: ImportRun) {
    self.id = id
    self.session = session
    self.release = release
    self.hasSound = hasSound
    self.run = run
  }

  /// Reads the dialogue and hands it on.
  mutating func read() throws {
    let files = release.files(of: id, in: session).map { "\(release.root)/\($0)" }
    try readEvaluations(files[0])
    let transcript = try readTranscript(files[1])
    for evaluation in evaluations {
      var time = TimeSpan(start: evaluation.start, end: evaluation.end)
      if time.end < time.start {
        try run.warn(
          .backwardTime, files[0], row: evaluation.row,
          "turn \(evaluation.turn) ends before it starts.")
      }
      var text = ""
      if let line = transcript[evaluation.turn] {
        text = line.text
      } else {
        try run.warn(
          .incompleteTurn, files[0], row: evaluation.row,
          "turn \(evaluation.turn) is not in the transcript; it has no text.")
      }
      if !time.start.isFinite { time = TimeSpan(start: 0, end: 0) }
      try add(evaluation.turn, text: text, time: time, evaluation: evaluation, file: files[0])
    }
    for line in transcript.values.sorted(by: { $0.turn < $1.turn })
    where turns.place(of: line.turn) == nil {
      if IEMOCAPNames.turn(line.turn)?.isContext == false, !evaluations.isEmpty {
        try run.warn(
          .incompleteTurn, files[1],
          "turn \(line.turn) is in the transcript and has no evaluation; it has no rating.")
      }
      try add(
        line.turn, text: line.text, time: line.time.map { TimeSpan(start: $0.start, end: $0.end) },
        evaluation: nil, file: files[1])
    }
    try turns.finish(key, file: files[0], run: run)
  }

  private func open(_ path: String) throws -> [String]? {
    guard FileSystem.isFile(path) else {
      try run.warn(.missingFile, path, "it is not there; the dialogue is read without it.")
      return nil
    }
    let file: IEMOCAPLines
    do {
      file = try IEMOCAPLines(path)
    } catch {
      try run.warn(
        .unreadableFile, path, "\(error.message) Its dialogue is read without it.")
      return nil
    }
    if file.isForeign {
      try run.warn(
        .encoding, path, "it is not UTF-8 and was read as Windows-1252, which holds Latin-1.")
    }
    return file.lines
  }

  /// A turn's id from a file of this dialogue; `nil`, and a warning, for any other.
  private func belongs(_ turn: String, file: String, row: Int) throws -> Bool {
    if IEMOCAPNames.turn(turn)?.dialogue == id { return true }
    try run.warn(
      .wrongValue, file, row: row, "\(quoted(turn)) is not the id of a turn of dialogue \(id).")
    return false
  }

  private mutating func readEvaluations(_ path: String) throws {
    guard let lines = try open(path) else { return }
    var met: Set<String> = []
    var current: IEMOCAPEvaluation?
    for (place, line) in lines.enumerated() {
      let row = place + 1
      switch IEMOCAPEvaluation.parse(line, row: row) {
      case .nothing: continue
      case .wrong(let reason):
        if line.hasPrefix("[") {
          // The rater's lines that follow belong to a turn that cannot be named.
          if let current { evaluations.append(current) }
          current = nil
        }
        try run.warn(.malformedRow, path, row: row, reason)
      case .turn(let evaluation):
        if let current { evaluations.append(current) }
        current = nil
        guard try belongs(evaluation.turn, file: path, row: row) else { continue }
        guard met.insert(evaluation.turn).inserted else {
          try run.warn(
            .duplicate, path, row: row,
            "turn \(evaluation.turn) was there before; the first is kept.")
          continue
        }
        current = evaluation
      case .rater(let line):
        guard let turn = current?.turn else {
          try run.warn(
            .malformedRow, path, row: row, "a rater's line follows no turn that could be read.")
          continue
        }
        try check(line, of: turn, file: path, row: row)
        current?.answers.append(line)
      }
    }
    if let current { evaluations.append(current) }
  }

  /// Reports a rater the corpus does not have.
  ///
  /// The line stays where it is and becomes no rating.
  private func check(
    _ line: IEMOCAPEvaluation.RaterLine, of turn: String, file: String, row: Int
  ) throws {
    if Self.rater(line.rater, letter: IEMOCAPNames.turn(turn)?.letter) == nil {
      try run.warn(
        .wrongValue, file, row: row,
        "\(quoted(line.rater)) is neither an evaluator (E1…) nor the speaker of turn \(turn).")
    }
  }

  /// `E3` is an evaluator; `F1` on a turn of `F` is the speaker.
  private static func rater(_ name: String, letter: Character?) -> Rater? {
    guard let first = name.first, isWholeNumber(String(name.dropFirst())) else { return nil }
    if first == "E" { return Rater(name: "\(corpus)/\(name)", kind: .corpus) }
    return first == letter ? Rater(name: "\(corpus)/self", kind: .selfReport) : nil
  }

  private func readTranscript(_ path: String) throws -> [String: IEMOCAPTranscriptLine] {
    var transcript: [String: IEMOCAPTranscriptLine] = [:]
    for (place, line) in (try open(path) ?? []).enumerated() where !trimmed(line).isEmpty {
      guard let parsed = IEMOCAPTranscriptLine.parse(line) else {
        try run.warn(
          .malformedRow, path, row: place + 1,
          "it does not begin with a turn's id and a time: \(quoted(line)).")
        continue
      }
      guard try belongs(parsed.turn, file: path, row: place + 1) else { continue }
      if transcript[parsed.turn] != nil {
        try run.warn(
          .duplicate, path, row: place + 1,
          "turn \(parsed.turn) was there before; the first is kept.")
      } else {
        transcript[parsed.turn] = parsed
      }
    }
    return transcript
  }

  private mutating func add(
    _ turnID: String, text: String, time: TimeSpan?, evaluation: IEMOCAPEvaluation?, file: String
  ) throws {
    guard let name = IEMOCAPNames.turn(turnID) else { return }
    var turn = Turn(
      key: TurnKey(dialogue: key, turn: turnID), speaker: name.speaker, text: text, time: time)
    if hasSound && !name.isContext {
      let path = "\(session)/sentences/wav/\(id)/\(turnID).wav"
      turn.audio = AudioSpan(path: path)
      if FileSystem.isFile("\(release.root)/\(path)") {
        run.countAudio()
      } else {
        try run.missAudio(file, row: evaluation?.row, "\(path) is not there; the turn is silent.")
      }
    }
    turn.words = try words(of: turnID)
    var ratings: [Rating] = []
    if let evaluation {
      ratings = try self.ratings(evaluation, turn: turn.key, letter: name.letter, file: file)
      turn.metadata = Self.metadata(evaluation)
    }
    // Turns without a time go last; those with the same start, by their end, then as they came.
    turns.add(turn, order: time?.start ?? .infinity, ratings: ratings)
  }

  private func words(of turn: String) throws -> [WordTime] {
    let path = "\(release.root)/\(session)/sentences/ForcedAlignment/\(id)/\(turn).wdseg"
    guard FileSystem.isFile(path), let lines = try open(path) else { return [] }
    let (words, wrong) = IEMOCAPAlignment.parse(lines)
    for row in wrong {
      try run.warn(
        .malformedRow, path, row: row, "a word needs first frame, last frame, score and spelling.")
    }
    return words.map { WordTime(word: $0.word, span: TimeSpan(start: $0.start, end: $0.end)) }
  }

  private func ratings(
    _ evaluation: IEMOCAPEvaluation, turn: TurnKey, letter: Character, file: String
  ) throws -> [Rating] {
    var ratings: [Rating] = []
    for line in evaluation.answers {
      guard let rater = Self.rater(line.rater, letter: letter) else { continue }
      let labels = line.categories.map { IEMOCAPNames.label(category: $0) }
      if let place = ratings.firstIndex(where: { $0.rater == rater }) {
        ratings[place].answer.labels += labels.filter { !ratings[place].answer.labels.contains($0) }
        ratings[place].answer.dimensions.merge(line.dimensions) { first, _ in first }
      } else {
        ratings.append(
          Rating(
            turn: turn, rater: rater, answer: Answer(labels: labels, dimensions: line.dimensions)))
      }
    }
    ratings.removeAll { $0.answer.labels.isEmpty && $0.answer.dimensions.isEmpty }
    let means = Self.means(ratings.filter { $0.rater.kind == .corpus })
    try compare(means, with: evaluation, file: file)
    if let label = IEMOCAPNames.label(code: evaluation.code) {
      ratings.insert(
        Rating(
          turn: turn, rater: Rater(name: Self.corpus, kind: .corpus),
          answer: Answer(labels: [label], dimensions: means)),
        at: 0)
    } else if evaluation.code != "xxx" {
      try run.warn(
        .wrongValue, file, row: evaluation.row,
        "the label \(quoted(evaluation.code)) is not one of IEMOCAP's codes; the turn has no consensus."
      )
    }
    return ratings
  }

  private static func means(_ ratings: [Rating]) -> [String: Double] {
    var means: [String: Double] = [:]
    for name in AnswerColumns.usualDimensions {
      let values = ratings.compactMap { $0.answer.dimensions[name] }
      if !values.isEmpty { means[name] = values.reduce(0, +) / Double(values.count) }
    }
    return means
  }

  /// Reports a shipped mean that is not the mean of the raters' answers.
  private func compare(
    _ means: [String: Double], with evaluation: IEMOCAPEvaluation, file: String
  ) throws {
    let shipped = evaluation.means.dropFirst().dropLast().split(separator: ",")
      .map { Double(trimmed($0)) }
    guard shipped.count == 3, !means.isEmpty else { return }
    for (name, value) in zip(AnswerColumns.usualDimensions, shipped) {
      guard let value, let mean = means[name], abs(value - mean) > 0.0051 else { continue }
      try run.warn(
        .shippedMean, file, row: evaluation.row,
        "the mean \(name) of turn \(evaluation.turn) is given as \(value), its raters' answers have "
          + "\(mean).")
    }
  }

  private static func metadata(_ evaluation: IEMOCAPEvaluation) -> [MetadataField] {
    var fields = [MetadataField(name: "EmoEvaluation", value: evaluation.code)]
    if !evaluation.means.isEmpty {
      fields.append(MetadataField(name: "EmoEvaluation VAD", value: evaluation.means))
    }
    for line in evaluation.answers where !line.comment.isEmpty {
      let letter = line.categories.isEmpty ? "A" : "C"
      fields.append(MetadataField(name: "\(letter)-\(line.rater) comment", value: line.comment))
    }
    return fields
  }
}
