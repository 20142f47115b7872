internal import NeuralNet

/// Judges normalised statistics of a sound: a discriminant and a network, which err differently,
/// averaged.
struct VoiceJudge: Sendable, Equatable {
  var discriminant: VoiceDiscriminant
  var network: Weights<Float>

  /// What the parts and the whole say of a sound: a probability a label.
  struct Verdict: Sendable {
    var discriminant: [Float]
    var network: [Float]
    /// The network's second layer.
    var vector: [Float]
    /// The mean of both.
    var posterior: [Float] { zip(discriminant, network).map { ($0 + $1) / 2 } }
  }

  /// Judges sounds.
  ///
  /// - Parameters:
  ///   - inputs: normalised statistics, sounds × statistics.
  ///   - own: all sounds of the speaker, likewise, if the discriminant may move to them.
  func verdicts(on inputs: Matrix<Float>, adaptingTo own: Matrix<Float>? = nil) -> [Verdict] {
    guard inputs.rows > 0 else { return [] }
    let means = own.map { discriminant.adapted(to: discriminant.project($0)) }
    let scores = discriminant.scores(discriminant.project(inputs), means: means)
    let tape = Tape<Float>()
    let output = VoiceNetwork(inputs: inputs.columns, labels: discriminant.means.rows).output(
      of: tape.constant(inputs), tape, ParameterSet(network))
    return (0..<inputs.rows).map { row in
      Verdict(
        discriminant: softmax(scores.row(row)), network: softmax(output.logits.value.row(row)),
        vector: output.vector.value.row(row))
    }
  }
}
