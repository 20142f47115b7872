/// A piece of LaTeX that is safe by how it is made: what is interpolated is text and escaped, only
/// another piece is taken as it is.
struct TeX: ExpressibleByStringInterpolation {
  private(set) var source: String

  init(stringLiteral value: String) { source = value }

  init(stringInterpolation: Interpolation) { source = stringInterpolation.source }

  /// Pieces one after another.
  init(_ pieces: some Sequence<TeX>, separator: String = "\n") {
    source = pieces.map(\.source).joined(separator: separator)
  }

  struct Interpolation: StringInterpolationProtocol {
    fileprivate var source = ""

    init(literalCapacity: Int, interpolationCount: Int) {
      source.reserveCapacity(literalCapacity * 2)
    }

    mutating func appendLiteral(_ literal: String) { source += literal }

    mutating func appendInterpolation(_ text: String) { source += TeX.escaped(text) }

    mutating func appendInterpolation(_ number: Int) { source += "\(number)" }

    mutating func appendInterpolation(_ piece: TeX) { source += piece.source }

    mutating func appendInterpolation(_ pieces: [TeX]) { source += TeX(pieces).source }

    /// A word of our own for `\label` and `\cite`, which must not be escaped.
    mutating func appendInterpolation(key: String) { source += key }
  }

  /// Text for the body of a document that pdfTeX sets with its T1 fonts.
  ///
  /// Of other scripts pdfTeX has no letters by default; their characters are written as `U+7238`, so
  /// that a document with a Chinese speaker compiles everywhere.
  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in Plain.shown(text).unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\textbackslash{}"
      case "{": escaped += "\\{"
      case "}": escaped += "\\}"
      case "$": escaped += "\\$"
      case "&": escaped += "\\&"
      case "#": escaped += "\\#"
      case "%": escaped += "\\%"
      case "_": escaped += "\\_"
      case "^": escaped += "\\textasciicircum{}"
      case "~": escaped += "\\textasciitilde{}"
      case "<": escaped += "\\textless{}"
      case ">": escaped += "\\textgreater{}"
      case "|": escaped += "\\textbar{}"
      case "\"": escaped += "\\textquotedbl{}"
      case "'", "’": escaped += "'"
      // Ligatures of the fonts: two hyphens would become a dash, a backquote a quotation mark.
      case "-": escaped += "-{}"
      case "`": escaped += "\\textasciigrave{}"
      case "−": escaped += "$-$"
      case "–": escaped += "--"
      case "α": escaped += "$\\alpha$"
      case "κ": escaped += "$\\kappa$"
      case "π": escaped += "$\\pi$"
      case "∩": escaped += "$\\cap$"
      case "∪": escaped += "$\\cup$"
      case "·": escaped += "$\\cdot$"
      case "…": escaped += "\\dots{}"
      case "“": escaped += "``"
      case "”": escaped += "''"
      case _ where scalar.value >= 0x20 && scalar.value < 0x7F:
        escaped.unicodeScalars.append(scalar)
      case _ where isInT1(scalar): escaped.unicodeScalars.append(scalar)
      default: escaped += "\\texttt{U+\(String(scalar.value, radix: 16, uppercase: true))}"
      }
    }
    return escaped
  }

  /// The letters of Latin 1 and Latin Extended-A that LaTeX's T1 encoding has.
  private static func isInT1(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0xC0...0xD6, 0xD8...0xF6, 0xF8...0xFF: true
    case 0x0102...0x0107, 0x010C...0x0111, 0x0118...0x011B, 0x011E, 0x011F, 0x0130, 0x0131,
      0x0139, 0x013A, 0x013D, 0x013E, 0x0141...0x0144, 0x0147, 0x0148, 0x0150...0x0155,
      0x0158...0x015B,
      0x015E...0x0165, 0x016E...0x0171, 0x0178...0x017E:
      true
    default: false
    }
  }
}
