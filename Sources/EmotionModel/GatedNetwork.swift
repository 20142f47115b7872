internal import NeuralNet

/// The GatedxLSTM: slots that hold turns, a gate for each, and a head that is linear over the gated
/// slots, so that what each contributes can be read off exactly.
struct GatedNetwork {
  var architecture: Architecture

  /// The vectors of some turns and which turns have them.
  struct Inputs {
    /// Turns × text width; `nil` in a model without text.
    var text: Node<Float>?
    /// Which turns have text.
    var hasText: [Bool]
    /// Turns × audio width; `nil` in a model without audio.
    var audio: Node<Float>?
    /// Which turns have audio.
    var hasAudio: [Bool]
  }

  /// What became of the slots.
  struct Slots {
    /// The gated slots, judged turns × slot width each.
    var mixed: [Node<Float>]
    /// How far each is open; `nil` for the slots of the judged turn, which are not gated.
    var gates: [Node<Float>?]
    /// For each slot the turn in it, −1 where it is empty or its turn lacks the modality.
    var fillers: [[Int]]
  }

  /// Its parameters without a head.
  var parameters: [ParameterShape] {
    let a = architecture
    let width = a.slotEncoder.width
    var list: [ParameterShape] = []
    if a.textWidth > 0 { list.append(ParameterShape("absent.text", columns: a.textWidth)) }
    if a.audioWidth > 0 { list.append(ParameterShape("absent.audio", columns: a.audioWidth)) }
    var encoders: Set<String> = []
    for (place, slot) in a.slots.enumerated() {
      list.append(ParameterShape("slots.\(place).null", columns: width))
      let input = a.width(of: slot.modality)
      let name = a.encoderName(of: place)
      if !a.passesThrough(place), encoders.insert(name).inserted {
        list += encoderParameters(name, input: input)
      }
      guard !slot.isCurrent else { continue }
      let seen = a.gate == .published ? publishedGateWidth : a.textWidth + a.audioWidth + input
      // Starts mostly closed: context has to earn its way in.
      list += ParameterShape.linear(
        "gates.\(place)", out: a.gatesEachColumn ? width : 1, in: seen, bias: -1)
    }
    return list
  }

  private func encoderParameters(_ name: String, input: Int) -> [ParameterShape] {
    let encoder = architecture.slotEncoder
    guard encoder.blocks > 0 else {
      return ParameterShape.linear(name, out: encoder.width, in: input)
    }
    return ParameterShape.linear(name, out: encoder.width, in: input / encoder.steps)
      + (0..<encoder.blocks).flatMap { block($0, of: name).parameters }
      + [ParameterShape("\(name).norm", columns: encoder.width)]
  }

  private func block(_ place: Int, of name: String) -> MLSTMBlock {
    MLSTMBlock(
      width: architecture.slotEncoder.width, heads: architecture.slotEncoder.heads,
      name: "\(name).blocks.\(place)")
  }

  private var publishedGateWidth: Int {
    architecture.audioWidth > 0 ? architecture.audioWidth : architecture.textWidth
  }

  /// The parameters of a head for so many labels.
  func headParameters(_ name: String, labels: Int) -> [ParameterShape] {
    ParameterShape.linear(name, out: labels, in: headWidth)
  }

  /// The columns of a head.
  var headWidth: Int {
    architecture.slotEncoder.width * (architecture.sharesHead ? 1 : architecture.slots.count)
  }

  /// Fills, encodes and gates the slots.
  ///
  /// - Parameters:
  ///   - turns: the turns' vectors.
  ///   - fillers: for each slot the turn in it, one a judged turn; −1 for an empty slot.
  ///   - judged: the judged turns.
  func slots(
    _ turns: Inputs, fillers: [[Int]], judged: [Int], _ tape: Tape<Float>,
    _ parameters: ParameterSet<Float>
  ) -> Slots {
    let a = architecture
    let present = currentVectors(turns, judged, tape, parameters)
    var slots = Slots(mixed: [], gates: [], fillers: [])
    for (place, slot) in a.slots.enumerated() {
      let isText = slot.modality == .text
      guard let source = isText ? turns.text : turns.audio else {
        preconditionFailure("a slot looks at a modality the model does not have")
      }
      let has = isText ? turns.hasText : turns.hasAudio
      let filler = fillers[place].map { $0 >= 0 && has[$0] ? $0 : -1 }
      let raw = tape.gatherRows(source, filler)
      let content =
        tape.isRecording || a.slotEncoder.blocks == 0
        ? encode(raw, in: place, tape, parameters)
        : encodeOnce(source, filler, in: place, tape, parameters)
      var gate: Node<Float>?
      if !slot.isCurrent {
        let seen = a.gate == .published ? present.audio ?? present.text : nil
        let parts = seen.map { [$0] } ?? [present.text, present.audio, raw].compactMap { $0 }
        gate = tape.activate(
          tape.linear(
            parts.count == 1 ? parts[0] : tape.concatenate(parts),
            parameters["gates.\(place).weight"], bias: parameters["gates.\(place).bias"]),
          .sigmoid)
      }
      slots.mixed.append(
        tape.gate(
          content, null: parameters["slots.\(place).null"], by: gate,
          present: filler.map { $0 >= 0 }))
      slots.gates.append(gate)
      slots.fillers.append(filler)
    }
    return slots
  }

