internal import Dialogues
internal import NeuralNet

extension BundledRecipe {
  /// Into how many parts the dialogues are cut, each judged by a teacher that has not seen it.
  private static let folds = 5
  /// How much of a target the teacher decides.
  private static let teachersShare: Float = 0.5

  /// The teacher: the gated network over MiniLM's vectors as they are, which knows more words than
  /// the bundled encoder will ever see and is far too large to ship.
  static func teacherPlan(seed: UInt64) -> TrainingPlan {
    var phase = TrainingPlan.Phase(
      name: "teacher", unit: .dialogues, epochs: 8, batch: 12, rate: 1e-3, encoderRate: 0)
    phase.average = 0.98
    phase.weightDecay = 5e-2
    phase.contextFreeWeight = 0
    return TrainingPlan(
      architecture: .contextual(overVectorsOf: 384), phases: [phase], seed: seed)
  }

  /// Data whose targets are half what they were and half a teacher's judgement of the turn in its
  /// dialogue (arXiv:1503.02531).
  ///
  /// A teacher judges only dialogues it was not trained on: what it says of the others it knows by
  /// heart.
  ///
  /// - Parameter data: data with MiniLM's vectors.
  /// - Returns: `nil` if `progress` said stop.
  static func taught(
    _ data: TrainingData, seed: UInt64, progress: (TrainingProgress) -> Bool
  ) throws(TrainingError) -> TrainingData? {
    var taught = data
    for fold in 0..<folds {
      var (rest, part) = (data, data)
      rest.dialogues = data.dialogues.indices.filter { $0 % folds != fold }.map {
        data.dialogues[$0]
      }
      part.dialogues = data.dialogues.indices.filter { $0 % folds == fold }.map {
        data.dialogues[$0]
      }
      let trainer = try Trainer(main: rest, plan: teacherPlan(seed: seed &+ UInt64(fold)))
      guard try trainer.run(progress: progress) != nil else { return nil }
      for (turn, judgement) in try trainer.posteriors(of: part) {
        guard let target = data.targets[turn] else { continue }
        let total = target.reduce(0, +)
        taught.targets[turn] = zip(target, judgement).map {
          (1 - teachersShare) * $0 / total + teachersShare * $1
        }
      }
    }
    return taught
  }
}
