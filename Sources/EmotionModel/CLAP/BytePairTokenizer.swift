internal import FoundationEssentials

/// Cuts text into RoBERTa's byte-level pieces (Sennrich, Haddow and Birch 2016,
/// doi 10.18653/v1/P16-1162; github.com/openai/gpt-2, src/encoder.py).
///
/// The same pieces as Hugging Face's `RobertaTokenizerFast`, with one difference on purpose: what
/// looks like `</s>` in a text is text.
struct BytePairTokenizer: Sendable {
  private struct Pair: Hashable {
    var first: Int32
    var second: Int32
  }

  private struct Merge {
    var rank: Int32
    var result: Int32
  }

  private let merges: [Pair: Merge]
  /// The id of each single byte; −1 for one that is not in the vocabulary.
  private let bytes: [Int32]
  private let start: Int32
  private let padding: Int32
  private let end: Int32
  private let unknown: Int32
  /// One more than the highest id.
  let count: Int

  /// A word of more bytes than this is cut: no vocabulary has pieces so long that more of it could
  /// matter among 77 ids.
  private static let longestWord = 8192

  /// What is wrong with a vocabulary or its merges, as a clause.
  struct Malformed: Error {
    var description: String
  }

  /// Reads `vocab.json`: an object of pieces and their ids.
  ///
  /// - Throws: ``Malformed`` for anything else, for ids below 0 or above a million, and for a
  ///   vocabulary without `<s>`, `<pad>`, `</s>`, `<unk>`.
  static func vocabulary(_ file: [UInt8]) throws(Malformed) -> [String: Int32] {
    guard let ids = try? JSONDecoder().decode([String: Int32].self, from: Data(file)) else {
      throw Malformed(description: "it is not a JSON object of word pieces and their numbers")
    }
    for (piece, id) in ids where !(0..<1_000_000).contains(id) {
      throw Malformed(description: "the number of \(piece.debugDescription) is \(id)")
    }
    for name in ["<s>", "<pad>", "</s>", "<unk>"] where ids[name] == nil {
      throw Malformed(description: "it has no \(name)")
    }
    return ids
  }

  /// Creates a tokenizer.
  ///
  /// - Parameters:
  ///   - ids: the vocabulary.
  ///   - file: `merges.txt`: a pair a line, the one to join first on top.
  /// - Throws: ``Malformed`` with the line that is not two pieces of the vocabulary whose joining is
  ///   one, too.
  init(_ ids: [String: Int32], merges file: [UInt8]) throws(Malformed) {
    guard let text = String(validating: file, as: UTF8.self) else {
      throw Malformed(description: "it is not UTF-8 text")
    }
    var merges: [Pair: Merge] = [:]
    var number = 0
    for line in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
      number += 1
      let line = line.last == "\r" ? line.dropLast() : line
      if line.isEmpty || number == 1 && line.starts(with: "#version".unicodeScalars) { continue }
      let sides = line.split(separator: " ", omittingEmptySubsequences: false).map { String($0) }
      guard sides.count == 2, let first = ids[sides[0]], let second = ids[sides[1]],
        let result = ids[sides[0] + sides[1]]
      else {
        throw Malformed(
          description: "its line \(number) does not join two word pieces into a third")
      }
      let pair = Pair(first: first, second: second)
      if merges[pair] == nil { merges[pair] = Merge(rank: Int32(merges.count), result: result) }
    }
    self.merges = merges
    bytes = Self.alphabet.map { ids[String($0)] ?? -1 }
    start = ids["<s>"] ?? 0
    padding = ids["<pad>"] ?? 0
    end = ids["</s>"] ?? 0
    unknown = ids["<unk>"] ?? 0
    count = Int(ids.values.max() ?? 0) + 1
  }

  /// The character that stands for each byte in a vocabulary: itself where it can be printed, else
  /// the next one from U+0100 (`bytes_to_unicode` of GPT-2).
  private static let alphabet: [Character] = {
    var next: UInt32 = 0x100
    return (0...255).map { byte in
      switch byte {
      case 33...126, 161...172, 174...255: return Character(Unicode.Scalar(UInt8(byte)))
      default:
        defer { next += 1 }
        return Unicode.Scalar(next).map { Character($0) } ?? " "
      }
    }
  }()

  /// The ids of a text between `<s>` and `</s>`, filled up with `<pad>`, and which are not filling.
  ///
  /// - Parameter length: how many there are, at least 2; what is said later is cut off.
  func ids(of text: String, length: Int) -> (ids: [Int64], mask: [Int64]) {
    var pieces: [Int32] = []
    for word in ByteLevelWords(text) {
      guard pieces.count < length - 2 else { break }
      pieces += joined(word.prefix(Self.longestWord))
    }
    let ids = [start] + pieces.prefix(length - 2) + [end]
    let filling = length - ids.count
    return (
      ids.map { Int64($0) } + [Int64](repeating: Int64(padding), count: filling),
      [Int64](repeating: 1, count: ids.count) + [Int64](repeating: 0, count: filling)
    )
  }

  /// Joins, again and again, all occurrences of the pair that stands highest among the merges.
  private func joined(_ word: some Sequence<UInt8>) -> [Int32] {
    var pieces = word.map { bytes[Int($0)] < 0 ? unknown : bytes[Int($0)] }
    while pieces.count > 1 {
      var best: (pair: Pair, merge: Merge)?
      for place in 1..<pieces.count {
        let pair = Pair(first: pieces[place - 1], second: pieces[place])
        if let merge = merges[pair], merge.rank < best?.merge.rank ?? .max { best = (pair, merge) }
      }
      guard let best else { break }
      var kept = 0
      var place = 0
      while place < pieces.count {
        let isPair =
          place + 1 < pieces.count && pieces[place] == best.pair.first
          && pieces[place + 1] == best.pair.second
        pieces[kept] = isPair ? best.merge.result : pieces[place]
        kept += 1
        place += isPair ? 2 : 1
      }
      pieces.removeLast(pieces.count - kept)
    }
    return pieces
  }
}
