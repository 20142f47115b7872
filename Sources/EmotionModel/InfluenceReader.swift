internal import Dialogues
internal import NeuralNet

/// Reads off what each slot contributed to the logits.
///
/// The head is linear over gated slots, and a gated slot is `null + gate ∘ (content − null)`, so
/// slot s contributes `W_{c,s} · (gate_s ∘ (content_s − null_s))` to label c, exactly. A turn that
/// is in several slots gets their sum.
struct InfluenceReader {
  private let model: ModelDescription
  private let slots: GatedNetwork.Slots
  /// For each slot, judged turns × labels: what the slot adds to each logit.
  private let additions: [Matrix<Float>]
  /// For each slot, what it adds to each logit when it is empty.
  private let empty: [[Float]]
  private let bias: [Float]

  init(_ model: ModelDescription, _ parameters: ParameterSet<Float>, _ slots: GatedNetwork.Slots) {
    self.model = model
    self.slots = slots
    let width = model.architecture.slotEncoder.width
    let head = parameters["head.weight"].value
    bias = parameters["head.bias"].value.elements
    func product(_ matrix: Matrix<Float>, slot: Int) -> Matrix<Float> {
      let start = model.architecture.sharesHead ? 0 : slot * width
      return matrix.multiplied(byTransposed: head, columns: start..<start + width)
    }
    additions = slots.mixed.indices.map { product(slots.mixed[$0].value, slot: $0) }
    empty = slots.mixed.indices.map { slot in
      product(parameters["slots.\(slot).null"].value, slot: slot).elements
    }
  }

  /// The analysis of one judged turn.
  func analysis(of turn: TurnKey, row: Int, logits: [Float], ids: [TurnKey]) -> TurnAnalysis {
    let exact = logits.map(Double.init)
    var analysis = TurnAnalysis(
      turn: turn, labels: model.labels, logits: exact, posterior: softmax(exact),
      contributions: [], baseline: bias.map(Double.init), gates: [])
    var contributions: [Int: [Double]] = [:]
    for slot in slots.mixed.indices {
      for (label, value) in empty[slot].enumerated() { analysis.baseline[label] += Double(value) }
      let filler = slots.fillers[slot][row]
      guard filler >= 0 else { continue }
      var sum = contributions[filler] ?? [Double](repeating: 0, count: exact.count)
      for label in exact.indices {
        sum[label] += Double(additions[slot][row, label]) - Double(empty[slot][label])
      }
      contributions[filler] = sum
      if let gate = slots.gates[slot] {
        let columns = gate.columns
        var opening = 0.0
        for column in 0..<columns { opening += Double(gate.value[row, column]) }
        analysis.gates.append(
          TurnAnalysis.Gate(
            slot: model.architecture.slots[slot], turn: ids[filler].turn,
            opening: opening / Double(columns)))
      }
    }
    analysis.contributions = contributions.sorted { $0.key < $1.key }.map {
      TurnAnalysis.Contribution(turn: ids[$0.key].turn, logits: $0.value)
    }
    return analysis
  }
}
