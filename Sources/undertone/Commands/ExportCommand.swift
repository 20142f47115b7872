import ArgumentParser
import Corpora
import Dialogues
import LabelStore

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a project's turns, ratings and suggestions to a file.",
    discussion: """
      FORMAT is csv, jsonl or meld. The gold label of a turn is the majority of the people who \
      rated it; where they are tied, all labels of the tie are written. What a format cannot hold \
      is named on stderr.

      Examples:
        undertone export csv friends.undertone labels.csv
        undertone export jsonl friends.undertone labels.jsonl --source dag-erc
      """)

  /// The formats that can be written.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case csv, jsonl, meld
  }

  @Argument(help: "The format: csv, jsonl or meld.")
  var format: Format

  @Argument(help: "The project file.", completion: .file(extensions: ["undertone"]))
  var project: String

  @Argument(help: "The file to write.", completion: .file())
  var path: String

  @Option(name: .long, help: "The source of the suggestions to write.")
  var source: String = builtInSource

  func run() throws {
    Interruption.listen()
    try explainingFailures {
      let project = try Project.open(at: project, readOnly: true, program: programVersion)
      let raters = try project.raters()
      let exporter: any TurnExporter =
        switch format {
        case .csv: try CSVExporter(path: path, raters: raters.map(\.name))
        case .jsonl: try JSONLinesExporter(path: path)
        case .meld: try MELDExporter(path: path)
        }
      let bar = ProgressBar(path)
      let total = max(1, try project.dialogueCount)
      var written = 0
      for place in 0..<total {
        try Interruption.check()
        guard let dialogue = try project.dialogue(at: place) else { break }
        for turn in try turns(of: dialogue, in: project) { try exporter.write(turn) }
        written += dialogue.turns.count
        bar.update(Double(place) / Double(total))
      }
      try exporter.finish()
      bar.finish()
      for loss in exporter.losses { printError("\(path): \(loss)") }
      printError("wrote \(counted(written, "turn")) to \(path)")
      try project.close()
    }
  }

  private func turns(of dialogue: Dialogue, in project: Project) throws -> [ExportedTurn] {
    let ratings = Dictionary(
      grouping: try project.ratings(of: dialogue.key), by: \.turn)
    let suggestions = Dictionary(
      try project.suggestions(for: dialogue.key, from: source).map { ($0.turn, $0) },
      uniquingKeysWith: { first, _ in first })
    return dialogue.turns.map { turn in
      let ratings = ratings[turn.key] ?? []
      let suggestion = suggestions[turn.key]
      return ExportedTurn(
        turn: turn, gold: majority(of: ratings), ratings: ratings,
        suggestion: suggestion?.best.map {
          ExportedTurn.SuggestedLabel(label: $0.label, probability: $0.probability)
        }, refined: suggestion?.refined)
    }
  }

  /// The label most people gave, several on a tie, in alphabetical order; none without people.
  private func majority(of ratings: [Rating]) -> [String] {
    var votes: [String: Int] = [:]
    for rating in ratings where rating.rater.kind == .person {
      for label in rating.answer.labels { votes[label, default: 0] += 1 }
    }
    let most = votes.values.max() ?? 0
    return votes.filter { $0.value == most }.map(\.key).sorted()
  }
}
