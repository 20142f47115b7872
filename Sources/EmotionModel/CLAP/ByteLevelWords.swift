/// The words of a text as GPT-2 cuts it, each as UTF-8 with the space before it: the matches of
/// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
/// (github.com/openai/gpt-2, src/encoder.py).
///
/// Together they are the whole text.
struct ByteLevelWords: Sequence, IteratorProtocol {
  private let text: String.UnicodeScalarView
  private var place: String.UnicodeScalarIndex

  init(_ text: String) {
    self.text = text.unicodeScalars
    place = text.unicodeScalars.startIndex
  }

  private enum Kind {
    case letter
    case number
    case space
    case other

    init(_ scalar: Unicode.Scalar) {
      switch scalar.properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
        self = .letter
      case .decimalNumber, .letterNumber, .otherNumber: self = .number
      default: self = scalar.properties.isWhitespace ? .space : .other
      }
    }
  }

  mutating func next() -> [UInt8]? {
    guard place < text.endIndex else { return nil }
    let start = place
    place = end(of: start)
    var word: [UInt8] = []
    for scalar in text[start..<place] {
      word.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
    return word
  }

  /// Where the word that starts at a place ends.
  private func end(of start: String.UnicodeScalarIndex) -> String.UnicodeScalarIndex {
    if text[start] == "'" {
      for ending in ["s", "t", "re", "ve", "m", "ll", "d"] {
        let rest = text[text.index(after: start)...]
        if rest.starts(with: ending.unicodeScalars) {
          return text.index(start, offsetBy: 1 + ending.count)
        }
      }
    }
    var first = start
    if text[start] == " " {
      let following = text.index(after: start)
      if following < text.endIndex, Kind(text[following]) != .space { first = following }
    }
    let kind = Kind(text[first])
    var last = first
    var end = text.index(after: first)
    while end < text.endIndex, Kind(text[end]) == kind {
      last = end
      end = text.index(after: end)
    }
    // The last of several spaces belongs to the word behind them.
    return kind == .space && end < text.endIndex && last > first ? last : end
  }
}
