internal import Screen

/// What a glyph becomes on a terminal that can show nothing but ASCII: lines and bars keep their
/// shape, the rest becomes a question mark.
///
/// Always one character.
func asciiFallback(for glyph: Glyph) -> Unicode.Scalar {
  guard let scalar = glyph.scalars.first else { return " " }
  switch scalar.value {
  case 0x20..<0x7F: return scalar
  case 0xA0: return " "
  case 0x2018, 0x2019: return "'"
  case 0x201C, 0x201D: return "\""
  case 0x2010...0x2015, 0x2212: return "-"
  case 0x2026: return "."
  case 0x00B7, 0x2022: return "."
  case 0x2190: return "<"
  case 0x2192, 0x25B6, 0x25B8: return ">"
  case 0x2191: return "^"
  case 0x2193: return "v"
  case 0x21AF: return "!"
  case 0x2500, 0x2501, 0x2550: return "-"
  case 0x2502, 0x2503, 0x2551: return "|"
  case 0x2504...0x257F: return "+"
  // Blocks from below: the waveform's and the gutter's heights.
  case 0x2581: return "_"
  case 0x2582, 0x2583: return "."
  case 0x2584, 0x2585: return "="
  case 0x2586...0x258B: return "#"
  case 0x258C...0x258F: return ":"
  case 0x2591...0x2593: return ":"
  case 0x2800: return " "
  case 0x2801...0x28FF: return "#"
  case 0x2713, 0x2714: return "x"
  // Letters keep their base: é is e with an accent.
  default:
    let base = String(Character(scalar)).decomposedBase
    return base ?? "?"
  }
}

extension String {
  /// The ASCII letter of a Latin letter with an accent, by its Unicode name; `nil` for others.
  fileprivate var decomposedBase: Unicode.Scalar? {
    guard let scalar = unicodeScalars.first, scalar.value < 0x250,
      let name = scalar.properties.name
    else { return nil }
    let words = name.split(separator: " ")
    guard words.count > 3, words[0] == "LATIN", words[2] == "LETTER", words[3].utf8.count == 1,
      let letter = words[3].unicodeScalars.first
    else { return nil }
    return words[1] == "SMALL" ? Unicode.Scalar(letter.value + 32) : letter
  }
}
