import Annotator
import Dialogues
import Screen
import Testing

/// A generator that gives the same numbers every time (SplitMix64, Steele, Lea, Flood 2014).
private struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// What an annotator may see, whatever they press: suggestions and others' labels are given to the
/// screen with words that occur nowhere else, and the screen is searched for them.
@Suite struct ProtocolLeakTests {
  /// All keys of all commands but those that leave, and what people type.
  static let keys: [Key] = {
    let leaving: Set<Command> = [.quit, .suspend]
    let commands = Command.allCases.filter { !leaving.contains($0) }.flatMap(\.defaultKeys)
    return (commands + ["1", "2", "7", "a", "x"]).compactMap(Key.init)
  }()

  static let sizes = [
    Size(columns: 120, rows: 40), Size(columns: 80, rows: 24), Size(columns: 40, rows: 12),
  ]

  /// A sitting in which everything that must not be seen is there, as no worker would hand it over.
  func sitting(
    _ annotationProtocol: AnnotationProtocol, arm: StudyArm, size: Size
  ) -> Sitting {
    var sitting = Sitting(turns: 6, annotationProtocol: annotationProtocol, size: size)
    load(&sitting, arm: arm)
    return sitting
  }

  func load(_ sitting: inout Sitting, arm: StudyArm) {
    var dialogue = Sitting.dialogue(turns: 6, arm: arm)
    dialogue.othersLabels = (0..<6).map { [LabelCount(label: "other\($0)", count: 1)] }
    dialogue.reviewed = (0..<6).map { turn in
      ReviewedTurn(
        opinions: [
          ReviewedTurn.Opinion(name: "ben", letter: "B", answer: Answer(labels: ["vote\(turn)"]))
        ], standing: .single)
    }
    sitting.happen(.dialogueLoaded(dialogue, generation: sitting.state.generation))
    suggest(&sitting)
  }

  func suggest(_ sitting: inout Sitting) {
    sitting.happen(
      .suggestionsReady(
        (0..<6).map { turn in
          SuggestionView(
            source: "secret", label: "model\(turn)", posterior: Array(repeating: 0.7337, count: 7),
            refined: "refined\(turn)",
            influences: [TurnInfluence(turn: max(0, turn - 1), value: 7.77)], trigger: 0,
            triggerProbability: 0.7337,
            decoding: DecodingTerms(turn: 6.66, speaker: 6.66, dialogue: 6.66, later: 6.66))
        }, dialogue: 0))
  }

  /// Presses keys at random; after each the screen is handed to a check.
  func press(
    _ sitting: inout Sitting, seed: UInt64, arm: StudyArm, count: Int = 100,
    _ check: (Sitting, String, Key) -> Void
  ) {
    var random = Seeded(state: seed)
    for _ in 0..<count {
      guard let key = Self.keys.randomElement(using: &random) else { return }
      for event in sitting.state.events(for: key, in: sitting.keyMap) { sitting.happen(event) }
      // Another dialogue is asked for now and then, and the same one comes.
      if sitting.state.isLoading { load(&sitting, arm: arm) }
      if case .agreement = sitting.state.overlay {
        sitting.happen(
          .agreementReady(
            AgreementBoard(
              alpha: .init(0.7337), raw: .init(0.7337), ac1: .init(0.7337), sharedTurns: 40,
              turns: 60, labels: [.init(label: "other9", alpha: .init(0.1), ratings: 3)],
              confusions: [.init(labels: ["other8", "other9"], count: 1, share: 1)])))
      }
      sitting.saveAll()
      check(sitting, view(sitting.state).text, key)
    }
  }

  static let secrets = ["model", "refined", "other", "vote"].flatMap { word in
    (0..<10).map { "\(word)\($0)" }
  }

  @Test(arguments: sizes, 1...2 as ClosedRange<UInt64>)
  func `labelled blind, no key shows what the model or anybody else said`(
    size: Size, seed: UInt64
  ) {
    var sitting = sitting(.blind, arm: .control, size: size)
    press(&sitting, seed: seed, arm: .control) { _, text, key in
      for secret in Self.secrets + [".73", "7.77", "6.66"] {
        #expect(!text.contains(secret), "\(secret) after \(key)")
      }
    }
    #expect(
      sitting.effects.changes.allSatisfy {
        if case .answer(_, let conditions) = $0 { conditions.shown == nil } else { true }
      })
  }

  @Test(arguments: [AnnotationProtocol.assisted, .commitThenReveal], sizes)
  func `a dialogue of the control arm never shows a suggestion or another's label`(
    annotationProtocol: AnnotationProtocol, size: Size
  ) {
    var sitting = sitting(annotationProtocol, arm: .control, size: size)
    press(&sitting, seed: 11, arm: .control) { sitting, text, key in
      // How far people agree in the whole project may be seen here, and names no turn.
      if case .agreement = sitting.state.overlay { return }
      for secret in Self.secrets + ["7.77", "6.66"] {
        #expect(!text.contains(secret), "\(secret) after \(key)")
      }
    }
    #expect(sitting.effects.conditions.allSatisfy { $0.shown == nil })
    #expect(!sitting.effects.conditions.isEmpty)
  }

  @Test(arguments: sizes, 1...2 as ClosedRange<UInt64>)
  func `commit-then-reveal shows a turn's suggestion and others' labels only after its label`(
    size: Size, seed: UInt64
  ) {
    var sitting = sitting(.commitThenReveal, arm: .suggested, size: size)
    // It does show something once there is a label, or this would prove nothing.
    #expect(!view(sitting.state).text.contains("model0"))
    sitting.press("1")
    #expect(view(sitting.state).text.contains("model0"))
    press(&sitting, seed: seed, arm: .suggested) { sitting, text, key in
      if case .agreement = sitting.state.overlay { return }
      guard let dialogue = sitting.state.dialogue else { return }
      for turn in 0..<6 {
        let isCommitted = dialogue.states[turn].answer != nil
        for word in ["model", "refined", "other"] {
          if isCommitted { continue }
          #expect(!text.contains("\(word)\(turn)"), "\(word)\(turn) after \(key)")
        }
        #expect(!text.contains("vote\(turn)"))
      }
    }
  }

  @Test func `assisted shows the suggestion but nobody's labels`() {
    var sitting = sitting(.assisted, arm: .suggested, size: Size(columns: 120, rows: 40))
    #expect(view(sitting.state).text.contains("model0"))
    press(&sitting, seed: 5, arm: .suggested) { sitting, text, key in
      if case .agreement = sitting.state.overlay { return }
      for turn in 0..<6 {
        for word in ["vote", "other"] { #expect(!text.contains("\(word)\(turn)"), "after \(key)") }
      }
    }
  }

  @Test func `how far people agree is not for who labels blind`() {
    var sitting = sitting(.blind, arm: .control, size: Size(columns: 100, rows: 30))
    #expect(sitting.press("A").isEmpty)
    #expect(sitting.state.overlay == nil)
    #expect(sitting.state.message?.text.contains("undertone agreement") == true)
  }
}
