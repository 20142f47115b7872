import Dialogues
import NeuralNet
import Testing

@testable import EmotionModel

/// Cutting a smaller encoder out of MiniLM, training it, and taking it along in a checkpoint.
struct ReducedMiniLMTests {
  private func whole(_ words: [String] = ["a", "b", "##b", "ab", "##x"]) throws -> MiniLM {
    try TinyMiniLM(words: words, width: 16).load()
  }

  private func reduction(inner: Int = 8, occurrences: Int = 0) -> MiniLM.Reduction {
    MiniLM.Reduction(layers: [0], inner: inner, occurrences: occurrences)
  }

  @Test func `an encoder of which nothing is cut away answers as before`() throws {
    let model = try whole()
    let reduced = try model.reduced(reduction(), for: [])
    let texts = ["ab b", "a", "abb ab"]
    #expect(reduced.vectors(of: texts) == model.vectors(of: texts))
    #expect(reduced.vocabulary == model.vocabulary)
    #expect(!reduced.isPublished && model.isPublished)
  }

  @Test func `the lightest inner columns go first`() throws {
    let model = try whole()
    var weights = model.weights
    var outer = try #require(weights["text.0.outer.weight"])
    for row in 0..<outer.rows {
      for column in [1, 4, 6] { outer[row, column] = 0 }
    }
    weights["text.0.outer.weight"] = outer
    let idle = MiniLM(
      version: "idle", network: model.network, tokenizer: model.tokenizer,
      vocabulary: model.vocabulary, weights: weights, isPublished: true)
    let reduced = try idle.reduced(reduction(inner: 5), for: [])
    #expect(reduced.weights["text.0.inner.weight"]?.rows == 5)
    #expect(reduced.weights["text.0.inner.bias"]?.columns == 5)
    let texts = ["ab b", "a"]
    for (one, other) in zip(idle.vectors(of: texts), reduced.vectors(of: texts)) {
      #expect(zip(one, other).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  @Test func `a rare piece is spelled with shorter ones, and letters are never lost`() throws {
    let model = try whole(["a", "b", "##b", "ab", "##abb"])
    // “ab” occurs twice, “##abb” once.
    let reduced = try model.reduced(reduction(occurrences: 2), for: ["ab", "ab aabb"])
    #expect(
      String(decoding: reduced.vocabulary, as: UTF8.self).split(separator: "\n").suffix(4)
        == ["a", "b", "##b", "ab"])
    #expect(reduced.ids(of: "abb").count == 4)
    let rare = try model.reduced(reduction(occurrences: 3), for: ["ab", "ab aabb"])
    #expect(rare.ids(of: "ab").count == 4)
    // The vector of a piece goes with it.
    let table = try #require(rare.weights[MiniLMNetwork.table])
    let before = try #require(model.weights[MiniLMNetwork.table])
    #expect(table.row(Int(rare.ids(of: "b")[1])) == before.row(Int(model.ids(of: "b")[1])))
  }

