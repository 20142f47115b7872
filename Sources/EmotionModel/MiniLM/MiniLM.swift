internal import NeuralNet

/// Sentence vectors by all-MiniLM-L6-v2 (huggingface.co/sentence-transformers/all-MiniLM-L6-v2).
///
/// A value that never changes: safe to use from several threads at once.
public struct MiniLM: Sendable {
  /// What it is and which weights it has, as checkpoints and caches remember it.
  public let identity: EncoderIdentity
  let network: MiniLMNetwork
  let tokenizer: WordPieceTokenizer
  let weights: Weights<Float>
  private let parameters: FixedParameters
  /// The word pieces, one a line, as the file of the vocabulary has them.
  let vocabulary: [UInt8]
  /// Whether it is the encoder as it is published, which a person has as a folder; any other has to
  /// travel within the checkpoint that uses it.
  let isPublished: Bool

  /// The width of a vector.
  public var width: Int { network.width }

  /// The files a folder must have.
  public static let files = ["model.safetensors", "vocab.txt"]

  /// Loads the model from a folder with ``files``.
  ///
  /// - Throws: ``EncoderError`` that names the file and says what is wrong with it.
  public init(folder: String) throws(EncoderError) {
    try self.init(folder: folder, network: MiniLMNetwork())
  }

  /// Loads a model of other sizes, for tests.
  init(folder: String, network: MiniLMNetwork) throws(EncoderError) {
    let weightsPath = "\(folder)/\(Self.files[0])"
    let vocabularyPath = "\(folder)/\(Self.files[1])"
    let vocabulary = try EncoderError.reading(
      vocabularyPath, limit: 1 << 25, howToGet: EncoderKind.minilm.howToGet)
    do {
      tokenizer = try WordPieceTokenizer(vocabulary: vocabulary)
    } catch {
      throw EncoderError("\(vocabularyPath) is no intact vocabulary: \(error.description).")
    }
    guard tokenizer.count == network.pieces else {
      throw EncoderError(
        "\(vocabularyPath) has \(tokenizer.count) lines, but all-MiniLM-L6-v2 has "
          + "\(network.pieces) word pieces. It may be cut off, or belong to another model.")
    }
    let bytes = try EncoderError.reading(
      weightsPath, limit: 1 << 30, howToGet: EncoderKind.minilm.howToGet)
    var hash = ContentHash()
    hash.add(bytes)
    hash.add(vocabulary)
    let file: Safetensors
    do {
      file = try Safetensors(bytes)
    } catch {
      throw EncoderError(
        "\(weightsPath) is not an intact safetensors file: \(error). Copy or download it again.")
    }
    do {
      weights = try network.weights(from: file)
    } catch {
      throw EncoderError(
        "\(weightsPath) does not hold all-MiniLM-L6-v2: \(error.description).")
    }
    parameters = FixedParameters(weights)
    self.network = network
    self.vocabulary = vocabulary
    isPublished = true
    identity = EncoderIdentity(kind: .minilm, version: "all-MiniLM-L6-v2-\(hash.digits)")
    setMatrixThreads(1)
  }

  /// The ids of a text's word pieces, at most 256; later ones are cut off, as sentence-transformers
  /// does.
  func ids(of text: String) -> [Int32] {
    tokenizer.ids(of: text, limit: min(MiniLMNetwork.limit, network.positions))
  }

  /// The vectors of texts, each of length 1, in order.
  ///
  /// Any text has one, an empty text too; whether it means something is for the caller to say.
  public func vectors(of texts: [String]) -> [[Float]] {
    vectors(ofIDs: texts.map(ids(of:)))
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
}

extension MiniLM {
  /// The vectors of texts; `nil` for a text without a word piece, which says nothing.
  func vectorsOfTexts(_ texts: [String]) -> [[Float]?] {
    let ids = texts.map(ids(of:))
    // `[CLS]` and `[SEP]` alone are no text.
    let spoken = ids.indices.filter { ids[$0].count > 2 }
    var found = [[Float]?](repeating: nil, count: texts.count)
    for (place, vector) in zip(spoken, vectors(ofIDs: spoken.map { ids[$0] })) {
      found[place] = vector
    }
    return found
  }

  /// The same encoder with the weights a checkpoint has trained.
  func fineTuned(by checkpoint: Checkpoint) -> MiniLM {
    var (weights, hash) = (weights, ContentHash())
    for shape in network.parameters where shape.name != MiniLMNetwork.table {
      guard let trained = checkpoint.weights[shape.name] else { continue }
      weights[shape.name] = trained
      hash.add(trained.elements)
    }
    return MiniLM(
      version: "\(identity.version)-\(hash.digits)", network: network, tokenizer: tokenizer,
      vocabulary: vocabulary, weights: weights, isPublished: isPublished)
  }

  /// Creates an encoder from its parts.
  init(
    version: String, network: MiniLMNetwork, tokenizer: WordPieceTokenizer, vocabulary: [UInt8],
    weights: Weights<Float>, isPublished: Bool
  ) {
    identity = EncoderIdentity(kind: .minilm, version: version)
    self.network = network
    self.tokenizer = tokenizer
    self.vocabulary = vocabulary
    self.weights = weights
    parameters = FixedParameters(weights)
    self.isPublished = isPublished
  }
}
