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
      ReviewCommand.self, AgreementCommand.self, ExportCommand.self, TrainCommand.self,
      EvaluateCommand.self,
      MergeCommand.self, StudyCommand.self, DoctorCommand.self, BenchmarkCommand.self,
    ],
    defaultSubcommand: OpenCommand.self)

  /// Exit codes: 0 for success, 1 for a failure, 2 for a command line that cannot be understood.
  static func main() {
    do {
      let arguments = programArguments()
      try refuseUnknownCommand(arguments.first)
      var command = try parseAsRoot(arguments)
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

  /// A word that is no command would be taken for a project by the default command, and a mistyped
  /// command explained as a missing file. Projects have a dot or a slash in their names, or exist.
  private static func refuseUnknownCommand(_ word: String?) throws {
    guard let word, !word.hasPrefix("-"), !word.contains("."), !word.contains("/"), word != "help",
      access(word, F_OK) != 0
    else { return }
    guard !configuration.subcommands.contains(where: { $0._commandName == word }) else { return }
    let names = configuration.subcommands.filter { $0.configuration.shouldDisplay }
      .map { $0._commandName }
    throw ValidationError(
      "There is no command “\(word.visibleName)”; the commands are \(names.joined(separator: ", "))."
    )
  }

  private static func leave(_ code: Int32) -> Never {
    // nil: everything that was printed.
    fflush(nil)
    Glibc.exit(code)
  }
}
