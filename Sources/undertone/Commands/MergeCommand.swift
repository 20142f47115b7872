import ArgumentParser
import LabelStore

struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Bring what others did in their copies of a project into this one.",
    discussion: """
      A union of the projects' logs: in any order, any number of times, nothing is lost and nothing \
      counted twice.

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

  func run() throws {
    try explainingFailures {
      let target = try Project.open(at: project, program: programVersion)
      for path in others {
        let other = try Project.open(at: path, readOnly: true, program: programVersion)
        let report = try target.merge(other, dryRun: check)
        try other.close()
        print(
          "\(path): \(check ? "would bring" : "brought") \(counted(report.events, "event")), "
            + "\(counted(report.ratings, "imported rating")), "
            + "\(counted(report.dialogues, "dialogue")), \(counted(report.turns, "turn")), "
            + "\(counted(report.suggestions, "suggestion"))")
      }
      try target.close()
    }
  }
}