  @Test func `an encoder within a checkpoint needs no folder and judges as it did in training`()
    throws
  {
    let trained = try trainedWithin()
    let folder = try EncoderPlaces.temporaryFolder()
    try trained.checkpoint.write(to: "\(folder)/own.safetensors", precision: .single)
    let checkpoint = try Checkpoint(contentsOf: "\(folder)/own.safetensors")
    #expect(checkpoint == trained.checkpoint)
    let classifier = EmotionClassifier(checkpoint)
    let vectors = try #require(
      try ExternalVectors.load(
        for: EmotionClassifier(checkpoint), in: EncoderFolders(), cache: "\(folder)/cache"))
    var (loss, count) = (0.0, 0.0)
    for dialogue in trained.development.dialogues {
      let analyses = classifier.analyse(dialogue)
      let found = try vectors.vectors(of: dialogue.turns.map(\.text))
      let byTurn = Dictionary(uniqueKeysWithValues: zip(dialogue.turns.map(\.key), found))
      let remembered = classifier.analyse(dialogue, text: { byTurn[$0.key] ?? nil })
      for (analysis, again) in zip(analyses, remembered) {
        #expect(zip(analysis.posterior, again.posterior).allSatisfy { abs($0 - $1) < 1e-5 })
        let target = try #require(trained.development.targets[analysis.turn])
        loss -= Double.logarithm(analysis.posterior[try #require(target.firstIndex(of: 1))])
        count += 1
      }
    }
    #expect(abs(loss / count - trained.logLoss) < 1e-4)
    #expect(vectors.identity.version.hasPrefix("own-"))
  }

  @Test func `adapting such a checkpoint takes its encoder along, unchanged`() throws {
    let trained = try trainedWithin()
    var data = Samples.data(dialogues: 8, seed: 5)
    let adapted = try #require(
      try Trainer(main: data, plan: .adaptation(), from: trained.checkpoint).run())
    // Vectors that somebody remembered are the same as those computed on the way.
    let vectors = try #require(
      try ExternalVectors.load(
        for: EmotionClassifier(trained.checkpoint), in: EncoderFolders(), cache: nil))
    try data.addTextVectors(vectors.vectors(of:))
    let again = try #require(
      try Trainer(main: data, plan: .adaptation(), from: trained.checkpoint).run())
    #expect(adapted.weights["head.weight"] == again.weights["head.weight"])
    #expect(adapted.wordPieces == trained.checkpoint.wordPieces)
    for name in [MiniLMNetwork.table, "text.0.inner.weight"] {
      #expect(adapted.weights[name] == trained.checkpoint.weights[name])
    }
    #expect(adapted.weights["head.weight"] != trained.checkpoint.weights["head.weight"])
  }

  @Test func `word pieces that are damaged or too few are refused`() throws {
    let trained = try trainedWithin()
    let folder = try EncoderPlaces.temporaryFolder()
    for pieces in ["[UNK]\n[CLS]\n[SEP]\na", "a\nb", "", "\u{0}"] {
      var broken = trained.checkpoint
      broken.wordPieces = Array(pieces.utf8)
      try broken.write(to: "\(folder)/broken.safetensors")
      let error = #expect(throws: CheckpointError.self) {
        try Checkpoint(contentsOf: "\(folder)/broken.safetensors")
      }
      #expect(error?.description.contains("word pieces are damaged") ?? false)
    }
  }

  @Test func `a reduced encoder learns to point where the larger one does`() throws {
    let model = try TinyMiniLM(words: TinyMiniLM.sampleWords, width: 16).load()
    let student = try model.reduced(reduction(inner: 4), for: [])
    var data = Samples.data(dialogues: 24)
    try data.addTextVectors(ExternalVectors(MiniLMReader(model), cache: nil).vectors(of:))
    var phase = TrainingPlan.Phase(
      name: "turns", unit: .turns, epochs: 20, batch: 16, rate: 1e-3, encoderRate: 5e-3)
    phase.distillation = 3
    var architecture = Architecture.contextual(over: student, fineTuned: true)
    architecture.external?.fineTuned?.dropout = 0
    let trained = try #require(
      try Trainer(
        main: data, plan: TrainingPlan(architecture: architecture, phases: [phase]),
        encoder: student
      ).run(name: "student"))
    let after = try #require(MiniLM(within: trained))
    func distance(_ encoder: MiniLM) -> Float {
      let distances = data.dialogues.flatMap(\.turns).compactMap { turn -> Float? in
        guard let target = data.textVectors[turn.key] else { return nil }
        return 1 - zip(encoder.vectors(of: [turn.text])[0], target).reduce(0) { $0 + $1.0 * $1.1 }
      }
      return distances.reduce(0, +) / Float(distances.count)
    }
    #expect(distance(after) < distance(student) / 2)
  }

  private struct Trained {
    var checkpoint: Checkpoint
    var development: TrainingData
    var logLoss: Double
  }

  private func trainedWithin() throws -> Trained {
    let model = try TinyMiniLM(words: TinyMiniLM.sampleWords, width: 16).load()
    let student = try model.reduced(reduction(inner: 6), for: [])
    var architecture = Architecture.contextual(over: student, fineTuned: true)
    architecture.dropout = 0
    let phase = TrainingPlan.Phase(
      name: "dialogues", unit: .dialogues, epochs: 3, batch: 4, rate: 0.02, encoderRate: 0.01)
    let development = Samples.data(dialogues: 6, seed: 2)
    var scores: [Double] = []
    let checkpoint = try Trainer(
      main: Samples.data(dialogues: 24), development: development,
      plan: TrainingPlan(architecture: architecture, phases: [phase], patience: 100),
      encoder: student
    ).run(name: "own") {
      if let score = $0.development { scores.append(score.logLoss) }
      return true
    }
    return Trained(
      checkpoint: try #require(checkpoint), development: development,
      logLoss: try #require(scores.min()))
  }
}
