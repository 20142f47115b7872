import Agreement
import ArgumentParser
import Dialogues
import FoundationEssentials
import LabelStore
import Review

struct ReviewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "review",
    abstract: "List the turns to look at again, the most doubtful first, and why.",
    discussion: """
      A turn is listed where people differ, where the model differs from them or from its own refined \
      label, where a known label was missed, and where somebody changed their answer when the \
      suggestion was shown. It stands by its highest score; all are from 0 to 1. Adjudicated turns are \
      left out.

      Examples:
        undertone review friends.undertone --limit 20
        undertone review friends.undertone --reason between-people --label anger
        undertone review friends.undertone --format json > queue.json
      """)

  /// The formats of the list.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Argument(help: "The project.", completion: .file(extensions: ["undertone"]))
  var project: String

  @Option(name: .long, help: "The source whose suggestions count.")
  var source: String = builtInSource

  @Option(name: .long, help: "Only for this reason; say it once for each.")
  var reason: [ReviewReason] = []

  @Option(name: .long, help: "Only turns this rater answered.")
  var rater: String?

  @Option(name: .long, help: "Only turns given or suggested this label.")
  var label: String?

  @Option(name: .long, help: "A corpus's rater whose answers count as known, e.g. MELD.")
  var goldRater: String?

  @Option(
    name: .long, help: "How a label is held against the model: see the manual for the formulas.")
  var quality: LabelQuality = .selfConfidence

  @Flag(name: .long, help: "List adjudicated turns, too.")
  var adjudicated = false

  @Option(name: .long, help: "The most turns to list; 0 for all.")
  var limit = 50

  @Option(name: .long, help: "The format: text or json.")
  var format: Format = .text

  func validate() throws {
    guard limit >= 0 else { throw ValidationError("--limit expects 0 or more.") }
  }

  func run() throws {
    try explainingFailures {
      let file = try Project.open(at: project, readOnly: true, program: programVersion)
      let raters = try file.raters().map(\.name)
      for name in [rater, goldRater].compactMap({ $0 }) where !raters.contains(name) {
        throw Failure(
          "\(project): it has no rater “\(name.visibleName)”; it has "
            + "\(raters.isEmpty ? "none yet" : raters.joined(separator: ", ")).")
      }
      var queue = ReviewQueue(
        .init(
          reasons: Set(reason.isEmpty ? ReviewReason.allCases : reason), quality: quality,
          includesAdjudicated: adjudicated, rater: rater, label: label))
      var places: [TurnPlace] = []
      try file.forEachTurnUnderReview(source: source, goldRater: goldRater) { place, turn in
        queue.add(turn, at: places.count)
        places.append(place)
      }
      let entries = queue.entries
      let shown = try listed(
        entries.prefix(limit == 0 ? entries.count : limit), places: places, in: file)
      switch format {
      case .text: printText(shown, of: entries.count)
      case .json: try printJSON(shown, of: entries.count)
      }
      try file.close()
    }
  }

  /// An entry with what people want to read of its turn.
  private struct Listed: Encodable {
    var turn: String
    var speaker: String
    var text: String
    var score: Double
    var reasons: [Reason]
    var answers: [String: Int]
    var suggestion: String?
    var refined: String?

    struct Reason: Encodable {
      var reason: String
      var score: Double
    }
  }

  private func listed(
    _ entries: ArraySlice<ReviewQueue.Entry>, places: [TurnPlace], in file: Project
  ) throws -> [Listed] {
    try entries.compactMap { entry in
      let place = places[entry.place]
      guard let dialogue = try file.dialogue(at: place.dialogue),
        dialogue.turns.indices.contains(place.turn)
      else { return nil }
      let turn = dialogue.turns[place.turn]
      var answers: [String: Int] = [:]
      for rating in try file.ratings(of: dialogue.key, by: [.person]) where rating.turn == turn.key
      {
        for label in rating.answer.labels { answers[label, default: 0] += 1 }
      }
      let suggestion = try file.suggestions(for: dialogue.key, from: source)
        .first { $0.turn == turn.key }
      return Listed(
        turn: turn.key.description, speaker: turn.speaker, text: turn.text, score: entry.score,
        reasons: entry.reasons.map { .init(reason: $0.reason.rawValue, score: $0.score) },
        answers: answers, suggestion: suggestion?.best?.label, refined: suggestion?.refined)
    }
  }

  private func printText(_ entries: [Listed], of total: Int) {
    guard total > 0 else {
      print("Nothing to look at again.")
      return
    }
    for entry in entries {
      let reasons = entry.reasons.compactMap { ReviewReason(rawValue: $0.reason)?.description }
      let answers = entry.answers.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        .map { $0.value == 1 ? $0.key : "\($0.key) \($0.value)" }
      var opinions = ["people: \(answers.isEmpty ? "none" : answers.joined(separator: ", "))"]
      if let suggestion = entry.suggestion { opinions.append("model: \(suggestion)") }
      if let refined = entry.refined { opinions.append("dialogue: \(refined)") }
      print("\(hundredths(entry.score))  \(entry.turn)  \(reasons.joined(separator: ", "))")
      print("      \("\(entry.speaker): \(entry.text)".visibleName)")
      print("      \(opinions.joined(separator: "; ").visibleName)")
    }
    print("\(entries.count) of \(counted(total, "turn")) to look at again.")
  }

  private func hundredths(_ score: Double) -> String {
    let number = Int((score * 100).rounded())
    return number == 100 ? "1.00" : "0.\(number < 10 ? "0" : "")\(number)"
  }

  private func printJSON(_ entries: [Listed], of total: Int) throws {
    struct Queue: Encodable {
      var schema = 1
      var report = "review"
      var source: String
      var quality: String
      var total: Int
      var entries: [Listed]
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let data = try encoder.encode(
      Queue(source: source, quality: quality.rawValue, total: total, entries: entries))
    print(String(decoding: data, as: UTF8.self))
  }
}
