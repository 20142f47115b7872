/// Cuts what is said into words and the marks that carry feeling: runs of `!` and `?`, and `...`.
///
/// Words are in lower case, with typographic apostrophes made plain. Anything may come in: text of
/// any script, control characters, megabytes. Ideographs and emoji are words of their own.
enum Tokenizer {
  /// A word or mark.
  struct Token: Equatable {
    /// The word in lower case, or the mark.
    var word: String
    /// Whether it was written in capitals throughout, and is longer than `I`.
    var isShouted: Bool
  }

  /// A turn longer than this is cut: its first half and its last half are kept.
  static let limit = 160

  /// The tokens of a text.
  static func tokens(of text: String) -> [Token] {
    var found: [Token] = []
    var word = String.UnicodeScalarView()
    func endWord() {
      defer { word.removeAll() }
      while word.last == "'" { word.removeLast() }
      guard !word.isEmpty else { return }
      let written = String(word)
      let lower = written.lowercased()
      let isShouted = word.count > 1 && written != lower && written == written.uppercased()
      found.append(Token(word: lower, isShouted: isShouted))
    }
    var run = ""
    func endRun() {
      defer { run = "" }
      guard !run.isEmpty else { return }
      if run.allSatisfy({ $0 == "." }) {
        if run.count > 1 { found.append(Token(word: "...", isShouted: false)) }
      } else {
        let marks = run.filter { $0 != "." }
        found.append(Token(word: String(marks.prefix(3)), isShouted: false))
      }
    }
    for scalar in text.unicodeScalars {
      switch Kind(scalar) {
      case .letter:
        endRun()
        word.append(scalar)
      case .apostrophe:
        endRun()
        if !word.isEmpty { word.append("'") }
      case .mark(let mark):
        endWord()
        if run.count < 8 { run += mark }
      case .alone:
        endWord()
        endRun()
        found.append(Token(word: String(scalar), isShouted: false))
      case .other:
        endWord()
        endRun()
      }
      if word.count >= 64 { endWord() }
    }
    endWord()
    endRun()
    guard found.count > limit else { return found }
    return Array(found.prefix(limit / 2) + found.suffix(limit / 2))
  }

  private enum Kind {
    case letter
    case apostrophe
    case mark(String)
    case alone
    case other

    init(_ scalar: Unicode.Scalar) {
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9": self = .letter
      case "!": self = .mark("!")
      case "?": self = .mark("?")
      case ".": self = .mark(".")
      // The second of each pair is what Windows-1252 read as Latin-1 leaves, as in MELD's files.
      case "\u{2026}", "\u{85}": self = .mark("...")
      case "'", "\u{2018}", "\u{2019}", "\u{91}", "\u{92}": self = .apostrophe
      case _ where scalar.isASCII: self = .other
      default:
        let properties = scalar.properties
        if properties.isIdeographic || properties.isEmojiPresentation {
          self = .alone
        } else if properties.isAlphabetic || properties.numericType != nil
          || properties.canonicalCombiningClass != .notReordered
        {
          self = .letter
        } else {
          self = .other
        }
      }
    }
  }

  /// The buckets of a token's character n-grams of length 3 to 5 between `<` and `>`, and of its
  /// being shouted.
  static func buckets(of token: Token, count: Int) -> [Int32] {
    let bytes = Array("<\(token.word)>".unicodeScalars).map { Array(String($0).utf8) }
    var found: [Int32] = []
    for length in 3...5 where bytes.count >= length {
      for start in 0...bytes.count - length {
        found.append(bucket(bytes[start..<start + length].joined(), count: count))
      }
    }
    if found.isEmpty { found.append(bucket(bytes.joined(), count: count)) }
    if token.isShouted { found.append(bucket("\u{1}shouted".utf8, count: count)) }
    return found
  }

  /// FNV-1a (draft-eastlake-fnv), 32 bits, reduced to a bucket.
  private static func bucket(_ bytes: some Sequence<UInt8>, count: Int) -> Int32 {
    var hash: UInt32 = 2_166_136_261
    for byte in bytes { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
    return Int32(hash % UInt32(count))
  }
}
