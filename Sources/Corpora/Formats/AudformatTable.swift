internal import Dialogues

/// One table of an audformat database while it is read: what each of its columns is about.
struct AudformatTable {
  /// What a column holds.
  enum Role: Equatable {
    case text, speaker, dialogue, turn, corpus, split, title
    /// The turn's sound and time where the row's index cannot say them: columns of our own export.
    case audio, timeStart, timeEnd
    case suggestion(String)
    case probability(String, source: String)
    case refined(String)
    /// What follows from the rest, such as votes, or belongs to no turn.
    case ignored
    case labels(Rater)
    case dimension(String, Rater)
    case metadata(String)
  }

  let header: AudformatHeader.Table
  let reader: any RecordReader
  private let file: Int
  private let start, end: Int?
  private let roles: [(place: Int, role: Role)]
  private let schemes: [String: AudformatHeader.Scheme]

  private static let textNames: Set<String> = ["text", "transcription", "transcript", "utterance"]
  private static let labelNames: Set<String> = [
    "emotion", "emotions", "label", "labels", "category", "categories", "gold",
  ]

  init(
    _ table: AudformatHeader.Table, reader: any RecordReader, of database: AudformatHeader,
    consensus: Rater
  ) throws(CorpusError) {
    header = table
    self.reader = reader
    schemes = database.schemes
    file = try reader.requiredColumn("file", for: "a table of audformat")
    start = table.isSegmented ? try reader.requiredColumn("start", for: "a segmented table") : nil
    end = table.isSegmented ? try reader.requiredColumn("end", for: "a segmented table") : nil
    let declared = Dictionary(table.columns.map { ($0.id, $0) }) { first, _ in first }
    var roles: [(place: Int, role: Role)] = []
    for (place, name) in reader.columns.enumerated()
    where place != file && place != start && place != end {
      let column = declared[name] ?? AudformatHeader.Column(id: name)
      roles.append((place, Self.role(of: column, in: database, consensus: consensus)))
    }
    self.roles = roles
  }

  private static func role(
    of column: AudformatHeader.Column, in database: AudformatHeader, consensus: Rater
  ) -> Role {
    // Columns of several raters are told apart by a part after a dot, such as `emotion.ana`.
    let base = String(column.id.split(separator: ".").first ?? "").lowercased()
    let scheme = column.scheme.flatMap { database.schemes[$0] }
    let names = [base, column.scheme?.lowercased() ?? ""]
    let rater =
      column.rater.map { database.raters[$0] ?? Rater(name: $0, kind: .corpus) } ?? consensus
    switch column.id {
    case "dialogue": return .dialogue
    case "turn": return .turn
    case "corpus": return .corpus
    case "split": return .split
    case "title": return .title
    case "speaker": return .speaker
    default: break
    }
    if database.isOurs, let role = exportRole(of: column, in: database) { return role }
    if names.contains("speaker") { return .speaker }
    if scheme?.labels == nil, names.contains(where: textNames.contains) { return .text }
    if let name = names.first(where: AnswerColumns.usualDimensions.contains) {
      return .dimension(name, rater)
    }
    if names.contains(where: labelNames.contains) { return .labels(rater) }
    if column.rater != nil {
      // Where a scheme is called emotion, the others that raters chose from are something else.
      if scheme?.labels != nil, !database.schemes.keys.contains(where: labelNames.contains) {
        return .labels(rater)
      }
      if let scheme, scheme.minimum != nil, scheme.maximum != nil, let name = column.scheme {
        return .dimension(name, rater)
      }
    }
    return .metadata(column.id)
  }

  /// The roles that only columns of our own exports have.
  private static func exportRole(
    of column: AudformatHeader.Column, in database: AudformatHeader
  ) -> Role? {
    let parts = column.id.split(separator: ".", maxSplits: 1).map(String.init)
    let source = column.rater ?? "imported"
    switch parts.first {
    case "audio": return .audio
    case "time_start": return .timeStart
    case "time_end": return .timeEnd
    case "suggestion": return .suggestion(source)
    case "probability":
      return .probability(parts.count > 1 ? parts[1] : "", source: source)
    case "refined": return .refined(source)
    case "share", "suggestion_visible", "shown_source", "shown_label", "shown_probability",
      "heard_seconds", "replays", "answer_seconds", "order", "program":
      return .ignored
    case "emotion" where column.rater.map(database.decisions.contains) ?? false:
      return .metadata("gold")
    default: return nil
    }
  }

  /// Whether its rows say which turns they are.
  var namesTurns: Bool {
    roles.contains { $0.role == .dialogue } && roles.contains { $0.role == .turn }
  }

