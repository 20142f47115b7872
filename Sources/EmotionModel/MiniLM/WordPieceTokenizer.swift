/// Cuts text into BERT's word pieces (arXiv:1810.04805; arXiv:1609.08144, section 4.1), lower case,
/// without accents.
///
/// The same pieces as Hugging Face's `BertTokenizerFast` with `do_lower_case`, with one difference
/// on purpose: what looks like `[SEP]` in a text is text.
struct WordPieceTokenizer: Sendable {
  /// Pieces that begin a word.
  private let initial: ByteStringTable
  /// Pieces that go on with a word, without their `##`.
  private let continuing: ByteStringTable
  private let initialIDs: [Int32]
  private let continuingIDs: [Int32]
  private let unknown: Int32
  private let start: Int32
  private let end: Int32
  /// How many pieces the vocabulary has.
  let count: Int

  /// A word longer than this is one unknown piece.
  static let longestWord = 100

  /// What is wrong with a vocabulary, as a clause: "its line …".
  struct Malformed: Error {
    var description: String
  }

  /// Reads a vocabulary: a piece a line, whose number is its id.
  ///
  /// - Throws: ``Malformed`` for text that is not UTF-8, empty or repeated pieces, and missing
  ///   `[UNK]`, `[CLS]`, `[SEP]`.
  init(vocabulary file: [UInt8]) throws(Malformed) {
    guard String(validating: file, as: UTF8.self) != nil else {
      throw Malformed(description: "it is not UTF-8 text")
    }
    var lines = file.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty ?? false { lines.removeLast() }
    guard lines.count <= 1 << 20 else {
      throw Malformed(description: "it has \(lines.count) lines, more than any vocabulary")
    }
    var initial = ByteStringTable(capacity: lines.count)
    var continuing = ByteStringTable(capacity: lines.count)
    var ids: (initial: [Int32], continuing: [Int32]) = ([], [])
    for (number, line) in lines.enumerated() {
      let piece = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      let isContinuing = piece.count > 2 && piece.starts(with: "##".utf8)
      let isNew =
        isContinuing ? continuing.insert(piece.dropFirst(2)) : initial.insert(piece)
      guard isNew, !piece.isEmpty else {
        throw Malformed(
          description: "its line \(number + 1) is \(piece.isEmpty ? "empty" : "a repetition")")
      }
      if isContinuing {
        ids.continuing.append(Int32(number))
      } else {
        ids.initial.append(Int32(number))
      }
    }
    func special(_ name: String) throws(Malformed) -> Int32 {
      guard let place = initial[name.utf8] else {
        throw Malformed(description: "it has no line \(name)")
      }
      return ids.initial[Int(place)]
    }
    unknown = try special("[UNK]")
    start = try special("[CLS]")
    end = try special("[SEP]")
    count = lines.count
    self.initial = initial
    self.continuing = continuing
    (initialIDs, continuingIDs) = ids
  }

  /// The ids of a text's pieces between those of `[CLS]` and `[SEP]`.
  ///
  /// - Parameter limit: at most so many ids, at least 2; what is said later is cut off.
  func ids(of text: String, limit: Int) -> [Int32] {
    var pieces = Pieces(tokenizer: self, ids: [start], limit: limit - 1)
    for scalar in text.unicodeScalars {
      guard pieces.ids.count < pieces.limit else { break }
      pieces.add(scalar)
    }
    pieces.endWord()
    return pieces.ids.prefix(limit - 1) + [end]
  }

  /// The pieces of a text so far, and the word being read.
  private struct Pieces {
    let tokenizer: WordPieceTokenizer
    var ids: [Int32]
    let limit: Int
    private var word: [UInt8] = []
    /// Characters of the word; beyond the longest word they are counted no more.
    private var length = 0

    init(tokenizer: WordPieceTokenizer, ids: [Int32], limit: Int) {
      self.tokenizer = tokenizer
      self.ids = ids
      self.limit = limit
    }

    mutating func add(_ scalar: Unicode.Scalar) {
      switch scalar {
      case "a"..."z", "0"..."9": append(scalar)
      case "A"..."Z": append(Unicode.Scalar(UInt8(scalar.value) | 0x20))
      case " ": endWord()
      default:
        if BertCharacters.isWhitespace(scalar) {
          endWord()
        } else if !BertCharacters.isRemoved(scalar) {
          let isAlone = BertCharacters.isIdeograph(scalar)
          if isAlone { endWord() }
          for letter in AccentTable.stripped(scalar) ?? [scalar]
          where letter.properties.generalCategory != .nonspacingMark {
            for lower in letter.properties.lowercaseMapping.unicodeScalars { addNormal(lower) }
          }
          if isAlone { endWord() }
        }
      }
    }

    private mutating func addNormal(_ scalar: Unicode.Scalar) {
      guard BertCharacters.isPunctuation(scalar) else { return append(scalar) }
      endWord()
      append(scalar)
      endWord()
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
      guard length <= longestWord else { return }
      length += 1
      word.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    mutating func endWord() {
      guard length > 0 else { return }
      defer {
        word.removeAll(keepingCapacity: true)
        length = 0
      }
      let before = ids.count
      guard length <= longestWord, word.withUnsafeBufferPointer({ addPieces(of: $0) }) else {
        ids.removeSubrange(before...)
        ids.append(tokenizer.unknown)
        return
      }
    }

    /// Takes the longest piece there is, and so on with the rest.
    ///
    /// - Returns: whether pieces cover the whole word.
    private mutating func addPieces(of word: UnsafeBufferPointer<UInt8>) -> Bool {
      var start = 0
      while start < word.count {
        let table = start == 0 ? tokenizer.initial : tokenizer.continuing
        var found: (place: Int32, end: Int)?
        var hash = ByteStringTable.emptyHash
        for end in start + 1..<min(word.count, start + table.longest) + 1 {
          hash = ByteStringTable.hash(hash, word[end - 1])
          if let place = table.find(hash, word[start..<end]) { found = (place, end) }
        }
        guard let found else { return false }
        let ids = start == 0 ? tokenizer.initialIDs : tokenizer.continuingIDs
        self.ids.append(ids[Int(found.place)])
        start = found.end
      }
      return true
    }

    private var longestWord: Int { WordPieceTokenizer.longestWord }
  }
}

/// The kinds of character BERT's tokenizer tells apart (github.com/google-research/bert,
/// tokenization.py; github.com/huggingface/tokenizers, normalizers/bert.rs).
enum BertCharacters {
  /// Whether a character ends a word and is dropped.
  static func isWhitespace(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\t" || scalar == "\n" || scalar == "\r"
      || scalar.properties.isWhitespace && scalar.properties.generalCategory != .control
  }

  /// Whether a character is dropped as if it were not there.
  static func isRemoved(_ scalar: Unicode.Scalar) -> Bool {
    if scalar == "\u{FFFD}" { return true }
    switch scalar.properties.generalCategory {
    case .control, .format, .privateUse, .surrogate: return true
    default: return false
    }
  }

  /// Whether a character is a word by itself, as Chinese is written without spaces.
  static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F,
      0x2B740...0x2B81F, 0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }

  /// Whether a character is a word by itself as punctuation: all of ASCII that is neither letter,
  /// digit nor space, and Unicode's.
  static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 33...47, 58...64, 91...96, 123...126: return true
    case ..<0x80: return false
    default: break
    }
    switch scalar.properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation:
      return true
    default: return false
    }
  }
}
