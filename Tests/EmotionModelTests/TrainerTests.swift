import Dialogues
import Foundation
import NeuralNet
import Testing

@testable import EmotionModel

struct TrainerTests {
  @Test func `training learns what the words say, and beats the majority on other dialogues`()
    throws
  {
    var plan = Samples.plan(epochs: 12)
    plan.phases[0].epochs = 8
    plan.phases[0].rate = 1e-2
    plan.phases[0].encoderRate = 1e-2
    plan.phases[1].rate = 1e-2
    plan.phases[1].average = 0.8
    let development = Samples.data(dialogues: 10, seed: 99)
    let trainer = try Trainer(
      main: Samples.data(dialogues: 40), development: development, plan: plan)
    var last: TrainingProgress.Development?
    let checkpoint = try trainer.run { progress in
      last = progress.development ?? last
      return true
    }
    #expect(try #require(last).weightedF1 > 0.9)
    let classifier = EmotionClassifier(try #require(checkpoint))
    let analyses = development.dialogues.flatMap { classifier.analyse($0) }
    let right = analyses.filter { (development.targets[$0.turn]?[$0.best] ?? 0) == 1 }.count
    #expect(Double(right) > 0.9 * Double(analyses.count))
  }

  @Test func `what other data of the same labels says is learned, too`() throws {
    // The main data holds no example of anger; the auxiliary data does.
    var main = Samples.data(dialogues: 30)
    main.targets = main.targets.filter { $0.value[2] == 0 }
    var plan = Samples.plan(epochs: 8)
    for place in plan.phases.indices {
      plan.phases[place].rate = 1e-2
      plan.phases[place].encoderRate = 1e-2
      plan.phases[place].auxiliaryWeight = 1
    }
    let trainer = try Trainer(
      main: main, auxiliary: [Samples.data(dialogues: 30, seed: 8)], plan: plan)
    let classifier = EmotionClassifier(try #require(try trainer.run()))
    let others = Samples.data(dialogues: 10, seed: 99)
    let angry = others.dialogues.flatMap { classifier.analyse($0) }.filter {
      others.targets[$0.turn]?[2] == 1
    }
    #expect(!angry.isEmpty && angry.count { $0.best == 2 } * 2 > angry.count)
  }

  @Test func `members learn alone, and together they are better than guessing`() throws {
    var plan = Samples.plan(Samples.pair, epochs: 10)
    for place in plan.phases.indices {
      plan.phases[place].rate = 1e-2
      plan.phases[place].encoderRate = 1e-2
    }
    let checkpoint = try #require(
      try Trainer(main: Samples.data(dialogues: 40), plan: plan).run())
    let held = Samples.data(dialogues: 10, seed: 99)
    // The whole, and each member by itself: the other one's weights in the head are 0.
    for silenced in [nil, 0..<8, 8..<16] {
      var part = checkpoint
      for row in 0..<3 {
        for column in silenced ?? 0..<0 { part.weights["head.weight"]?[row, column] = 0 }
      }
      let classifier = EmotionClassifier(part)
      let analyses = held.dialogues.flatMap { classifier.analyse($0) }
      let right = analyses.count { held.targets[$0.turn]?[$0.best] == 1 }
      #expect(Double(right) > 0.7 * Double(analyses.count), "without \(silenced as Any)")
    }
  }

  @Test func `given text vectors are learned from, and are enough without a text encoder`() throws {
    var data = Samples.data(dialogues: 40)
    // A vector that says the emotion, of length 1.
    for turn in data.dialogues.flatMap(\.turns) {
      data.textVectors[turn.key] = data.targets[turn.key]
    }
    var plan = Samples.plan(epochs: 8)
    plan.architecture = .contextual(overVectorsOf: 3)
    plan.phases.removeFirst()
    plan.phases[0].rate = 1e-2
    let reader = EmotionClassifier(try #require(try Trainer(main: data, plan: plan).run()))
    let analyses = data.dialogues.flatMap { dialogue in
      reader.analyse(dialogue, text: { data.textVectors[$0.key] })
    }
    let right = analyses.count { data.targets[$0.turn]?[$0.best] == 1 }
    #expect(right * 10 > analyses.count * 9)
    #expect(throws: TrainingError.self) {
      try Trainer(main: Samples.data(dialogues: 3), plan: plan)
    }

    // A network that reads for itself and is only told where the vectors point, not the labels.
    var silent = data
    silent.labels = ["a", "b", "c"]
    silent.targets = data.targets.mapValues { _ in [1, 1, 1] }
    var distilling = Samples.plan(epochs: 1)
    distilling.phases[0].epochs = 12
    distilling.phases[0].rate = 1e-2
    distilling.phases[0].encoderRate = 1e-2
    distilling.phases[0].distillation = 3
    distilling.phases.removeLast()
    var losses: [Double] = []
    let taught = try #require(
      try Trainer(main: silent, plan: distilling).run {
        if $0.step == $0.steps { losses.append($0.loss) }
        return true
      })
    #expect(try #require(losses.last) < 0.6 * losses[0] + 0.4 * 1.1)
    #expect(taught.weights.names.allSatisfy { !$0.contains("distilled") })
  }

