internal import Foundation

/// A real terminal for tests: a program runs in a tmux of its own, keys are sent to it, and what it
/// shows is read back.
///
/// Nothing of the surroundings comes in: the server has a private socket, no configuration and an
/// environment that holds only what the test gives it. Nothing waits for a fixed time: a test waits
/// for what it wants to see, with a deadline.
public final class Tmux {
  /// Something that was waited for and did not come, with what was on the screen instead.
  public struct Failure: Error, CustomStringConvertible {
    /// What was waited for, and the screen.
    public let description: String
  }

  /// Whether tmux is installed.
  ///
  /// Tests that need it are enabled by this and skipped without it.
  public static let isAvailable = executable != nil

  private static let executable = ["/usr/bin/tmux", "/usr/local/bin/tmux", "/bin/tmux"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// A folder for this terminal alone; also the program's `HOME`.
  public let folder: String
  private var isRunning = true

  /// Starts a program in a terminal.
  ///
  /// - Parameters:
  ///   - command: the program's path and its arguments.
  ///   - columns: the terminal's width.
  ///   - rows: its height.
  ///   - environment: the program's environment, beside `HOME`, `PATH`, `TERM` and `LC_ALL`, which
  ///     can be replaced and, by an empty value, removed.
  /// - Throws: ``Failure``.
  public init(
    _ command: [String], columns: Int = 80, rows: Int = 24, environment: [String: String] = [:]
  ) throws {
    let name = "undertone-tmux-\(UUID().uuidString.prefix(8))"
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var variables = [
      "HOME": folder, "PATH": "/usr/local/bin:/usr/bin:/bin", "TERM": "tmux-256color",
      "LC_ALL": "C.UTF-8",
    ]
    variables.merge(environment) { _, new in new }
    let assignments = variables.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }
      .map { "\($0.key)=\($0.value)" }
    // The program is started by `wait-for`'s signal, after the options are set: one that ends at
    // once would otherwise be gone before `remain-on-exit` holds.
    let start = "\(Self.executable ?? "tmux") -S '\(folder)/socket' wait-for go; exec env -i \"$@\""
    try tmux(
      [
        // In its own folder: what a test's shell writes must not land in the checkout.
        "-f", "/dev/null", "-u", "new-session", "-d", "-c", folder, "-x", "\(columns)", "-y",
        "\(rows)", "/bin/sh", "-c", start, "sh",
      ] + assignments + command)
    try tmux(["set-option", "-g", "status", "off"])
    try tmux(["set-option", "-g", "remain-on-exit", "on"])
    try tmux(["set-option", "-g", "remain-on-exit-format", ""])
    try tmux(["set-option", "-s", "escape-time", "0"])
    try tmux(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
    try tmux(["wait-for", "-S", "go"])
  }

  deinit {
    kill()
  }

  /// Presses keys, by tmux's names: `Enter`, `Up`, `C-r`, `M-x`, `F5`, `a`.
  public func press(_ keys: String...) throws {
    try tmux(["send-keys", "--"] + keys)
  }

  /// Types text as it is.
  public func type(_ text: String) throws {
    try tmux(["send-keys", "-l", "--", text])
  }

  /// Sends bytes to the program as if the terminal had sent them.
  public func send(bytes: [UInt8]) throws {
    try tmux(["send-keys", "-H"] + bytes.map { String($0, radix: 16) })
  }

  /// Pastes text as a terminal does: between marks, if the program asked for them.
  public func paste(_ text: String) throws {
    try tmux(["set-buffer", "--", text])
    try tmux(["paste-buffer", "-p", "-r"])
  }

  /// The text on the screen, a line a row, blanks at the ends left out.
  public func screen() throws -> String {
    try tmux(["capture-pane", "-p"])
  }

  /// The text on the screen and all that was scrolled off it.
  public func history() throws -> String {
    try tmux(["capture-pane", "-p", "-J", "-S", "-"])
  }

  /// The text on the screen with the escape sequences of its colours and attributes.
  public func styledScreen() throws -> String {
    try tmux(["capture-pane", "-p", "-e"])
  }

  /// A value of tmux's, such as `cursor_x`, `alternate_on` or `pane_dead_status`.
  public func value(_ name: String) throws -> String {
    try tmux(["display-message", "-p", "#{\(name)}"]).trimmingCharacters(in: .newlines)
  }

  /// Gives the terminal another size.
  public func resize(columns: Int, rows: Int) throws {
    try tmux(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
  }

  /// Waits until the screen shows what is wanted.
  ///
  /// - Parameters:
  ///   - wanted: what is waited for, for the message.
  ///   - seconds: how long at most.
  ///   - isThere: whether a screen is the one.
  /// - Returns: the screen, read a moment later: a frame comes in pieces, and what a row further
  ///   down holds may still be the frame before.
  /// - Throws: ``Failure`` with the last screen.
  @discardableResult
  public func wait(
    for wanted: String, seconds: Double = 20, until isThere: (String) throws -> Bool
  ) throws -> String {
    let deadline = ContinuousClock.now + .seconds(seconds)
    var last = ""
    repeat {
      last = try screen()
      if try isThere(last) {
        Thread.sleep(forTimeInterval: 0.02)
        let whole = try screen()
        return try isThere(whole) ? whole : last
      }
      Thread.sleep(forTimeInterval: 0.02)
    } while ContinuousClock.now < deadline
    throw Failure(description: "Waited \(seconds) s for \(wanted). The screen shows:\n\(last)")
  }

  /// Waits until the screen holds a text.
  @discardableResult
  public func wait(forText text: String, seconds: Double = 20) throws -> String {
    try wait(for: "\"\(text)\"", seconds: seconds) { $0.contains(text) }
  }

  /// Waits until the program has ended.
  ///
  /// - Returns: its exit status, or 128 and the number of the signal that ended it.
  public func waitForEnd(seconds: Double = 20) throws -> Int {
    var end: Int?
    try wait(for: "the program's end", seconds: seconds) { _ in
      // tmux sees the terminal closed before it learns how the program ended.
      if let status = Int(try value("pane_dead_status")) { end = status }
      if let signal = Int(try value("pane_dead_signal")) { end = 128 + signal }
      // And now and then it misses the signal that would tell it (tmux 3.3a): the program stays a
      // zombie until the next one comes.
      if end == nil, try value("pane_dead") == "1", let server = Int32(try value("pid")) {
        remindOfEnds(server)
      }
      return end != nil
    }
    return end ?? 0
  }

  /// Ends the program and the terminal.
  public func kill() {
    guard isRunning else { return }
    isRunning = false
    _ = try? tmux(["kill-server"])
    try? FileManager.default.removeItem(atPath: folder)
  }

  @discardableResult
  private func tmux(_ arguments: [String]) throws -> String {
    guard let executable = Self.executable else {
      throw Failure(description: "tmux is not installed.")
    }
    let status = try runProgram(
      executable, ["-S", "\(folder)/socket"] + arguments,
      environment: [
        "HOME=\(folder)", "PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TERM=xterm-256color",
        "SHELL=/bin/sh",
      ], output: "\(folder)/output", errors: "\(folder)/errors")
    let text = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/output"))
    guard status == 0 else {
      let message = try String(contentsOfFile: "\(folder)/errors", encoding: .utf8)
      throw Failure(description: "tmux \(arguments.joined(separator: " ")): \(message)")
    }
    return String(decoding: text, as: UTF8.self)
  }
}
