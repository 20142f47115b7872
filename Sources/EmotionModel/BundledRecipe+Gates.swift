internal import Dialogues

extension BundledRecipe {
  /// Trains what lies above a checkpoint's encoder anew, with a gate of choice, and the encoder
  /// with it: gates can only be told apart over an encoder that was trained for emotions.
  ///
  /// The recipe's stage of dialogues on MELD alone, without a teacher, so that it takes minutes and
  /// needs no other model. A gate is to be compared with another made in this way, not with the
  /// shipped checkpoint's.
  ///
  /// - Parameters:
  ///   - gate: what the gates see. The published one is one number a slot, as in the paper.
  ///   - checkpoint: one with an encoder of word pieces within it, such as the shipped one.
  ///   - folders: where the corpora are.
  ///   - seed: decides everything random.
  ///   - statePath: see ``Trainer/run(name:details:statePath:progress:)``.
  ///   - progress: told after each step; answers whether to go on.
  /// - Returns: a checkpoint, or `nil` if `progress` said stop.
  /// - Throws: ``TrainingError`` if the checkpoint has no such encoder, or with the file and line of a
  ///   corpus that is not as expected.
  public static func train(
    gate: Architecture.Gate, over checkpoint: Checkpoint, from folders: Folders, seed: UInt64 = 1,
    statePath: String? = nil, progress: (TrainingProgress) -> Bool = { _ in true }
  ) throws -> Checkpoint? {
    guard let encoder = MiniLM(within: checkpoint) else {
      throw TrainingError(
        "The checkpoint \(checkpoint.name) has no encoder of word pieces within it; the one that "
          + "ships has.")
    }
    var plan = plan(over: encoder, seed: seed)
    plan.architecture.gate = gate
    plan.architecture.gatesEachColumn = gate != .published
    plan.phases.removeAll { $0.unit == .turns }
    for place in plan.phases.indices { plan.phases[place].distillation = 0 }
    let corpora = try read(folders)
    let trainer = try Trainer(
      main: corpora.main, development: corpora.development, plan: plan, encoder: encoder)
    return try trainer.run(
      name: "\(checkpoint.name)-\(gate.name)-gate",
      details: "text only; MELD train, EmotionLines votes, over the encoder of \(checkpoint.name), "
        + "\(gate.name) gate; seed \(seed)",
      statePath: statePath, progress: progress)
  }
}
