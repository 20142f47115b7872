/// Text from a corpus is data: whatever could move the cursor, change the order of what follows or
/// hide something from the annotator is shown, and never reaches the terminal as it is.
///
/// | what | drawn as |
/// |---|---|
/// | C0 controls, DEL | their control picture, e.g. `␛`, `␊`, `␡` |
/// | C1 controls, bidi embeddings, overrides and isolates, other format characters | `\u{9B}` |
/// | line and paragraph separator | `\u{2028}` |
/// | zero-width space and joiners on their own, word joiner, BOM, soft hyphen, directional marks | nothing |
/// | a mark without a letter | the mark on a dotted circle `◌` |
extension TextWidth {
  /// Calls `body` for every glyph that drawing `text` puts on the screen, with its columns, until
  /// it returns `false`.
  static func forEachGlyph(in text: String, _ body: (Glyph, Int) -> Bool) {
    // Nearly all text is printable ASCII, where a byte is a cluster and no table is needed.
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) {
      for byte in text.utf8 where !body(Glyph(ascii: byte), 1) { return }
      return
    }
    for character in text {
      var goesOn = true
      forEachGlyph(of: character) { glyph, columns in
        if goesOn { goesOn = body(glyph, columns) }
      }
      if !goesOn { return }
    }
  }

  /// Calls `body` for every glyph that drawing a cluster puts on the screen, with its columns.
  static func forEachGlyph(of character: Character, _ body: (Glyph, Int) -> Void) {
    let scalars = character.unicodeScalars
    guard let first = scalars.first else { return }
    if first.isASCII, scalars.count == 1 || first == "\r" {
      if first.value < 0x20 || first.value == 0x7F {
        for scalar in scalars { body(Glyph(controlPicture(of: scalar)), 1) }
      } else {
        body(Glyph(first), 1)
      }
      return
    }
    switch first.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate:
      escape(first, body)
    case .format:
      if !isHarmless(first) { escape(first, body) }
      // A prepended format character, e.g. an Arabic number sign, has its letter in the cluster.
      var rest = String.UnicodeScalarView()
      rest.append(contentsOf: scalars.dropFirst())
      if let second = rest.first, !isZeroWidth(second) {
        forEachGlyph(of: Character(String(rest)), body)
      }
    case .nonspacingMark, .enclosingMark, .spacingMark:
      let onCircle = "\u{25CC}" + String(character)
      draw(onCircle.unicodeScalars, body)
    default:
      if isZeroWidth(first) {
        draw(("\u{25CC}" + String(character)).unicodeScalars, body)
      } else {
        draw(scalars, body)
      }
    }
  }

  /// Calls `body` for every piece of `text` that must stay in one piece, as it is drawn and with its
  /// columns, until it returns `false`: a cluster, or one character of an escape.
  static func forEachUnit(in text: String, _ body: (String, Int) -> Bool) {
    for character in text {
      var goesOn = true
      forEachUnit(of: character) { unit, columns in
        if goesOn { goesOn = body(unit, columns) }
      }
      if !goesOn { return }
    }
  }

  /// Calls `body` for every piece of a cluster that must stay in one piece.
  static func forEachUnit(of character: Character, _ body: (String, Int) -> Void) {
    var unit = ""
    var unitColumns = 0
    forEachGlyph(of: character) { glyph, columns in
      if glyph.code < 0x7F {
        body(glyph.text, 1)
      } else {
        glyph.append(to: &unit)
        unitColumns += columns
      }
    }
    if !unit.isEmpty { body(unit, unitColumns) }
  }

  private static func draw(_ scalars: String.UnicodeScalarView, _ body: (Glyph, Int) -> Void) {
    // A cluster can hold a prepended format character or a tag behind its first scalar; of the
    // format characters only the joiners and the tags of a flag are part of what is seen.
    var kept = String.UnicodeScalarView()
    for scalar in scalars.prefix(Glyph.scalarLimit) {
      let isFormat = scalar.value >= 0x300 && scalar.properties.generalCategory == .format
      if !isFormat || isJoiner(scalar) || (0xE0020...0xE007F).contains(scalar.value) {
        kept.append(scalar)
      }
    }
    for part in columnParts(of: kept) {
      body(Glyph(scalars: Array(part)), columns(ofCluster: part))
    }
  }

  /// The parts of a cluster that a terminal puts side by side: in the scripts of India a cluster
  /// may hold several consonants and vowel signs that each have a column.
  ///
  /// Emoji and flags stay whole.
  private static func columnParts(
    of cluster: String.UnicodeScalarView
  ) -> [String.UnicodeScalarView] {
    guard let first = cluster.first, !isWide(first), !first.properties.isEmoji else {
      return [cluster]
    }
    var parts: [String.UnicodeScalarView] = []
    for scalar in cluster {
      if parts.isEmpty || !isZeroWidth(scalar) { parts.append(String.UnicodeScalarView()) }
      parts[parts.count - 1].append(scalar)
    }
    return parts
  }

  private static func escape(_ scalar: Unicode.Scalar, _ body: (Glyph, Int) -> Void) {
    for byte in "\\u{\(String(scalar.value, radix: 16, uppercase: true))}".utf8 {
      body(Glyph(ascii: byte), 1)
    }
  }

  private static func controlPicture(of scalar: Unicode.Scalar) -> Unicode.Scalar {
    scalar.value == 0x7F ? "\u{2421}" : Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}"
  }

  private static func isJoiner(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value == 0x200C || scalar.value == 0x200D
  }

  /// Format characters that neither reorder nor hide anything: dropping them loses nothing.
  private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x00AD, 0x061C, 0x180E, 0x200B...0x200F, 0x2060...0x2064, 0xFEFF: true
    default: false
    }
  }
}

extension String {
  /// The text as it is drawn: free of control characters, overrides and invisible characters.
  public var visible: String {
    if utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return self }
    var text = ""
    TextWidth.forEachGlyph(in: self) { glyph, _ in
      glyph.append(to: &text)
      return true
    }
    return text
  }
}
