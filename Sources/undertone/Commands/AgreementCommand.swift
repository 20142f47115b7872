import Agreement
import ArgumentParser
import Dialogues
import LabelStore
import Report

struct AgreementCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agreement",
    abstract: "Say how far raters agree, beyond chance, with intervals.",
    discussion: """
      People are compared with people. Raters that came with a corpus, demonstration raters, models \
      and language models are groups of their own and never mixed with them.

      Examples:
        undertone agreement friends.undertone
        undertone agreement friends.undertone --group corpus --format json
        undertone agreement friends.undertone --rater ana --rater ben
      """)

  /// The formats of the report.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Argument(help: "The project file.", completion: .file(extensions: ["undertone"]))
  var project: String

  @Option(name: .long, help: "The format: text or json.")
  var format: Format = .text

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Whose ratings: person, corpus, self, demonstration, model or llm. People if not said, or "
        + "where no two people have rated, the group with the most raters.", valueName: "kind"))
  var group: Rater.Kind?

  @Option(name: .long, help: "Only this rater; say it once for each.")
  var rater: [String] = []

  @Option(name: .long, help: "How many bootstrap replicates the intervals have; 0 for none.")
  var replicates = 1000

  @Option(name: .long, help: "The seed of the bootstrap: the same seed, the same intervals.")
  var seed: UInt64 = 1

  @Option(name: .long, help: "What is drawn: dialogues, or items (turns) on their own.")
  var resample: Resampling.Unit = .dialogues

  func run() throws {
    guard (0...1_000_000).contains(replicates) else {
      throw ValidationError("--replicates expects a number from 0 to 1000000.")
    }
    try explainingFailures {
      let file = try Project.open(at: project, readOnly: true, program: programVersion)
      let information = try file.information()
      let raters = try file.raters()
      for name in rater where !raters.contains(where: { $0.name == name }) {
        throw Failure(
          "\(project): nobody called “\(name.visibleName)” has rated in it; there are "
            + raters.map(\.name.visibleName).joined(separator: ", ") + ".")
      }
      let kind = group ?? (rater.isEmpty ? Self.group(of: raters) : nil)
      var builder = RatingTable.Builder(categories: information.scheme.labels.map(\.name))
      var several = 0
      try file.forEachRating(by: kind.map { [$0] }) { rating, _ in
        guard rater.isEmpty || rater.contains(rating.rater.name) else { return }
        // A corpus's consensus is made of its raters' answers and would agree with them by design.
        if kind == .corpus, rater.isEmpty,
          information.corpora.contains(where: { $0.name == rating.rater.name }),
          raters.contains(where: { $0.name.hasPrefix(rating.rater.name + "/") })
        {
          return
        }
        guard let label = rating.answer.labels.first else { return }
        guard rating.answer.labels.count == 1 else {
          several += 1
          return
        }
        try builder.add(
          item: rating.turn.description, dialogue: rating.turn.dialogue.description,
          rater: rating.rater.name, label: label)
      }
      var notes: [String] = []
      if several > 0 {
        notes.append("\(counted(several, "rating")) of several labels are left out.")
      }
      if group == nil, rater.isEmpty, let kind, kind != .person {
        notes.append("No two people have rated; this is the group “\(kind.rawValue)”.")
      }
      let resampling = Resampling(unit: resample, replicates: replicates, seed: seed)
      let report = AgreementReport(
        title: project, group: kind?.rawValue,
        summary: try builder.table().summary(resampling), notes: notes)
      print(format == .json ? report.json() : report.text(), terminator: "")
      try file.close()
    }
  }

  /// People, where at least two have rated; else the group with the most raters.
  private static func group(of raters: [Rater]) -> Rater.Kind {
    let counts = Dictionary(grouping: raters, by: \.kind).mapValues(\.count)
    if counts[.person, default: 0] >= 2 { return .person }
    let order = Rater.Kind.allCases
    return counts.max { one, other in
      (one.value, order.firstIndex(of: other.key) ?? 0)
        < (other.value, order.firstIndex(of: one.key) ?? 0)
    }?.key ?? .person
  }
}
