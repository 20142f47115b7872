internal import CTerminal
internal import Glibc
public import Screen

/// The terminal, taken over: it shows frames and gives keys until it is closed.
///
/// There is one at a time, and it belongs to the thread that opened it. Whatever ends the program,
/// the terminal is given back as it was: ``close()`` does it, and so does a handler for crashes. What is
/// written to stderr meanwhile is shown afterwards.
public final class TerminalSession {
  /// What the person or the system asks of the program.
  public enum Signal: Equatable, Sendable {
    /// The terminal has another size: call ``resize()`` and draw.
    case resized
    /// Ctrl-Z: call ``suspend()`` and draw.
    case suspend
    /// The program was stopped and goes on: call ``invalidate()`` and draw.
    case continued
    /// Ctrl-C.
    case interrupt
    /// The program shall end.
    case terminate
    /// The terminal is gone.
    case hangup
  }

  /// The terminal's size when it was last asked: at opening, ``resize()`` and ``suspend()``.
  public private(set) var size: Size
  /// How many colours are used.
  public let colorDepth: ColorDepth
  /// Whether more than ASCII can be shown.
  public let isUTF8: Bool
  /// Readable when keys have been pressed: call ``readKeys()``.
  public let inputDescriptor: Int32
  /// Readable when signals have arrived: call ``readSignals()``.
  public let signalDescriptor: Int32

  private var keys: KeyReader
  private var shown: Frame?
  private var styles: StyleCache
  private var isOpen = true

  private init(_ info: ct_info, input: Int32) {
    size = Size(columns: Int(info.columns), rows: Int(info.rows))
    colorDepth =
      switch info.colors {
      case 256: .twoHundredFiftySix
      case 16..<256: .sixteen
      // A terminal of direct colours counts in another way beyond the first eight.
      case 8...: .eight
      default: .none
      }
    styles = StyleCache(.fallback, depth: colorDepth)
    isUTF8 = info.is_utf8
    inputDescriptor = input
    signalDescriptor = ct_signal_descriptor()
    keys = KeyReader { milliseconds in
      var value: UInt32 = 0
      switch unsafe ct_read(milliseconds, &value) {
      case Int32(CT_SCALAR): return .scalar(value)
      case Int32(CT_KEY): return .key(Int(value))
      default: return .nothing
      }
    }
  }

  deinit {
    close()
  }

  /// Takes over a terminal.
  ///
  /// `TERM` says what kind it is. With `COLORTERM=truecolor` the 256-colour relative of that kind is
  /// used, where terminfo has one. A `NO_COLOR` that is not empty switches colours off.
  ///
  /// - Parameters:
  ///   - input: where keys come from, standard input unless said otherwise.
  ///   - output: where frames go to, standard output unless said otherwise.
  ///   - environment: the value of an environment variable, `nil` if it is not set.
  /// - Throws: ``TerminalError``, whose description is meant for the person.
  public static func open(
    input: Int32 = 0, output: Int32 = 1,
    environment: (String) -> String? = environmentVariable
  ) throws(TerminalError) -> TerminalSession {
    let kind = environment("TERM") ?? ""
    let wantsColor = (environment("NO_COLOR") ?? "").isEmpty
    var kinds = [kind]
    // ncurses has no other way to the 256 colours than an entry that has them; the entries of such
    // a pair differ in little else.
    let hasMany = ["truecolor", "24bit"].contains(environment("COLORTERM") ?? "")
    if kind.hasSuffix("-direct") {
      kinds.insert(kind.dropLast("-direct".count) + "-256color", at: 0)
    } else if hasMany, !kind.isEmpty, !kind.contains("256color") {
      kinds.insert(kind + "-256color", at: 0)
    }
    var info = ct_info()
    var result = Int32(CT_UNKNOWN_TERM)
    for kind in kinds where result == Int32(CT_UNKNOWN_TERM) {
      result = unsafe ct_open(input, output, kind, wantsColor, &info)
    }
    switch Int(result) {
    case CT_OK: return TerminalSession(info, input: input)
    case CT_NOT_A_TERMINAL: throw .notATerminal
    case CT_NO_TERM: throw .kindUnset
    case CT_UNKNOWN_TERM: throw .kindUnknown(kind.visible)
    case CT_DUMB_TERM: throw .tooSimple(kind.visible)
    case CT_ALREADY_OPEN: throw .alreadyOpen
    default: throw .system(unsafe String(cString: strerror(errno)))
    }
  }

