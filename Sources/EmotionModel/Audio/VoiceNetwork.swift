internal import NeuralNet

/// A small network over the statistics of a sound: two layers, each normalised, and a layer of
/// logits.
struct VoiceNetwork: Sendable {
  /// How many statistics go in.
  var inputs: Int
  /// How many labels come out.
  var labels: Int

  /// The width of the first layer.
  static let hidden = 128
  /// The width of the second layer: the part of a turn's vector the network has learned.
  static let width = 64

  /// Its parameters.
  var parameters: [ParameterShape] {
    ParameterShape.linear("first", out: Self.hidden, in: inputs)
      + [ParameterShape("first.norm", columns: Self.hidden)]
      + ParameterShape.linear("second", out: Self.width, in: Self.hidden)
      + [ParameterShape("second.norm", columns: Self.width)]
      + ParameterShape.linear("last", out: labels, in: Self.width)
  }

  /// What the network makes of sounds.
  ///
  /// - Parameter x: sounds × statistics, normalised.
  /// - Returns: the second layer and the logits.
  func output(
    of x: Node<Float>, _ tape: Tape<Float>, _ parameters: ParameterSet<Float>
  ) -> (vector: Node<Float>, logits: Node<Float>) {
    func layer(_ x: Node<Float>, _ name: String, dropout: Double) -> Node<Float> {
      let linear = tape.linear(
        tape.dropout(x, rate: dropout), parameters["\(name).weight"],
        bias: parameters["\(name).bias"])
      return tape.activate(tape.layerNorm(linear, parameters["\(name).norm"]), .silu)
    }
    let first = layer(x, "first", dropout: 0.2)
    let vector = layer(first, "second", dropout: 0.3)
    let logits = tape.linear(
      tape.dropout(vector, rate: 0.3), parameters["last.weight"], bias: parameters["last.bias"])
    return (vector, logits)
  }
}
