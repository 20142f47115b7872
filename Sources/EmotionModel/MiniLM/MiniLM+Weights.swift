internal import NeuralNet

extension MiniLMNetwork {
  /// The weights under this package's names, from a file in Hugging Face's layout.
  ///
  /// Queries, keys and values become one map; the vector of the only segment type used is added to
  /// those of positions.
  ///
  /// - Throws: a clause that says which tensor is missing or has another shape.
  func weights(from file: Safetensors) throws(WeightsFault) -> Weights<Float> {
    // Some exports name everything within the model they were part of.
    let prefix = file.tensors["bert.embeddings.word_embeddings.weight"] == nil ? "" : "bert."
    func read(_ name: String, rows: Int, columns: Int) throws(WeightsFault) -> Matrix<Float> {
      let shape = rows == 1 ? [columns] : [rows, columns]
      guard let tensor = file.tensors[prefix + name] else {
        throw WeightsFault(description: "the tensor \(prefix + name) is missing")
      }
      guard tensor.shape == shape else {
        throw WeightsFault(
          description: "the tensor \(prefix + name) has the shape \(tensor.shape), not \(shape)")
      }
      return Matrix(rows: rows, columns: columns, elements: tensor.numbers())
    }
    var weights = Weights<Float>()
    func linear(
      _ target: String, _ sources: [String], out: Int, in input: Int
    ) throws(WeightsFault) {
      var weight: [Float] = []
      var bias: [Float] = []
      for source in sources {
        weight += try read("\(source).weight", rows: out, columns: input).elements
        bias += try read("\(source).bias", rows: 1, columns: out).elements
      }
      weights["\(target).weight"] = Matrix(
        rows: out * sources.count, columns: input, elements: weight)
      weights["\(target).bias"] = Matrix(row: bias)
    }
    func norm(_ target: String, _ source: String) throws(WeightsFault) {
      weights["\(target).scale"] = try read("\(source).weight", rows: 1, columns: width)
      weights["\(target).shift"] = try read("\(source).bias", rows: 1, columns: width)
    }
    weights[Self.table] = try read(
      "embeddings.word_embeddings.weight", rows: pieces, columns: width)
    var places = try read("embeddings.position_embeddings.weight", rows: positions, columns: width)
    let types = try read("embeddings.token_type_embeddings.weight", rows: 2, columns: width)
    for row in 0..<positions {
      for column in 0..<width { places[row, column] += types[0, column] }
    }
    weights["text.positions"] = places
    try norm("text.norm", "embeddings.LayerNorm")
    for layer in 0..<layers {
      let source = "encoder.layer.\(layer)"
      let target = "text.\(layer)"
      try linear(
        "\(target).projected",
        ["query", "key", "value"].map { "\(source).attention.self.\($0)" }, out: width, in: width)
      try linear(
        "\(target).attended", ["\(source).attention.output.dense"], out: width, in: width)
      try norm("\(target).attended.norm", "\(source).attention.output.LayerNorm")
      try linear("\(target).inner", ["\(source).intermediate.dense"], out: inner, in: width)
      try linear("\(target).outer", ["\(source).output.dense"], out: width, in: inner)
      try norm("\(target).outer.norm", "\(source).output.LayerNorm")
    }
    guard weights.areFinite else {
      throw WeightsFault(description: "a weight is not a number")
    }
    return weights
  }
}

/// What is wrong with a file of weights, as a clause.
struct WeightsFault: Error {
  var description: String
}
