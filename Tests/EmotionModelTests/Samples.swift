import Dialogues
import NeuralNet

@testable import EmotionModel

/// Invented dialogues in which the words say the emotion, and after a question the answer does.
enum Samples {
  static let labels = ["neutral", "joy", "anger"]

  static func dialogue(
    _ id: String, _ turns: [(speaker: String, text: String)]
  ) -> Dialogue {
    let key = DialogueKey(corpus: "sample", dialogue: id)
    return Dialogue(
      key: key,
      turns: turns.enumerated().map {
        Turn(
          key: TurnKey(dialogue: key, turn: "\($0)"), speaker: $1.speaker, text: $1.text)
      })
  }

  static func data(dialogues count: Int, seed: UInt64 = 1) -> TrainingData {
    var random = RandomSource(seed: seed)
    let texts = [
      ["the box is here", "we left at noon", "it is on the table"],
      ["how wonderful!", "I am so glad", "what a lovely day!"],
      ["you broke it again", "stop that now!", "how dare you"],
    ]
    var data = TrainingData(name: "sample", labels: labels, dialogues: [], targets: [:])
    for place in 0..<count {
      var turns: [(speaker: String, text: String)] = []
      var emotions: [Int] = []
      for turn in 0..<3 + random.below(4) {
        emotions.append(random.below(3))
        turns.append((["Mara", "Theo"][turn % 2], texts[emotions[turn]][random.below(3)]))
      }
      let dialogue = dialogue("\(place)", turns)
      data.dialogues.append(dialogue)
      for (turn, emotion) in zip(dialogue.turns, emotions) {
        data.targets[turn.key] = (0..<3).map { $0 == emotion ? 1 : 0 }
      }
    }
    return data
  }

  /// A network small enough to train in a moment.
  static var tiny: Architecture {
    let tower = Architecture.Tower(width: 8, embedding: 8, convolutions: 1, reach: 1, heads: 2)
    var architecture = Architecture.contextual(.init(buckets: 64, towers: [tower]))
    architecture.dropout = 0.1
    return architecture
  }

  /// The same with two members of different build.
  static var pair: Architecture {
    var architecture = Architecture.contextual(
      .init(
        buckets: 64,
        towers: [
          .init(width: 8, embedding: 8, convolutions: 1, reach: 1, heads: 2),
          .init(width: 8, embedding: 4, convolutions: 0, reach: 0, heads: 1),
        ]))
    architecture.dropout = 0.1
    return architecture
  }

  static func plan(_ architecture: Architecture = tiny, epochs: Int = 2) -> TrainingPlan {
    var plan = TrainingPlan.standard(seed: 7)
    plan.architecture = architecture
    plan.phases[0].epochs = 1
    plan.phases[0].batch = 16
    plan.phases[1].epochs = epochs
    plan.phases[1].batch = 4
    return plan
  }

  /// A checkpoint with random weights everywhere, also where training starts with zeros.
  static func checkpoint(_ architecture: Architecture = tiny, seed: UInt64 = 3) -> Checkpoint {
    var random = RandomSource(seed: seed)
    var checkpoint = Checkpoint(
      name: "random", labels: labels, architecture: architecture, details: "",
      vocabulary: Vocabulary(["the", "box", "glad", "you"]) ?? Vocabulary(countingWordsOf: []),
      weights: Weights())
    checkpoint.weights = Weights(
      checkpoint.parameterShapes.reduce(into: [:]) {
        $0[$1.name] = Matrix(
          rows: $1.rows, columns: $1.columns, deviation: 0.6, using: &random)
      })
    return checkpoint
  }
}
