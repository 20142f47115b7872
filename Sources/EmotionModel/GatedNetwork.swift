internal import NeuralNet

/// The GatedxLSTM: slots that hold turns, a gate for each, and a head that is linear over the gated
/// slots, so that what each contributes can be read off exactly.
struct GatedNetwork {
  var architecture: Architecture
  /// Where weights that never change are laid out for inference; `nil` where they are trained.
  var stacks: StackPool?

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
        list += encoderParameters(name, input: input / blocks(of: slot.modality))
      }
      guard !slot.isCurrent else { continue }
      list += gateParameters(of: place)
    }
    return list
  }

  /// Into how many blocks a map from vectors of a modality falls: each member has text vectors of
  /// its own, sound is the same for all.
  private func blocks(of modality: Architecture.Modality) -> Int {
    modality == .text ? architecture.members : 1
  }

  /// What a slot's gate sees: the modality, and what the weights for it are called.
  private func seen(byGateOf place: Int) -> [(modality: Architecture.Modality, name: String)] {
    let current: [(Architecture.Modality, String)] = [
      (.text, "gates.\(place).text"), (.audio, "gates.\(place).audio"),
    ].filter { architecture.width(of: $0.0) > 0 }
    switch architecture.gate {
    case .published: return [current[current.count - 1]]
    case .contentAware:
      return current + [(architecture.slots[place].modality, "gates.\(place).slot")]
    }
  }

  /// What a parameter of a name is needed for where nothing is trained.
  func use(of name: String) -> ParameterSet<Float>.FixedUse {
    // Members' maps fall into blocks, and blocks of mLSTM lay their weights out themselves.
    guard architecture.members == 1, name.hasSuffix(".weight") else { return .anything }
    let isMap = architecture.slotEncoder.blocks == 0 && name.hasPrefix("slots.")
    return isMap || name.hasPrefix("gates.") ? .weight : .anything
  }

  private func gateParameters(of place: Int) -> [ParameterShape] {
    let out = architecture.gatesEachColumn ? architecture.slotEncoder.width : 1
    let parts = seen(byGateOf: place).map { part in
      (part.name, architecture.width(of: part.modality) / blocks(of: part.modality))
    }
    let total = parts.reduce(0) { $0 + $1.1 }
    return parts.map { name, width in
      ParameterShape(
        "\(name).weight", rows: out, columns: width, .normal(1 / Double(total).squareRoot()))
    }
      // Starts mostly closed: context has to earn its way in.
      + [ParameterShape("gates.\(place).bias", columns: out, .constant(-1))]
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
      let gate =
        slot.isCurrent ? nil : opening(of: place, present, content: raw, tape, parameters)
      slots.mixed.append(
        tape.gate(
          content, null: parameters["slots.\(place).null"], by: gate,
          present: filler.map { $0 >= 0 }))
      slots.gates.append(gate)
      slots.fillers.append(filler)
    }
    return slots
  }

  /// What heads see of gated slots: their sum, or all side by side.
  func judged(_ slots: Slots, _ tape: Tape<Float>) -> Node<Float> {
    guard architecture.sharesHead else { return tape.concatenate(slots.mixed) }
    return slots.mixed.dropFirst().reduce(slots.mixed[0]) { tape.add($0, $1) }
  }

  /// The logits of a head over gated slots: the mean of the members'.
  func logits(
    _ slots: Slots, head: (weight: Node<Float>, bias: Node<Float>), _ tape: Tape<Float>
  ) -> Node<Float> {
    tape.linear(judged(slots, tape), head.weight, bias: head.bias)
  }

  /// The logits of each member for itself, for training: a member learns to judge alone, so that
  /// the members' errors differ and their mean is better than each.
  ///
  /// - Parameter x: what the head sees, or the turns' text vectors for a head over single turns.
  func memberLogits(
    _ x: Node<Float>, head: (weight: Node<Float>, bias: Node<Float>), _ tape: Tape<Float>
  ) -> [Node<Float>] {
    let members = architecture.members
    let seen = tape.dropout(x, rate: architecture.dropout)
    guard members > 1 else { return [tape.linear(seen, head.weight, bias: head.bias)] }
    let width = x.columns / members
    return (0..<members).map { member in
      let range = member * width..<(member + 1) * width
      let weight = tape.scale(tape.columns(head.weight, range), by: Float(members))
      return tape.linear(tape.columns(seen, range), weight, bias: head.bias)
    }
  }

  /// How far a slot of context is let through.
  private func opening(
    of place: Int, _ present: (text: Node<Float>?, audio: Node<Float>?), content: Node<Float>,
    _ tape: Tape<Float>, _ parameters: ParameterSet<Float>
  ) -> Node<Float> {
    var sum: Node<Float>?
    for (modality, name) in seen(byGateOf: place) {
      let current = modality == .text ? present.text : present.audio
      guard let x = name.hasSuffix(".slot") ? content : current else { continue }
      let part = tape.headwiseLinear(
        x, parameters["\(name).weight"], heads: blocks(of: modality),
        bias: sum == nil ? parameters["gates.\(place).bias"] : nil)
      sum = sum.map { tape.add($0, part) } ?? part
    }
    guard let sum else { preconditionFailure("a gate sees nothing") }
    return tape.activate(sum, .sigmoid)
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
      let heads = blocks(of: a.slots[place].modality)
      return tape.activate(tape.headwiseLinear(raw, weight, heads: heads, bias: bias), .tanh)
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
    let name = a.encoderName(of: place)
    let shape = block(0, of: name)
    guard MLSTMStack.supports(shape) else {
      return encode(tape.gatherRows(source, filler), in: place, tape, parameters)
    }
    let turns = Set(filler).subtracting([-1]).sorted()
    let rows = Dictionary(uniqueKeysWithValues: turns.enumerated().map { ($1, $0) })
    let steps = a.slotEncoder.steps
    let raw = tape.gatherRows(source, turns)
    let x = tape.reshape(raw, columns: raw.columns / steps)
    let last = tape.constant(
      (stacks ?? StackPool()).with(name) {
        let map = AffineMap(
          weight: parameters["\(name).weight"].value, bias: parameters["\(name).bias"].value)
        return MLSTMStack.Prepared(
          (0..<a.slotEncoder.blocks).map { block($0, of: name) }, after: map
        ) {
          parameters.has($0) ? parameters[$0].value : nil
        }
      } run: {
        $0.lastSteps(of: x.value, steps: steps)
      })
    return tape.gatherRows(
      tape.layerNorm(last, parameters["\(name).norm"]), filler.map { rows[$0] ?? -1 })
  }
}
