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
  ///   - inputs: normalised statistics.
  ///   - own: all sounds of the speaker, normalised, if the discriminant may move to them.
  func verdicts(on inputs: [[Float]], adaptingTo own: [[Float]]? = nil) -> [Verdict] {
    guard let width = inputs.first?.count else { return [] }
    let labels = discriminant.means.rows
    let places = inputs.map(discriminant.project)
    let means = own.map { discriminant.adapted(to: $0.map(discriminant.project)) }
    let tape = Tape<Float>()
    let x = tape.constant(
      Matrix(rows: inputs.count, columns: width, elements: Array(inputs.joined())))
    let output = VoiceNetwork(inputs: width, labels: labels).output(
      of: x, tape, ParameterSet(network))
    return inputs.indices.map { row in
      let scores = discriminant.scores(places[row], means: means)
      return Verdict(
        discriminant: softmax(scores),
        network: softmax(output.logits.value.row(row)), vector: output.vector.value.row(row))
    }
  }
}
