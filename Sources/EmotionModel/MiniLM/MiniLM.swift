internal import NeuralNet

/// all-MiniLM-L6-v2 (huggingface.co/sentence-transformers/all-MiniLM-L6-v2), or an encoder made from it:
/// what it is and its weights, to train it or to read with it by a ``MiniLMReader``.
public struct MiniLM: Sendable {
  /// What it is and which weights it has, as checkpoints and caches remember it.
  public let identity: EncoderIdentity
  let network: MiniLMNetwork
  let tokenizer: WordPieceTokenizer
  var weights: Weights<Float>
  /// The word pieces, one a line, as the file of the vocabulary has them.
  let vocabulary: [UInt8]
  /// Whether it is the encoder as it is published, which a person has as a folder; any other has to
  /// travel within the checkpoint that uses it.
  let isPublished: Bool

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
    self.network = network
    self.vocabulary = vocabulary
    isPublished = true
    identity = EncoderIdentity(kind: .minilm, version: "all-MiniLM-L6-v2-\(hash.digits)")
  }

  /// The ids of a text's word pieces, at most 256; later ones are cut off, as sentence-transformers
  /// does.
  func ids(of text: String) -> [Int32] {
    network.ids(of: text, tokenizer)
  }
}

extension MiniLM {
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
    self.isPublished = isPublished
  }
}
