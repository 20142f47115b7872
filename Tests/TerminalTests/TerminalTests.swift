import Foundation
import TestSupport
import Testing

/// A terminal session in a real terminal: `terminal-probe` under tmux.
@Suite(
  "A session in a terminal", .serialized,
  .enabled(if: Tmux.isAvailable, "tmux is not installed: apt-get install tmux"))
struct TerminalTests {
  /// Without Swift's own report of a crash, which is slow and asks questions.
  static let quiet = ["SWIFT_BACKTRACE": "enable=no"]

  private func probe(
    columns: Int = 80, rows: Int = 24, _ environment: [String: String] = [:]
  ) throws -> Tmux {
    let path = try #require(builtProgram("terminal-probe"), "terminal-probe was not built")
    return try Tmux(
      [path], columns: columns, rows: rows,
      environment: Self.quiet.merging(environment) { _, new in new })
  }

  /// A shell in which the probe is started, to see what it leaves behind.
  private func shell(_ environment: [String: String] = [:]) throws -> Tmux {
    let path = try #require(builtProgram("terminal-probe"), "terminal-probe was not built")
    let tmux = try Tmux(
      ["/bin/bash", "--norc", "--noprofile", "-i"],
      environment: Self.quiet.merging(["PS1": "ready> ", "PROBE": path]) { _, new in new }
        .merging(environment) { _, new in new })
    try tmux.wait(forText: "ready>")
    return tmux
  }

  @Test func `the first frame is drawn, wide glyphs stand where they belong`() throws {
    let tmux = try probe()
    let screen = try tmux.wait(forText: "size 80x24 colors 256 utf8")
    let lines = screen.split(separator: "\n", omittingEmptySubsequences: false)
    // The probe draws a bar at column 20 behind each text: it must stand there for the terminal
    // too, whatever it thinks of the text's width.
    for row in 4...10 {
      let line = try #require(row < lines.count ? String(lines[row]) : nil)
      let end = try #require(line.range(of: "| ", options: .backwards))
      let before = line[..<end.lowerBound]
      let columns = before.unicodeScalars.reduce(0) { $0 + Self.libcColumns($1) }
      #expect(columns == 20, "\(line)")
    }
    #expect(lines[4].hasPrefix("日本語|"))
    #expect(lines[11] == "████")
    #expect(lines[12] == "┌ box ────┐" || lines[12] == "┌ box ─────┐")
    #expect(lines[23].hasSuffix("#") && lines[23].count == 80)
  }

  @Test func `text with escape sequences is shown and does nothing`() throws {
    let tmux = try probe()
    let screen = try tmux.wait(forText: "size 80x24")
    #expect(screen.contains("joy   a␛[31mred␇\\u{9B}2J\\u{202E}x"))
    #expect(try !tmux.styledScreen().contains("\u{1B}[31mred"))
  }

  @Test func `keys arrive with their names`() throws {
    let tmux = try probe()
    try tmux.wait(forText: "size 80x24")
    try tmux.press("Up", "C-r", "M-x", "F5", "PPage", "é")
    try tmux.wait(forText: "keys: Up | Ctrl-R | Alt-x | F5 | PageUp | é")
    try tmux.press("Space", "Tab", "BTab", "DC", "Enter", "NPage", "F12")
    try tmux.wait(forText: "Space | Tab | BackTab | Delete | Enter")
  }

  @Test func `Escape, Backspace, Home and a sequence nobody knows`() throws {
    let tmux = try probe()
    try tmux.wait(forText: "size 80x24")
    try tmux.press("Escape")
    try tmux.wait(forText: "keys: Escape")
    try tmux.press("BSpace", "Home", "End", "M-Up")
    try tmux.send(bytes: [0x1B, 0x5B, 0x31, 0x3B, 0x35, 0x43])
    try tmux.type("日")
    try tmux.wait(forText: "keys: Escape | Backspace | Home | End | Alt-Up | 日")
  }

  @Test func `bytes that are not UTF-8 give no key and do no harm`() throws {
    let tmux = try probe()
    try tmux.wait(forText: "size 80x24")
    try tmux.send(bytes: [0xFF, 0xC3, 0x28, 0x80])
    try tmux.type("x")
    try tmux.wait(for: "the key after them") { $0.contains("x\n") || $0.contains("| x") }
  }

  @Test func `pasted text is one event`() throws {
    let tmux = try probe()
    try tmux.wait(forText: "size 80x24")
    try tmux.paste("1 2Q")
    try tmux.wait(forText: "keys: Paste(1 2Q)")
    try tmux.press("x")
    try tmux.wait(forText: "Paste(1 2Q) | x")
  }