  /// Shows a frame.
  ///
  /// Only what differs from the last frame is drawn, in one refresh; after another theme or size,
  /// everything.
  public func draw(_ frame: Frame, theme: Theme) {
    guard isOpen else { return }
    if styles.theme != theme {
      styles = StyleCache(theme, depth: colorDepth)
      shown = nil
    }
    let runs = shown.map { frame.diff(from: $0) } ?? frame.everything
    for run in runs { draw(run, of: frame) }
    let cursor = frame.cursor
    ct_refresh(Int32(clamping: cursor?.row ?? -1), Int32(clamping: cursor?.column ?? -1))
    shown = frame
  }

  /// Makes the next ``draw(_:theme:)`` draw everything, whatever the terminal shows: for a screen
  /// that another program has written on.
  public func invalidate() {
    shown = nil
    ct_invalidate()
  }

  /// The keys that have been pressed, in order.
  ///
  /// Does not wait, except for at most 25 ms where Escape was pressed and could be the beginning of
  /// another key.
  public func readKeys() -> [Key] {
    guard isOpen else { return [] }
    return keys.readKeys()
  }

  /// The signals that have arrived, in order, each kind once.
  public func readSignals() -> [Signal] {
    guard isOpen else { return [] }
    var signals: [Signal] = []
    while case let number = ct_next_signal(), number != 0 {
      if let signal = Signal(number: number), !signals.contains(signal) { signals.append(signal) }
    }
    return signals
  }

  /// Whether the terminal is gone for good; then ``inputDescriptor`` stays readable without keys.
  public var isHungUp: Bool { !isOpen || ct_is_hung_up() }

  /// Takes note of the terminal's present size.
  ///
  /// The next frame is drawn as a whole.
  public func resize() {
    guard isOpen else { return }
    ct_resize()
    takeSize()
  }

  /// Gives the terminal back, stops the program as Ctrl-Z does, and returns when it is continued,
  /// the terminal taken over again.
  ///
  /// The next frame is drawn as a whole.
  public func suspend() {
    guard isOpen else { return }
    ct_suspend()
    takeSize()
  }

  /// Gives the terminal back as it was and shows what was written to stderr meanwhile.
  ///
  /// Calling it again does nothing.
  public func close() {
    guard isOpen else { return }
    isOpen = false
    ct_close()
  }

  private func takeSize() {
    var rows: Int32 = 0
    var columns: Int32 = 0
    unsafe ct_size(&rows, &columns)
    size = Size(columns: Int(columns), rows: Int(rows))
    shown = nil
  }

  private func draw(_ run: Frame.Run, of frame: Frame) {
    var scalars: [UInt32] = []
    var cells: [ct_cell] = []
    cells.reserveCapacity(run.columns.count)
    scalars.reserveCapacity(run.columns.count)
    for column in run.columns {
      let cell = frame[column, run.row]
      guard !cell.isContinuation else { continue }
      let style = styles.style(of: cell)
      let offset = scalars.count
      if !isUTF8 {
        scalars.append(asciiFallback(for: cell.glyph).value)
      } else if let scalar = cell.glyph.scalar {
        scalars.append(scalar.value)
      } else {
        scalars.append(contentsOf: cell.glyph.scalars.map(\.value))
      }
      cells.append(
        ct_cell(
          offset: UInt32(offset), length: UInt16(scalars.count - offset), columns: cell.columns,
          attributes: style.attributes.rawValue,
          foreground: style.foreground.map(Int16.init) ?? -1,
          background: style.background.map(Int16.init) ?? -1))
    }
    unsafe ct_draw(
      Int32(run.row), Int32(run.columns.lowerBound), cells, Int32(cells.count), scalars)
  }
}

extension TerminalSession.Signal {
  fileprivate init?(number: Int32) {
    switch number {
    case SIGWINCH: self = .resized
    case SIGTSTP: self = .suspend
    case SIGCONT: self = .continued
    case SIGINT: self = .interrupt
    case SIGTERM: self = .terminate
    case SIGHUP: self = .hangup
    default: return nil
    }
  }
}

/// The value of a variable of the process's environment, `nil` if it is not set.
public func environmentVariable(_ name: String) -> String? {
  unsafe getenv(name).map { unsafe String(cString: $0) }
}
