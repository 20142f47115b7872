/// Fitting text into columns.
///
/// All of these first make the text visible (``visible``), so that what is measured is what is
/// drawn.
extension String {
  /// The columns the text takes once it is drawn.
  public var columns: Int { TextWidth.columns(of: self) }

  /// The text cut to a number of columns; where something had to go it ends in `…`.
  public func truncated(to limit: Int) -> String {
    guard limit > 0 else { return "" }
    var all = ""
    var used = 0
    // What still fits when a column is kept for the ellipsis.
    var kept = ""
    var isCut = false
    TextWidth.forEachUnit(in: self) { unit, columns in
      guard used + columns <= limit else {
        isCut = true
        return false
      }
      used += columns
      all += unit
      if used < limit { kept = all }
      return true
    }
    return isCut ? kept + "…" : all
  }

  /// The text at exactly that many columns: cut with an ellipsis or filled up with blanks.
  public func padded(to width: Int, aligned alignment: TextAlignment = .left) -> String {
    let text = truncated(to: width)
    let missing = max(0, width - text.columns)
    let left =
      switch alignment {
      case .left: 0
      case .right: missing
      case .center: missing / 2
      }
    return String(repeating: " ", count: left) + text
      + String(repeating: " ", count: missing - left)
  }

  /// The text as lines of at most `limit` columns, broken at blanks, between wide glyphs, or, where
  /// a word is longer than a line, anywhere.
  ///
  /// A line break in the text breaks the line, a tab is a blank. There is always at least one line;
  /// below 1 column, `limit` counts as 1, and a wide glyph that can never fit is shown as `…`.
  public func wrapped(to limit: Int) -> [String] {
    var lines: [String] = []
    for paragraph in split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      var wrapper = LineWrapper(limit: max(1, limit))
      for character in paragraph {
        if character == " " || character == "\t" {
          wrapper.addBlank()
        } else {
          TextWidth.forEachUnit(of: character) { unit, columns in wrapper.add(unit, columns) }
        }
      }
      lines += wrapper.finish()
    }
    return lines
  }
}

/// To which side text is moved within the columns it has.
public enum TextAlignment: Sendable {
  /// Blanks on the right.
  case left
  /// Blanks on the left.
  case right
  /// Blanks on both sides.
  case center
}

private struct LineWrapper {
  let limit: Int
  var lines: [String] = []
  var line = ""
  var lineColumns = 0
  var blanks = 0
  var word = ""
  var wordColumns = 0

  mutating func addBlank() {
    endWord()
    blanks += 1
  }

  mutating func add(_ unit: String, _ columns: Int) {
    guard columns <= limit else { return add("…", 1) }
    // A line may be broken on either side of a wide glyph: Chinese and Japanese have no blanks.
    let isWide = unit.unicodeScalars.first.map(TextWidth.isWide) ?? false
    if isWide || wordColumns + columns > limit { endWord() }
    word += unit
    wordColumns += columns
    if isWide { endWord() }
  }

  mutating func endWord() {
    guard !word.isEmpty else { return }
    if lineColumns + blanks + wordColumns > limit, !line.isEmpty {
      breakLine()
    }
    if lines.isEmpty || !line.isEmpty {
      // Blanks that begin the paragraph are its indentation, those at a break are not wanted.
      let kept = min(blanks, limit - wordColumns - lineColumns)
      line += String(repeating: " ", count: max(0, kept))
      lineColumns += max(0, kept)
    }
    line += word
    lineColumns += wordColumns
    blanks = 0
    word = ""
    wordColumns = 0
  }

  mutating func breakLine() {
    lines.append(line)
    line = ""
    lineColumns = 0
    blanks = 0
  }

  mutating func finish() -> [String] {
    endWord()
    return lines + [line]
  }
}
