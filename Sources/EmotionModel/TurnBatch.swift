internal import NeuralNet

/// A dialogue as the network takes it.
struct PreparedDialogue: Sendable {
  /// The turns' texts as rows of tables.
  var texts: [EncodedText]
  /// The turns' audio vectors, `nil` for a turn without.
  var audio: [[Float]?]
  /// The turns' text vectors by another encoder, `nil` for a turn without: the input of a network
  /// without a text encoder, and what one with a text encoder may learn from.
  var vectors: [[Float]?]
  /// The turns' word pieces, where the encoder that reads them is trained; empty elsewhere.
  var pieces: [[Int32]] = []
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
  /// Where weights that never change are laid out for inference; `nil` where they are trained.
  var stacks: StackPool?
  var gated: GatedNetwork { GatedNetwork(architecture: architecture, stacks: stacks) }

  /// The text encoder; no towers where text vectors come from outside.
  var towers: [TextEncoderNetwork] {
    architecture.textEncoder.map {
      TextEncoderNetwork.towers(of: $0, dropout: architecture.dropout)
    } ?? []
  }

  /// The encoder from outside that is trained, or has been, together with the rest.
  var fineTuned: MiniLMNetwork? { architecture.external?.fineTuned }

  /// All parameters but the heads.
  func parameters(words: Int) -> [ParameterShape] {
    towers.flatMap { $0.parameters(words: words) } + (fineTuned?.parameters ?? [])
      + gated.parameters
  }

  /// What a parameter is needed for where nothing is trained; those of an encoder from outside are the
  /// encoder's own matter.
  func use(of name: String) -> ParameterSet<Float>.FixedUse {
    name.hasPrefix("text.") ? TextEncoderNetwork.use(of: name) : gated.use(of: name)
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
    let given = dialogues.flatMap(\.vectors)
    let textWidth = architecture.textWidth
    var hasText =
      architecture.textEncoder == nil
      ? given.map { textWidth > 0 && $0?.count == textWidth } : texts.map { !$0.words.isEmpty }
    let pieces = dialogues.flatMap(\.pieces)
    // `[CLS]` and `[SEP]` alone are no text.
    if !pieces.isEmpty { hasText = pieces.map { $0.count > 2 } }
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
    let text: Node<Float>?
    if let fineTuned, !pieces.isEmpty {
      if tape.random != nil { tape.random = random }
      text = tape.scale(
        fineTuned.vectors(of: pieces, tape, parameters), by: Float(textWidth).squareRoot())
      random = tape.random ?? random
    } else if architecture.textEncoder != nil {
      text = encode(texts, dropping: dropping, &random, tape, parameters)
    } else {
      // Sentence vectors have length 1; so scaled, their elements are about 1 in size.
      text = matrix(given, hasText, width: textWidth, scale: Float(textWidth).squareRoot())
        .map(tape.constant)
    }
    if tape.random != nil { tape.random = random }
    let audio = matrix(sounds, hasAudio, width: width, scale: 1).map(tape.constant)
    return GatedNetwork.Inputs(text: text, hasText: hasText, audio: audio, hasAudio: hasAudio)
  }

  /// The towers' vectors of texts, side by side; in training each tower loses other input.
  private func encode(
    _ texts: [EncodedText], dropping: InputDropout?, _ random: inout RandomSource,
    _ tape: Tape<Float>, _ parameters: ParameterSet<Float>
  ) -> Node<Float> {
    let whole = dropping == nil ? TextBatch(texts) : nil
    let vectors = towers.map { tower in
      tower.vectors(
        of: whole ?? TextBatch(texts, dropping: dropping, &random), tape, parameters)
    }
    return vectors.count == 1 ? vectors[0] : tape.concatenate(vectors)
  }

  /// Vectors as the rows of a matrix, zeros where there is none; `nil` for vectors of no width.
  private func matrix(
    _ vectors: [[Float]?], _ has: [Bool], width: Int, scale: Float
  ) -> Matrix<Float>? {
    guard width > 0 else { return nil }
    var matrix = Matrix<Float>(rows: vectors.count, columns: width)
    for (turn, vector) in vectors.enumerated() where has[turn] {
      guard let vector else { continue }
      for (column, number) in vector.enumerated() {
        matrix.elements[turn * width + column] = number * scale
      }
    }
    return matrix
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