  @Test func `vectors computed so far are taken up again, those of other texts are not`() throws {
    let path = NSTemporaryDirectory() + "/\(UUID().uuidString).vectors"
    defer { unlink(path) }
    let texts = (0..<600).map { "text \($0)" }
    var computed = 0
    func vectors(_ texts: [String]) -> [[Float]] {
      computed += texts.count
      return texts.map { [Float($0.utf8.count), 1] }
    }
    var first = SentenceVectors(of: texts, by: "e", keptIn: path)
    try first.goOn(vectors)
    try first.write()
    #expect(first.all == nil && computed == 256)
    var second = SentenceVectors(of: texts, by: "e", keptIn: path)
    while second.all == nil { try second.goOn(vectors) }
    #expect(computed == 600 && second.all?[599] == [8, 1])
    #expect(SentenceVectors(of: texts, by: "e", keptIn: path).all == second.all)
    #expect(SentenceVectors(of: texts, by: "f", keptIn: path).share == 0)
    #expect(SentenceVectors(of: Array(texts.dropLast()), by: "e", keptIn: path).share == 0)
  }

  @Test func `the same seed gives the same weights, another seed others`() throws {
    func trained(_ seed: UInt64) throws -> Checkpoint? {
      var plan = Samples.plan()
      plan.seed = seed
      return try Trainer(main: Samples.data(dialogues: 8), plan: plan).run()
    }
    let first = try trained(1)
    #expect(try trained(1) == first)
    #expect(try trained(2) != first)
  }

  @Test func `a run stopped at any step and resumed ends as if it had not been`() throws {
    let path = NSTemporaryDirectory() + "/\(UUID().uuidString).state"
    defer { unlink(path) }
    func trainer() throws -> Trainer {
      try Trainer(
        main: Samples.data(dialogues: 8), auxiliary: [Samples.data(dialogues: 5, seed: 3)],
        development: Samples.data(dialogues: 3, seed: 4), plan: Samples.plan())
    }
    let whole = try #require(try trainer().run())
    var stops = 0
    var resumed: Checkpoint?
    while resumed == nil, stops < 100 {
      var steps = 0
      resumed = try trainer().run(statePath: path) { _ in
        steps += 1
        return steps < 2
      }
      stops += 1
    }
    #expect(stops > 3)
    #expect(resumed == whole)
  }

  @Test func `the state of another run is not mixed in`() throws {
    let path = NSTemporaryDirectory() + "/\(UUID().uuidString).state"
    defer { unlink(path) }
    _ = try Trainer(main: Samples.data(dialogues: 8), plan: Samples.plan())
      .run(statePath: path) { _ in false }
    let other = try Trainer(main: Samples.data(dialogues: 9), plan: Samples.plan())
    #expect(throws: TrainingError.self) { try other.run(statePath: path) }
  }