  @Test func `a resized terminal is drawn at its new size`() throws {
    let tmux = try probe()
    try tmux.wait(forText: "size 80x24")
    try tmux.resize(columns: 100, rows: 30)
    try tmux.wait(forText: "size 100x30")
    try tmux.wait(forText: "signals: resized")
    try tmux.resize(columns: 20, rows: 5)
    let screen = try tmux.wait(forText: "size 20x5")
    #expect(screen.split(separator: "\n").last?.hasSuffix("#") == true)
    try tmux.resize(columns: 3, rows: 2)
    try tmux.wait(for: "six cells") { $0.trimmingNewlines == "siz\nke#" }
    try tmux.resize(columns: 200, rows: 60)
    try tmux.wait(forText: "size 200x60")
  }

  @Test func `colours and attributes follow the theme, and NO_COLOR keeps the attributes`() throws {
    let tmux = try probe()
    try tmux.wait(forText: "size 80x24")
    // joy is yellow, the title bold.
    #expect(try tmux.styledScreen().contains("\u{1B}[33mjoy"))
    #expect(try tmux.styledScreen().hasPrefix("\u{1B}[1msize"))
    try tmux.press("T")
    try tmux.wait(for: "a blue background") { _ in
      try tmux.styledScreen().contains("\u{1B}[37m\u{1B}[44m")
    }
    let plain = try probe(["NO_COLOR": "1"])
    try plain.wait(forText: "colors 0 utf8")
    #expect(try !plain.styledScreen().contains("\u{1B}[33m"))
    #expect(try plain.styledScreen().hasPrefix("\u{1B}[1msize"))
  }

  @Test func `closing gives the terminal back as it was`() throws {
    let tmux = try shell()
    try tmux.type("echo before; stty -a > s1; \"$PROBE\"; stty -a > s2; cmp s1 s2 && echo same\n")
    try tmux.wait(forText: "size 80x24")
    #expect(try tmux.value("alternate_on") == "1")
    try tmux.press("E", "Q")
    let screen = try tmux.wait(forText: "\nsame")
    #expect(screen.contains("before"))
    #expect(screen.contains("a message on stderr"))
    #expect(screen.contains("closed"))
    #expect(try tmux.value("alternate_on") == "0")
    #expect(try tmux.value("cursor_flag") == "1")
  }

  @Test func `what is written to stderr does not tear the picture`() throws {
    let tmux = try probe()
    try tmux.wait(forText: "size 80x24")
    try tmux.press("E", "x")
    let screen = try tmux.wait(forText: "keys: E | x")
    #expect(!screen.contains("a message on stderr"))
  }

  @Test(arguments: [("X", "the probe was told to fail"), ("V", ""), ("A", "")])
  func `a crash gives the terminal back and its message is seen`(
    key: String, message: String
  ) throws {
    let tmux = try shell()
    try tmux.type(
      "ulimit -c 0; stty -a > s1; \"$PROBE\"; echo \"status $?\"; stty -a > s2; cmp s1 s2 && echo same\n"
    )
    try tmux.wait(forText: "size 80x24")
    try tmux.press("E", key)
    try tmux.wait(forText: "\nsame")
    let screen = try tmux.history()
    #expect(message.isEmpty || screen.contains(message))
    #expect(screen.contains("a message on stderr"))
    // Ended by the signal it would have been ended by without us.
    let status = screen.split(separator: "\n").compactMap { line in
      line.hasPrefix("status ") ? Int(line.dropFirst(7)) : nil
    }.last
    #expect([132, 133, 134, 139].contains(status ?? 0))
    #expect(try tmux.value("alternate_on") == "0")
    #expect(try tmux.value("cursor_flag") == "1")
  }

  @Test func `Ctrl-Z gives the terminal back, fg draws everything again`() throws {
    let tmux = try shell()
    try tmux.type("stty -a > s1\n\"$PROBE\"\n")
    try tmux.wait(forText: "size 80x24")
    try tmux.press("x")
    try tmux.wait(forText: "keys: x")
    try tmux.press("C-z")
    try tmux.wait(forText: "Stopped")
    #expect(try tmux.value("alternate_on") == "0")
    try tmux.type("stty -a > s2; cmp s1 s2 && echo same\n")
    try tmux.wait(forText: "\nsame")
    try tmux.type("fg\n")
    let screen = try tmux.wait(forText: "keys: x")
    #expect(screen.contains("┌ box"))
    #expect(try tmux.value("alternate_on") == "1")
    try tmux.press("y")
    try tmux.wait(forText: "keys: x | y")
    try tmux.wait(forText: "suspend")
    try tmux.press("Q")
    try tmux.wait(forText: "closed")
  }

