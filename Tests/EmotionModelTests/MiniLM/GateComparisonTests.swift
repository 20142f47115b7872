import Dialogues
import Foundation
import NeuralNet
import Testing

@testable import EmotionModel

/// A few rows of each corpus, in the layouts they come in.
private func corpora() throws -> BundledRecipe.Folders {
  let folder = try EncoderPlaces.temporaryFolder()
  func write(_ text: String, to name: String) throws {
    let path = URL(fileURLWithPath: "\(folder)/\(name)")
    try FileManager.default.createDirectory(
      at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: path, atomically: true, encoding: .utf8)
  }
  for (split, count) in [("train", 12), ("dev", 4)] {
    var rows = "Utterance,Speaker,Emotion,Dialogue_ID,Utterance_ID,Season,Episode\n"
    for row in 0..<count {
      let (text, emotion) = row % 2 == 0 ? ("happy day", "joy") : ("bad day", "anger")
      rows += "\(text),\(row % 3 == 0 ? "Ada" : "Bo"),\(emotion),\(row / 4),\(row % 4),1,\(count)\n"
    }
    try write(rows, to: "meld/\(split)_sent_emo.csv")
    try write(
      "Utterance,Speaker,Emotion,Scene_ID,Utterance_ID,Season,Episode\nbad,Bo,Mad,1,1,9,9\n",
      to: "emorynlp/emorynlp_\(split)_final.csv")
    try write("happy\t17\t\(split)\n", to: "goemotions/\(split).tsv")
  }
  let labels = LabelScheme.meld.labels.map { "v_\($0.name)" }.joined(separator: ",")
  try write(
    "split,Dialogue_ID,Utterance_ID,\(labels)\ntrain,0,0,0,0,5,0,0,0,0\n",
    to: "emotionlines/meld_votes_train_dev.csv")
  return BundledRecipe.Folders(under: folder)
}

@Suite struct GateComparisonTests {
  /// A checkpoint with a tiny encoder within it.
  private func start() throws -> Checkpoint {
    let model = try TinyMiniLM(words: TinyMiniLM.sampleWords, width: 16).load()
    let reduction = MiniLM.Reduction(layers: [0], inner: 4, occurrences: 0)
    let student = try model.reduced(reduction, for: TinyMiniLM.sampleWords)
    let phase = TrainingPlan.Phase(
      name: "turns", unit: .turns, epochs: 1, batch: 16, rate: 1e-3, encoderRate: 1e-3)
    let plan = TrainingPlan(
      architecture: .contextual(over: student, fineTuned: true), phases: [phase])
    return try #require(
      try Trainer(main: Samples.data(dialogues: 8), plan: plan, encoder: student)
        .run(name: "start"))
  }

  @Test func `either gate is trained over the encoder of the checkpoint`() throws {
    let start = try start()
    let folders = try corpora()
    let dialogue = Samples.data(dialogues: 1).dialogues[0]
    for gate in Architecture.Gate.allCases {
      let made = try #require(try BundledRecipe.train(gate: gate, over: start, from: folders))
      #expect(made.name == "start-\(gate.name)-gate")
      #expect(made.labels == LabelScheme.meld.labels.map(\.name))
      #expect(made.architecture.gate == gate)
      #expect(made.wordPieces == start.wordPieces)
      // The paper's gate is one number a slot and sees the judged turn alone.
      #expect(made.weights["gates.1.bias"]?.columns == (gate == .published ? 1 : 16))
      #expect(made.weights.has("gates.1.slot.weight") == (gate != .published))
      #expect(made.weights["text.0.inner.weight"] != start.weights["text.0.inner.weight"])
      let analyses = EmotionClassifier(made).analyse(dialogue)
      #expect(analyses.count == dialogue.turns.count)
      #expect(analyses.allSatisfy { abs($0.posterior.reduce(0, +) - 1) < 1e-6 })
    }
    #expect(
      try BundledRecipe.train(gate: .published, over: start, from: folders) { _ in false } == nil)
  }

  @Test func `a checkpoint without an encoder of word pieces cannot be compared`() throws {
    let error = #expect(throws: TrainingError.self) {
      try BundledRecipe.train(gate: .published, over: Samples.checkpoint(), from: corpora())
    }
    #expect(error?.description.contains("has no encoder of word pieces within it") ?? false)
  }
}