  @Test func `a checkpoint adapts to corrections and keeps what it knew`() throws {
    var plan = Samples.plan(epochs: 4)
    plan.phases[0].epochs = 6
    plan.phases[0].rate = 1e-2
    plan.phases[0].encoderRate = 1e-2
    let start = try #require(
      try Trainer(main: Samples.data(dialogues: 40), plan: plan).run())
    // The project calls joy `delight` and orders its labels differently.
    var data = Samples.data(dialogues: 20, seed: 5)
    data.labels = ["Anger", "delight", "Neutral"]
    data.targets = data.targets.mapValues { [$0[2], $0[1], $0[0]] }
    var adaptation = TrainingPlan.adaptation()
    adaptation.phases[0].rate = 2e-2
    let adapted = try #require(
      try Trainer(main: data, plan: adaptation, from: start).run(name: "adapted"))
    #expect(adapted.labels == data.labels)
    #expect(adapted.weights["text.0.words"] == start.weights["text.0.words"])
    let classifier = EmotionClassifier(adapted)
    let analyses = data.dialogues.flatMap { classifier.analyse($0) }
    let right = analyses.filter { (data.targets[$0.turn]?[$0.best] ?? 0) == 1 }.count
    #expect(Double(right) > 0.9 * Double(analyses.count))
  }

  @Test func `labels a checkpoint knows in other letters keep their weights, new ones start rare`()
    throws
  {
    let start = Samples.checkpoint()
    var data = Samples.data(dialogues: 2)
    data.labels = ["awe", "JOY", "Neutral"]
    var plan = TrainingPlan.adaptation()
    plan.phases = []
    let adapted = try #require(try Trainer(main: data, plan: plan, from: start).run())
    let old = try #require(start.weights["head.weight"])
    let new = try #require(adapted.weights["head.weight"])
    #expect(new.row(1) == old.row(1) && new.row(2) == old.row(0))
    #expect(new.row(0).allSatisfy { $0 == 0 })
    #expect(adapted.weights["head.bias"]?[0, 0] == start.weights["head.bias"]?.elements.min())
  }

  @Test func `a label given rarely is said more often when classes are balanced`() throws {
    let task = try PreparedTask(
      Samples.data(dialogues: 10), Samples.tiny, Vocabulary(countingWordsOf: []))
    var uneven = task
    uneven.prior = [0.8, 0.15, 0.05]
    #expect(uneven.weight(of: [1, 0, 0], balance: 0) == 1)
    #expect(uneven.weight(of: [0, 0, 1], balance: 1) > uneven.weight(of: [1, 0, 0], balance: 1))
    let mean = zip(uneven.prior, [[1, 0, 0], [0, 1, 0], [0, 0, 1]] as [[Float]])
      .reduce(Float(0)) { $0 + $1.0 * uneven.weight(of: $1.1, balance: 0.5) }
    #expect(abs(mean - 1) < 1e-5)
  }

  @Test func `progress is one line of JSON`() throws {
    var progress = TrainingProgress(
      phase: "turns", epoch: 1, epochs: 3, step: 2, steps: 9, loss: 1.5, seconds: 0.25,
      development: nil)
    #expect(
      progress.jsonLine
        == #"{"progress":{"epoch":1,"epochs":3,"loss":1.5,"phase":"turns","seconds":0.25,"#
        + #""step":2,"steps":9},"schema":1}"#)
    progress.development = .init(logLoss: 1, weightedF1: 0.5, accuracy: 0.5, turns: 4)
    #expect(progress.jsonLine.contains(#""development":{"accuracy":0.5,"log_loss":1,"#))
    #expect(progress.jsonLine.contains(#""weighted_f1":0.5"#))
  }

  @Test func `votes of several raters become a soft target, and only chosen raters count`() {
    let dialogue = Samples.data(dialogues: 1).dialogues[0]
    let turn = dialogue.turns[0].key
    let ratings = [("a", "joy"), ("b", "joy"), ("c", "anger"), ("gpt", "neutral")].map {
      Rating(
        turn: turn, rater: Rater(name: $0.0, kind: $0.0 == "gpt" ? .llm : .person),
        answer: Answer(labels: [$0.1]))
    }
    let data = TrainingData(
      name: "votes", labels: Samples.labels, dialogues: [dialogue], ratings: ratings
    ) { $0.kind == .person }
    #expect(data.targets[turn] == [0, 2, 1])
  }

  @Test func `a split keeps dialogues whole and is the same for a seed`() {
    let data = Samples.data(dialogues: 20)
    let (training, development) = data.split(development: 0.2, seed: 1)
    #expect(training.dialogues.count == 16 && development.dialogues.count == 4)
    #expect(Set((training.dialogues + development.dialogues).map(\.key)).count == 20)
    #expect(data.split(development: 0.2, seed: 1).development.dialogues == development.dialogues)
  }

  @Test func `data that cannot be trained on is refused with a reason`() throws {
    var data = Samples.data(dialogues: 3)
    #expect(throws: TrainingError.self) {
      try Trainer(
        main: TrainingData(name: "x", labels: ["a"], dialogues: data.dialogues, targets: [:]),
        plan: Samples.plan())
    }
    data.targets[data.dialogues[0].turns[0].key] = [1, .nan, 0]
    #expect(throws: TrainingError.self) { try Trainer(main: data, plan: Samples.plan()) }
    data.targets[data.dialogues[0].turns[0].key] = [1, 0]
    #expect(throws: TrainingError.self) { try Trainer(main: data, plan: Samples.plan()) }
  }

  @Test func `a learning rate that tears training apart ends in an error, not in a checkpoint`()
    throws
  {
    var plan = Samples.plan(epochs: 40)
    plan.phases[0].rate = 1e30
    plan.phases[0].encoderRate = 1e30
    let trainer = try Trainer(main: Samples.data(dialogues: 40), plan: plan)
    #expect(throws: TrainingError.self) { try trainer.run() }
  }
}
