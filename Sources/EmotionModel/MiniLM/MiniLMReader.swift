internal import NeuralNet

/// Reads texts: sentence vectors by an encoder whose weights do not change any more.
///
/// A value that never changes: safe to use from several threads at once.
public struct MiniLMReader: Sendable {
  /// What it is and which weights it has, as checkpoints and caches remember it.
  public let identity: EncoderIdentity
  private let network: MiniLMNetwork
  private let tokenizer: WordPieceTokenizer
  private let parameters: FixedParameters

  /// Makes an encoder ready to read.
  ///
  /// - Parameter model: its weights are laid out one by one and let go, so that whoever gives the last
  ///   copy never holds them twice.
  public init(_ model: consuming MiniLM) {
    identity = model.identity
    network = model.network
    tokenizer = model.tokenizer
    let weights = model.weights
    model.weights = Weights()
    parameters = FixedParameters(consume weights, use: network.use(of:))
    setMatrixThreads(1)
  }

  /// The width of a vector.
  public var width: Int { network.width }

  /// The vectors of texts, each of length 1, in order.
  ///
  /// Any text has one, an empty text too; whether it means something is for the caller to say.
  public func vectors(of texts: [String]) -> [[Float]] {
    vectors(ofIDs: texts.map { network.ids(of: $0, tokenizer) })
  }

  /// The vectors of texts that are word pieces already.
  func vectors(ofIDs texts: [[Int32]]) -> [[Float]] {
    var vectors: [[Float]] = []
    vectors.reserveCapacity(texts.count)
    var group: [[Int32]] = []
    var rows = 0
    func finish() {
      guard !group.isEmpty else { return }
      let found = network.vectors(of: group, Tape(), parameters.set).value
      vectors += (0..<found.rows).map(found.row)
      group = []
      rows = 0
    }
    for text in texts {
      if rows + text.count > Self.groupRows { finish() }
      group.append(text)
      rows += text.count
    }
    finish()
    return vectors
  }

  /// Word pieces computed together: enough for the matrix products to run at full speed, few enough
  /// that their intermediate results stay near the processor.
  private static let groupRows = 512

  /// The vectors of texts; `nil` for a text without a word piece, which says nothing.
  func vectorsOfTexts(_ texts: [String]) -> [[Float]?] {
    let ids = texts.map { network.ids(of: $0, tokenizer) }
    // `[CLS]` and `[SEP]` alone are no text.
    let spoken = ids.indices.filter { ids[$0].count > 2 }
    var found = [[Float]?](repeating: nil, count: texts.count)
    for (place, vector) in zip(spoken, vectors(ofIDs: spoken.map { ids[$0] })) {
      found[place] = vector
    }
    return found
  }
}
