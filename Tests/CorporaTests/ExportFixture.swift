import Corpora
import Dialogues

/// Dialogues with everything that is hard to write, and with everything that can be written.
enum ExportFixture {
  static let raters = [
    Rater(name: "Lab", kind: .corpus), Rater(name: "Lab/self", kind: .selfReport),
    Rater(name: "ana", kind: .person), Rater(name: "ben", kind: .person),
    Rater(name: "gpt-4o", kind: .llm),
  ]

  static let scheme: LabelScheme = {
    var scheme = LabelScheme(name: "Lab", labels: ["neutral", "joy", "anger", "fear"])
    scheme.dimensions = [
      .init(name: "valence", low: 1, high: 5, lowMeaning: "negative", highMeaning: "positive")
    ]
    scheme.mapping = ["excited": "joy"]
    return scheme
  }()

  static func options(
    _ parts: Set<ExportPart>? = nil, overwrites: Bool = false
  ) -> ExportOptions {
    ExportOptions(
      parts: parts, overwrites: overwrites, scheme: scheme, raters: raters,
      gold: GoldStandard(kind: .person),
      source: Source(name: "net", details: "a net, version 1"), labelMapping: scheme.mapping,
      program: "undertone test")
  }

  /// Two splits of one corpus; the second dialogue has the id of the first.
  static let dialogues: [ExportedDialogue] = [
    dialogue("dev", "3", "The moved boxes", hard),
    dialogue("test", "3", "", [("0", "Mara", "Hello.", TimeSpan(start: 0, end: 1), nil)]),
    dialogue("test", "7", "", plain),
  ]

  private typealias Row = (String, String, String, TimeSpan?, AudioSpan?)

  /// Every quirk that a format could stumble over, one a turn.
  private static let hard: [Row] = [
    ("0", "Mara", "She said, \"no\".\nTwice.", TimeSpan(start: 0.5, end: 2.25), clip("0")),
    ("1", "Ross & Rachel", "=SUM(A1:A9)", TimeSpan(start: 2, end: 3.125), clip("1")),
    ("2", "Mara", "- no <br/>", TimeSpan(start: 2, end: 4), clip("2")),
    ("4", "", "'-quoted; 50 %", TimeSpan(start: 6, end: 6), clip("4")),
    ("5", "Mara", "+1, @home 中文 😀", TimeSpan(start: 1, end: 1.5), nil),
    ("6", "@Theo", "", nil, AudioSpan(path: "a/long.wav", span: TimeSpan(start: 1, end: 2.5))),
    ("8", "Fireman #1", "a\ttab", TimeSpan(start: 9, end: 8), nil),
  ]

  private static let plain: [Row] = (0..<6).map {
    (
      "\($0)", $0 % 2 == 0 ? "Mara" : "Theo", "Turn \($0).",
      TimeSpan(start: Double($0), end: Double($0) + 1), nil
    )
  }

  private static func clip(_ id: String) -> AudioSpan { AudioSpan(path: "a/\(id).wav") }

  private static func dialogue(
    _ split: String, _ id: String, _ title: String, _ rows: [Row]
  ) -> ExportedDialogue {
    let key = DialogueKey(corpus: "Lab", split: split, dialogue: id)
    let turns = rows.enumerated().map { place, row in
      turn(
        Turn(
          key: TurnKey(dialogue: key, turn: row.0), speaker: row.1, text: row.2, audio: row.4,
          time: row.3,
          words: place == 0 ? [WordTime(word: "no", span: TimeSpan(start: 0, end: 0.25))] : [],
          metadata: place == 0 ? [MetadataField(name: "take", value: "07")] : []), place)
    }
    return ExportedDialogue(key: key, title: title, turns: turns)
  }

  private static let names = scheme.labels.map(\.name)

  /// Ratings that agree, tie, are several, are absent, are of dimensions alone.
  private static func turn(_ turn: Turn, _ place: Int) -> ExportedTurn {
    var ratings: [ExportedRating] = []
    func add(_ rater: Int, _ labels: [String], _ dimensions: [String: Double] = [:]) {
      let isPerson = raters[rater].kind == .person
      let rating = Rating(
        turn: turn.key, rater: raters[rater],
        answer: Answer(labels: labels, dimensions: dimensions, confidence: isPerson ? 2 : nil),
        time: isPerson ? 1_777_636_800.25 + Double(place) : nil)
      let shown = RatingConditions.ShownSuggestion(source: "net", label: "joy", probability: 0.625)
      let conditions = RatingConditions(
        shown: place % 2 == 0 ? shown : nil, order: place, heardMilliseconds: 1500, replays: 1,
        answerMilliseconds: 2750, program: "undertone test", annotationProtocol: .assisted,
        arm: .suggested)
      ratings.append(ExportedRating(rating, conditions: isPerson ? conditions : nil))
    }
    add(0, [names[(place + 2) % 4]])
    if place == 1 { add(1, ["fear"], ["valence": 1]) }
    switch place % 3 {
    case 0:
      add(2, ["joy"], ["valence": 4.5])
      add(3, ["joy"])
    case 1:
      add(2, ["joy", "fear"])
      add(3, ["anger"])
    default: add(2, [], ["valence": 2, "arousal": 3])
    }
    if place == 2 { add(4, ["neutral"]) }
    let (gold, votes) = GoldStandard(kind: .person).decide(ratings, corpus: "Lab")
    let suggestion = Suggestion(
      turn: turn.key, labels: names, posterior: [0.125, 0.625, 0.25, 0], refined: "anger")
    return ExportedTurn(
      turn: turn, gold: gold, votes: votes, ratings: ratings,
      suggestion: place == 3 ? nil : suggestion)
  }

  static var turns: [ExportedTurn] { dialogues.flatMap(\.turns) }
  static var ratings: [Rating] { turns.flatMap { $0.ratings.map(\.rating) } }

  /// The name of the file or folder of a format.
  static func fileName(_ format: String) -> String {
    switch format {
    case "csv", "jsonl": "export.\(format)"
    case "label-studio": "tasks.json"
    default: format
    }
  }

  /// Writes dialogues in a format.
  @discardableResult
  static func write(
    _ format: String, to path: String, _ options: ExportOptions = options(),
    _ dialogues: [ExportedDialogue] = dialogues
  ) throws -> LossCount {
    guard let format = ExportFormats.named(format) else {
      throw CorpusError(file: path, message: "no format \(format)")
    }
    let exporter = try format.begin(path, options)
    for dialogue in dialogues { try exporter.write(dialogue) }
    try exporter.finish()
    return exporter.losses
  }
}
