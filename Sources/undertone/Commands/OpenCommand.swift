import ArgumentParser

struct OpenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open",
    abstract: "Open the annotator: hear the turns of a dialogue and label them.",
    discussion: """
      Without a project it opens the sample dialogues. “undertone PROJECT” does the same as \
      “undertone open PROJECT”. Press ? in the annotator for all keys.

      Examples:
        undertone
        undertone open friends.undertone --rater ana
        undertone friends.undertone --theme light --device pulse
      """)

  @Argument(
    help: "The project file. Without one, the sample dialogues.",
    completion: .file(extensions: ["undertone"]))
  var project: String?

  @OptionGroup var options: AnnotatorOptions

  func run() throws {
    try explainingFailures { try AnnotatorStart(project: project, options: options).run() }
  }
}
