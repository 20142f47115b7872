import ArgumentParser
import Corpora
import Dialogues
import Glibc
import LabelStore

struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Bring a corpus, ratings or suggestions into a project.",
    discussion: """
      FORMAT is one of \(formatNames). A project that does not exist is created, its labels are \
      those of the corpus. Importing the same again changes nothing; an interrupted import leaves \
      the project as it was.

      Examples:
        undertone import meld ~/MELD --into friends.undertone
        undertone import iemocap ~/IEMOCAP_full_release --into iemocap.undertone
        undertone import manifest turns.csv --map text_en=text --map ogg=audio --into my.undertone
        undertone import ratings bens.csv --into my.undertone
        undertone import suggestions logits.csv --source dag-erc --into friends.undertone
      """)

  static let formatNames =
    (CorpusFormats.all.map(\.name) + ["auto", "ratings", "suggestions"]).joined(separator: ", ")

  @Argument(help: "The format of what is imported.")
  var format: String

  @Argument(help: "The file or folder to import.", completion: .file())
  var path: String

  @Option(name: .long, help: "The project file.", completion: .file(extensions: ["undertone"]))
  var into: String

  @Option(
    name: .long,
    help: ArgumentHelp("A column of the file and what it means.", valueName: "theirs=ours"))
  var map: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A label of the file and the label to take for it.", valueName: "theirs=ours"))
  var mapLabel: [String] = []

  @Option(name: .long, help: "The name of the corpus, where the format does not fix it.")
  var corpus: String?

  @Option(name: .long, help: "The split of turns that do not name theirs.")
  var split: String?

  @Option(name: .long, help: "The rater of labels that do not name theirs.")
  var rater: String?

  @Option(name: .long, help: "The name of what made the suggestions.")
  var source: String = "imported"

  @Option(name: .long, help: "The folder that audio paths start from.", completion: .directory)
  var root: String?

  @Option(name: .long, help: "For a new project: its labels, separated by commas.")
  var labels: String?

  @Option(name: .long, help: "For a new project: guidelines for the raters, a Markdown file.")
  var guidelines: String?

  @Option(
    name: .customLong("protocol"),
    help: "For a new project: assisted, blind or commit-then-reveal (see “undertone study”).")
  var annotationProtocol: AnnotationProtocol = .assisted

  @Flag(name: .long, help: "Say what would happen, change nothing.")
  var dryRun = false

  @Flag(name: .long, help: "Stop at the first wrong row instead of skipping it.")
  var strict = false

  func run() throws {
    Interruption.listen()
    try explainingFailures {
      let importing = Importing(
        path: path, project: into, options: try options(), isDryRun: dryRun)
      switch format {
      case "ratings":
        try importing.ratings()
      case "suggestions":
        try importing.suggestions(source: source)
      default:
        try importing.corpus(
          try importer(), guidelines: try guidelinesText(), protocol: annotationProtocol)
      }
    }
  }

  private func importer() throws -> any CorpusImporter {
    if format == "auto" {
      guard let (importer, reason) = CorpusFormats.recognise(path) else {
        throw Failure(
          "\(path): no format recognises it; \(CorpusFormats.whyUnrecognised(path))")
      }
      printError("\(importer.name): \(reason)")
      return importer
    }
    guard let importer = CorpusFormats.named(format) else {
      throw ValidationError(
        "There is no format “\(format.visibleName)”; the formats are \(Self.formatNames).")
    }
    return importer
  }

  private func options() throws -> ImportOptions {
    var options = ImportOptions(
      columns: try pairs(map, "--map"), labels: try pairs(mapLabel, "--map-label"),
      corpus: corpus, split: split,
      rater: rater.map { Rater(name: $0, kind: format == "ratings" ? .person : .corpus) },
      root: root, isStrict: strict)
    if let labels {
      let names = labels.split(separator: ",").map { String($0).trimmingSpaces }
      guard !names.isEmpty, Set(names).count == names.count, !names.contains("") else {
        throw ValidationError("--labels expects different names separated by commas.")
      }
      options.scheme = LabelScheme(name: "custom", labels: names)
    }
    return options
  }

  private func guidelinesText() throws -> String {
    guard let guidelines else { return "" }
    guard let text = readText(guidelines) else {
      throw Failure(
        "\(guidelines): it cannot be read as text; --guidelines expects a Markdown file.")
    }
    return text
  }
}
