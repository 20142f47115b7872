internal import NeuralNet

/// The words that have a vector of their own; all others live by their character n-grams.
struct Vocabulary: Equatable, Sendable {
  /// The words, by row of the table of vectors.
  private(set) var words: [String]
  private var rows: [String: Int32]

  /// Creates a vocabulary from words, each once; `nil` if one occurs twice.
  init?(_ words: [String]) {
    self.words = words
    rows = [:]
    rows.reserveCapacity(words.count)
    for (row, word) in words.enumerated() {
      guard rows.updateValue(Int32(row), forKey: word) == nil else { return nil }
    }
  }

  /// Creates the vocabulary of the words that occur at least twice.
  init(countingWordsOf texts: some Sequence<String>) {
    self.init(unique: Self.words(countedIn: texts))
  }

  private init(unique words: [String]) {
    self.words = words
    rows = Dictionary(uniqueKeysWithValues: words.enumerated().map { ($1, Int32($0)) })
  }

  /// The words that occur at least twice, most frequent first.
  static func words(countedIn texts: some Sequence<String>) -> [String] {
    var counts: [String: Int] = [:]
    for text in texts {
      for token in Tokenizer.tokens(of: text) { counts[token.word, default: 0] += 1 }
    }
    return counts.filter { $0.value > 1 }
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
  }

  /// The row of a word; `nil` if it has none.
  func row(of word: String) -> Int32? { rows[word] }
}

/// A turn's text as rows of the tables of vectors.
struct EncodedText: Equatable, Sendable {
  /// For each token its word's row, −1 if it has none.
  var words: [Int32]
  /// For each token its character n-grams' rows.
  var grams: [[Int32]]

  /// What a network that reads no words sees of any text.
  init() { (words, grams) = ([], []) }

  init(_ text: String, _ vocabulary: Vocabulary, buckets: Int) {
    let tokens = Tokenizer.tokens(of: text)
    words = tokens.map { vocabulary.row(of: $0.word) ?? -1 }
    grams = tokens.map { Tokenizer.buckets(of: $0, count: buckets) }
  }
}

/// Several turns' texts ready for the tables of vectors.
struct TextBatch {
  var words = Bags()
  var grams = Bags()
  var segments = Segments(lengths: [])

  /// Collects texts; in training, drops words, n-grams and whole tokens at random, so that neither
  /// is relied on alone.
  init(
    _ texts: some Sequence<EncodedText>, dropping rates: InputDropout?, _ random: inout RandomSource
  ) {
    var lengths: [Int] = []
    for text in texts {
      var length = 0
      for (place, word) in text.words.enumerated() {
        var keepsWord = word >= 0
        var keepsGrams = true
        if let rates {
          // A turn never loses all its tokens: it would look like one without text.
          let isLast = place == text.words.count - 1 && length == 0
          if random.uniform() < rates.token, !isLast { continue }
          let draw = random.uniform()
          if draw < rates.word {
            keepsWord = false
          } else if draw < rates.word + rates.grams, keepsWord {
            keepsGrams = false
          }
        }
        words.append(keepsWord ? [word] : [])
        grams.append(keepsGrams ? text.grams[place] : [])
        length += 1
      }
      lengths.append(length)
    }
    segments = Segments(lengths: lengths)
  }

  /// Collects texts as they are.
  init(_ texts: some Sequence<EncodedText>) {
    var unused = RandomSource(seed: 0)
    self.init(texts, dropping: nil, &unused)
  }
}

/// How often a token's word, its n-grams, or the whole token are dropped in training.
public struct InputDropout: Sendable, Codable, Equatable {
  /// The word's own vector.
  public var word = 0.15
  /// The n-grams' vectors, where the word has one.
  public var grams = 0.15
  /// The token.
  public var token = 0.1

  /// Creates the rates the bundled checkpoint was trained with.
  public init() {}
}
