import ArgumentParser
import Glibc

/// The command line. `undertone PROJECT` opens the annotator, like `undertone open PROJECT`.
@main
struct Undertone: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "undertone",
    abstract: "Label emotion in conversation: hear each turn, see what a model thinks, decide.",
    discussion: """
      Without a command it opens the annotator; without a project, on the sample dialogues.
      “undertone help COMMAND” explains a command with an example.
      """,
    version: programVersion,
    subcommands: [
      OpenCommand.self, ImportCommand.self, SuggestCommand.self, RefineCommand.self,
      AgreementCommand.self, ExportCommand.self, TrainCommand.self, EvaluateCommand.self,
      MergeCommand.self, DoctorCommand.self,
    ],
    defaultSubcommand: OpenCommand.self)

  /// Exit codes: 0 for success, 1 for a failure, 2 for a command line that cannot be understood.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      let code = exitCode(for: error)
      let text = fullMessage(for: error)
      if code == .success {
        print(text)
        leave(0)
      }
      if !text.isEmpty { printError(text) }
      leave(code == .validationFailure ? 2 : code.rawValue)
    }
  }

  private static func leave(_ code: Int32) -> Never {
    // nil: everything that was printed.
    fflush(nil)
    Glibc.exit(code)
  }
}
