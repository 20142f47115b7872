internal import NeuralNet

/// The bundled text encoder: vectors of words and of their character n-grams, two residual gated
/// convolutions, and pooling by attention, maximum and mean.
///
/// It is small on purpose: a fresh machine downloads nothing, and a dialogue takes milliseconds.
struct TextEncoderNetwork {
  var shape: Architecture.TextEncoder
  var width: Int
  var dropout: Double

  /// Its parameters, for a vocabulary of so many words.
  func parameters(words: Int) -> [ParameterShape] {
    let embedding = shape.embedding
    var list = [
      ParameterShape("text.words", rows: words, columns: embedding, .normal(0.1)),
      ParameterShape("text.grams", rows: shape.buckets, columns: embedding, .normal(0.1)),
    ]
    list += ParameterShape.linear("text.input", out: width, in: embedding)
    for layer in 0..<shape.convolutions {
      list.append(ParameterShape("text.\(layer).norm", columns: width))
      list += ParameterShape.linear("text.\(layer)", out: 2 * width, in: 3 * width)
    }
    list.append(ParameterShape("text.norm", columns: width))
    list += ParameterShape.linear("text.attention", out: shape.heads, in: width)
    list.append(ParameterShape("text.pooled", columns: pooledWidth))
    return list + ParameterShape.linear("text.output", out: width, in: pooledWidth)
  }

  private var pooledWidth: Int { (shape.heads + 2) * width }

  /// The vectors of turns.
  ///
  /// - Returns: turns × width; of no meaning for a turn without tokens.
  func vectors(
    of batch: TextBatch, _ tape: Tape<Float>, _ parameters: ParameterSet<Float>
  ) -> Node<Float> {
    let segments = batch.segments
    func dense(_ x: Node<Float>, _ name: String) -> Node<Float> {
      tape.linear(
        x, parameters["text.\(name).weight"], bias: parameters["text.\(name).bias"])
    }
    let tokens = tape.add(
      tape.embed(parameters["text.words"], batch.words),
      tape.embed(parameters["text.grams"], batch.grams))
    var x = dense(tape.dropout(tokens, rate: dropout), "input")
    for layer in 0..<shape.convolutions {
      let normal = tape.layerNorm(x, parameters["text.\(layer).norm"])
      let mixed = dense(tape.neighbours(normal, in: segments, reach: 1), "\(layer)")
      x = tape.add(x, tape.dropout(tape.gatedLinearUnit(mixed), rate: dropout))
    }
    x = tape.layerNorm(x, parameters["text.norm"])
    let pooled = tape.concatenate([
      tape.attentionPool(x, scores: dense(x, "attention"), in: segments),
      tape.maxPool(x, in: segments), tape.meanPool(x, in: segments),
    ])
    let normal = tape.layerNorm(pooled, parameters["text.pooled"])
    return tape.activate(dense(tape.dropout(normal, rate: dropout), "output"), .silu)
  }
}
