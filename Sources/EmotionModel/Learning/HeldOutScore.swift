internal import Dialogues
internal import NeuralNet

/// How well a model judges dialogues it did not learn from.
public struct HeldOutScore: Equatable, Sendable, Codable {
  /// Mean of −ln p of the labels given, in nats.
  public var logLoss: Double
  /// The share of turns whose most probable label is the one most people gave.
  public var accuracy: Double
  /// Turns measured.
  public var turns: Int

  /// Creates a score.
  public init(logLoss: Double, accuracy: Double, turns: Int) {
    self.logLoss = logLoss
    self.accuracy = accuracy
    self.turns = turns
  }

  /// Whether a model with this score may stand in for one with another, measured on the same turns.
  ///
  /// Worse in neither: log loss alone would let a model pass that is better calibrated and more
  /// often wrong, accuracy alone one that is surer of its errors.
  public func isNotWorse(than other: HeldOutScore) -> Bool {
    turns == other.turns && logLoss <= other.logLoss && accuracy >= other.accuracy
  }

  /// Measures a model by the texts of dialogues.
  ///
  /// A label the model does not know counts as if it had said one in ten thousand.
  public init(of classifier: EmotionClassifier, on data: TrainingData) {
    let mapping = LabelMapping(from: classifier.labels, to: data.labels)
    var (loss, right, turns) = (0.0, 0, 0)
    for dialogue in data.dialogues where dialogue.turns.contains(where: data.isLabelled) {
      for (turn, analysis) in zip(dialogue.turns, classifier.analyse(dialogue)) {
        guard data.isLabelled(turn), let votes = data.targets[turn.key] else { continue }
        let posterior = mapping.apply(analysis.posterior).posterior
        let total = votes.reduce(0, +)
        for (vote, probability) in zip(votes, posterior) where vote > 0 {
          loss -= Double(vote / total) * Double.logarithm(max(probability, 1e-4))
        }
        if DevelopmentScore.highest(votes)
          == DevelopmentScore.highest(posterior.map { Float($0) })
        {
          right += 1
        }
        turns += 1
      }
    }
    let count = Double(max(1, turns))
    self.init(logLoss: loss / count, accuracy: Double(right) / count, turns: turns)
  }
}

extension TrainingData {
  /// Whether a turn has a label to learn or to be measured on.
  func isLabelled(_ turn: Turn) -> Bool {
    targets[turn.key].map { $0.contains { $0 > 0 } } ?? false
  }

  /// Turns with a label.
  var labelledTurns: Int { dialogues.reduce(0) { $0 + $1.turns.count(where: isLabelled) } }
}
