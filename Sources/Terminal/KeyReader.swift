internal import CTerminal
internal import Screen

/// Makes keys of what the terminal sends.
///
/// curses recognises the sequences that terminfo lists. What it does not, arrives as Escape and
/// characters, and must not be taken for key presses: `ESC [ 1 ; 5 C` would otherwise give a turn the
/// label of the keys 1 and 5. So whole control sequences (ECMA-48, 5.4) are read here, used if they are
/// common (which makes the keys of an xterm work under TERM=vt100), and dropped if not.
struct KeyReader {
  /// Something read, as ``CTerminal`` gives it.
  enum Input: Equatable {
    case nothing
    case scalar(UInt32)
    case key(Int)
  }

  /// Reads one input, waiting at most so many milliseconds.
  let read: (_ milliseconds: Int32) -> Input

  /// How long to wait for the rest of a sequence that has begun, in milliseconds.
  private static let restOfSequence: Int32 = 25
  /// How long to wait for the rest of what is pasted, in milliseconds.
  private static let restOfPaste: Int32 = 500
  /// How many scalars of what is pasted are kept; nobody means to paste more into a note.
  private static let pasteLimit = 65_536

  private var pending: Input = .nothing

  init(read: @escaping (_ milliseconds: Int32) -> Input) {
    self.read = read
  }

  /// All keys that have been pressed.
  mutating func readKeys() -> [Key] {
    var keys: [Key] = []
    while true {
      let input = next(0)
      switch input {
      case .nothing: return keys
      case .scalar(0x1B):
        if let key = afterEscape() { keys.append(key) }
      case .scalar(0x9B):
        if let key = controlSequence(first: next(Self.restOfSequence)) { keys.append(key) }
      default:
        if let key = plain(input) { keys.append(key) }
      }
    }
  }

  private mutating func next(_ milliseconds: Int32) -> Input {
    guard pending == .nothing else {
      defer { pending = .nothing }
      return pending
    }
    return read(milliseconds)
  }

  private mutating func afterEscape() -> Key? {
    // curses has already waited for a sequence: what follows was sent together with the Escape.
    let input = next(0)
    switch input {
    case .nothing:
      return .escape
    case .scalar(0x1B):
      pending = input
      return .escape
    case .scalar(let value) where "[O]PX^_".unicodeScalars.contains(where: { $0.value == value }):
      let first = next(0)
      guard first != .nothing else { return plain(input).map(Key.alt) }
      switch Unicode.Scalar(value) {
      case "[": return controlSequence(first: first)
      case "O": return applicationKey(first)
      default:
        skipString(first: first)
        return nil
      }
    default:
      return plain(input).map(Key.alt)
    }
  }

  /// What comes after `ESC [`: parameters, intermediates and a final character.
  private mutating func controlSequence(first: Input) -> Key? {
    var parameters = ""
    var input = first
    while case .scalar(let value) = input, let scalar = Unicode.Scalar(value), parameters.count < 64
    {
      if (0x40...0x7E).contains(value) {
        return key(final: scalar, parameters: parameters)
      }
      guard (0x20...0x3F).contains(value) else { return nil }
      parameters.unicodeScalars.append(scalar)
      input = next(Self.restOfSequence)
    }
    return nil
  }

  /// What comes after `ESC O`: a key of the numeric or function block.
  private mutating func applicationKey(_ input: Input) -> Key? {
    guard case .scalar(let value) = input, let scalar = Unicode.Scalar(value) else {
      return plain(input)
    }
    return scalar == "M" ? .enter : key(final: scalar, parameters: "")
  }

  private mutating func key(final: Unicode.Scalar, parameters: String) -> Key? {
    let numbers = parameters.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) }
    let number = numbers.first.flatMap { $0 } ?? 1
    // 1 and the sum of shift 1, alt 2, control 4 (xterm, ctlseqs, "PC-Style Function Keys").
    let modifier = numbers.count > 1 ? numbers[1] ?? 1 : 1
    if final == "~", number == 200 { return paste() }
    guard let key = final == "~" ? Self.tilde[number] : Self.finals[final] else { return nil }
    switch modifier {
    case 1: return key
    case 3: return .alt(key)
    default: return nil
    }
  }

  /// A reply of the terminal's that nobody asked for: up to BEL or ESC \.
  private mutating func skipString(first: Input) {
    var input = first
    while input != .nothing, input != .scalar(0x07) {
      if input == .scalar(0x1B) {
        _ = next(Self.restOfSequence)
        return
      }
      input = next(Self.restOfSequence)
    }
  }

  private mutating func paste() -> Key? {
    var text = String.UnicodeScalarView()
    var count = 0
    while true {
      switch next(Self.restOfPaste) {
      case .nothing, .key(Int(CT_PASTE_END)):
        return .paste(String(text))
      case .key:
        continue
      case .scalar(let value):
        guard let scalar = Unicode.Scalar(value), count < Self.pasteLimit else { continue }
        if value == 0x0D {
          text.append("\n")
        } else if value >= 0x20 && value != 0x7F && !(0x80...0x9F).contains(value)
          || value == 0x0A || value == 0x09
        {
          text.append(scalar)
        }
        count += 1
      }
    }
  }

  private mutating func plain(_ input: Input) -> Key? {
    switch input {
    case .nothing: nil
    case .key(let code):
      if code & Int(CT_ALT) != 0 {
        Self.special(code & ~Int(CT_ALT)).map(Key.alt)
      } else if code == Int(CT_PASTE_START) {
        paste()
      } else {
        Self.special(code)
      }
    case .scalar(let value): Self.typed(value)
    }
  }

  private static func typed(_ value: UInt32) -> Key? {
    switch value {
    case 0x7F: .backspace
    case 0x1B: .escape
    case 0..<0x20: Unicode.Scalar(value + 0x40).flatMap { Key(control: Character($0)) }
    case 0x80...0x9F: nil
    default: Unicode.Scalar(value).map { .character(Character($0)) }
    }
  }

  private static func special(_ code: Int) -> Key? {
    switch code {
    case Int(CT_ENTER): .enter
    case Int(CT_BACK_TAB): .backTab
    case Int(CT_BACKSPACE): .backspace
    case Int(CT_DELETE): .delete
    case Int(CT_INSERT): .insert
    case Int(CT_HOME): .home
    case Int(CT_END): .end
    case Int(CT_PAGE_UP): .pageUp
    case Int(CT_PAGE_DOWN): .pageDown
    case Int(CT_UP): .up
    case Int(CT_DOWN): .down
    case Int(CT_LEFT): .left
    case Int(CT_RIGHT): .right
    case Int(CT_F) + 1...Int(CT_F) + 63: .function(code - Int(CT_F))
    default: nil
    }
  }

  /// The keys of `ESC [ x` and `ESC O x`.
  private static let finals: [Unicode.Scalar: Key] = [
    "A": .up, "B": .down, "C": .right, "D": .left, "H": .home, "F": .end, "Z": .backTab,
    "P": .function(1), "Q": .function(2), "R": .function(3), "S": .function(4),
  ]

  /// The keys of `ESC [ n ~`, as the DEC VT220 and xterm number them.
  private static let tilde: [Int: Key] = [
    1: .home, 2: .insert, 3: .delete, 4: .end, 5: .pageUp, 6: .pageDown, 7: .home, 8: .end,
    11: .function(1), 12: .function(2), 13: .function(3), 14: .function(4), 15: .function(5),
    17: .function(6), 18: .function(7), 19: .function(8), 20: .function(9), 21: .function(10),
    23: .function(11), 24: .function(12),
  ]
}