  @Test func `a terminal resized while the program was stopped is drawn at its new size`() throws {
    let tmux = try shell()
    try tmux.type("\"$PROBE\"\n")
    try tmux.wait(forText: "size 80x24")
    try tmux.press("C-z")
    try tmux.wait(forText: "Stopped")
    try tmux.resize(columns: 60, rows: 20)
    try tmux.type("fg\n")
    try tmux.wait(forText: "size 60x20")
  }

  @Test func `Ctrl-C is a signal to the program, not its end`() throws {
    let tmux = try probe()
    try tmux.wait(forText: "size 80x24")
    try tmux.press("C-c")
    try tmux.wait(forText: "signals: interrupt")
    try tmux.press("C-s", "C-q", "C-v", "C-o")
    try tmux.wait(forText: "keys: Ctrl-S | Ctrl-Q | Ctrl-V | Ctrl-O")
  }

  @Test func `a program that is told to end gives the terminal back`() throws {
    let tmux = try shell()
    try tmux.type("\"$PROBE\" & sleep 0; fg\n")
    try tmux.wait(forText: "size 80x24")
    try tmux.press("x")
    let kill = try Tmux(
      ["/bin/sh", "-c", "kill -TERM $(pgrep -P \(try tmux.value("pane_pid")) terminal-probe)"])
    _ = try kill.waitForEnd()
    try tmux.wait(forText: "closed")
    #expect(try tmux.value("alternate_on") == "0")
  }

  @Test(arguments: [
    ("xterm-256color", "", 256), ("xterm", "", 8), ("xterm", "truecolor", 256), ("vt100", "", 0),
    ("linux", "", 8), ("screen", "", 8), ("tmux", "24bit", 256), ("rxvt", "", 8),
  ])
  func `each kind of terminal has its colours`(
    kind: String, colorterm: String, colors: Int
  ) throws {
    let tmux = try probe(["TERM": kind, "COLORTERM": colorterm])
    try tmux.wait(forText: "colors \(colors) utf8")
    try tmux.press("Up")
    try tmux.wait(forText: "keys: Up")
    try tmux.press("T", "T", "Q")
    #expect(try tmux.waitForEnd() == 0)
  }

  @Test(arguments: [
    ("dumb", "cannot"), ("no-such-terminal", "terminfo"), ("", "TERM is not set"),
  ])
  func `a terminal that cannot be drawn on is refused with a sentence`(
    kind: String, reason: String
  ) throws {
    let tmux = try probe(["TERM": kind])
    #expect(try tmux.waitForEnd() == 1)
    let screen = try tmux.screen()
    #expect(screen.hasPrefix("undertone needs a terminal"))
    #expect(screen.contains(reason))
  }

  @Test func `output that goes to a file is refused with a sentence`() throws {
    let tmux = try shell()
    try tmux.type("\"$PROBE\" > out; echo \"status $?\"\n")
    let screen = try tmux.wait(forText: "\nstatus 1")
    #expect(screen.contains("undertone needs a terminal, but its input or output is a file"))
  }

  @Test(arguments: ["C", "POSIX", ""])
  func `without a locale UTF-8 is used all the same`(locale: String) throws {
    let tmux = try probe(["LC_ALL": locale])
    let screen = try tmux.wait(forText: "colors 256 utf8")
    #expect(screen.contains("日本語|"))
    try tmux.type("日")
    try tmux.wait(forText: "keys: 日")
  }

  /// Where the C library has no UTF-8 at all, which an empty folder of locales brings about.
  @Test func `where there is no UTF-8 the picture is made of ASCII`() throws {
    let tmux = try probe(["LC_ALL": "C", "LOCPATH": "/nonexistent"])
    let screen = try tmux.wait(forText: "size 80x24")
    guard screen.contains("ascii") else {
      // glibc from 2.35 on has C.UTF-8 built in, and nothing takes it away.
      #expect(screen.contains("utf8"))
      return
    }
    #expect(screen.contains("+ box -----+"))
  }

  /// The columns libc of Debian 12, and so tmux, gives the scalars that the probe shows.
  private static func libcColumns(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch scalar.value {
    case 0x1160...0x11FF: return 0
    case 0x1100...0x115F, 0x2E80...0xD7A3, 0x1F300...0x1F64F, 0x1F900...0x1F9FF: return 2
    default: return 1
    }
  }
}

extension String {
  fileprivate var trimmingNewlines: String {
    String(drop { $0.isNewline }.reversed().drop { $0.isNewline }.reversed())
  }
}
