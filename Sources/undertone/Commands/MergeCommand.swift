import ArgumentParser
import Dialogues
import LabelStore

struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Bring what others did in their copies of a project into this one.",
    discussion: """
      A union of the projects' logs: in any order, any number of times, nothing is lost and nothing \
      counted twice. Where a rater answered the same turn in two copies the later answer counts; both \
      stay in the history, and --check names them. Where two adjudicators decided differently, \
      “undertone review” lists the turn.

      Projects with other labels, another version of a corpus or another study are refused, and the \
      difference is named; then nothing is changed.

      Examples:
        undertone merge friends.undertone anas-copy.undertone bens-copy.undertone
        undertone merge friends.undertone anas-copy.undertone --check
      """)

  @Argument(
    help: "The project that takes everything in.", completion: .file(extensions: ["undertone"]))
  var project: String

  @Argument(help: "The projects to take in.", completion: .file(extensions: ["undertone"]))
  var others: [String]

  @Flag(name: .long, help: "Say what would come, change nothing.")
  var check = false

  /// So many conflicts are named; the rest are counted.
  private static let mostConflicts = 20

  func run() throws {
    try explainingFailures {
      let target = try Project.open(at: project, program: programVersion)
      let copies = try others.map {
        try Project.open(at: $0, readOnly: true, program: programVersion)
      }
      for (path, report) in zip(others, try target.merge(copies, dryRun: check)) {
        tell(report, of: path)
      }
      for copy in copies { try copy.close() }
      try target.close()
    }
  }

  private func tell(_ report: MergeReport, of path: String) {
    print(
      "\(path): \(check ? "would bring" : "brought") \(counted(report.events, "event")), "
        + "\(counted(report.ratings, "imported rating")), "
        + "\(counted(report.dialogues, "dialogue")), \(counted(report.turns, "turn")), "
        + "\(counted(report.suggestions, "suggestion"))")
    for share in report.raters {
      var parts = ["\(counted(share.answers, "answer"))"]
      if share.decisions > 0 { parts.append(counted(share.decisions, "decision")) }
      let rest = share.rater.kind == .retest ? " to turns given again" : ""
      print(
        "  \(share.rater.name.visibleName): \(parts.joined(separator: ", "))\(rest), "
          + "\(counted(share.events, "event")) in all")
    }
    for conflict in report.conflicts.prefix(Self.mostConflicts) {
      print("  conflict: \(conflict.description.visibleName)")
    }
    let more = report.conflicts.count - Self.mostConflicts
    if more > 0 { print("  and \(counted(more, "more conflict"))") }
  }
}
