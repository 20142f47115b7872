internal import NeuralNet

/// Judging development dialogues while training, for early stopping.
enum DevelopmentScore {
  /// The logits of every turn of dialogues, in order.
  static func logits(
    _ dialogues: [PreparedDialogue], _ network: DialogueNetwork, _ parameters: ParameterSet<Float>
  ) -> [[Float]] {
    var all: [[Float]] = []
    let group = 16
    for start in stride(from: 0, to: dialogues.count, by: group) {
      let some = Array(dialogues[start..<min(dialogues.count, start + group)])
      let tape = Tape<Float>()
      let inputs = network.inputs(some, tape, parameters)
      let slots = network.slots(some, inputs, tape, parameters)
      let logits = network.gated.logits(
        slots, head: (parameters["head.weight"], parameters["head.bias"]), tape)
      all += (0..<logits.rows).map(logits.value.row)
    }
    return all
  }

  /// Scores of the main head.
  static func measure(
    _ dialogues: [PreparedDialogue], labels: Int, _ network: DialogueNetwork,
    _ parameters: ParameterSet<Float>
  ) -> TrainingProgress.Development {
    var confusion = [[Int]](
      repeating: [Int](repeating: 0, count: labels), count: labels)
    var loss = 0.0
    var turns = 0
    let targets = dialogues.flatMap(\.targets)
    for (logits, target) in zip(Self.logits(dialogues, network, parameters), targets) {
      guard let target else { continue }
      let p = softmax(logits.map(Double.init))
      for (place, share) in target.enumerated() where share > 0 {
        loss -= Double(share) * Double.logarithm(max(p[place], 1e-12))
      }
      confusion[highest(target)][highest(logits)] += 1
      turns += 1
    }
    let count = Double(max(1, turns))
    var weightedF1 = 0.0
    var right = 0
    for label in 0..<labels {
      let given = confusion[label].reduce(0, +)
      let said = confusion.reduce(0) { $0 + $1[label] }
      let hits = confusion[label][label]
      right += hits
      if given + said > 0 {
        weightedF1 += Double(given) / count * 2 * Double(hits) / Double(given + said)
      }
    }
    return TrainingProgress.Development(
      logLoss: loss / count, weightedF1: weightedF1, accuracy: Double(right) / count,
      turns: turns)
  }

  /// The place of the highest number, the earliest on a tie.
  static func highest(_ numbers: [Float]) -> Int {
    numbers.indices.reduce(0) { numbers[$1] > numbers[$0] ? $1 : $0 }
  }
}