  /// The logits of a head over gated slots.
  func logits(
    _ slots: Slots, head: (weight: Node<Float>, bias: Node<Float>), _ tape: Tape<Float>
  ) -> Node<Float> {
    let judged: Node<Float>
    if architecture.sharesHead {
      judged = slots.mixed.dropFirst().reduce(slots.mixed[0]) { tape.add($0, $1) }
    } else {
      judged = tape.concatenate(slots.mixed)
    }
    return tape.linear(
      tape.dropout(judged, rate: architecture.dropout), head.weight, bias: head.bias)
  }

  /// The judged turns' own vectors as the gates see them: a learned one where there is none.
  private func currentVectors(
    _ turns: Inputs, _ judged: [Int], _ tape: Tape<Float>, _ parameters: ParameterSet<Float>
  ) -> (text: Node<Float>?, audio: Node<Float>?) {
    func vectors(_ source: Node<Float>?, _ has: [Bool], _ absent: String) -> Node<Float>? {
      source.map {
        tape.gate(
          tape.gatherRows($0, judged), null: parameters[absent], by: nil,
          present: judged.map { has[$0] })
      }
    }
    return (
      vectors(turns.text, turns.hasText, "absent.text"),
      vectors(turns.audio, turns.hasAudio, "absent.audio")
    )
  }

  private func encode(
    _ raw: Node<Float>, in place: Int, _ tape: Tape<Float>, _ parameters: ParameterSet<Float>
  ) -> Node<Float> {
    let a = architecture
    guard !a.passesThrough(place) else { return raw }
    let name = a.encoderName(of: place)
    let weight = parameters["\(name).weight"]
    let bias = parameters["\(name).bias"]
    guard a.slotEncoder.blocks > 0 else {
      return tape.activate(tape.linear(raw, weight, bias: bias), .tanh)
    }
    let steps = a.slotEncoder.steps
    let segments = Segments(lengths: [Int](repeating: steps, count: raw.rows))
    var x = tape.linear(
      tape.reshape(raw, columns: raw.columns / steps), weight, bias: bias)
    for block in 0..<a.slotEncoder.blocks {
      x = self.block(block, of: name).output(of: x, in: segments, tape, parameters)
    }
    x = tape.layerNorm(x, parameters["\(name).norm"])
    let last = tape.gatherRows(x, (0..<raw.rows).map { $0 * steps + steps - 1 })
    return tape.dropout(last, rate: a.dropout)
  }

  /// The same as encoding every row, without gradients: each turn is encoded once however often it
  /// is in the slot, and empty slots not at all.
  private func encodeOnce(
    _ source: Node<Float>, _ filler: [Int], in place: Int, _ tape: Tape<Float>,
    _ parameters: ParameterSet<Float>
  ) -> Node<Float> {
    let a = architecture
    guard !a.passesThrough(place) else { return tape.gatherRows(source, filler) }
    let turns = Set(filler).subtracting([-1]).sorted()
    let rows = Dictionary(uniqueKeysWithValues: turns.enumerated().map { ($1, $0) })
    let name = a.encoderName(of: place)
    let steps = a.slotEncoder.steps
    let raw = tape.gatherRows(source, turns)
    let x = tape.linear(
      tape.reshape(raw, columns: raw.columns / steps), parameters["\(name).weight"],
      bias: parameters["\(name).bias"])
    let stack = MLSTMStack(
      (0..<a.slotEncoder.blocks).map { block($0, of: name) }, parameters.weights)
    let last = tape.constant(stack.lastSteps(of: x.value, steps: steps))
    return tape.gatherRows(
      tape.layerNorm(last, parameters["\(name).norm"]), filler.map { rows[$0] ?? -1 })
  }
}
