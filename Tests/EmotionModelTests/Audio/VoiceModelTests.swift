import Dialogues
import Foundation
import NeuralNet
import Testing

@testable import EmotionModel

/// Clips of voices that buzz: pitch and level follow the label, the voice follows the actor.
private func buzz(_ clip: ActedClip) -> [Float] {
  let base = 90.0 + 15 * Double(clip.actor % 5)
  let rise = [0.0, -0.1, 0.6, -0.4, 0.9, 0.5, -0.6, 1.3][clip.label]
  let loudness = [0.1, 0.06, 0.2, 0.05, 0.4, 0.15, 0.08, 0.25][clip.label]
  let take = Double(clip.file.hashableTake) * 0.01
  var phase = 0.0
  return (0..<8_000).map { n in
    let t = Double(n) / 16_000
    phase += 2 * Double.pi * base * pow(2, rise * (t + take)) / 16_000
    let sound = (1...6).reduce(0.0) { $0 + sin(Double($1) * phase) / Double($1) }
    return Float(loudness * sound * (1 - t))
  }
}

extension String {
  /// The repetition's number in a clip's name.
  fileprivate var hashableTake: Int { Int(split(separator: "-")[5]) ?? 0 }
}

private func clips(actors: ClosedRange<Int>) -> [ActedClip] {
  actors.flatMap { actor in
    (1...8).flatMap { emotion in
      (1...2).compactMap { take in
        ActedClip(file: "03-01-0\(emotion)-0\(take)-01-0\(take)-0\(actor).wav")
      }
    }
  }
}

private func corpus(
  _ actors: ClosedRange<Int>, variations: Int = 1, seed: UInt64 = 1
) throws -> VoiceCorpus {
  try VoiceCorpus(clips(actors: actors), variations: variations, seed: seed, sound: buzz)
}

@Suite struct VoiceModelTests {
  @Test func `the same clips and seed give the same model, bit for bit`() throws {
    let once = try VoiceModel.train(on: try corpus(1...3, seed: 3), details: "test")
    #expect(try VoiceModel.train(on: try corpus(1...3, seed: 3), details: "test") == once)
    #expect(try VoiceModel.train(on: try corpus(1...3, seed: 4), details: "test") != once)
  }

  @Test func `voices that were never heard are judged far above chance`() throws {
    let evaluation = try VoiceEvaluation(
      crossValidating: try corpus(1...5, variations: 3), folds: 5)
    #expect(evaluation.answers.map(\.judge) == [.discriminant, .model, .discriminant, .model])
    for answers in evaluation.answers {
      let accuracy = try #require(evaluation.scores(of: answers).unweightedAccuracy)
      #expect(accuracy > 0.5, "\(answers.knows)")
    }
    let interval = evaluation.intervals(
      of: evaluation.answers[0], replicates: 50, seed: 1)
    #expect(interval.dialogues == 5)
  }

  @Test func `holding out more groups than there are actors is refused`() throws {
    let corpus = try corpus(1...2, variations: 0)
    #expect(throws: TrainingError.self) { try VoiceEvaluation(crossValidating: corpus, folds: 5) }
  }

  @Test func `a model is read as it was written, and damaged files are refused`() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("voice.safetensors").path
    let model = try VoiceModel.train(on: try corpus(1...2), details: "test")
    try model.write(to: path)
    #expect(try VoiceModel(contentsOf: path, statistics: VoiceStatistics()) == model)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    for count in [0, 7, 100, bytes.count / 2, bytes.count - 1] {
      try bytes.prefix(count).write(to: URL(fileURLWithPath: path))
      #expect(throws: CheckpointError.self) {
        try VoiceModel(contentsOf: path, statistics: VoiceStatistics())
      }
    }
    var file = try Safetensors(Array(bytes))
    file.metadata["statistics"] = "other"
    try Data(file.encoded()).write(to: URL(fileURLWithPath: path))
    #expect(throws: CheckpointError.self) {
      try VoiceModel(contentsOf: path, statistics: VoiceStatistics())
    }
    for (key, wrong) in [
      ("undertone-voice", "1"), ("personal.means", "neutral\ncalm"), ("general.means", "neutral"),
    ] {
      file = try Safetensors(Array(bytes))
      file.metadata[key] = wrong
      try Data(file.encoded()).write(to: URL(fileURLWithPath: path))
      #expect(throws: CheckpointError.self, "\(key)") {
        try VoiceModel(contentsOf: path, statistics: VoiceStatistics())
      }
    }
    file = try Safetensors(Array(bytes))
    file.tensors["audio.means"] = .single(
      Matrix(row: [Float](repeating: .nan, count: model.training.means.count)))
    try Data(file.encoded()).write(to: URL(fileURLWithPath: path))
    #expect(throws: CheckpointError.self) {
      try VoiceModel(contentsOf: path, statistics: VoiceStatistics())
    }
  }

  @Test func `what is heard is a posterior, whatever was heard`() throws {
    let model = try VoiceModel.train(on: try corpus(1...2), details: "test")
    let heard = VoiceStatistics().values(of: [
      [], [Float](repeating: 0, count: 16_000), [0.5], [.nan, 0.1, .infinity, -0.1],
    ])
    #expect(heard[0] == nil && heard[1] == nil)
    let one = try #require(heard[2])
    let odd = try #require(heard[3])
    for reference in [
      VoiceModel.Reference.everybody(model.training), .speaker([one, odd, one]),
    ] {
      for posterior in model.hear([one, odd], against: reference) {
        #expect(posterior.count == ActedClip.labels.count)
        #expect(!posterior.contains { !$0.isFinite })
        #expect(abs(posterior.reduce(0, +) - 1) < 1e-4)
      }
    }
    #expect(model.hear([], against: .everybody(model.training)).isEmpty)
  }
}

