internal import NeuralNet

// What of an encoder travels within a checkpoint.

extension MiniLM {
  /// The encoder that travels within a checkpoint; `nil` for a checkpoint without one.
  init?(within checkpoint: Checkpoint) {
    guard let vocabulary = checkpoint.wordPieces,
      let network = checkpoint.architecture.external?.fineTuned,
      let tokenizer = try? WordPieceTokenizer(vocabulary: vocabulary)
    else { return nil }
    var weights = Weights<Float>()
    var hash = ContentHash()
    hash.add(vocabulary)
    for shape in network.parameters {
      if let table = checkpoint.weights.tables[shape.name] {
        weights.tables[shape.name] = table
        hash.add(table)
      } else if let matrix = checkpoint.weights[shape.name] {
        weights[shape.name] = matrix
        hash.add(matrix.elements)
      } else {
        return nil
      }
    }
    self.init(
      version: "\(checkpoint.name)-\(hash.digits)", network: network, tokenizer: tokenizer,
      vocabulary: vocabulary, weights: weights, isPublished: false)
  }

  /// The same encoder with weights that a checkpoint has trained.
  func fineTuned(by tuning: Weights<Float>) -> MiniLM {
    var (weights, hash) = (weights, ContentHash())
    for shape in network.parameters where shape.name != MiniLMNetwork.table {
      guard let trained = tuning[shape.name] else { continue }
      weights[shape.name] = trained
      hash.add(trained.elements)
    }
    return MiniLM(
      version: "\(identity.version)-\(hash.digits)", network: network, tokenizer: tokenizer,
      vocabulary: vocabulary, weights: weights, isPublished: isPublished)
  }
}

extension Checkpoint {
  /// Takes out the encoder that travels within it; `nil` for a checkpoint without one.
  mutating func takeEncoder() -> MiniLM? {
    guard let encoder = MiniLM(within: self) else { return nil }
    _ = takeTuning()
    return encoder
  }

  /// Takes out the weights of an encoder that was trained together with the rest; none where there is
  /// no such encoder.
  mutating func takeTuning() -> Weights<Float> {
    var tuning = Weights<Float>()
    for shape in architecture.external?.fineTuned?.parameters ?? [] {
      weights.move(shape.name, to: &tuning)
    }
    return tuning
  }
}
