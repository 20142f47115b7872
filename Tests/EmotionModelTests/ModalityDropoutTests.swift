import Dialogues
import NeuralNet
import Testing

@testable import EmotionModel

struct ModalityDropoutTests {
  static let architecture = {
    var architecture = Samples.tiny
    architecture.audioWidth = 4
    architecture.slots += [.init(.back, 0, .audio)]
    return architecture
  }()

  /// A hundred dialogues of which every second turn has sound.
  static func dialogues(_ vocabulary: Vocabulary) -> [PreparedDialogue] {
    Samples.data(dialogues: 100).dialogues.map { dialogue in
      PreparedDialogue(
        dialogue,
        audio: { turn in Int(turn.key.turn).flatMap { $0 % 2 == 0 ? [1, 2, 3, 4] : nil } },
        architecture, vocabulary)
    }
  }

  func present(dropout: Double) -> (text: [Bool], audio: [Bool], sound: [Bool]) {
    let checkpoint = Samples.checkpoint(Self.architecture)
    let dialogues = Self.dialogues(checkpoint.vocabulary)
    let inputs = DialogueNetwork(architecture: Self.architecture).inputs(
      dialogues, modalityDropout: dropout, Tape<Float>(random: RandomSource(seed: 5)),
      ParameterSet(checkpoint.weights))
    return (inputs.hasText, inputs.hasAudio, dialogues.flatMap(\.audio).map { $0 != nil })
  }

  @Test func `without it no turn loses anything`() {
    let (text, audio, sound) = present(dropout: 0)
    #expect(text.allSatisfy { $0 })
    #expect(audio == sound)
  }

  @Test func `of turns with text and sound the wanted share loses one, and none loses both`() {
    let (text, audio, sound) = present(dropout: 0.4)
    let both = sound.count { $0 }
    let deaf = zip(sound, audio).count { $0 && !$1 }
    let mute = text.count { !$0 }
    #expect(both > 150)
    #expect(abs(Double(deaf) / Double(both) - 0.2) < 0.08)
    #expect(abs(Double(mute) / Double(both) - 0.2) < 0.08)
    for turn in sound.indices {
      #expect(text[turn] || audio[turn])
      // A turn without sound keeps its text.
      #expect(sound[turn] || text[turn])
    }
  }

  @Test func `a model trained with it does better when the sound is missing`() throws {
    // Both say the emotion here; whoever never misses the sound need not listen to the words.
    var data = Samples.data(dialogues: 120)
    for turn in data.dialogues.flatMap(\.turns) {
      data.audio[turn.key] = (data.targets[turn.key] ?? []).map { 8 * $0 } + [1]
    }
    let test = Samples.data(dialogues: 60, seed: 2)
    func logLoss(_ dropout: Double) throws -> Double {
      var plan = Samples.plan(Self.architecture, epochs: 10)
      plan.phases.removeFirst()
      plan.phases[0].encoderRate = 2e-3
      plan.phases[0].rate = 5e-3
      plan.phases[0].contextFreeWeight = 0
      plan.phases[0].average = 0
      plan.phases[0].modalityDropout = dropout
      let checkpoint = try #require(try Trainer(main: data, plan: plan).run())
      return HeldOutScore(of: EmotionClassifier(checkpoint), on: test).logLoss
    }
    #expect(try logLoss(0.5) < logLoss(0) - 0.1)
  }

  @Test func `sound that is no numbers is no sound in training either`() throws {
    var data = Samples.data(dialogues: 12)
    for (place, turn) in data.dialogues.flatMap(\.turns).enumerated() {
      data.audio[turn.key] = place % 2 == 0 ? [.nan, 1, 2, 3] : [1, .infinity, 2, 3]
    }
    var silent = data
    silent.audio = [:]
    let plan = Samples.plan(Self.architecture)
    let broken = try #require(try Trainer(main: data, plan: plan).run())
    let without = try #require(try Trainer(main: silent, plan: plan).run())
    #expect(broken.weights == without.weights)
  }
}
