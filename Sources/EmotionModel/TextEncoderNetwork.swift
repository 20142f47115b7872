internal import NeuralNet

/// One tower of the text encoder of words and n-grams: vectors of words and of their character n-grams, residual
/// gated convolutions, and pooling by attention, maximum and mean.
///
/// It is small on purpose: a fresh machine downloads nothing, and a dialogue takes milliseconds.
struct TextEncoderNetwork {
  var shape: Architecture.Tower
  var buckets: Int
  var dropout: Double
  /// What its parameters' names begin with.
  var name: String

  /// The towers of an encoder.
  static func towers(of encoder: Architecture.TextEncoder, dropout: Double) -> [Self] {
    encoder.towers.enumerated().map {
      Self(shape: $1, buckets: encoder.buckets, dropout: dropout, name: "text.\($0)")
    }
  }

  /// Whether a parameter of a name is a table of which a step uses few rows.
  static func isTable(_ name: String) -> Bool {
    name.hasPrefix("text.") && (name.hasSuffix(".words") || name.hasSuffix(".grams"))
  }

  /// What a parameter of a name is needed for where nothing is trained.
  static func use(of name: String) -> ParameterSet<Float>.FixedUse {
    name.hasSuffix(".weight") ? .weight : .anything
  }

  /// Its parameters, for a vocabulary of so many words.
  func parameters(words: Int) -> [ParameterShape] {
    let width = shape.width
    var list = [
      ParameterShape("\(name).words", rows: words, columns: shape.embedding, .normal(0.1)),
      ParameterShape("\(name).grams", rows: buckets, columns: shape.embedding, .normal(0.1)),
    ]
    list += ParameterShape.linear("\(name).input", out: width, in: shape.embedding)
    for layer in 0..<shape.convolutions {
      list.append(ParameterShape("\(name).\(layer).norm", columns: width))
      list += ParameterShape.linear(
        "\(name).\(layer)", out: 2 * width, in: (2 * shape.reach + 1) * width)
    }
    list.append(ParameterShape("\(name).norm", columns: width))
    list += ParameterShape.linear("\(name).attention", out: shape.heads, in: width)
    list.append(ParameterShape("\(name).pooled", columns: pooledWidth))
    return list + ParameterShape.linear("\(name).output", out: width, in: pooledWidth)
  }

  private var pooledWidth: Int { (shape.heads + 2) * shape.width }

  /// The vectors of turns.
  ///
  /// - Returns: turns × width; of no meaning for a turn without tokens.
  func vectors(
    of batch: TextBatch, _ tape: Tape<Float>, _ parameters: ParameterSet<Float>
  ) -> Node<Float> {
    let segments = batch.segments
    func dense(_ x: Node<Float>, _ part: String) -> Node<Float> {
      tape.linear(
        x, parameters["\(name).\(part).weight"], bias: parameters["\(name).\(part).bias"])
    }
    let tokens = tape.add(
      tape.embed(parameters["\(name).words"], batch.words),
      tape.embed(parameters["\(name).grams"], batch.grams))
    var x = dense(tape.dropout(tokens, rate: dropout), "input")
    for layer in 0..<shape.convolutions {
      let normal = tape.layerNorm(x, parameters["\(name).\(layer).norm"])
      let mixed = dense(tape.neighbours(normal, in: segments, reach: shape.reach), "\(layer)")
      x = tape.add(x, tape.dropout(tape.gatedLinearUnit(mixed), rate: dropout))
    }
    x = tape.layerNorm(x, parameters["\(name).norm"])
    let pooled = tape.concatenate([
      tape.attentionPool(x, scores: dense(x, "attention"), in: segments),
      tape.maxPool(x, in: segments), tape.meanPool(x, in: segments),
    ])
    let normal = tape.layerNorm(pooled, parameters["\(name).pooled"])
    return tape.activate(dense(tape.dropout(normal, rate: dropout), "output"), .silu)
  }
}