@Suite struct ActedClipTests {
  @Test func `a clip's name says its emotion and actor`() {
    let clip = ActedClip(file: "03-01-05-02-01-02-17.flac")
    #expect(clip?.label == 4)
    #expect(clip.map { ActedClip.labels[$0.label] } == "angry")
    #expect(clip?.actor == 17)
    #expect(clip?.isStrong == true)
    #expect(ActedClip(file: "03-01-05-01-02-02-17.flac")?.isStrong == false)
  }

  @Test(arguments: [
    "", "notes.txt", "03-01-09-01-01-01-01.wav", "03-01-05-01-01-01.wav",
    "03-01-05-01-01-01-00.wav", "03-01-5-01-01-01-01.wav", "03-01-05-01-01-01-01-01.wav",
    ".flac", "03--05-01-01-01-01.wav",
  ])
  func `what is named otherwise is no clip`(name: String) {
    #expect(ActedClip(file: name) == nil)
  }
}

@Suite struct VoiceEvidenceTests {
  private let labels = LabelScheme.meld.labels.map(\.name)

  @Test func `no sound rules a label out, and none makes it certain`() throws {
    let evidence = VoiceEvidence(from: ActedClip.labels, to: labels)
    for certain in 0..<8 {
      let posterior = (0..<8).map { Float($0 == certain ? 1 : 0) }
      for ratio in evidence.logLikelihoodRatios(posterior, related: 0.4) {
        // ln(0.4·8 + 0.6) and ln 0.6, by hand.
        #expect(ratio <= 1.335002 && ratio >= -0.510826)
      }
    }
    let angry = evidence.logLikelihoodRatios(
      (0..<8).map { $0 == 4 ? 1 : 0 }, related: 0.4)
    let anger = try #require(labels.firstIndex(of: "anger"))
    #expect(abs(angry[anger] - 1.335001) < 1e-5)
  }

  @Test func `what says nothing changes nothing`() {
    let evidence = VoiceEvidence(from: ActedClip.labels, to: labels)
    for ratio in evidence.logLikelihoodRatios(
      [Float](repeating: 0.125, count: 8), related: 0.4)
    {
      #expect(abs(ratio) < 1e-7)
    }
  }

  @Test func `calm speaks for neutral, and labels no voice speaks for are left alone`() {
    let evidence = VoiceEvidence(from: ActedClip.labels, to: ["neutral", "boredom"])
    let calm = evidence.logLikelihoodRatios(
      (0..<8).map { $0 == 1 ? 1 : 0 }, related: 0.4)
    // Half of the two labels' prior mass: ln(0.4·(1 ÷ 0.25) + 0.6).
    #expect(abs(calm[0] - 0.788457) < 1e-5)
    #expect(calm[1] == 0)
  }

  @Test func `influence stays exact once a turn was heard`() {
    let classifier = EmotionClassifier(Samples.checkpoint())
    let dialogue = Samples.dialogue("heard", [("Mara", "You moved the boxes."), ("Theo", "What?")])
    let plain = classifier.analyse(dialogue)[1]
    let evidence = plain.labels.indices.map { 0.3 * Double($0) - 0.2 }
    let heard = plain.hearing(evidence)
    for label in heard.labels.indices {
      #expect(abs(heard.logits[label] - plain.logits[label] - evidence[label]) < 1e-12)
      let sum = heard.contributions.reduce(heard.baseline[label]) { $0 + $1.logits[label] }
      #expect(abs(sum - heard.logits[label]) < 1e-4)
    }
    #expect(abs(heard.posterior.reduce(0, +) - 1) < 1e-12)
    // Evidence that is none leaves everything as it was.
    #expect(plain.hearing([.nan]) == plain)
  }
}
