internal import Dialogues

/// What the annotations and predictions of one task say.
///
/// Each is a list of results, one for each control of the labelling interface. Labels are those of the
/// control called `label` or `emotion`, in the singular or plural, else those of the only one that
/// offers choices; ratings and numbers are dimensions where the control is called like one; the rest
/// is kept as further columns.
struct LabelStudioResults {
  /// One annotation or prediction.
  private struct Opinion {
    var name: String
    /// Labels of the turn, and of single utterances by their place.
    var labels: [String] = []
    var labelsByPlace: [Int: [String]] = [:]
    var dimensions: [String: Double] = [:]
    var confidence: Int?
    var score: Double?
    var time: Double?
    var kind = Rater.Kind.person
    /// All probabilities, where a prediction gives more than its best label's.
    var probabilities: [String: Double] = [:]
  }

  private var annotations: [Opinion] = []
  private var forecasts: [Opinion] = []
  /// What has no field of its own.
  private(set) var metadata: [MetadataField] = []

  private static let labelNames: Set<String> = ["label", "labels", "emotion", "emotions"]
  private let run: ImportRun
  private let reader: JSONLinesReader

  init(
    _ task: [(key: String, value: JSONValue)], in reader: JSONLinesReader, run: ImportRun
  ) throws {
    self.run = run
    self.reader = reader
    for (key, value) in task {
      switch key {
      // Completions are what annotations were called before version 1.0.
      case "annotations", "completions":
        for annotation in value.list ?? [] { try readAnnotation(annotation) }
      case "predictions":
        for prediction in value.list ?? [] { try readPrediction(prediction) }
      default: break
      }
    }
  }

  private mutating func readAnnotation(_ value: JSONValue) throws {
    guard let members = value.members else {
      try warn("an annotation is not an object; it is left out.")
      return
    }
    if case .bool(true)? = members["was_cancelled"] { return }
    var opinion = Opinion(name: Self.person(members["completed_by"]))
    if case .object? = members["completed_by"],
      let kind = members["completed_by"]?.members?["kind"]?.text.flatMap(Rater.Kind.init(rawValue:))
    {
      opinion.kind = kind
    } else if opinion.name.hasSuffix("/self") {
      opinion.kind = .selfReport
    }
    opinion.time = (members["created_at"] ?? members["updated_at"])?.text
      .flatMap(Timestamp.seconds)
    try readResults(members["result"], into: &opinion)
    readMeta(members["result"], into: &opinion)
    if annotations.contains(where: { $0.name == opinion.name }) {
      try run.warn(
        .duplicate, reader.path, row: reader.row,
        "\(quoted(opinion.name)) has annotated the task twice; the first annotation is kept.")
      return
    }
    annotations.append(opinion)
  }

  private mutating func readPrediction(_ value: JSONValue) throws {
    guard let members = value.members else {
      try warn("a prediction is not an object; it is left out.")
      return
    }
    let version = members["model_version"]?.text.map { trimmed($0) } ?? ""
    var opinion = Opinion(name: version.isEmpty ? "model" : version)
    opinion.score = members["score"]?.double
    try readResults(members["result"], into: &opinion)
    for result in members["result"]?.list ?? [] {
      for (label, value) in result.members?["meta"]?.members?["probabilities"]?.members ?? [:] {
        guard let probability = value.double, (0...1).contains(probability), !label.isEmpty else {
          continue
        }
        opinion.probabilities[label] = probability
      }
    }
    forecasts.append(opinion)
  }

  /// What our own export says in `meta`: who gave the rating, which `completed_by` cannot say because it
  /// must be a user of the server, and when, and how sure they were.
  private func readMeta(_ results: JSONValue?, into opinion: inout Opinion) {
    guard let meta = results?.list?.first?.members?["meta"]?.members else { return }
    if let name = meta["rater"]?.text.map({ trimmed($0) }), !name.isEmpty { opinion.name = name }
    if let kind = meta["kind"]?.text.flatMap(Rater.Kind.init(rawValue:)) { opinion.kind = kind }
    if let sure = meta["confidence"]?.double.flatMap({ Int(exactly: $0) }), (1...3).contains(sure) {
      opinion.confidence = sure
    }
    if let time = meta["time"]?.double { opinion.time = time }
  }

  private func warn(_ message: String) throws {
    try run.warn(.unreadableValue, reader.path, row: reader.row, message)
  }

  /// Who completed an annotation: an address or a name, else a number.
  private static func person(_ value: JSONValue?) -> String {
    if let name = value?.text.map({ trimmed($0) }), !name.isEmpty { return name }
    if case .number(let id)? = value { return "annotator \(id)" }
    let members = value?.members ?? [:]
    for key in ["email", "username", "first_name"] {
      if let name = members[key]?.text.map({ trimmed($0) }), !name.isEmpty { return name }
    }
    if case .number(let id)? = members["id"] { return "annotator \(id)" }
    return "annotator"
  }

