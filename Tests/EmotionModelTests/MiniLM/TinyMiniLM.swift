import NeuralNet

@testable import EmotionModel

/// A folder with a network of other sizes, small enough to be written and broken in a test.
struct TinyMiniLM {
  let path: String
  let network: MiniLMNetwork
  private let shapes: [(String, [Int])]

  /// The words of the sample dialogues, each a piece.
  static let sampleWords = [
    "the", "box", "is", "here", "we", "left", "at", "noon", "it", "on", "table", "how", "wonderful",
    "!", "i", "am", "so", "glad", "what", "a", "lovely", "day", "you", "broke", "again", "stop",
    "that", "now", "dare",
  ]

  init(words: [String] = ["a", "##b", "c"], width: Int = 4) throws {
    path = try EncoderPlaces.temporaryFolder()
    network = MiniLMNetwork(
      pieces: 3 + words.count, width: width, layers: 1, heads: 2, inner: 8, positions: 16)
    let layer = "encoder.layer.0."
    let dense = [
      ("attention.self.query", width, width), ("attention.self.key", width, width),
      ("attention.self.value", width, width), ("attention.output.dense", width, width),
      ("intermediate.dense", 8, width), ("output.dense", width, 8),
    ]
    let norms = [
      "embeddings.LayerNorm", "\(layer)attention.output.LayerNorm", "\(layer)output.LayerNorm",
    ]
    var shapes: [(String, [Int])] = [
      ("embeddings.word_embeddings.weight", [3 + words.count, width]),
      ("embeddings.position_embeddings.weight", [16, width]),
      ("embeddings.token_type_embeddings.weight", [2, width]),
    ]
    for (name, out, input) in dense {
      shapes.append(("\(layer)\(name).weight", [out, input]))
      shapes.append(("\(layer)\(name).bias", [out]))
    }
    for name in norms {
      shapes.append(("\(name).weight", [width]))
      shapes.append(("\(name).bias", [width]))
    }
    self.shapes = shapes
    try write(vocabulary: (["[UNK]", "[CLS]", "[SEP]"] + words).joined(separator: "\n"))
    try write()
  }

  func write(vocabulary: String) throws {
    try writeFileAtomically("\(path)/vocab.txt", Array(vocabulary.utf8))
  }

  func write(_ change: (inout Safetensors) -> Void = { _ in }) throws {
    var random = RandomSource(seed: 4)
    var file = Safetensors()
    for (name, shape) in shapes {
      let count = shape.reduce(1, *)
      let numbers = Matrix<Float>(rows: 1, columns: count, deviation: 0.5, using: &random)
      file.tensors[name] = .init(
        type: .single, shape: shape, bytes: Safetensors.Tensor.single(numbers).bytes)
    }
    change(&file)
    try write(bytes: file.encoded())
  }

  func write(bytes: [UInt8]) throws {
    try writeFileAtomically("\(path)/model.safetensors", bytes)
  }

  func load() throws -> MiniLM { try MiniLM(folder: path, network: network) }

  /// What loading says is wrong.
  func fault() -> String {
    do {
      _ = try load()
      return ""
    } catch {
      return "\(error)"
    }
  }
}

extension MiniLM {
  /// What a reader of it makes of texts.
  func vectors(of texts: [String]) -> [[Float]] { MiniLMReader(self).vectors(of: texts) }
}
