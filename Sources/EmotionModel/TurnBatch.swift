internal import NeuralNet

/// A dialogue as the network takes it.
struct PreparedDialogue: Sendable {
  /// The turns' texts as rows of tables.
  var texts: [EncodedText]
  /// The turns' audio vectors, `nil` for a turn without.
  var audio: [[Float]?]
  /// Which turn is in which slot.
  var table: SlotTable
  /// What the turns should be judged as: a distribution over labels, `nil` for a turn that nobody
  /// judged.
  var targets: [[Float]?]

  /// How many turns it has.
  var count: Int { texts.count }
}

/// The whole network: encoders of turns and the gated slots above them.
struct DialogueNetwork {
  var architecture: Architecture
  var gated: GatedNetwork { GatedNetwork(architecture: architecture) }

  /// The text encoder; `nil` where text vectors come from outside.
  var textEncoder: TextEncoderNetwork? {
    architecture.textEncoder.map {
      TextEncoderNetwork(
        shape: $0, width: architecture.textWidth, dropout: architecture.dropout)
    }
  }

  /// All parameters but the heads.
  func parameters(words: Int) -> [ParameterShape] {
    (textEncoder?.parameters(words: words) ?? []) + gated.parameters
  }

  /// The turns of dialogues as inputs of the gated network.
  ///
  /// - Parameters:
  ///   - dialogues: the dialogues, one after the other.
  ///   - dropping: in training, what of the input is dropped at random.
  ///   - modalityDropout: in training, how often a turn that has both text and audio loses one.
  func inputs(
    _ dialogues: [PreparedDialogue], dropping: InputDropout? = nil, modalityDropout: Double = 0,
    _ tape: Tape<Float>, _ parameters: ParameterSet<Float>
  ) -> GatedNetwork.Inputs {
    let texts = dialogues.flatMap(\.texts)
    var hasText = texts.map { !$0.words.isEmpty }
    let sounds = dialogues.flatMap(\.audio)
    let width = architecture.audioWidth
    var hasAudio = sounds.map { width > 0 && $0?.count == width }
    var random = tape.random ?? RandomSource(seed: 0)
    if modalityDropout > 0 {
      for turn in texts.indices where hasText[turn] && hasAudio[turn] {
        guard random.uniform() < modalityDropout else { continue }
        if random.uniform() < 0.5 { hasText[turn] = false } else { hasAudio[turn] = false }
      }
    }
    let batch = TextBatch(texts, dropping: dropping, &random)
    if tape.random != nil { tape.random = random }
    let text = textEncoder?.vectors(of: batch, tape, parameters)
    var audio: Node<Float>?
    if width > 0 {
      var matrix = Matrix<Float>(rows: sounds.count, columns: width)
      for (turn, sound) in sounds.enumerated() where hasAudio[turn] {
        guard let sound else { continue }
        matrix.elements.replaceSubrange(turn * width..<(turn + 1) * width, with: sound)
      }
      audio = tape.constant(matrix)
    }
    return GatedNetwork.Inputs(text: text, hasText: hasText, audio: audio, hasAudio: hasAudio)
  }

  /// The slots of all turns of dialogues whose inputs lie one after the other.
  func slots(
    _ dialogues: [PreparedDialogue], _ inputs: GatedNetwork.Inputs, _ tape: Tape<Float>,
    _ parameters: ParameterSet<Float>
  ) -> GatedNetwork.Slots {
    var fillers = [[Int]](repeating: [], count: architecture.slots.count)
    var start = 0
    for dialogue in dialogues {
      for (slot, turns) in dialogue.table.fillers.enumerated() {
        fillers[slot] += turns.map { $0 < 0 ? -1 : $0 + start }
      }
      start += dialogue.count
    }
    return gated.slots(
      inputs, fillers: fillers, judged: Array(0..<start), tape, parameters)
  }
}
