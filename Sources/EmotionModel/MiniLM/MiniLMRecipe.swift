internal import Dialogues
internal import NeuralNet

/// Makes checkpoints over all-MiniLM-L6-v2 from the corpora of the bundled one.
public enum MiniLMRecipe {
  /// Which of the encoder's weights are trained.
  public enum Encoder: Sendable {
    /// None: its vectors are computed once.
    case frozen
    /// All but the table of word pieces.
    case fineTuned
  }

  /// The plan of a kind of checkpoint.
  public static func plan(
    _ encoder: Encoder, over model: MiniLM, seed: UInt64 = 1
  ) -> TrainingPlan {
    var phases: [TrainingPlan.Phase]
    switch encoder {
    case .frozen:
      phases = [
        TrainingPlan.Phase(
          name: "dialogues", unit: .dialogues, epochs: 8, batch: 12, rate: 1e-3, encoderRate: 0)
      ]
      phases[0].average = 0.98
    case .fineTuned:
      // First what emotions sound like in any short text, then in dialogue.
      phases = [
        TrainingPlan.Phase(
          name: "turns", unit: .turns, epochs: 1, batch: 64, rate: 1e-3, encoderRate: 1e-4),
        TrainingPlan.Phase(
          name: "dialogues", unit: .dialogues, epochs: 3, batch: 4, rate: 5e-4, encoderRate: 6e-5),
      ]
      phases[0].auxiliaryWeight = 1
      phases[1].average = 0.99
      for place in phases.indices {
        phases[place].layerDecay = 0.9
        phases[place].weightDecay = 0.01
        phases[place].warmup = 0.1
        phases[place].clip = 1
      }
    }
    return TrainingPlan(
      architecture: .contextual(over: model, fineTuned: encoder == .fineTuned), phases: phases,
      seed: seed, priorCorrection: 0.2)
  }

  /// Makes a checkpoint.
  ///
  /// - Parameters:
  ///   - encoder: whether the encoder is trained, too.
  ///   - model: the encoder.
  ///   - folders: where the corpora are.
  ///   - vectors: the encoder's vectors of texts, in order; a cache may stand before it.
  ///   - seed: decides everything random.
  ///   - statePath: see ``Trainer/run(name:details:statePath:progress:)``.
  ///   - progress: told after each step; answers whether to go on.
  /// - Returns: the checkpoint, or `nil` if `progress` said stop.
  /// - Throws: ``TrainingError`` with the file and line of a corpus that is not as expected.
  public static func train(
    _ encoder: Encoder, over model: MiniLM, from folders: BundledRecipe.Folders,
    vectors: ([String]) throws -> [[Float]?], seed: UInt64 = 1, statePath: String? = nil,
    progress: (TrainingProgress) -> Bool = { _ in true }
  ) throws(TrainingError) -> Checkpoint? {
    var corpora = try BundledRecipe.read(folders)
    if encoder == .frozen {
      // GoEmotions is comments without context: there is no encoder to teach here.
      corpora.auxiliary.removeAll { $0.name == "GoEmotions" }
      do {
        try corpora.main.addTextVectors(vectors)
        try corpora.development.addTextVectors(vectors)
        for place in corpora.auxiliary.indices {
          try corpora.auxiliary[place].addTextVectors(vectors)
        }
      } catch {
        throw TrainingError("\(error)")
      }
    }
    let trainer = try Trainer(
      main: corpora.main, auxiliary: corpora.auxiliary, development: corpora.development,
      plan: plan(encoder, over: model, seed: seed), encoder: encoder == .fineTuned ? model : nil)
    return try trainer.run(
      name: encoder == .frozen ? "minilm-frozen-1" : "minilm-2",
      details: "text only, over \(model.identity.version)"
        + (encoder == .frozen
          ? "; MELD train, EmotionLines votes, EmoryNLP"
          : ", fine-tuned; MELD train, EmotionLines votes, EmoryNLP, GoEmotions")
        + "; seed \(seed)",
      statePath: statePath, progress: progress)
  }
}

extension TrainingData {
  /// Gives every turn that says something the vector of its text.
  public mutating func addTextVectors(_ vectors: ([String]) throws -> [[Float]?]) rethrows {
    let turns = dialogues.flatMap(\.turns)
    for (turn, vector) in zip(turns, try vectors(turns.map(\.text))) {
      if let vector { textVectors[turn.key] = vector }
    }
  }

  /// The same with vectors of an encoder for the turns that have none.
  func withTextVectors(of encoder: MiniLMReader) -> TrainingData {
    var data = self
    let missing = dialogues.flatMap(\.turns).filter { textVectors[$0.key] == nil }
    for (turn, vector) in zip(missing, encoder.vectorsOfTexts(missing.map(\.text))) {
      if let vector { data.textVectors[turn.key] = vector }
    }
    return data
  }
}
