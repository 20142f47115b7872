import ArgumentParser
import Corpora
import Dialogues
import LabelStore

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a project's turns, ratings and suggestions to a file or folder.",
    discussion: """
      FORMAT is one of
      \(formats)

      --what chooses, separated by commas, from
        gold         the adjudicated label, else the one most people gave; a tie stays a tie
        votes        the soft label: how their votes fell
        raters       what each rater said, person or not
        dimensions   their valence, arousal and dominance
        conditions   under which they said it: whether a suggestion was visible, which and how \
      probable, how long they had listened, replays, seconds to the answer
        suggestions  the suggested label and the probabilities
        refined      the label after decoding the whole dialogue
      or is all. Without it every format holds all it can, but for csv: it has gold, raters, \
      the scheme's dimensions, suggestions and refined, the columns that scripts rely on.

      What a format cannot hold is counted on stderr. Nothing that is there already is replaced \
      without --overwrite; a file or folder appears when it is complete.

      Examples:
        undertone export csv friends.undertone labels.csv
        undertone export csv friends.undertone everything.csv --what all
        undertone export jsonl friends.undertone soft.jsonl --what gold,votes --source dag-erc
        undertone export textgrid friends.undertone praat/ --overwrite
      """)

  private static let formats = ExportFormats.all.map { format in
    let padding = String(repeating: " ", count: max(1, 14 - format.name.count))
    return "  \(format.name)\(padding)\(format.summary)"
  }.joined(separator: "\n")

  static let formatNames = ExportFormats.all.map(\.name).joined(separator: ", ")

  @Argument(help: "The format: \(formatNames).")
  var format: String

  @Argument(help: "The project file.", completion: .file(extensions: ["undertone"]))
  var project: String

  @Argument(help: "The file or folder to write.", completion: .file())
  var path: String

  @Option(
    name: .long,
    help: ArgumentHelp("What to write of each turn, separated by commas.", valueName: "parts"))
  var what: String?

  @Option(name: .long, help: "The source of the suggestions to write.")
  var source: String = builtInSource

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Whose majority is gold: person, corpus, self, demonstration, model, llm or retest. People if not "
        + "said, or the corpus's own raters where no person has rated.", valueName: "kind"))
  var gold: Rater.Kind?

  @Flag(name: .long, help: "Replace the file or the earlier export that is there.")
  var overwrite = false

  func run() throws {
    Interruption.listen()
    guard let format = ExportFormats.named(format) else {
      throw ValidationError(
        "There is no format “\(format.visibleName)”; the formats are \(Self.formatNames).")
    }
    let parts = try self.parts()
    try explainingFailures {
      let project = try Project.open(at: project, readOnly: true, program: programVersion)
      let options = try self.options(project, parts: parts)
      let exporter = try format.begin(path, options)
      let bar = ProgressBar(path)
      defer { bar.finish() }
      let total = max(1, try project.information().turns)
      var written = 0
      try project.forEachRatedDialogue(suggestedBy: source) { key, title, turns in
        try Interruption.check()
        try exporter.write(
          ExportedDialogue(
            key: key, title: title,
            turns: turns.map { Self.exported($0, corpus: key.corpus, options.gold) }))
        written += turns.count
        bar.update(Double(written) / Double(total))
      }
      try exporter.finish()
      bar.finish()
      for sentence in exporter.losses.sentences { printError("\(path): \(sentence)") }
      if options.wants(.gold) || options.wants(.votes) {
        printError(
          "gold is what adjudicators decided, else the majority of "
            + Self.plural(options.gold.kind))
      }
      printError("wrote \(counted(written, "turn")) to \(path)")
      try project.close()
    }
  }

  private func parts() throws -> Set<ExportPart>? {
    guard let what else { return nil }
    if what == "all" { return Set(ExportPart.allCases) }
    return Set(
      try what.split(separator: ",", omittingEmptySubsequences: false).map { word in
        guard let part = ExportPart(rawValue: String(word).trimmingSpaces) else {
          throw ValidationError(
            "--what expects all, or some of "
              + ExportPart.allCases.map(\.rawValue).joined(separator: ",")
              + ", not “\(String(word).visibleName)”.")
        }
        return part
      })
  }

  private func options(_ project: Project, parts: Set<ExportPart>?) throws -> ExportOptions {
    let raters = try project.raters()
    let details = try project.sources().first { $0.name == source }
    if details == nil, source != builtInSource {
      throw Failure(
        "\(self.project): it has no suggestions of “\(source.visibleName)”; there are those of "
          + (try project.sources()).map(\.name.visibleName).joined(separator: ", ") + ".")
    }
    return ExportOptions(
      parts: parts, overwrites: overwrite, scheme: try project.information().scheme,
      raters: raters, gold: GoldStandard(kind: try goldKind(project, raters)),
      source: details ?? Source(name: ""),
      labelMapping: try project.information().scheme.mapping, program: programVersion)
  }

  private func goldKind(_ project: Project, _ raters: [Rater]) throws -> Rater.Kind {
    if let gold { return gold }
    let hasPeople = try raters.contains {
      try $0.kind == .person && project.progress(of: $0).labelled > 0
    }
    return hasPeople || !raters.contains { $0.kind == .corpus } ? .person : .corpus
  }

  private static func exported(
    _ rated: RatedTurn, corpus: String, _ standard: GoldStandard
  ) -> ExportedTurn {
    let ratings = rated.ratings.map { ExportedRating($0.rating, conditions: $0.conditions) }
    let (gold, votes) = standard.decide(
      ratings, corpus: corpus, adjudicated: rated.gold?.adjudication.labels)
    return ExportedTurn(
      turn: rated.turn, gold: gold, votes: votes, ratings: ratings, suggestion: rated.suggestion,
      standing: standard.standing(ratings, corpus: corpus, isDecided: rated.gold != nil),
      decision: rated.gold.map {
        ExportedDecision(
          rater: $0.rater.name, reason: $0.adjudication.reason, time: $0.time)
      })
  }

  private static func plural(_ kind: Rater.Kind) -> String {
    switch kind {
    case .person: "the people who rated"
    case .corpus: "the corpus's own raters"
    case .selfReport: "the speakers' own ratings"
    case .model: "models"
    case .llm: "language models"
    case .demonstration: "the demonstration raters"
    case .retest: "people's second answers"
    }
  }
}
