internal import Dialogues
internal import NeuralNet

/// Reads off what each slot contributed to the logits.
///
/// The head is linear over gated slots, and a gated slot is `null + gate ∘ (content − null)`, so
/// slot s contributes `W_{c,s} · (gate_s ∘ (content_s − null_s))` to label c, exactly. A turn that
/// is in several slots gets their sum.
struct InfluenceReader {
  private let checkpoint: Checkpoint
  private let slots: GatedNetwork.Slots
  private let head: Matrix<Float>
  private let bias: Matrix<Float>
  private let nulls: [Matrix<Float>]

  init(_ checkpoint: Checkpoint, _ slots: GatedNetwork.Slots) {
    self.checkpoint = checkpoint
    self.slots = slots
    let width = checkpoint.architecture.slotEncoder.width
    let weights = checkpoint.weights
    head = weights["head.weight"] ?? Matrix(rows: checkpoint.labels.count, columns: width)
    bias = weights["head.bias"] ?? Matrix(rows: 1, columns: checkpoint.labels.count)
    nulls = slots.mixed.indices.map {
      weights["slots.\($0).null"] ?? Matrix(rows: 1, columns: width)
    }
  }

  /// The analysis of one judged turn.
  func analysis(of turn: TurnKey, row: Int, logits: [Float], ids: [TurnKey]) -> TurnAnalysis {
    let exact = logits.map(Double.init)
    var analysis = TurnAnalysis(
      turn: turn, labels: checkpoint.labels, logits: exact, posterior: softmax(exact),
      influences: [], unexplained: 0, gates: [])
    let contrast = contrast(analysis.best, analysis.runnerUp)
    analysis.unexplained = Double(bias[0, analysis.best] - bias[0, analysis.runnerUp])
    var contributions: [Int: Double] = [:]
    for slot in slots.mixed.indices {
      let null = nulls[slot].elements
      let weights = contrast[slot % contrast.count]
      analysis.unexplained += product(weights, null)
      let filler = slots.fillers[slot][row]
      guard filler >= 0 else { continue }
      let content = slots.mixed[slot].value.row(row)
      contributions[filler, default: 0] += product(weights, content) - product(weights, null)
      if let gate = slots.gates[slot] {
        let openings = gate.value.row(row)
        analysis.gates.append(
          TurnAnalysis.Gate(
            slot: checkpoint.architecture.slots[slot], turn: ids[filler].turn,
            opening: Double(openings.reduce(0, +)) / Double(openings.count)))
      }
    }
    analysis.influences = contributions.sorted { $0.key < $1.key }.map {
      Suggestion.Influence(turn: ids[$0.key].turn, value: $0.value)
    }
    return analysis
  }

  /// The difference of two labels' weights, one row a slot; one row in all where slots share the
  /// head.
  private func contrast(_ best: Int, _ runnerUp: Int) -> [[Float]] {
    let row = zip(head.row(best), head.row(runnerUp)).map { $0 - $1 }
    let width = checkpoint.architecture.slotEncoder.width
    return stride(from: 0, to: row.count, by: width).map { Array(row[$0..<$0 + width]) }
  }

  private func product(_ a: [Float], _ b: [Float]) -> Double {
    var sum = 0.0
    for (x, y) in zip(a, b) { sum += Double(x) * Double(y) }
    return sum
  }
}
