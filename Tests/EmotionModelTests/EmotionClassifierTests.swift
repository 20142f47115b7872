import Dialogues
import NeuralNet
import Testing

@testable import EmotionModel

/// Architectures that exercise every way of building a network.
private let variants: [(String, Architecture)] = {
  var concatenated = Samples.tiny
  concatenated.sharesHead = false
  concatenated.gatesEachColumn = false
  var published = Samples.tiny
  published.gate = .published
  var recurrent = Samples.tiny
  recurrent.slotEncoder = .init(width: 8, blocks: 2, heads: 2, steps: 4, isShared: true)
  var heard = Samples.tiny
  heard.audioWidth = 4
  heard.slots += [.init(.back, 0, .audio), .init(.back, 1, .audio), .init(.other, 1, .audio)]
  return [
    ("one member", Samples.tiny), ("two members", Samples.pair), ("concatenated", concatenated),
    ("published gate", published), ("mLSTM blocks", recurrent), ("audio", heard),
  ]
}()

private let dialogue = Samples.dialogue(
  "d",
  [
    ("Mara", "You moved the box."), ("Theo", "I thought you would be glad!"), ("Mara", ""),
    ("Theo", "the the the"), ("Mara", "Glad? You moved it..."), ("", "a voice from outside"),
    ("Ada", "STOP that"),
  ])

/// Sound for every turn but the second.
private func sound(_ turn: Turn) -> [Float]? {
  guard let place = Float(turn.key.turn), place != 1 else { return nil }
  return [place / 3 - 1, 0.5, -place / 5, 1]
}

struct EmotionClassifierTests {
  @Test(arguments: variants)
  func `posteriors sum to one and influences add up to the margin`(
    _ name: String, _ architecture: Architecture
  ) {
    let classifier = EmotionClassifier(Samples.checkpoint(architecture))
    for analysis in classifier.analyse(dialogue, audio: sound) {
      #expect(abs(analysis.posterior.reduce(0, +) - 1) < 1e-9)
      let explained = analysis.influences.reduce(analysis.unexplained) { $0 + $1.value }
      #expect(abs(explained - analysis.margin) < 1e-3, "\(name)")
      #expect(analysis.margin >= 0)
      #expect(analysis.gates.allSatisfy { (0...1).contains($0.opening) })
    }
  }

  @Test(arguments: variants)
  func `influence of an earlier turn is what leaving it out changes`(
    _ name: String, _ architecture: Architecture
  ) {
    let classifier = EmotionClassifier(Samples.checkpoint(architecture))
    let analyses = classifier.analyse(dialogue, audio: sound)
    var compared = 0
    for (judged, analysis) in analyses.enumerated() {
      for left in 0..<judged {
        let change = classifier.leaveOneOut(left, judging: judged, in: dialogue, audio: sound)
        let influence = analysis.influences.first { $0.turn == "\(left)" }?.value ?? 0
        #expect(abs(change - influence) < 1e-3, "\(name): turn \(left) on turn \(judged)")
        if abs(influence) > 0.01 { compared += 1 }
      }
    }
    #expect(compared > 5)
  }

  @Test func `a later turn never changes an earlier judgement`() {
    let classifier = EmotionClassifier(Samples.checkpoint())
    var shorter = dialogue
    shorter.turns.removeLast(3)
    let all = classifier.analyse(dialogue)
    let some = classifier.analyse(shorter)
    for (a, b) in zip(all, some) {
      #expect(zip(a.logits, b.logits).allSatisfy { abs($0 - $1) < 1e-4 })
    }
  }

  @Test func `a dialogue of no turns has no analyses`() {
    let classifier = EmotionClassifier(Samples.checkpoint())
    #expect(classifier.analyse(Samples.dialogue("none", [])) == [])
  }

  @Test func `one turn, an empty text and no speaker get an answer each`() {
    let classifier = EmotionClassifier(Samples.checkpoint())
    for turn in [("Mara", "Hello!"), ("Mara", ""), ("", "Hello!"), ("", "")] {
      let analyses = classifier.analyse(Samples.dialogue("one", [turn]))
      #expect(analyses.count == 1)
      #expect(analyses[0].posterior.allSatisfy { $0.isFinite && $0 >= 0 })
      #expect(analyses[0].influences.count == (turn.1.isEmpty ? 0 : 1))
    }
  }

  @Test func `five thousand turns are judged like a few`() {
    let classifier = EmotionClassifier(Samples.checkpoint())
    let turns = (0..<5000).map { (["Mara", "Theo", "Ada"][$0 % 3], dialogue.turns[$0 % 7].text) }
    let long = classifier.analyse(Samples.dialogue("long", turns))
    let short = classifier.analyse(Samples.dialogue("short", Array(turns.prefix(40))))
    #expect(long.count == 5000)
    for (a, b) in zip(long, short) {
      #expect(zip(a.logits, b.logits).allSatisfy { abs($0 - $1) < 1e-4 })
    }
    // Beyond the first turns, everything repeats every 21.
    #expect(zip(long[4000].logits, long[4021].logits).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test func `sound that is no numbers counts as no sound`() {
    let classifier = EmotionClassifier(Samples.checkpoint(variants[5].1))
    let silent = classifier.analyse(dialogue)
    let broken = classifier.analyse(dialogue) { _ in [.nan, 1, .infinity, 0] }
    let short = classifier.analyse(dialogue) { _ in [1] }
    #expect(broken == silent && short == silent)
    #expect(classifier.analyse(dialogue, audio: sound) != silent)
  }

  @Test func `the published configuration can be built and runs`() {
    var architecture = Architecture.paper
    #expect(architecture.fault == nil && architecture.slots.count == 12)
    // Narrower, and with a text encoder, so that a test can hold it.
    architecture.textEncoder = .init(
      buckets: 64, towers: [.init(width: 16, embedding: 8, convolutions: 1, reach: 1)])
    architecture.textWidth = 16
    architecture.audioWidth = 16
    architecture.slotEncoder.width = 8
    architecture.slotEncoder.steps = 4
    let classifier = EmotionClassifier(Samples.checkpoint(architecture))
    let analyses = classifier.analyse(dialogue) { _ in [Float](repeating: 0.3, count: 16) }
    #expect(analyses.allSatisfy { $0.logits.allSatisfy(\.isFinite) })
  }

  @Test func `two threads at once get the same answers`() async {
    let classifier = EmotionClassifier(Samples.checkpoint())
    let expected = classifier.analyse(dialogue)
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 { group.addTask { classifier.analyse(dialogue) == expected } }
      for await isSame in group { #expect(isSame) }
    }
  }
}