  /// The row's index, to find the same row in another table.
  var index: String {
    [file, start, end].compactMap { $0.map(reader.text) }.joined(separator: "\u{1F}")
  }

  /// Whether the table has a column of that role.
  func has(_ role: Role) -> Bool { roles.contains { $0.role == role } }

  /// What a model predicts in the row just read; `nil` if it says nothing.
  func prediction(of turn: TurnKey) -> ImportedPrediction? {
    var prediction: ImportedPrediction?
    var best = ""
    for (place, role) in roles {
      let cell = trimmed(reader.text(place))
      if cell.isEmpty { continue }
      switch role {
      case .suggestion(let source):
        best = cell
        prediction = prediction ?? ImportedPrediction(turn: turn, source: source, scores: [:])
      case .probability(let label, let source):
        guard let value = Double(cell), (0...1).contains(value) else { continue }
        prediction = prediction ?? ImportedPrediction(turn: turn, source: source, scores: [:])
        prediction?.scores[label] = value
      case .refined(let source):
        prediction = prediction ?? ImportedPrediction(turn: turn, source: source, scores: [:])
        prediction?.refined = cell
      default: continue
      }
    }
    // The best label's own probability says nothing beyond all of them.
    if let probability = prediction?.scores.removeValue(forKey: ""),
      prediction?.scores.isEmpty == true,
      !best.isEmpty
    {
      prediction?.scores[best] = probability
    }
    return prediction.flatMap { $0.scores.values.reduce(0, +) <= 1.001 ? $0 : nil }
  }

  /// The file of the row just read.
  var fileName: String { trimmed(reader.text(file)) }

  /// The cell of a role; empty where the table or the row does not have it.
  func text(_ role: Role) -> String {
    roles.first { $0.role == role }.map { reader.text($0.place) } ?? ""
  }

  /// The part of the file that the row just read is about; `nil` for the whole.
  ///
  /// The end may be unknown: audformat lets a segment end with its file.
  func span(_ run: ImportRun) throws -> (start: Double, end: Double?)? {
    guard let start, let end else { return nil }
    let texts = [start, end].map { trimmed(reader.text($0)) }
    let times = texts.map { Self.seconds($0) }
    for (text, time) in zip(texts, times) where time == nil && !text.isEmpty && text != "NaT" {
      try run.warn(
        .unreadableValue, reader.path, row: reader.row,
        "the time \(quoted(text)) is not like 0 days 00:00:01.5; it is left out.")
    }
    if times[1] == nil && (times[0] ?? 0) == 0 { return nil }
    return (times[0] ?? 0, times[1])
  }

  /// Seconds from a Timedelta as pandas writes it, `0 days 00:00:01.500000`, or as ``ClockTime`` has it.
  static func seconds(_ text: String) -> Double? {
    let words = text.split(separator: " ")
    if words.count == 1 { return ClockTime.seconds(text) }
    guard words.count == 3, words[1] == "days" || words[1] == "day", let days = Int(words[0]),
      (0...100_000).contains(days), let rest = ClockTime.seconds(String(words[2]))
    else { return nil }
    return Double(days) * 86_400 + rest
  }

  /// What the raters said in the row just read.
  func answers(_ run: ImportRun) throws -> [(rater: Rater, answer: Answer)] {
    var answers: [(rater: Rater, answer: Answer)] = []
    func change(_ rater: Rater, _ body: (inout Answer) -> Void) {
      let place = answers.firstIndex { $0.rater.name == rater.name } ?? answers.count
      if place == answers.count { answers.append((rater, Answer(labels: []))) }
      body(&answers[place].answer)
    }
    for (place, role) in roles {
      let cell = trimmed(reader.text(place))
      if cell.isEmpty { continue }
      switch role {
      case .labels(let rater):
        let labels = AnswerColumns.labels(cell)
        change(rater) { answer in
          answer.labels += labels.filter { !answer.labels.contains($0) }
        }
      case .dimension(let name, let rater):
        guard let value = Double(cell), value.isFinite else {
          try run.warn(
            .unreadableValue, reader.path, row: reader.row,
            "\(name) \(quoted(cell)) is not a number; it is left out.")
          continue
        }
        change(rater) { $0.dimensions[name] = value }
      default: continue
      }
    }
    return answers.filter { !$0.answer.labels.isEmpty || !$0.answer.dimensions.isEmpty }
  }

  /// The columns that have no field of their own.
  var metadata: [MetadataField] {
    roles.compactMap { place, role in
      guard case .metadata(let name) = role else { return nil }
      let value = reader.text(place)
      return value.isEmpty ? nil : MetadataField(name: name, value: value)
    }
  }
}
