internal import FoundationEssentials
internal import NeuralNet

/// Everything a run needs to go on where it was, besides data and plan.
///
/// Weights that are not trained are those a run begins with, and not kept here: over a frozen encoder
/// they are most of all weights, and writing them after each epoch took longer than the epoch.
struct TrainingState {
  /// The place in ``TrainingPlan/phases``.
  var phase = 0
  /// Epochs of the phase done.
  var epoch = 0
  /// Steps of the epoch done.
  var step = 0
  /// Loss of the epoch's steps so far.
  var lossSum = 0.0
  var lossCount = 0
  /// The mean loss of the epoch last finished.
  var finishedLoss = 0.0
  /// Steps in a row whose loss or gradient was no number.
  var badSteps = 0
  /// Epochs since the development data was judged better.
  var epochsWithoutGain = 0
  var bestLogLoss: Double?
  var lastScore: TrainingProgress.Development?
  var optimiser = AdamW<Float>(weightDecay: 0)
  var average: MovingAverage<Float>?
  var best: Weights<Float>?

  /// The mean loss of the epoch so far.
  var meanLoss: Double { lossCount > 0 ? lossSum / Double(lossCount) : 0 }

  /// The state to begin with, or the one a file holds, whose weights then go into the trainer.
  init(_ trainer: Trainer, path: String?) throws(TrainingError) {
    startPhase(0, of: trainer.plan, trainer.parameters)
    guard let path else { return }
    let bytes: [UInt8]
    do {
      bytes = try readFile(path)
    } catch {
      guard error.isAbsence else { throw TrainingError(error.description) }
      return
    }
    func damage() -> TrainingError {
      TrainingError("\(path) is no intact state of training. Delete it to start again.")
    }
    guard let file = try? Safetensors(bytes),
      let counters = try? JSONDecoder().decode(
        Counters.self, from: Data((file.metadata["counters"] ?? "").utf8))
    else { throw damage() }
    guard file.metadata["fingerprint"] == trainer.fingerprint else {
      throw TrainingError(
        "\(path) belongs to a run with other data or other settings. Delete it to start again, or "
          + "give the same data and settings to go on.")
    }
    guard counters.areSound(phases: trainer.plan.phases.count), Self.fits(file, trainer) else {
      throw damage()
    }
    restore(counters, file, trainer)
  }

  /// Whether a file's weights are those of a trainer by name and shape.
  private static func fits(_ file: Safetensors, _ trainer: Trainer) -> Bool {
    let trained = trainer.parameters.trained
    return trained.names.allSatisfy { file.tensors["now/\($0)"] != nil }
      && file.tensors.allSatisfy { name, tensor in
        guard let cut = name.firstIndex(of: "/"),
          let matrix = trained[String(name[name.index(after: cut)...])]
        else { return false }
        return tensor.shape == [matrix.rows, matrix.columns]
      }
  }

  private mutating func restore(_ counters: Counters, _ file: Safetensors, _ trainer: Trainer) {
    phase = counters.phase
    epoch = counters.epoch
    step = counters.step
    lossSum = counters.lossSum
    lossCount = counters.lossCount
    badSteps = counters.badSteps
    epochsWithoutGain = counters.epochsWithoutGain
    bestLogLoss = counters.bestLogLoss
    if phase < trainer.plan.phases.count {
      optimiser.weightDecay = Float(trainer.plan.phases[phase].weightDecay)
    }
    optimiser.step = counters.optimiserStep
    func group(_ prefix: String) -> Weights<Float>? {
      var weights = Weights<Float>()
      for (name, tensor) in file.tensors where name.hasPrefix(prefix) && tensor.shape.count == 2 {
        weights[String(name.dropFirst(prefix.count))] = Matrix(
          rows: tensor.shape[0], columns: tensor.shape[1], elements: tensor.numbers())
      }
      return weights.matrices.isEmpty ? nil : weights
    }
    trainer.parameters.weights = group("now/") ?? Weights()
    optimiser.means = group("mean/") ?? Weights()
    optimiser.squares = group("square/") ?? Weights()
    best = group("best/")
    if phase < trainer.plan.phases.count, let weights = group("average/") {
      average = MovingAverage(of: weights, decay: Float(trainer.plan.phases[phase].average))
    }
  }

  /// Begins a phase: a new optimiser and a new mean.
  mutating func startPhase(
    _ place: Int, of plan: TrainingPlan, _ parameters: ParameterSet<Float>
  ) {
    phase = place
    epoch = 0
    step = 0
    epochsWithoutGain = 0
    bestLogLoss = nil
    best = nil
    average = nil
    guard place < plan.phases.count else { return }
    let phase = plan.phases[place]
    optimiser = AdamW(weightDecay: Float(phase.weightDecay))
    if phase.average > 0 {
      average = MovingAverage(of: parameters.trained, decay: Float(phase.average))
    }
  }

  /// Writes the state; what was there before stays until the new one is complete.
  func write(to path: String, _ trainer: Trainer) throws(TrainingError) {
    var file = Safetensors()
    let counters = Counters(
      phase: phase, epoch: epoch, step: step, lossSum: lossSum, lossCount: lossCount,
      badSteps: badSteps, epochsWithoutGain: epochsWithoutGain, bestLogLoss: bestLogLoss,
      optimiserStep: optimiser.step)
    let groups: [(String, Weights<Float>?)] = [
      ("now/", trainer.parameters.trained), ("mean/", optimiser.means),
      ("square/", optimiser.squares), ("best/", best), ("average/", average?.weights),
    ]
    for (prefix, weights) in groups {
      for (name, matrix) in weights?.matrices ?? [:] {
        file.tensors[prefix + name] = .single(matrix)
      }
    }
    do {
      file.metadata = [
        "counters": String(decoding: try JSONEncoder().encode(counters), as: UTF8.self),
        "fingerprint": trainer.fingerprint,
      ]
      try writeFileAtomically(path, file.encoded())
    } catch {
      throw TrainingError("The state of training cannot be kept. \(error)")
    }
  }

  private struct Counters: Codable {
    var phase: Int
    var epoch: Int
    var step: Int
    var lossSum: Double
    var lossCount: Int
    var badSteps: Int
    var epochsWithoutGain: Int
    var bestLogLoss: Double?
    var optimiserStep: Int

    /// Whether they can be those of a run of so many phases.
    func areSound(phases: Int) -> Bool {
      (0...phases).contains(phase)
        && [epoch, step, lossCount, badSteps, epochsWithoutGain, optimiserStep]
          .allSatisfy { $0 >= 0 }
    }
  }
}

extension Trainer {
  /// Tells runs apart whose states must not be mixed: the plan, the checkpoint they began with, the
  /// vocabulary and the targets.
  func makeFingerprint() -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func mix(_ bytes: some Sequence<UInt8>) {
      for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }
    if let plan = try? encoder.encode(plan) { mix(plan) }
    if let start { mix(start.weightsHash.utf8) }
    for word in vocabulary.words { mix(word.utf8) }
    for task in tasks {
      mix(task.labels.joined(separator: "\n").utf8)
      for dialogue in task.dialogues {
        for (text, target) in zip(dialogue.texts, dialogue.targets) {
          mix(text.words.map { UInt8(truncatingIfNeeded: $0) })
          for share in target ?? [] { mix([UInt8(clamping: Int(share * 255))]) }
        }
      }
    }
    return String(hash, radix: 16)
  }
}
