import Foundation
import TestSupport
import Testing

/// The home folder of a person who has never used Undertone, and the means to run it there.
final class Home {
  /// The folder, removed with the object.
  let folder: String
  /// What sound is played through; `nil` for a person without.
  let sound: SoundRig?

  /// - Parameters:
  ///   - sound: whether there is a sound server, which is the default device.
  ///   - settings: the text of `settings.toml`; none is written for an empty one.
  init(sound: Bool = false, settings: String = "") throws {
    folder = try makeTemporaryFolder("undertone-home")
    self.sound = sound ? try SoundRig() : nil
    guard !settings.isEmpty else { return }
    try FileManager.default.createDirectory(
      atPath: "\(folder)/.config/undertone", withIntermediateDirectories: true)
    try write(settings, to: ".config/undertone/settings.toml")
  }

  deinit {
    sound?.stop()
    removeFolder(folder)
  }

  /// A person who plays turns when they want to, and not by arriving at them.
  static func quiet(sound: Bool = false) throws -> Home {
    try Home(sound: sound, settings: "play_on_arrival = false\n")
  }

  /// The project that `undertone` alone opens.
  var samples: String { path(".local/share/undertone/samples.undertone") }

  /// The path of a file in the folder.
  func path(_ name: String) -> String { "\(folder)/\(name)" }

  func write(_ text: String, to name: String) throws {
    try text.write(toFile: path(name), atomically: true, encoding: .utf8)
  }

  /// The names of all files in the folder, hidden ones too.
  func files() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  // MARK: Running

  /// The checkout, which has what the program ships with.
  static let checkout = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  static func program() throws -> String {
    try #require(builtProgram("undertone"), "undertone was not built beside the tests")
  }

  /// All the program gets to know of its surroundings.
  var environment: [String: String] {
    var variables = [
      "HOME": folder, "LANG": "C.UTF-8", "LC_ALL": "", "PATH": "/usr/local/bin:/usr/bin:/bin",
      "UNDERTONE_SHARE": Self.checkout, "SWIFT_BACKTRACE": "enable=no",
    ]
    variables["ALSA_CONFIG_PATH"] = sound?.alsaConfigPath
    return variables
  }

  /// Starts `undertone` in a terminal that is wide enough for everything.
  func open(
    _ arguments: String..., columns: Int = 100, rows: Int = 30,
    environment more: [String: String] = [:]
  ) throws -> Tmux {
    try Tmux(
      [try Self.program()] + arguments, columns: columns, rows: rows,
      environment: environment.merging(more) { _, new in new })
  }

  /// Starts a shell in a terminal, in which `$UNDERTONE` is the program.
  func shell() throws -> Tmux {
    let tmux = try Tmux(
      ["/bin/bash", "--norc", "--noprofile", "-i"], columns: 100, rows: 30,
      environment: environment.merging(
        ["PS1": "ready> ", "UNDERTONE": try Self.program()]) { _, new in new })
    try tmux.wait(forText: "ready>")
    return tmux
  }

  /// What a command line did.
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String

    /// Both streams, for the message of a failed expectation.
    var text: String { output + errors }
  }

  /// Runs `undertone` to its end, outside any terminal.
  func run(_ arguments: String...) throws -> Outcome {
    try run(program: try Self.program(), arguments)
  }

  func run(program: String, _ arguments: [String]) throws -> Outcome {
    // Files, not pipes: nobody has to read while the program writes.
    let streams = try makeTemporaryFolder("undertone-run")
    defer { removeFolder(streams) }
    let (output, errors) = ("\(streams)/output", "\(streams)/errors")
    let status = try runProgram(
      "/bin/sh", ["-c", "cd \"$0\" && exec \"$@\"", folder, program] + arguments,
      environment: environment.filter { !$0.value.isEmpty }.map { "\($0.key)=\($0.value)" },
      output: output, errors: errors)
    return Outcome(
      status: status,
      output: try String(contentsOfFile: output, encoding: .utf8),
      errors: try String(contentsOfFile: errors, encoding: .utf8))
  }

  // MARK: Looking into projects

  /// Where `sqlite3` is, with which anybody may look into a project; `nil` if it is not installed.
  static let sqlite = ["/usr/bin/sqlite3", "/usr/local/bin/sqlite3"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// The rows that `sqlite3` prints, columns parted by `|`.
  func rows(_ query: String, in project: String) throws -> [String] {
    let result = try run(program: try #require(Self.sqlite), [project, query])
    try #require(result.status == 0, "\(result.text)")
    return result.output.split(separator: "\n").map(String.init)
  }
}
