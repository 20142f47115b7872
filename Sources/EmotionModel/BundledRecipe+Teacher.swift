internal import Dialogues
internal import NeuralNet

extension BundledRecipe {
  /// What a large model thinks of the texts a small one learns from.
  struct Teaching {
    /// The fine-tuned encoder's vectors, by text.
    var vectorOf: [String: [Float]]
    /// The larger model, over those vectors.
    var classifier: EmotionClassifier
  }

  /// How much of a target the teacher decides (arXiv:1503.02531).
  ///
  /// The teacher has seen the same turns with their labels; what it adds there is how near the other
  /// labels are.
  private static let teachersShare: Float = 0.5

  /// Data whose targets are half what they were and half the teacher's judgement of the turn in its
  /// dialogue.
  static func taught(_ data: TrainingData, by teaching: Teaching) -> TrainingData {
    var taught = data
    for analysis in judgements(on: data, by: teaching) {
      guard let target = data.targets[analysis.turn] else { continue }
      let total = target.reduce(0, +)
      taught.targets[analysis.turn] = zip(target, analysis.posterior).map {
        (1 - teachersShare) * $0 / total + teachersShare * Float($1)
      }
    }
    return taught
  }

  /// Data with other labels, or none, as the teacher judges it in its own: text that nobody labelled
  /// that way becomes something to learn from.
  static func labelled(_ data: TrainingData, by teaching: Teaching) -> TrainingData {
    var labelled = data
    labelled.labels = teaching.classifier.labels
    labelled.targets = [:]
    for analysis in judgements(on: data, by: teaching) {
      labelled.targets[analysis.turn] = analysis.posterior.map { Float($0) }
    }
    return labelled
  }

  private static func judgements(
    on data: TrainingData, by teaching: Teaching
  ) -> [TurnAnalysis] {
    data.dialogues.flatMap { dialogue in
      teaching.classifier.analyse(dialogue, text: { teaching.vectorOf[$0.text] })
    }
  }
}
