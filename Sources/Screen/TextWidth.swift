/// How many columns of a terminal text takes.
///
/// The rules are those of UAX #11 (East Asian Width) and of the PyPI package wcwidth: wide and emoji
/// scalars take two columns, marks take none, a flag, a keycap or a ZWJ sequence takes two. Two rules
/// follow libc instead, and with it ncurses, tmux and most terminals: a text variation selector (VS15)
/// does not make an emoji narrow, and in the scripts of India every consonant and every spacing vowel
/// sign of a cluster has its column (wcwidth says two columns for the whole).
public enum TextWidth {
  /// The columns of one grapheme cluster once it is drawn: 1 or 2, more for a cluster of several
  /// letters or what is drawn as an escape such as `\u{202E}`, and 0 for what is not drawn at all.
  public static func columns(of character: Character) -> Int {
    var columns = 0
    forEachGlyph(of: character) { _, width in columns += width }
    return columns
  }

  /// The columns of a text once it is drawn.
  public static func columns(of text: String) -> Int {
    var columns = 0
    forEachGlyph(in: text) { _, width in
      columns += width
      return true
    }
    return columns
  }

  /// The columns of a cluster that is safe to draw as it is: 1 or 2.
  static func columns(ofCluster scalars: String.UnicodeScalarView) -> Int {
    var rest = scalars.makeIterator()
    guard let first = rest.next() else { return 0 }
    var columns = isWide(first) ? 2 : 1
    var isJoined = false
    while let scalar = rest.next() {
      if isJoined {
        isJoined = false
      } else if scalar == zeroWidthJoiner {
        isJoined = first.properties.isEmoji
      } else if scalar == emojiPresentationSelector {
        if first.properties.isEmoji { columns = 2 }
      } else if !isZeroWidth(scalar) {
        columns = 2
      }
    }
    return columns
  }

  /// Whether a scalar of its own takes two columns.
  static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    let value = scalar.value
    guard value >= 0x1100 else { return false }
    var low = 0
    var high = wideScalars.count
    while low < high {
      let middle = (low + high) / 2
      if wideScalars[middle].last < value { low = middle + 1 } else { high = middle }
    }
    return low < wideScalars.count && wideScalars[low].first <= value
  }

  /// Whether a scalar joins the glyph before it without taking a column.
  static func isZeroWidth(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case ..<0x0300: return false
    // The vowels and final consonants of a Hangul syllable are drawn into its first consonant.
    case 0x1160...0x11FF, 0xD7B0...0xD7FF: return true
    default: break
    }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return true
    default: return false
    }
  }

  static let zeroWidthJoiner: Unicode.Scalar = "\u{200D}"
  static let emojiPresentationSelector: Unicode.Scalar = "\u{FE0F}"
}
