import Agreement
import ArgumentParser
import Dialogues
import FoundationEssentials
import Glibc
import LabelStore
import Review

struct ReviewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "review",
    abstract: "Settle what people differ on, the most doubtful turn first; or list it.",
    discussion: """
      In a terminal it opens the annotator on the queue: hear a turn in its context, see everybody's \
      answer and what the model made of it, and decide with the key of a label; the next turn comes by \
      itself. Names are hidden behind letters until @ is pressed. Where all people agree their label is \
      filled in; Enter makes a decision of it. With --list, --format or no terminal it prints the queue.

      A turn is listed where people differ, where the model differs from them or from its own refined \
      label, where a known label was missed, where somebody changed their answer when the \
      suggestion was shown, and where two adjudicators decided differently. It stands by its highest \
      score; all are from 0 to 1.

      Examples:
        undertone review friends.undertone --rater lea
        undertone review friends.undertone --open --pair ana,ben
        undertone review friends.undertone --reason between_people --label anger --list
        undertone review friends.undertone --format json > queue.json
      """)

  /// The formats of the list.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Argument(help: "The project.", completion: .file(extensions: ["undertone"]))
  var project: String

  @OptionGroup(title: "Which turns") var selection: ReviewSelection

  @Flag(name: .long, help: "Print the queue instead of opening it.")
  var list = false

  @Option(name: .long, help: "The format of the printed queue: text or json.")
  var format: Format?

  @Option(name: .long, help: "The most turns to print; 0 for all.")
  var limit = 50

  @OptionGroup(title: "The annotator") var annotator: AnnotatorOptions

  func validate() throws {
    guard limit >= 0 else { throw ValidationError("--limit expects 0 or more.") }
  }

  func run() throws {
    try explainingFailures {
      if !list, format == nil, isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 {
        let file = try Project.open(at: project, readOnly: true, program: programVersion)
        let options = try selection.options(for: file, at: project)
        try file.close()
        try AnnotatorStart(
          project: project, options: annotator,
          review: ReviewStart(
            options: options, scope: selection.scope, filter: selection.filter,
            goldRater: selection.goldRater)
        ).run()
      } else {
        try printQueue()
      }
    }
  }

  private func printQueue() throws {
    let file = try Project.open(at: project, readOnly: true, program: programVersion)
    var options = try selection.options(for: file, at: project)
    options.scope = selection.scope
    let source = try annotator.source ?? UsualSource.of(file)
    let queue = try ReviewWorker.queue(
      of: file, options, source: source, goldRater: selection.goldRater)
    var entries = Array(queue.entries)
    if let speaker = selection.speaker {
      let spoken = Set(try file.turns(spokenBy: speaker).map(\.number))
      entries.removeAll { !spoken.contains($0.place) }
    }
    let shown = try entries.prefix(limit == 0 ? entries.count : limit).compactMap {
      try listed($0, in: file)
    }
    switch format ?? .text {
    case .text:
      printText(shown, of: entries.count, queue.settlement)
      if entries.isEmpty, options.reasons.contains(.goldMissed), selection.goldRater == nil {
        printError(
          "Answers were held against what adjudicators decided; --gold-rater NAME holds them against a "
            + "rater of the corpus, too.")
      }
    case .json: try printJSON(shown, of: entries.count, queue.settlement, source: source)
    }
    try file.close()
  }

  /// An entry with what people want to read of its turn.
  private struct Listed: Encodable {
    var turn: String
    var speaker: String
    var text: String
    var standing: Standing
    var score: Double
    var reasons: [Reason]
    var answers: [String: Int]
    var suggestion: String?
    var refined: String?
    /// What adjudicators decided, the one that holds first; left out where nobody did.
    var decisions: [Decision]?

    struct Decision: Encodable {
      var labels: [String]
      var reason: String
    }

    struct Reason: Encodable {
      var reason: String
      var score: Double
    }
  }

  private func listed(_ entry: ReviewQueue.Entry, in file: Project) throws -> Listed? {
    guard let turn = try file.turnText(at: TurnPlace(number: entry.place)) else { return nil }
    var answers: [String: Int] = [:]
    for label in entry.answers.lazy.flatMap(\.labels) { answers[label, default: 0] += 1 }
    return Listed(
      turn: turn.key.description, speaker: turn.speaker, text: turn.text,
      standing: entry.standing, score: entry.score,
      reasons: entry.reasons.map { .init(reason: $0.reason.rawValue, score: $0.score) },
      answers: answers, suggestion: entry.suggested, refined: entry.refined,
      decisions: try decisions(on: entry, turn.key, in: file))
  }

  /// What adjudicators decided on a turn of the queue, the decision that holds first.
  private func decisions(
    on entry: ReviewQueue.Entry, _ turn: TurnKey, in file: Project
  ) throws -> [Listed.Decision]? {
    let place = TurnPlace(number: entry.place).turn
    guard entry.standing == .decided, let holding = try file.goldLabels(of: turn.dialogue)[place]
    else { return nil }
    let others = try file.decisions(of: turn.dialogue)[place].filter {
      Set($0.adjudication.labels) != Set(holding.adjudication.labels)
    }
    return ([holding] + others).map {
      Listed.Decision(labels: $0.adjudication.labels, reason: $0.adjudication.reason)
    }
  }

  private func printText(
    _ entries: [Listed], of total: Int, _ settlement: ReviewQueue.Settlement
  ) {
    for entry in entries {
      let reasons = entry.reasons.compactMap { ReviewReason(rawValue: $0.reason)?.description }
      let answers = entry.answers.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        .map { $0.value == 1 ? $0.key : "\($0.key) \($0.value)" }
      var opinions = ["people: \(answers.isEmpty ? "none" : answers.joined(separator: ", "))"]
      if entry.standing.isSettled || entry.standing == .tie {
        opinions[0] += " (\(entry.standing))"
      }
      if let suggestion = entry.suggestion { opinions.append("model: \(suggestion)") }
      if let refined = entry.refined { opinions.append("dialogue: \(refined)") }
      if let decisions = entry.decisions {
        let labels = decisions.map {
          $0.labels.isEmpty ? "no label" : $0.labels.joined(separator: "|")
        }
        opinions.append("decided: \(labels.joined(separator: ", otherwise "))")
      }
      let why = reasons.isEmpty ? entry.standing.description : reasons.joined(separator: ", ")
      print("\(hundredths(entry.score))  \(entry.turn)  \(why)")
      print("      \("\(entry.speaker): \(entry.text)".visibleName)")
      print("      \(opinions.joined(separator: "; ").visibleName)")
    }
    print(
      total == 0
        ? "Nothing to look at again."
        : "\(entries.count) of \(counted(total, "turn")) to look at again.")
    if settlement.total > 0 {
      print("\(settlement.settled) of \(counted(settlement.total, "turn")) settled.")
    }
  }

  private func hundredths(_ score: Double) -> String {
    let number = Int((score * 100).rounded())
    return number == 100 ? "1.00" : "0.\(number < 10 ? "0" : "")\(number)"
  }

  private func printJSON(
    _ entries: [Listed], of total: Int, _ settlement: ReviewQueue.Settlement, source: String
  ) throws {
    struct Queue: Encodable {
      var schema = 1
      var report = "review"
      var source: String
      var quality: String
      var scope: ReviewScope
      var total: Int
      var settled: Int
      var unsettled: Int
      var entries: [Listed]
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let data = try encoder.encode(
      Queue(
        source: source, quality: selection.quality.rawValue, scope: selection.scope, total: total,
        settled: settlement.settled, unsettled: settlement.total - settlement.settled,
        entries: entries))
    print(String(decoding: data, as: UTF8.self))
  }
}
