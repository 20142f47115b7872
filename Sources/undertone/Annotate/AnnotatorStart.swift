import Annotator
import ArgumentParser
import Dialogues
import Glibc
import LabelStore
import Playback
import Review
import Screen
import Terminal

/// What the annotator's screen and sound can be told on the command line.
struct AnnotatorOptions: ParsableArguments {
  @OptionGroup var rater: RaterOption

  @Option(name: .long, help: "The theme, whatever the settings say.")
  var theme: String?

  @Option(name: .long, help: "The ALSA device, e.g. default, pulse or hw:1,0.")
  var device: String?

  @Option(name: .long, help: "The source of the suggestions to show, e.g. gatedxlstm or dag-erc.")
  var source: String?

  @Flag(name: .long, help: "Open for reading: nothing can be changed.")
  var readOnly = false

  @Flag(name: .long, help: "Draw with ASCII alone, for terminals and fonts that need it.")
  var ascii = false
}

/// What a review begins with.
struct ReviewStart {
  /// How turns are scored and which raters, labels and reasons count.
  var options: ReviewQueue.Options
  /// The turns listed at first.
  var scope: ReviewScope
  /// What narrows them, as it could be typed.
  var filter: String
  /// A corpus's rater whose answers count as known.
  var goldRater: String?
}

/// Opens the annotator and stays in it until the person quits.
struct AnnotatorStart {
  var project: String?
  var options: AnnotatorOptions
  /// What to review; `nil` to label.
  var review: ReviewStart?

  func run() throws {
    let trace = LatencyTrace(path: environmentVariable("UNDERTONE_TRACE"))
    trace?.started()
    keepMemorySmall()
    let locations = Locations()
    let person = try options.rater.person()
    // Before anything is made: without a terminal there is nothing to open.
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
      throw TerminalError.notATerminal
    }
    let path = try project ?? SampleProject(locations: locations).path()
    let file = try Project.open(at: path, readOnly: options.readOnly, program: programVersion)
    let information = try file.information()
    guard information.dialogues > 0 else {
      throw Failure(
        "\(path): there are no dialogues in it yet; bring some in with “undertone import”.")
    }

    // Who settles what others differ on does so in all dialogues, whatever was handed out to them.
    let worklist = try Worklist(file, of: person, isWhole: review != nil)
    var settings = Settings(path: locations.settings)
    if let theme = options.theme { settings.preferences.theme = theme }
    let themes = Themes(locations)
    let (themeInUse, themeWarnings) = themes.theme(named: settings.preferences.theme)
    var warnings = settings.warnings + themeWarnings
    let keyMap = keyMap(for: information.scheme, settings: settings, warnings: &warnings)

    let terminal = try TerminalSession.open()
    defer { terminal.close() }
    var state = State(
      project: ProjectInfo(
        name: path.split(separator: "/").last.map(String.init) ?? path,
        scheme: information.scheme, annotationProtocol: information.study.annotationProtocol,
        rater: person.name, dialogueCount: try worklist.count,
        readOnlyReason: file.readOnlyReason),
      preferences: settings.preferences, size: terminal.size,
      glyphs: terminal.isUTF8 && !options.ascii && !settings.usesASCII ? .unicode : .ascii,
      progress: try worklist.progress(), themes: themes.names, keys: KeyHints(keyMap))
    state.review = review.map { ReviewSitting(scope: $0.scope, filter: $0.filter) }
    state.transport.device = options.device ?? settings.device
    if let warning = warnings.first {
      let rest =
        warnings.count > 1 ? " (\(warnings.count - 1) more; undertone doctor lists them)" : ""
      state.message = Message(.problem, warning + rest)
    } else if file.readOnlyReason == nil, SittingClaim.isTaken(project: path, rater: person.name) {
      state.message = Message(
        .information,
        "\(person.name) has this project open elsewhere, too: \(state.keys.key(of: .undo)) takes back "
          + "what was done last in either.")
    } else if review == nil, !information.study.raters.isEmpty,
      !information.study.raters.contains(person.name)
    {
      state.message = Message(
        .problem,
        "\(person.name) is not one of the raters this study is shared among "
          + "(\(information.study.raters.joined(separator: ", "))), so all dialogues are here. Is the "
          + "name right? --rater says another.")
    } else if let sentence = LabelsWithoutKeys(keyMap, information.scheme).sentence(
      palette: state.keys.key(of: .palette))
    {
      state.message = Message(.information, sentence)
    }

    let mailbox = Mailbox()
    let learning =
      information.study.learns ? CorrectionLearning(project: path, locations: locations) : nil
    let decoder = ClipDecoder(
      ffmpegPath: ClipDecoder.findProgram("ffmpeg", searchPath: environmentVariable("PATH") ?? ""))
    let folders = Dictionary(
      information.corpora.map { ($0.name, $0.folder) }, uniquingKeysWith: { first, _ in first })
    // The queue and the panel speak of the same suggestions.
    let source =
      try review == nil ? options.source : options.source ?? UsualSource.of(file)
    let reviewer = review.map { review in
      ReviewWorker(
        project: file, study: information.study, options: review.options,
        source: source ?? builtInSource, goldRater: review.goldRater, mailbox: mailbox)
    }
    let loop = AnnotatorLoop(
      state: state, keyMap: keyMap, terminal: terminal, mailbox: mailbox,
      store: StoreWorker(
        project: file, worklist: worklist, study: information.study, rater: person,
        reviewer: reviewer, mailbox: mailbox),
      sound: SoundWorker(
        decoder: decoder, device: state.transport.device, folders: folders, mailbox: mailbox,
        trace: trace),
      suggestions: SuggestionWorker(
        project: file, scheme: information.scheme, wanted: source,
        acceptsRefined: settings.preferences.acceptsRefined, locations: locations,
        mailbox: mailbox, learned: learning?.models, rater: person.name),
      agreement: AgreementWorker(project: file, scheme: information.scheme, mailbox: mailbox),
      // Who reviews gives no ratings to learn from.
      learning: file.readOnlyReason != nil || review != nil
        ? nil
        : learning.map {
          LearningWorker(
            project: file, learning: $0, after: information.study.learnsAfter, mailbox: mailbox)
        },
      reviewer: reviewer, themes: themes, theme: themeInUse, settings: settings, trace: trace)
    let last = try worklist.lastPlace()
    loop.run(
      startingAt: Position(dialogue: last?.dialogue ?? 0, turn: last?.turn ?? 0), turn: last?.turn)
    try file.close()
    if loop.unsaved > 0 {
      terminal.close()
      throw Failure(
        "\(path): \(loop.unsaved) of the last changes could not be saved and are lost; look at the "
          + "room on the disk and the file's permissions, then give them again.")
    }
    // Everything is on the disk and the terminal is as it was. Not the usual way out: that takes libraries
    // down under a worker that may still be computing suggestions nobody waits for any more.
    terminal.close()
    fflush(nil)
    _exit(0)
  }

  private func keyMap(
    for scheme: LabelScheme, settings: Settings, warnings: inout [String]
  ) -> KeyMap {
    let (standard, collisions) = KeyMap.annotator(labels: scheme.labels.map { ($0.name, $0.key) })
    let (keyMap, problems) = standard.overlaid(
      with: settings.text, file: settings.path,
      actions: KeyMap.actionNames(labels: scheme.labels.map(\.name)))
    warnings += collisions + problems.map(\.description)
    return keyMap
  }
}
