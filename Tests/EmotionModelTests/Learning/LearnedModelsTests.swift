import Dialogues
import Foundation
import TestSupport
import Testing

@testable import EmotionModel

/// A folder beside a project that learns.
private final class Place {
  let folder: String
  let models: LearnedModels
  let checkpoint: Checkpoint

  init() throws {
    folder = try makeTemporaryFolder("learned")
    models = LearnedModels(besides: "\(folder)/boxes.undertone")
    checkpoint = Samples.checkpoint()
  }

  deinit { removeFolder(folder) }

  func model(_ version: Int, accuracy: Double = 0.6, from dialogues: [String] = [])
    -> LearnedModel
  {
    LearnedModel(
      version: version, source: "gatedxlstm-adapted-\(version)-0123abcd", time: 0, ratings: 50,
      dialogues: dialogues, turns: 40,
      score: HeldOutScore(logLoss: 1, accuracy: accuracy, turns: 20), before: "gatedxlstm",
      scoreBefore: HeldOutScore(logLoss: 1, accuracy: 0.5, turns: 20))
  }

  func learn(_ version: Int, accuracy: Double = 0.6) throws {
    let done: Void? = try models.alone {
      try models.add(model(version, accuracy: accuracy), checkpoint)
    }
    #expect(done != nil)
  }

  var files: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: models.folder)) ?? []).sorted()
  }
}

struct LearnedModelsTests {
  @Test
  func `a model is not worse if it is so neither in log loss nor in accuracy, on the same turns`() {
    let score = HeldOutScore(logLoss: 1, accuracy: 0.5, turns: 20)
    #expect(score.isNotWorse(than: score))
    #expect(HeldOutScore(logLoss: 0.9, accuracy: 0.6, turns: 20).isNotWorse(than: score))
    #expect(!HeldOutScore(logLoss: 0.9, accuracy: 0.4, turns: 20).isNotWorse(than: score))
    #expect(!HeldOutScore(logLoss: 1.1, accuracy: 0.6, turns: 20).isNotWorse(than: score))
    #expect(!HeldOutScore(logLoss: 0.9, accuracy: 0.6, turns: 19).isNotWorse(than: score))
    #expect(!HeldOutScore(logLoss: .nan, accuracy: 0.6, turns: 20).isNotWorse(than: score))
  }

  @Test func `what an attempt learns from is written down until it is over`() throws {
    let place = try Place()
    let turn = TurnKey(dialogue: DialogueKey(corpus: "MELD", dialogue: "a/b"), turn: "1")
    let answer = Rating(
      turn: turn, rater: Rater(name: "ana", kind: .person), answer: Answer(labels: ["joy"]))
    _ = try place.models.alone {
      let attempt = LearningAttempt(ratings: 50, answers: [answer])
      try place.models.begin(attempt)
      #expect(attempt.votes == [answer])
      #expect(place.models.attempt() == attempt)
      _ = FileManager.default.createFile(atPath: place.models.statePath, contents: Data())
    }
    // Whoever learns next finds it.
    _ = try place.models.alone { #expect(place.models.attempt()?.ratings == 50) }
    _ = try place.models.alone { place.models.endAttempt() }
    #expect(place.models.attempt() == nil)
    #expect(place.files == ["lock"])
  }

  @Test func `what is not used is listed, and its weights are not kept`() throws {
    let place = try Place()
    try place.learn(1)
    try place.learn(2, accuracy: 0.4)
    #expect(place.models.all().map(\.version) == [1, 2])
    #expect(place.models.used().map(\.version) == [1])
    #expect(place.models.latestVersion(for: "ana") == 1)
    #expect(place.files.filter { $0.hasSuffix(".safetensors") }.count == 1)
    let kept = try Checkpoint(contentsOf: place.models.weightsPath(of: place.models.all()[0]))
    #expect(kept.labels == place.checkpoint.labels)
  }

  @Test func `one rater goes back, version by version, and then on again; nobody else does`() throws
  {
    let place = try Place()
    try place.learn(1)
    try place.learn(2)
    #expect(try place.models.goBack(for: "ana")?.version == 1)
    #expect(place.models.latestVersion(for: "ana") == 1)
    #expect(place.models.latestVersion(for: "ben") == 2)
    #expect(try place.models.goBack(for: "ana") == nil)
    #expect(place.models.latestVersion(for: "ana") == 0)
    // Until something newer is learned, which nobody has gone back from.
    try place.learn(3, accuracy: 0.1)
    #expect(place.models.latestVersion(for: "ana") == 0)
    try place.learn(4)
    #expect(place.models.latestVersion(for: "ana") == 4)
    #expect(try place.models.goBack(for: "ben")?.version == 2)
    #expect(try place.models.goBack(for: "ben")?.version == 1)
    #expect(try place.models.goBack(for: "ben") == nil)
    #expect(try place.models.goBack(for: "ben")?.version == 4)
  }

  @Test func `weights without a record and halves of files are nobody's and are removed`() throws {
    let place = try Place()
    try place.learn(1)
    for name in ["gatedxlstm-adapted-2-0123abcd.safetensors", "adapted-2.json.77.partial"] {
      try Data("half".utf8).write(to: URL(fileURLWithPath: "\(place.models.folder)/\(name)"))
    }
    #expect(place.models.all().map(\.version) == [1])
    #expect(place.models.latestVersion(for: "ana") == 1)
    _ = try place.models.alone {}
    #expect(
      place.files == ["adapted-1.json", "gatedxlstm-adapted-1-0123abcd.safetensors", "lock"])
  }

  @Test func `a record whose weights are gone is not used`() throws {
    let place = try Place()
    try place.learn(1)
    try FileManager.default.removeItem(atPath: place.models.weightsPath(of: place.model(1)))
    #expect(place.models.all().count == 1)
    #expect(place.models.latestVersion(for: "ana") == 0)
    #expect(try place.models.goBack(for: "ana") == nil)
  }

  @Test func `of many versions the latest keep their weights, and all their records`() throws {
    let place = try Place()
    for version in 1...7 { try place.learn(version) }
    #expect(place.models.used().map(\.version) == [7, 6, 5, 4])
    #expect(place.models.all().count == 7)
    #expect(place.files.filter { $0.hasSuffix(".safetensors") }.count == LearnedModels.mostKept)
  }

  @Test func `a record that leads out of the folder, or is damaged, is left out`() throws {
    let place = try Place()
    try place.learn(1)
    var hostile = place.model(2)
    hostile.source = "../../boxes"
    try JSONEncoder().encode(hostile)
      .write(to: URL(fileURLWithPath: "\(place.models.folder)/adapted-2.json"))
    try Data("{".utf8).write(to: URL(fileURLWithPath: "\(place.models.folder)/adapted-3.json"))
    #expect(place.models.all().map(\.version) == [1])
  }

  @Test func `two programs do not learn at once`() throws {
    let place = try Place()
    let inner: Int?? = try place.models.alone { try place.models.alone { 1 } }
    #expect(inner == .some(nil))
    #expect(try place.models.alone { 2 } == 2)
  }
}
