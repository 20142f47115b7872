public import NeuralNet

/// What a vector was computed from, by content: 128 bits.
public struct FeatureKey: Hashable, Sendable {
  let words: (UInt64, UInt64)

  /// Creates a key that was read from a file.
  init(words: (UInt64, UInt64)) { self.words = words }

  /// Creates a key from whatever is taken in, twice with different seeds.
  ///
  /// - Parameter content: takes the content in.
  public init(of content: (inout ContentHash) throws -> Void) rethrows {
    var hashes = (
      ContentHash(seed: 0x756E_6465_7274_6F6E), ContentHash(seed: 0x6665_6174_7572_6573)
    )
    try content(&hashes.0)
    try content(&hashes.1)
    words = (hashes.0.value, hashes.1.value)
  }

  /// The key of a text.
  public init(text: String) {
    self.init { $0.add(text) }
  }

  /// The key of a sound.
  ///
  /// - Parameters:
  ///   - samples: one channel.
  ///   - rate: frames per second.
  public init(samples: [Float], rate: Int) {
    self.init {
      $0.add([Int64(rate)])
      $0.add(samples)
    }
  }

  /// Compares both words.
  public static func == (a: Self, b: Self) -> Bool { a.words == b.words }

  /// Takes both words in.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
  }
}
