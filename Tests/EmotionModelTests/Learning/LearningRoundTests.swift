import Dialogues
import Foundation
import Testing

@testable import EmotionModel
@testable import NeuralNet

struct LearningRoundTests {
  /// A checkpoint that knows what the words of the samples say.
  static let base = Result {
    try #require(
      try Trainer(main: Samples.data(dialogues: 60), plan: Samples.plan(epochs: 6)).run())
  }

  /// The checkpoint that ships, from which projects learn.
  static let shipped = Result {
    try Checkpoint(
      contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("models/bundled.safetensors").path)
  }

  static let ana = Rater(name: "ana", kind: .person)
  let data = Samples.data(dialogues: 40, seed: 9)
  let study = StudyDesign(learnsAfter: 50)

  /// What a rater answers who hears the labels that `hears` makes of the true ones.
  func ratings(_ rater: Rater = ana, hears: (DialogueKey, Int) -> Int) -> [Rating] {
    data.dialogues.flatMap { dialogue in
      dialogue.turns.map { turn in
        let label = data.targets[turn.key]?.firstIndex(of: 1) ?? 0
        return Rating(
          turn: turn.key, rater: rater,
          answer: Answer(labels: [Samples.labels[hears(dialogue.key, label)]]))
      }
    }
  }

  func round(_ ratings: [Rating], _ study: StudyDesign? = nil) -> LearningRound {
    LearningRound(
      study: study ?? self.study, labels: Samples.labels, dialogues: data.dialogues,
      ratings: ratings)
  }

  func learn(
    _ round: LearningRound, from base: Result<Checkpoint, any Error> = Self.base,
    beside dialogues: [String] = []
  ) throws -> (model: LearnedModel, checkpoint: Checkpoint)? {
    let base = try base.get()
    return try round.run(
      version: 3, ratings: 300, time: 5, from: base,
      beside: .init(
        name: "gatedxlstm", classifier: EmotionClassifier(base), dialogues: dialogues))
  }

  @Test func `whole dialogues are held out by hash, the control arm among them`() {
    let keys = (0..<2000).map { DialogueKey(corpus: "MELD", split: "dev", dialogue: "\($0)") }
    let without = StudyDesign(learnsAfter: 1)
    #expect((350...450).contains(keys.count { without.isHeldOut($0) }))
    for share in [0.05, 0.5] {
      let study = StudyDesign(controlShare: share, learnsAfter: 1)
      #expect(keys.allSatisfy { study.arm(of: $0) == .suggested || study.isHeldOut($0) })
      #expect(keys.filter { without.isHeldOut($0) }.allSatisfy { study.isHeldOut($0) })
    }
    #expect(keys.contains { without.isHeldOut($0) != StudyDesign(seed: 2).isHeldOut($0) })
  }

  @Test func `without consent, or labelled blind, a project does not learn`() {
    #expect(!StudyDesign().learns)
    #expect(StudyDesign(learnsAfter: 1).learns)
    #expect(!StudyDesign(annotationProtocol: .blind, learnsAfter: 1).learns)
  }

  @Test func `nothing is measured on what was learned from, and only people are learned from`()
    throws
  {
    let machine = Rater(name: "gpt-4o", kind: .llm)
    let round = round(ratings { $1 } + ratings(machine) { ($1 + 1) % 3 })
    let learned = Set(round.learned.dialogues.map(\.key))
    let heldOut = Set(round.heldOut.dialogues.map(\.key))
    #expect(learned.isDisjoint(with: heldOut))
    #expect(learned.union(heldOut) == Set(data.dialogues.map(\.key)))
    #expect(round.learned.targets == data.targets)
    let (model, _) = try #require(try learn(round))
    #expect(model.dialogues == learned.map { "\($0)" }.sorted())
    #expect(model.score.turns == round.heldOut.labelledTurns)
    #expect(model.score.turns > LearningRound.fewestHeldOutTurns)
    #expect(model.turns == round.learned.labelledTurns)
  }

  @Test func `corrections that all agree are learned, and the result is used`() throws {
    // These people call joy what the checkpoint calls anger, and the other way round.
    let round = round(ratings { [0, 2, 1][$1] })
    let (model, checkpoint) = try #require(try learn(round, from: Self.shipped))
    #expect(model.isUsed)
    #expect(model.score.accuracy > model.scoreBefore.accuracy + 0.2, "\(model.details)")
    #expect(model.source.hasPrefix("gatedxlstm-adapted-3-"))
    #expect(model.isNamedByRule)
    let again = try #require(try learn(round, from: Self.shipped))
    #expect(again.checkpoint == checkpoint)
  }

  @Test func `what does worse where it did not learn is not used`() throws {
    // Planted: wrong answers wherever it learns, right ones where it is measured.
    let (model, _) = try #require(
      try learn(round(ratings { study.isHeldOut($0) ? $1 : [0, 2, 1][$1] }), from: Self.shipped))
    #expect(model.scoreBefore.accuracy > 0.6)
    #expect(model.score.accuracy < model.scoreBefore.accuracy)
    #expect(!model.isUsed)
  }

  @Test func `what the model in use once learned from does not count for it`() throws {
    let round = round(ratings { $1 })
    let known = round.heldOut.dialogues.prefix(3)
    let turns = known.reduce(0) { $0 + $1.turns.count }
    let (model, _) = try #require(try learn(round, beside: known.map { "\($0.key)" }))
    #expect(model.score.turns == round.heldOut.labelledTurns - turns)
    #expect(model.scoreBefore.turns == model.score.turns)
    #expect(try learn(round, beside: round.heldOut.dialogues.map { "\($0.key)" }) == nil)
  }

  @Test func `too few ratings are no grounds, and it is said what is missing`() throws {
    let ratings = ratings { $1 }
    let learned = round(ratings.filter { !study.isHeldOut($0.turn.dialogue) })
    #expect(learned.obstacle?.contains("0 rated turns in the dialogues that are held out") ?? false)
    let heldOut = round(ratings.filter { study.isHeldOut($0.turn.dialogue) })
    #expect(heldOut.obstacle?.contains("0 rated turns to learn from") ?? false)
    #expect(try learn(learned) == nil)
    #expect(round(ratings).obstacle == nil)
  }

  @Test func `an attempt that was cut short goes on where it was and ends as if it had not been`()
    throws
  {
    let base = try Self.base.get()
    let path = NSTemporaryDirectory() + "/\(UUID().uuidString).state"
    defer { try? FileManager.default.removeItem(atPath: path) }
    func learn(
      _ hears: (DialogueKey, Int) -> Int = { $1 }, upTo steps: Int = .max
    ) throws -> (checkpoint: Checkpoint?, steps: Int, notes: [String]) {
      var (taken, notes) = (0, [String]())
      let found = try round(ratings(hears: hears)).run(
        version: 1, ratings: 1, time: 0, from: base,
        beside: .init(name: "gatedxlstm", classifier: EmotionClassifier(base)), statePath: path,
        note: { notes.append($0) },
        goesOn: {
          taken += 1
          return taken < steps
        })
      return (found?.checkpoint, taken, notes)
    }
    let whole = try learn()
    try FileManager.default.removeItem(atPath: path)
    #expect(try learn(upTo: whole.steps / 2).checkpoint == nil)
    let rest = try learn()
    #expect(rest.checkpoint == whole.checkpoint)
    #expect(rest.steps < whole.steps * 2 / 3)
    #expect(rest.notes.isEmpty)
    // Of another attempt, or no state at all: not a reason not to learn.
    let damages: [() throws -> Void] = [
      { _ = try learn({ ($1 + 1) % 3 }, upTo: 5) },
      { try "a state".write(toFile: path, atomically: false, encoding: .utf8) },
      {
        let state = try Data(contentsOf: URL(fileURLWithPath: path))
        try state.prefix(state.count / 2).write(to: URL(fileURLWithPath: path))
      },
    ]
    for damage in damages {
      try damage()
      let again = try learn()
      #expect(again.checkpoint == whole.checkpoint)
      #expect(again.notes.map { $0.hasPrefix("Learning begins anew: ") } == [true])
      #expect(again.steps == whole.steps)
    }
  }

  @Test func `a state whose weights are not those of the model is no state`() throws {
    let path = NSTemporaryDirectory() + "/\(UUID().uuidString).state"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let trainer = try Trainer(main: Samples.data(dialogues: 8), plan: Samples.plan())
    _ = try trainer.run(statePath: path) { _ in false }
    #expect(trainer.fault(ofState: path) == nil)
    let whole = try Safetensors([UInt8](Data(contentsOf: URL(fileURLWithPath: path))))
    let name = try #require(whole.tensors.keys.sorted().first { $0.hasPrefix("now/") })
    for damage in 0..<4 {
      var file = whole
      switch damage {
      case 0: file.tensors[name] = nil
      case 1: file.tensors[name] = .single(Matrix<Float>(rows: 1, columns: 1))
      case 2: file.tensors["mean/unknown"] = .single(Matrix<Float>(rows: 1, columns: 1))
      default:
        file.metadata["counters"] = file.metadata["counters"]?
          .replacingOccurrences(of: "\"phase\":0", with: "\"phase\":7")
      }
      try Data(file.encoded()).write(to: URL(fileURLWithPath: path))
      #expect(trainer.fault(ofState: path)?.description.contains("no intact state") ?? false)
    }
  }

  @Test func `it ends when it is told to`() throws {
    let base = try Self.base.get()
    var steps = 0
    let found = try round(ratings { $1 }).run(
      version: 1, ratings: 1, time: 0, from: base,
      beside: .init(name: "gatedxlstm", classifier: EmotionClassifier(base)),
      goesOn: {
        steps += 1
        return steps < 3
      })
    #expect(found == nil)
    #expect(steps == 3)
  }

  @Test func `a label the model does not know counts as nearly impossible, not as a fault`() throws
  {
    var data = data
    data.labels = ["neutral", "joy", "longing"]
    let score = HeldOutScore(of: EmotionClassifier(try Self.base.get()), on: data)
    #expect(score.logLoss.isFinite)
    #expect(score.turns == data.labelledTurns)
  }
}
