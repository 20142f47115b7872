import Annotator
import ArgumentParser
import Dialogues
import EmotionModel
import Glibc
import LabelStore
import Playback
import Screen
import Synchronization
import Terminal

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Say what works on this machine, and what to do about what does not.",
    discussion: """
      Examples:
        undertone doctor
        undertone doctor friends.undertone --device pulse
      """)

  @Argument(
    help: "A project whose file is checked, too.", completion: .file(extensions: ["undertone"]))
  var project: String?

  @Option(name: .long, help: "The ALSA device to try, whatever the settings say.")
  var device: String?

  func run() throws {
    let locations = Locations()
    let settings = Settings(path: locations.settings)
    var isHealthy = true
    func say(_ name: String, _ text: String, isFine: Bool = true) {
      print("\(isFine ? "ok  " : "!   ")\(name.padded(to: 12)) \(text)")
      isHealthy = isHealthy && isFine
    }

    say("version", programVersion)
    checkTerminal(say)
    checkSettings(settings, locations, say)
    checkFiles(locations, say)
    checkModels(locations, say)
    checkEncoders(settings, locations, say)
    checkSound(device ?? settings.device, say)
    let ffmpeg = ClipDecoder.findProgram(
      "ffmpeg", searchPath: environmentVariable("PATH") ?? "")
    say(
      "ffmpeg",
      ffmpeg
        ?? "not found: mp4 and other containers that libsndfile cannot read stay silent; "
        + "install the package ffmpeg")
    if let project { checkProject(project, settings, say) }
    if !isHealthy { throw ExitCode(1) }
  }

  private typealias Say = (_ name: String, _ text: String, _ isFine: Bool) -> Void

  private func checkTerminal(_ say: Say) {
    let kind = environmentVariable("TERM") ?? ""
    say(
      "terminal", kind.isEmpty ? "TERM is not set: name your terminal in it" : kind.visible,
      !kind.isEmpty && kind != "dumb")
    setlocale(LC_ALL, "")
    let codeset = String(cString: nl_langinfo(Int32(CODESET)))
    say(
      "locale",
      codeset == "UTF-8"
        ? codeset
        : "\(codeset): the annotator uses C.UTF-8 instead, or ASCII where that is missing", true)
    if let noColor = environmentVariable("NO_COLOR"), !noColor.isEmpty {
      say("colours", "off: NO_COLOR is set", true)
    }
  }

  private func checkSettings(_ settings: Settings, _ locations: Locations, _ say: Say) {
    let exists = access(locations.settings, F_OK) == 0
    say(
      "settings", locations.settings.visible + (exists ? "" : " (none yet, which is fine)"), true)
    let (_, problems) = KeyMap.annotator(labels: []).keyMap.overlaid(
      with: settings.text, file: settings.path, actions: KeyMap.actionNames(labels: []))
    let themes = Themes(locations)
    let warnings =
      settings.warnings + problems.map(\.description).filter { !$0.contains("label-") }
      + themes.theme(named: settings.preferences.theme).warnings
    for warning in warnings { say("settings", warning, false) }
    say("themes", themes.names.joined(separator: ", "), !themes.names.isEmpty)
  }

  private func checkFiles(_ locations: Locations, _ say: Say) {
    guard let share = locations.share else {
      say(
        "files", "themes, samples and model are not found; set UNDERTONE_SHARE to their folder",
        false)
      return
    }
    say("files", share.visible, true)
    for name in [
      "sample-dialogs/manifest.csv", "models/bundled.safetensors", "models/audio.safetensors",
      "models/audio-thorough.safetensors", "models/speaker.safetensors",
      "models/trigger.safetensors",
    ] where locations.shared(name) == nil {
      say("files", "\(name): it is missing from \(share.visible)", false)
    }
  }

  /// Reads the models that ship, which checks every length and number in them.
  private func checkModels(_ locations: Locations, _ say: Say) {
    func check(_ name: String, _ file: String, _ read: (String) throws -> String) {
      guard let path = locations.shared("models/\(file).safetensors") else { return }
      do {
        say(name, "\(try read(path)), intact: \(path.visible)", true)
      } catch {
        say(name, sentence(error), false)
      }
    }
    check("model", "bundled") { try Checkpoint(contentsOf: $0).name }
    for voices in Voices.allCases {
      do {
        guard let found = try voices.model(locations) else { continue }
        say("voices", "\(found.model.name), \(voices.rawValue), intact", true)
      } catch {
        say("voices", sentence(error), false)
      }
    }
    check("triggers", "trigger") { try TriggerModel(contentsOf: $0).details }
  }

  private func checkEncoders(_ settings: Settings, _ locations: Locations, _ say: Say) {
    say("encoders", "bundled: in the program's own model, nothing else needed", true)
    let places = settings.encoders()
    for kind in EncoderKind.allCases {
      guard places.folders[kind] != nil else {
        say(
          "encoders",
          "\(kind.rawValue): not set up, which is fine; looked in \(kind.variable) and in "
            + "encoders.\(kind.rawValue) of the settings; \(kind.howToGet)", true)
        continue
      }
      do {
        let vectors = try ExternalVectors(kind, in: places, cache: nil)
        say(
          "encoders",
          "\(kind.rawValue): \(vectors.identity.version) in \((places.folders[kind] ?? "").visible)",
          true)
      } catch {
        say("encoders", "\(kind.rawValue): \(sentence(error))", false)
      }
    }
    let size = FeatureCache.size(of: locations.features)
    say(
      "cache",
      "\((size + 500_000) / 1_000_000) MB of vectors in \(locations.features.visible); may be "
        + "deleted at any time", true)
  }

  /// Plays a moment of silence, which is the only proof that a device works.
  private func checkSound(_ device: String, _ say: Say) {
    let outcome = Mutex<PlayerStatus?>(nil)
    let done = Mailbox()
    let player = Player(device: device) { status in
      switch status.state {
      case .finished, .failed:
        outcome.withLock { $0 = status }
        done.post(.deviceChanged(name: device, problem: nil))
      default: break
      }
    }
    defer { player.close() }
    guard
      let silence = Clip(
        samples: Array(repeating: 0, count: 1600), sampleRate: 16_000, channelCount: 1)
    else { return }
    player.play(silence, token: 1)
    var source = pollfd(fd: done.descriptor, events: Int16(POLLIN), revents: 0)
    _ = poll(&source, 1, 3000)
    switch outcome.withLock({ $0?.state }) {
    case .finished: say("sound", "device \(device.visible) plays", true)
    case .failed(_, let message): say("sound", message, false)
    default:
      say("sound", "device \(device.visible) does not answer; try another with --device", false)
    }
  }

  private func checkProject(_ path: String, _ settings: Settings, _ say: Say) {
    do {
      let project = try Project.open(at: path, readOnly: true, program: programVersion)
      let information = try project.information()
      say(
        "project",
        "\(path.visible): \(counted(information.dialogues, "dialogue")), "
          + "\(counted(information.turns, "turn"))", true)
      for corpus in information.corpora {
        let isThere = access(corpus.folder, R_OK) == 0
        say(
          "audio",
          "\(corpus.name.visible) in \(corpus.folder.visible)"
            + (isThere ? "" : ": no such folder"),
          isThere)
      }
      let scheme = information.scheme
      let standard = KeyMap.annotator(labels: scheme.labels.map { ($0.name, $0.key) }).keyMap
      let (keyMap, _) = standard.overlaid(
        with: settings.text, file: settings.path,
        actions: KeyMap.actionNames(labels: scheme.labels.map(\.name)))
      if let sentence = LabelsWithoutKeys(keyMap, scheme).sentence() { say("keys", sentence, true) }
      try project.close()
    } catch {
      say("project", sentence(error), false)
    }
  }
}

/// The name suggestions of the built-in model are filed under.
let builtInSource = "gatedxlstm"
