/// Plain text for a terminal: names from data made harmless, columns that line up.
enum Plain {
  /// Whether a character would steer the terminal or the reading order instead of being read.
  static func mustNotBeSent(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0: true  // C0 and C1 controls
    case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF: true  // invisible, bidi
    case 0xE0000...0xE0FFF: true  // tags
    default: false
    }
  }

  /// A name with control characters shown as pictures and other invisible ones as `\u{...}`.
  static func shown(_ name: String) -> String {
    guard name.unicodeScalars.contains(where: mustNotBeSent) else { return name }
    var shown = ""
    for scalar in name.unicodeScalars {
      if scalar.value < 0x20, let picture = Unicode.Scalar(0x2400 + scalar.value) {
        shown.unicodeScalars.append(picture)
      } else if mustNotBeSent(scalar) {
        shown += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  /// How many columns a text takes; East Asian wide characters and emoji take two.
  static func width(_ text: String) -> Int {
    text.reduce(0) { $0 + width($1) }
  }

  private static func width(_ character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    if character.unicodeScalars.contains("\u{FE0F}") { return 2 }
    switch first.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
      0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
      0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default:
      return first.properties.generalCategory == .nonspacingMark ? 0 : 1
    }
  }

  /// A name cut or filled to a number of columns.
  static func left(_ name: String, _ columns: Int) -> String {
    let cut = fitted(shown(name), columns)
    return cut + String(repeating: " ", count: columns - width(cut))
  }

  /// The same, flush right.
  static func right(_ name: String, _ columns: Int) -> String {
    let cut = fitted(shown(name), columns)
    return String(repeating: " ", count: columns - width(cut)) + cut
  }

  /// A name cut to a number of columns.
  static func fit(_ name: String, _ columns: Int) -> String { fitted(shown(name), columns) }

  private static func fitted(_ text: String, _ columns: Int) -> String {
    guard width(text) > columns else { return text }
    var cut = ""
    var used = 0
    for character in text {
      let own = width(character)
      if used + own > columns - 1 { break }
      cut.append(character)
      used += own
    }
    return columns > 0 ? cut + "…" : ""
  }

  /// A number with a fixed count of decimals and a true minus sign.
  static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard abs(value) < 1e12 else { return "\(value)" }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let rounded = Int((abs(value) * scale).rounded())
    let digits = String(rounded)
    let padded = String(repeating: "0", count: max(decimals + 1 - digits.count, 0)) + digits
    let sign = value < 0 && rounded > 0 ? "−" : ""
    guard decimals > 0 else { return sign + padded }
    return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
  }

  /// A count with thin groups of thousands.
  static func count(_ count: Int) -> String {
    var digits = Array(String(count))
    var place = digits.count - 3
    while place > 0 {
      digits.insert(",", at: place)
      place -= 3
    }
    return String(digits)
  }

  /// A count with its noun.
  static func count(_ number: Int, _ noun: String) -> String {
    "\(count(number)) \(noun)\(number == 1 ? "" : "s")"
  }

  /// A bar for a share of 0 to 1, in eighths of a column.
  static func bar(_ share: Double, _ columns: Int) -> String {
    let eighths = Int((min(max(share, 0), 1) * Double(columns * 8)).rounded())
    let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    return String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
  }
}

extension Plain {
  /// A text in lines of at most so many columns, broken at blanks; names in it made harmless.
  static func wrapped(_ text: String, _ columns: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in shown(text).split(separator: " ") {
      if !line.isEmpty, width(line) + 1 + width(String(word)) > columns {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
      while width(line) > columns {
        lines.append(String(line.prefix(columns / 2)))
        line = String(line.dropFirst(columns / 2))
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }
}
