/// A piece of HTML or SVG that is safe by how it is made.
///
/// In a literal, what is written is markup and what is interpolated is text: `"<td>\(name)</td>"`
/// escapes the name. Only another piece of markup is interpolated as it is. Forgetting to escape is
/// therefore not possible, whatever raters and labels are called.
struct Markup: ExpressibleByStringInterpolation {
  private(set) var html: String

  init(stringLiteral value: String) { html = value }

  init(stringInterpolation: Interpolation) { html = stringInterpolation.html }

  /// Pieces one after another.
  init(_ pieces: some Sequence<Markup>) { html = pieces.map(\.html).joined(separator: "\n") }

  static let nothing: Markup = ""

  struct Interpolation: StringInterpolationProtocol {
    fileprivate var html = ""

    init(literalCapacity: Int, interpolationCount: Int) {
      html.reserveCapacity(literalCapacity * 2)
    }

    mutating func appendLiteral(_ literal: String) { html += literal }

    mutating func appendInterpolation(_ text: String) { html += Markup.escaped(text) }

    mutating func appendInterpolation(_ number: Int) { html += "\(number)" }

    mutating func appendInterpolation(_ markup: Markup) { html += markup.html }

    mutating func appendInterpolation(_ pieces: [Markup]) { html += Markup(pieces).html }

    /// A place in a drawing as a share of its width, to a hundredth of a per cent.
    mutating func appendInterpolation(percent share: Double) {
      html += "\(Plain.fixed(100 * share, 2).replacingMinus)%"
    }
  }

  /// Text for elements and for attributes in double or single quotes.
  ///
  /// Characters that steer the reading order or are not seen are written out, as in the terminal: a
  /// name must not be able to rearrange the report.
  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in Plain.shown(text).unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}

extension String {
  /// With the minus sign that machines read.
  fileprivate var replacingMinus: String { first == "−" ? "-" + dropFirst() : self }
}
