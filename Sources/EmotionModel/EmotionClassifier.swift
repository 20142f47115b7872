public import Dialogues
internal import NeuralNet

/// Judges the turns of dialogues with a trained checkpoint and says what each judgement leaned on.
///
/// A value that never changes: safe to use from any thread, and from several at once. Matrix
/// products run on as many threads as ``setMatrixThreads(_:)`` says, one unless told otherwise.
public struct EmotionClassifier: Sendable {
  /// The model in use.
  public let model: ModelDescription
  let network: DialogueNetwork
  /// The encoder that travels within the checkpoint.
  let encoder: MiniLMReader?
  /// The weights of an encoder from outside that the checkpoint has trained; empty where there is none.
  let tuning: Weights<Float>
  private let vocabulary: Vocabulary
  private let parameters: FixedParameters

  /// Creates a classifier from a checkpoint.
  ///
  /// - Parameter checkpoint: its weights are laid out one by one and let go, so that whoever gives the
  ///   last copy never holds them twice.
  public init(_ checkpoint: consuming Checkpoint) {
    model = checkpoint.description
    vocabulary = checkpoint.vocabulary
    network = DialogueNetwork(architecture: model.architecture, stacks: StackPool())
    if let within = checkpoint.takeEncoder() {
      encoder = MiniLMReader(within)
      tuning = Weights()
    } else {
      encoder = nil
      tuning = checkpoint.takeTuning()
    }
    let weights = checkpoint.weights
    checkpoint.weights = Weights()
    parameters = FixedParameters(consume weights, use: network.use(of:))
    setMatrixThreads(1)
  }

  /// Loads a checkpoint from a file.
  ///
  /// - Throws: ``CheckpointError``, one or two sentences for the person at the terminal.
  public init(contentsOf path: String) throws(CheckpointError) {
    self.init(try Checkpoint(contentsOf: path))
  }

  /// The labels of every posterior, in order.
  public var labels: [String] { model.labels }

  /// What suggestions of this classifier are filed under.
  public var source: Source {
    Source(name: "gatedxlstm", details: "GatedxLSTM \(model.name): \(model.details)")
  }

  /// Whether the checkpoint listens to audio at all.
  ///
  /// If not, audio given is ignored.
  public var usesAudio: Bool { model.architecture.audioWidth > 0 }

  /// Turns whose texts are encoded together, and turns judged together: bounds the memory that a
  /// dialogue of thousands of turns needs.
  private static let group = 128

  /// Judges every turn of a dialogue.
  ///
  /// - Parameters:
  ///   - dialogue: turns in spoken order; any number of them and of speakers. A turn without text
  ///     or speaker is judged by what there is.
  ///   - text: a turn's text vector as ``ExternalVectors`` gives it, which remembers them; `nil`
  ///     where there is none. A checkpoint with a text encoder of its own computes what is not given.
  ///   - audio: a turn's audio vector as the checkpoint's audio encoder gives it, `nil` where
  ///     there is none. A vector of another width or with numbers that are none counts as absent.
  /// - Returns: one analysis a turn, in order.
  public func analyse(
    _ dialogue: Dialogue, text: (Turn) -> [Float]? = { _ in nil },
    audio: (Turn) -> [Float]? = { _ in nil }
  ) -> [TurnAnalysis] {
    analyse(
      prepare(dialogue, text: text, audio: audio), ids: dialogue.turns.map(\.key))
  }

  /// A dialogue as the network takes it, with the vectors of the encoder within the checkpoint.
  func prepare(
    _ dialogue: Dialogue, text: (Turn) -> [Float]?, audio: (Turn) -> [Float]?
  ) -> PreparedDialogue {
    var prepared = PreparedDialogue(
      dialogue, audio: audio, vectors: text, model.architecture,
      network.towers.isEmpty ? nil : vocabulary)
    guard let encoder else { return prepared }
    let missing = prepared.vectors.indices.filter { prepared.vectors[$0] == nil }
    let found = encoder.vectorsOfTexts(missing.map { dialogue.turns[$0].text })
    for (place, vector) in zip(missing, found) { prepared.vectors[place] = vector }
    return prepared
  }

  private func analyse(_ dialogue: PreparedDialogue, ids: [TurnKey]) -> [TurnAnalysis] {
    let inputs = encode(dialogue)
    var analyses: [TurnAnalysis] = []
    analyses.reserveCapacity(dialogue.count)
    for start in stride(from: 0, to: dialogue.count, by: Self.group) {
      let judged = Array(start..<min(dialogue.count, start + Self.group))
      analyses += analyse(judged, inputs, dialogue.table.fillers, ids)
    }
    return analyses
  }

  /// Judges some turns of a dialogue whose turns are encoded.
  func analyse(
    _ judged: [Int], _ inputs: GatedNetwork.Inputs, _ fillers: [[Int]], _ ids: [TurnKey]
  ) -> [TurnAnalysis] {
    let parameters = parameters.set
    let tape = Tape<Float>()
    let slots = network.gated.slots(
      inputs, fillers: fillers.map { fillers in judged.map { fillers[$0] } }, judged: judged,
      tape, parameters)
    let logits = network.gated.logits(
      slots, head: (parameters["head.weight"], parameters["head.bias"]), tape)
    let reader = InfluenceReader(model, parameters, slots)
    return judged.enumerated().map { row, turn in
      reader.analysis(of: ids[turn], row: row, logits: logits.value.row(row), ids: ids)
    }
  }

  func encode(_ dialogue: PreparedDialogue) -> GatedNetwork.Inputs {
    let groups = stride(from: 0, to: dialogue.count, by: Self.group).map { start in
      let range = start..<min(dialogue.count, start + Self.group)
      return network.inputs(
        [
          PreparedDialogue(
            texts: Array(dialogue.texts[range]), audio: Array(dialogue.audio[range]),
            vectors: Array(dialogue.vectors[range]), table: dialogue.table, targets: [])
        ], Tape<Float>(), parameters.set)
    }
    guard groups.count != 1 else { return groups[0] }
    func joined(_ parts: [Node<Float>?], width: Int) -> Node<Float>? {
      guard width > 0 else { return nil }
      let elements = parts.flatMap { $0?.value.elements ?? [] }
      return Tape<Float>().constant(
        Matrix(rows: elements.count / width, columns: width, elements: elements))
    }
    let architecture = model.architecture
    return GatedNetwork.Inputs(
      text: joined(groups.map(\.text), width: architecture.textWidth),
      hasText: groups.flatMap(\.hasText),
      audio: joined(groups.map(\.audio), width: architecture.audioWidth),
      hasAudio: groups.flatMap(\.hasAudio))
  }
}
