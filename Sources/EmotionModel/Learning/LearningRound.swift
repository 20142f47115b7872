public import Dialogues
internal import Glibc

/// One attempt to learn from what a project's people answered: adapts the checkpoint that ships with
/// the program, and measures it beside what is in use on dialogues neither learned from.
///
/// Always from the shipped checkpoint and from all answers, never from what was learned before, so
/// that the result depends on the answers and not on when they came.
public struct LearningRound: Sendable {
  /// Fewer held-out turns than these decide nothing.
  public static let fewestHeldOutTurns = 10
  /// Fewer turns than these are not worth learning from.
  public static let fewestTurns = 10

  let learned: TrainingData
  let heldOut: TrainingData

  /// - Parameters:
  ///   - study: says which dialogues are held out.
  ///   - labels: the project's.
  ///   - dialogues: those with ratings.
  ///   - ratings: what people answered; each label is a vote.
  public init(study: StudyDesign, labels: [String], dialogues: [Dialogue], ratings: [Rating]) {
    var all = TrainingData(
      name: "the project", labels: labels, dialogues: dialogues, ratings: ratings,
      where: { $0.kind == .person })
    all.dialogues.removeAll { [all] dialogue in !dialogue.turns.contains(where: all.isLabelled) }
    var parts = (all, all)
    parts.0.dialogues.removeAll { study.isHeldOut($0.key) }
    parts.1.dialogues.removeAll { !study.isHeldOut($0.key) }
    (learned, heldOut) = parts
  }

  /// What is in use, to be measured beside the new one.
  public struct Standing: Sendable {
    var name: String
    var classifier: EmotionClassifier
    var dialogues: Set<String>

    /// - Parameters:
    ///   - name: the source.
    ///   - dialogues: those it learned from, as text.
    public init(name: String, classifier: EmotionClassifier, dialogues: [String] = []) {
      self.name = name
      self.classifier = classifier
      self.dialogues = Set(dialogues)
    }
  }

  /// Why nothing can be learned yet, as a sentence; `nil` if it can.
  public var obstacle: String? {
    if learned.labelledTurns < Self.fewestTurns {
      return "There are \(learned.labelledTurns) rated turns to learn from, and it takes "
        + "\(Self.fewestTurns)."
    }
    if heldOut.labelledTurns < Self.fewestHeldOutTurns {
      return "There are \(heldOut.labelledTurns) rated turns in the dialogues that are held out to "
        + "measure on, and it takes \(Self.fewestHeldOutTurns)."
    }
    return nil
  }

  /// The plan of `train --from`, with as many steps for a few dialogues as forty get there: the
  /// first ratings are to be felt, too.
  static func plan(dialogues: Int) -> TrainingPlan {
    var plan = TrainingPlan.adaptation()
    let steps = (dialogues + plan.phases[0].batch - 1) / plan.phases[0].batch
    plan.phases[0].epochs = max(plan.phases[0].epochs, 80 / max(1, steps))
    plan.patience = max(plan.patience, plan.phases[0].epochs / 2)
    return plan
  }

  /// Learns and measures.
  ///
  /// - Parameters:
  ///   - version: the attempt's number in the project.
  ///   - ratings: how many ratings people have given in the project.
  ///   - time: now, in seconds since 1970.
  ///   - base: the checkpoint that ships with the program.
  ///   - standing: what is in use.
  ///   - statePath: where to keep how far it is, and to go on from if the same attempt was cut short;
  ///     `nil` to learn in one go.
  ///   - note: told in a sentence if what was kept cannot be gone on from; then it begins anew.
  ///   - goesOn: asked after each step whether to go on.
  /// - Returns: the checkpoint and what there is to say about it; `nil` if there is an
  ///   ``obstacle`` or `goesOn` said no.
  /// - Throws: ``TrainingError`` or ``CheckpointError`` if training comes apart.
  public func run(
    version: Int, ratings: Int, time: Double, from base: Checkpoint, beside standing: Standing,
    statePath: String? = nil, note: (String) -> Void = { _ in }, goesOn: () -> Bool = { true }
  ) throws -> (model: LearnedModel, checkpoint: Checkpoint)? {
    // Turns that what is in use once learned from, because the study was changed since, would
    // flatter it.
    var heldOut = heldOut
    heldOut.dialogues.removeAll { standing.dialogues.contains("\($0.key)") }
    guard obstacle == nil, heldOut.labelledTurns >= Self.fewestHeldOutTurns else { return nil }
    // When to stop is decided on a part of what is learned from, not on what is held out.
    var learned = learned
    if let encoder = MiniLM(within: base).map(MiniLMReader.init) {
      learned.addTextVectors { encoder.vectorsOfTexts($0) }
    }
    let (training, stopping) = learned.split(development: 0.15, seed: 1)
    let trainer = try Trainer(
      main: training, development: stopping.dialogues.isEmpty ? nil : stopping,
      plan: Self.plan(dialogues: training.dialogues.count), from: base)
    var model = LearnedModel(
      version: version, source: "", time: time, ratings: ratings,
      dialogues: learned.dialogues.map { "\($0.key)" }.sorted(), turns: learned.labelledTurns,
      score: HeldOutScore(logLoss: 0, accuracy: 0, turns: 0), before: standing.name,
      scoreBefore: HeldOutScore(of: standing.classifier, on: heldOut))
    if let statePath, let fault = trainer.fault(ofState: statePath) {
      note("Learning begins anew: \(fault)")
      unlink(statePath)
    }
    guard
      let trained = try trainer.run(
        name: "adapted-\(version)",
        details: "adapted from \(base.name) to \(model.turns) rated turns of "
          + "\(model.dialogues.count) dialogues",
        statePath: statePath, progress: { _ in goesOn() })
    else { return nil }
    // Measured is what will be used: weights in two bytes.
    var checkpoint = try trained.asStored()
    checkpoint.name = "adapted-\(version)-\(checkpoint.weightsHash)"
    model.source = "gatedxlstm-\(checkpoint.name)"
    model.score = HeldOutScore(of: EmotionClassifier(checkpoint), on: heldOut)
    return goesOn() ? (model, checkpoint) : nil
  }
}
