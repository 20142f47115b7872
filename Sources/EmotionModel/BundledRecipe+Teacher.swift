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

  /// The corpora with a teacher's word beside or in place of the labels.
  ///
  /// - Parameters: as in ``train(from:taughtBy:over:seed:statePath:progress:vectors:)``.
  /// - Returns: `nil` if `vectors` said stop.
  static func taughtCorpora(
    _ folders: Folders, by teacher: Checkpoint, over model: MiniLM,
    vectors: (MiniLM, [String]) throws -> [[Float]]?
  ) throws -> Corpora? {
    guard teacher.architecture.external?.isFineTuned ?? false, teacher.wordPieces == nil,
      teacher.architecture.external?.identity == model.identity
    else {
      throw TrainingError(
        "The model \(teacher.name) cannot teach: it is not one over this all-MiniLM-L6-v2 with the "
          + "encoder fine-tuned. Make one with: undertone train --bundled FOLDER --encoder "
          + "minilm=FOLDER --fine-tune --out FILE")
    }
    var corpora = try read(folders)
    let texts = corpora.texts
    guard let found = try vectors(model.fineTuned(by: teacher.weights), texts) else { return nil }
    let teaching = Teaching(
      vectorOf: Dictionary(uniqueKeysWithValues: zip(texts, found)),
      classifier: EmotionClassifier(teacher))
    corpora.main = taught(corpora.main, by: teaching)
    corpora.auxiliary = corpora.auxiliary.map {
      $0.dialogues.contains { $0.turns.count > 1 } ? labelled($0, by: teaching) : $0
    }
    corpora.add(teaching.vectorOf)
    return corpora
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
