import Glibc
import Screen
import Terminal

/// A program to try a terminal with: it shows the terminal's size, the keys and signals it gets and
/// some awkward text, and ends in every way a program can end.
///
/// | key | does |
/// |---|---|
/// | `Q` | closes the terminal and ends |
/// | `X` | stops with a fatal error |
/// | `V` | writes to address 0 |
/// | `A` | aborts |
/// | `E` | writes a line to stderr |
/// | `T` | the next theme: fallback, or one with a blue background |
@main
struct Probe {
  static func main() {
    do {
      let session = try TerminalSession.open()
      var probe = Probe(session: session)
      probe.run()
      session.close()
      print("closed")
    } catch {
      complain("\(error)")
      exit(1)
    }
  }

  private static func complain(_ message: String) {
    let bytes = Array("\(message)\n".utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
  }

  let session: TerminalSession
  var keys: [String] = []
  var signals: [String] = []
  var theme = Theme.fallback
  var isDone = false

  mutating func run() {
    show()
    while !isDone {
      var ready = [
        pollfd(fd: session.inputDescriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: session.signalDescriptor, events: Int16(POLLIN), revents: 0),
      ]
      _ = poll(&ready, 2, -1)
      for signal in session.readSignals() { handle(signal) }
      for key in session.readKeys() { handle(key) }
      if session.isHungUp { isDone = true }
      show()
    }
  }

  private mutating func handle(_ signal: TerminalSession.Signal) {
    signals.append("\(signal)")
    switch signal {
    case .resized: session.resize()
    case .suspend: session.suspend()
    case .continued: session.invalidate()
    case .interrupt: break
    case .terminate, .hangup: isDone = true
    }
  }

  private mutating func handle(_ key: Key) {
    if case .paste(let text) = key {
      keys.append("Paste(\(text))")
    } else {
      keys.append(key.description)
    }
    switch key {
    case .character("Q"): isDone = true
    case .character("X"): fatalError("the probe was told to fail")
    case .character("V"): UnsafeMutablePointer<UInt8>(bitPattern: 1)?.pointee = 1
    case .character("A"): abort()
    case .character("E"): Self.complain("a message on stderr")
    case .character("T"): theme = theme == .fallback ? Self.blue : .fallback
    default: break
    }
  }

  private func show() {
    var frame = Frame(session.size)
    let size = session.size
    let depth = session.colorDepth.rawValue
    frame.write(
      "size \(size.columns)x\(size.rows) colors \(depth) \(session.isUTF8 ? "utf8" : "ascii")",
      at: Point(column: 0, row: 0), scope: "title")
    frame.write(
      "keys: " + keys.suffix(12).joined(separator: " | "), at: Point(column: 0, row: 1))
    frame.write(
      "signals: " + signals.suffix(6).joined(separator: " "), at: Point(column: 0, row: 2))
    frame.write("joy", at: Point(column: 0, row: 3), scope: "emotion.joy")
    frame.write(Self.hostile, at: Point(column: 6, row: 3))
    for (place, text) in Self.wide.enumerated() {
      let row = 4 + place
      let used = frame.write(text, at: Point(column: 0, row: row))
      frame.write("|", at: Point(column: used, row: row), scope: "border")
      frame.write("| \(used)", at: Point(column: 20, row: row), scope: "border")
    }
    frame.bar(0.4, at: Point(column: 0, row: 11), columns: 10)
    frame.box(Rect(column: 0, row: 12, columns: 12, rows: 3), title: "box")
    // The last cell of the screen is the one that makes careless programs scroll.
    frame.write("#", at: Point(column: size.columns - 1, row: size.rows - 1))
    session.draw(frame, theme: theme)
  }

  static let hostile = "a\u{1B}[31mred\u{7}\u{9B}2J\u{202E}x"
  static let wide = [
    "日本語", "e\u{301}te\u{301}", "👨‍👩‍👧 家", "🇩🇪 de", "❤️ vs16", "कि हिन्दी", "각 각",
  ]
  static let blue = Theme.parse(
    "[scopes]\ntext = { fg = \"white\", bg = \"blue\" }", name: "blue", file: "blue.toml"
  ).theme
}