  private mutating func readResults(_ value: JSONValue?, into opinion: inout Opinion) throws {
    let results = (value?.list ?? []).compactMap(\.members)
    if results.count < value?.list?.count ?? 0 {
      try warn("a result of \(quoted(opinion.name)) is not an object; it is left out.")
    }
    let choosing = Set(
      results.filter { Self.choices($0) != nil }.compactMap { $0["from_name"]?.text })
    let control =
      choosing.sorted().first { Self.labelNames.contains($0.lowercased()) }
      ?? (choosing.count == 1 ? choosing.first : nil)
    for result in results {
      let name = result["from_name"]?.text ?? ""
      let value = result["value"]?.members ?? [:]
      if let labels = Self.choices(result), name == control || choosing.isEmpty {
        add(labels, at: value, to: &opinion)
      } else if let number = (value["rating"] ?? value["number"])?.double {
        let dimension = name.lowercased()
        if dimension == "confidence", let sure = Int(exactly: number), (1...3).contains(sure) {
          opinion.confidence = sure
        } else if isDimension(dimension) {
          opinion.dimensions[dimension] = number
        } else {
          keep(name, "\(number)", opinion)
        }
      } else {
        for text in Self.choices(result) ?? Self.texts(value["text"]) {
          keep(name, text, opinion)
        }
      }
    }
  }

  private func isDimension(_ name: String) -> Bool {
    AnswerColumns.usualDimensions.contains(name)
      || run.options.scheme?.dimensions.contains { $0.name == name } ?? false
  }

  private mutating func keep(_ name: String, _ value: String, _ opinion: Opinion) {
    guard !value.isEmpty else { return }
    metadata.append(
      MetadataField(name: "\(name.isEmpty ? "result" : name) by \(opinion.name)", value: value))
  }

  private static func texts(_ value: JSONValue?) -> [String] {
    value?.text.map { [$0] } ?? (value?.list ?? []).compactMap(\.text)
  }

  /// The labels of a result; `nil` for one of another kind.
  private static func choices(_ result: [String: JSONValue]) -> [String]? {
    let value = result["value"]?.members ?? [:]
    for key in ["choices", "paragraphlabels", "labels"] {
      if let list = value[key]?.list {
        return list.compactMap(\.text).map { trimmed($0) }.filter { !$0.isEmpty }
      }
    }
    return nil
  }

  /// Adds labels to the turn, or to the utterances that the result spans.
  private func add(
    _ labels: [String], at value: [String: JSONValue], to opinion: inout Opinion
  ) {
    func place(_ key: String) -> Int? {
      guard value["paragraphlabels"] != nil else { return nil }
      return value[key]?.text.flatMap { Int($0) } ?? value[key]?.double.flatMap { Int(exactly: $0) }
    }
    guard let first = place("start"), let last = place("end"), first >= 0, last >= first,
      last - first < 10_000
    else {
      opinion.labels += labels.filter { !opinion.labels.contains($0) }
      return
    }
    for utterance in first...last {
      opinion.labelsByPlace[utterance, default: []] += labels
    }
  }

  /// The annotations as ratings of a turn.
  ///
  /// - Parameter place: the utterance's place in a task that is a conversation; `nil` in one that is a
  ///   turn.
  func ratings(of turn: TurnKey, at place: Int?) -> [Rating] {
    annotations.compactMap { opinion in
      var answer = Answer(labels: opinion.labels)
      if let place {
        answer = Answer(labels: [])
        for label in opinion.labelsByPlace[place] ?? [] where !answer.labels.contains(label) {
          answer.labels.append(label)
        }
      } else {
        answer.dimensions = opinion.dimensions
      }
      guard !answer.labels.isEmpty || !answer.dimensions.isEmpty else { return nil }
      answer.confidence = opinion.confidence
      return Rating(
        turn: turn, rater: Rater(name: opinion.name, kind: opinion.kind), answer: answer,
        time: opinion.time)
    }
  }

  /// The predictions of a turn: several of one model are the probabilities of several labels, and one
  /// of `MODEL+ded` is the label after decoding what MODEL says.
  func predictions(of turn: TurnKey) -> [ImportedPrediction] {
    var predictions: [ImportedPrediction] = []
    for forecast in forecasts {
      guard forecast.labels.count == 1, let label = forecast.labels.first else { continue }
      if forecast.name.hasSuffix("+ded"),
        let place = predictions.firstIndex(where: { "\($0.source)+ded" == forecast.name })
      {
        predictions[place].refined = label
        continue
      }
      let sum = forecast.probabilities.values.reduce(0, +)
      if sum > 0, sum <= 1.001, !predictions.contains(where: { $0.source == forecast.name }) {
        predictions.append(
          ImportedPrediction(turn: turn, source: forecast.name, scores: forecast.probabilities))
        continue
      }
      // Without a score the model is taken at its word.
      let score = min(1, max(0, forecast.score ?? 1))
      guard let place = predictions.firstIndex(where: { $0.source == forecast.name }) else {
        predictions.append(
          ImportedPrediction(turn: turn, source: forecast.name, scores: [label: score]))
        continue
      }
      let given = predictions[place].scores.values.reduce(0, +)
      if predictions[place].scores[label] == nil, given + score <= 1.001 {
        predictions[place].scores[label] = score
      }
    }
    return predictions
  }
}
