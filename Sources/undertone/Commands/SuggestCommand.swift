import ArgumentParser
import Dialogues
import EmotionModel
import LabelStore

struct SuggestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "suggest",
    abstract: "Run the model over a project and store what it suggests.",
    discussion: """
      For each turn it stores the model's posterior, the influence of every turn it looked at, and \
      the label after decoding the dialogue as a whole (Dialogical Emotion Decoder). The annotator \
      does the same for a dialogue when it is opened; this command does it for all of them.

      Examples:
        undertone suggest friends.undertone
        undertone suggest friends.undertone --checkpoint mine.safetensors
        undertone suggest friends.undertone --checkpoint big.safetensors --encoder minilm=~/minilm
        undertone suggest scenes.undertone --map-label disgust=Mad --map-label surprise=Scared
        undertone suggest friends.undertone --verify MELD/dev/12/3
      """)

  @Argument(help: "The project file.", completion: .file(extensions: ["undertone"]))
  var project: String

  @Option(
    name: .long, help: "The checkpoint to use. The one that ships with the program if not said.",
    completion: .file(extensions: ["safetensors"]))
  var checkpoint: String?

  @OptionGroup var encoders: EncoderOption

  @OptionGroup var voices: VoicesOption

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A label of the model and the project's label to take for it, where the one of the same meaning is not it.",
      valueName: "theirs=ours"))
  var mapLabel: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Store nothing; print what this turn's suggestion rests on, beside leaving turns out.",
      valueName: "corpus/split/dialogue/turn"))
  var verify: String?

  func run() throws {
    Interruption.listen()
    try explainingFailures {
      if let verify { return try check(verify) }
      let file = try Project.open(at: project, program: programVersion)
      if let reason = file.readOnlyReason { throw Failure(reason) }
      let information = try file.information()
      let suggester = try suggester(for: information)
      if !suggester.mapping.isIdentity { printError(suggester.mapping.table) }
      if suggester.lacksVoices {
        printError(
          "The model of voices that ships with Undertone cannot be found, so sounds are not listened "
            + "to; “undertone doctor” says where it was looked for.")
      }
      if suggester.trigger.isMissing {
        printError(
          "The trigger model that ships with Undertone cannot be found, so no likely triggers are "
            + "stored; “undertone doctor” says where it was looked for.")
      }
      let bar = ProgressBar(project)
      let count = try file.dialogueCount
      try listenAhead(suggester, file, bar)
      var turns = 0
      var changed = 0
      for place in 0..<count {
        try Interruption.check()
        guard let dialogue = try file.dialogue(at: place) else { break }
        let suggestions = try suggester.suggestions(for: dialogue)
        for warning in suggester.listener?.takeWarnings() ?? [] {
          bar.finish()
          printError("not heard: \(warning)")
        }
        try file.storeSuggestions(suggester.source, suggestions)
        turns += suggestions.count
        changed += suggestions.count { $0.refined != nil && $0.refined != $0.best?.label }
        bar.update(Double(place + 1) / Double(count))
      }
      bar.finish()
      try file.close()
      print(
        "\(suggester.source.name): \(counted(turns, "suggestion")) in "
          + "\(counted(count, "dialogue")); decoding the dialogues changed \(changed)")
      print(suggester.source.details)
      for (corpus, turns, related) in suggester.listener?.trust ?? [] where turns > 0 {
        print(
          "\(corpus): voices and words were compared in \(counted(turns, "turn")); a voice is believed "
            + "to go with its words in \(rounded(100 * related, 1)) of 100")
      }
    }
  }

  private func suggester(for project: Project.Information) throws -> Suggester {
    let locations = Locations()
    let settings = Settings(path: locations.settings)
    return try Suggester(
      scheme: project.scheme, checkpoint: checkpoint, sounds: TurnSounds(project.corpora),
      voices: voices.choice(settings), locations: locations, encoders: encoders.places(settings),
      labels: pairs(mapLabel, "--map-label"))
  }

  private func check(_ wanted: String) throws {
    let file = try Project.open(at: project, readOnly: true, program: programVersion)
    let suggester = try suggester(for: file.information())
    try listenAhead(suggester, file, ProgressBar(project))
    for place in 0..<(try file.dialogueCount) {
      guard let dialogue = try file.dialogue(at: place) else { break }
      let full = "\(dialogue.key)/"
      // Without a split its place may be left out, too.
      let short =
        dialogue.key.split.isEmpty ? full.replacing("//", with: "/", maxReplacements: 1) : full
      guard wanted.hasPrefix(full) || wanted.hasPrefix(short),
        let turn = dialogue.turns.firstIndex(where: {
          let key = "\($0.key)"
          return key == wanted || short + key.dropFirst(full.count) == wanted
        })
      else { continue }
      print(try InfluenceVerification(turn, of: dialogue, suggester).text)
      return
    }
    throw Failure(
      "\(project): there is no turn \(wanted.visibleName); expected is corpus/split/dialogue/turn (or "
        + "corpus/dialogue/turn), as the view “label” of the project has them.")
  }

  /// Hears the first turns before any is judged, so that the first dialogue is measured against the
  /// same voices as the last.
  private func listenAhead(_ suggester: Suggester, _ file: Project, _ bar: ProgressBar) throws {
    guard let listener = suggester.listener else { return }
    for place in 0..<min(50, try file.dialogueCount) where listener.turnsHeard < 200 {
      try Interruption.check()
      guard let dialogue = try file.dialogue(at: place) else { return }
      listener.listen(to: dialogue)
      bar.update(0)
    }
  }
}
