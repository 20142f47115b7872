internal import NeuralNet

/// The transformer of all-MiniLM-L6-v2: BERT's encoder (arXiv:1810.04805) with six layers, the mean
/// over a text's pieces, and unit length, as sentence-transformers configures it.
///
/// Texts of a batch lie one after the other; a short one costs nothing for a long one beside it.
struct MiniLMNetwork: Equatable, Sendable, Codable {
  /// Rows of the table of pieces.
  var pieces = 30_522
  /// The width of a vector.
  var width = 384
  /// Layers of attention and feed-forward.
  var layers = 6
  /// Heads of the attention.
  var heads = 12
  /// The width between the two maps of a feed-forward.
  var inner = 1536
  /// Rows of the table of positions.
  var positions = 512
  /// The rate of dropout in training.
  var dropout = 0.1

  /// A text is cut after so many pieces, those of its ends included.
  static let limit = 256
  /// The table of word pieces, which fine-tuning leaves as it is: most of its rows would never be
  /// seen, and it is two thirds of the weights.
  static let table = "text.pieces"
  /// BERT's `layer_norm_eps`.
  private static let epsilon: Float = 1e-12

  /// Whether its sizes cannot be those of a network; a checkpoint is a file from a stranger.
  var hasFault: Bool {
    let isFine =
      (1...1 << 20).contains(pieces) && (2...4096).contains(width) && (0...64).contains(layers)
      && (1...64).contains(heads) && width % max(1, heads) == 0 && (1...16_384).contains(inner)
      && (2...1 << 16).contains(positions) && (0..<1).contains(dropout)
    return !isFine
  }

  /// Its parameters.
  var parameters: [ParameterShape] {
    var list = [
      ParameterShape(Self.table, rows: pieces, columns: width, .normal(0.02)),
      ParameterShape("text.positions", rows: positions, columns: width, .normal(0.02)),
    ]
    list += norm("text.norm")
    for layer in 0..<layers {
      list += ParameterShape.linear("text.\(layer).projected", out: 3 * width, in: width)
      list += ParameterShape.linear("text.\(layer).attended", out: width, in: width)
      list += norm("text.\(layer).attended.norm")
      list += ParameterShape.linear("text.\(layer).inner", out: inner, in: width)
      list += ParameterShape.linear("text.\(layer).outer", out: width, in: inner)
      list += norm("text.\(layer).outer.norm")
    }
    return list
  }

  /// How much slower than the highest layer the one of a parameter learns: layers near the words
  /// know what is true of any task (arXiv:1801.06146, "discriminative fine-tuning").
  ///
  /// - Parameter decay: the factor from one layer to the next below.
  func rateFactor(of name: String, decay: Double) -> Double {
    let layer = name.split(separator: ".").dropFirst().first.flatMap { Int($0) } ?? -1
    return (layer + 1..<layers).reduce(1) { factor, _ in factor * decay }
  }

  /// What a parameter is needed for where nothing is trained.
  func use(of name: String) -> ParameterSet<Float>.FixedUse {
    // A dialogue has hundreds of word pieces.
    name == Self.table ? .table : name.hasSuffix(".weight") ? .weightOfManyRows : .anything
  }

  /// The ids of a text's word pieces; what is beyond ``limit`` is cut off, as sentence-transformers
  /// does.
  func ids(of text: String, _ tokenizer: WordPieceTokenizer) -> [Int32] {
    tokenizer.ids(of: text, limit: min(Self.limit, positions))
  }

  private func norm(_ name: String) -> [ParameterShape] {
    [
      ParameterShape("\(name).scale", columns: width, .constant(1)),
      ParameterShape("\(name).shift", columns: width),
    ]
  }

  /// The vectors of texts.
  ///
  /// - Parameters:
  ///   - texts: each text's ids, at least one and at most ``positions``.
  /// - Returns: texts × width, each row of length 1.
  func vectors(
    of texts: [[Int32]], _ tape: Tape<Float>, _ parameters: ParameterSet<Float>
  ) -> Node<Float> {
    let segments = Segments(lengths: texts.lazy.map(\.count))
    func dense(_ x: Node<Float>, _ name: String) -> Node<Float> {
      tape.linear(x, parameters["\(name).weight"], bias: parameters["\(name).bias"])
    }
    func normal(_ x: Node<Float>, _ name: String) -> Node<Float> {
      tape.layerNorm(
        x, scale: parameters["\(name).scale"], shift: parameters["\(name).shift"],
        epsilon: Self.epsilon)
    }
    func residual(_ x: Node<Float>, _ change: Node<Float>, _ name: String) -> Node<Float> {
      normal(tape.add(x, tape.dropout(change, rate: dropout)), "\(name).norm")
    }
    let ids = texts.flatMap { $0.map(Int.init) }
    let places = texts.flatMap { Array($0.indices) }
    let sum = tape.add(
      tape.gatherRows(parameters[Self.table], ids),
      tape.gatherRows(parameters["text.positions"], places))
    var x = tape.dropout(normal(sum, "text.norm"), rate: dropout)
    for layer in 0..<layers {
      let name = "text.\(layer)"
      let seen = tape.selfAttention(dense(x, "\(name).projected"), heads: heads, in: segments)
      x = residual(x, dense(seen, "\(name).attended"), "\(name).attended")
      let wide = tape.activate(dense(x, "\(name).inner"), .gelu)
      x = residual(x, dense(wide, "\(name).outer"), "\(name).outer")
    }
    return tape.unitRows(tape.meanPool(x, in: segments))
  }
}
