internal import Dialogues
internal import NeuralNet

/// Trains a checkpoint from labelled dialogues.
///
/// Deterministic for data, plan, seed and number of threads; can be stopped at any step and
/// resumed with the same result as if it had not been. Not safe to use from two threads at once.
public final class Trainer {
  let plan: TrainingPlan
  let network: DialogueNetwork
  let vocabulary: Vocabulary
  let tasks: [PreparedTask]
  let development: [PreparedDialogue]
  let parameters: ParameterSet<Float>
  let shiftProbability: Double?
  /// The word pieces of an encoder that travels within the checkpoint.
  let wordPieces: [UInt8]?
  /// The checkpoint that training goes on from; `nil` for none.
  let start: Checkpoint?
  /// See ``makeFingerprint()``: all weights of the first checkpoint are read for it, and it is asked for
  /// with every epoch.
  private(set) lazy var fingerprint = makeFingerprint()
  private let clock = ContinuousClock()

  /// Prepares training.
  ///
  /// - Parameters:
  ///   - main: the data whose labels the checkpoint will know.
  ///   - auxiliary: other labelled data that teaches the encoders; where its labels are those of
  ///     `main`, also what `main` teaches.
  ///   - development: data of the same labels as `main` that is only measured on; decides when to
  ///     stop and which epoch's weights are kept. `nil` keeps the last.
  ///   - plan: how to train.
  ///   - start: a checkpoint to go on from. Its architecture and vocabulary stay; its head stays
  ///     for labels that ``LabelMapping`` knows to mean the same.
  ///   - encoder: the encoder from outside that is trained, too; `nil` where there is none.
  /// - Throws: ``TrainingError`` if there is nothing to train on, labels are missing, a target does
  ///   not fit its labels, or the architecture cannot be built.
  public init(
    main: TrainingData, auxiliary: [TrainingData] = [], development: TrainingData? = nil,
    plan: TrainingPlan, from start: Checkpoint? = nil, encoder: MiniLM? = nil
  ) throws(TrainingError) {
    let architecture = start?.architecture ?? plan.architecture
    if let fault = architecture.fault {
      throw TrainingError("The model's architecture cannot be built: \(fault).")
    }
    let within = start.flatMap(MiniLM.init(within:)).map(MiniLMReader.init)
    if within == nil, architecture.external?.isFineTuned ?? false, encoder == nil,
      main.textVectors.isEmpty
    {
      throw TrainingError("The encoder that is to be trained is not given.")
    }
    if architecture.textEncoder == nil, architecture.textWidth > 0, main.textVectors.isEmpty,
      encoder == nil, within == nil
    {
      throw TrainingError(
        "The model's architecture has no text encoder, and \(main.name) brings no text vectors.")
    }
    self.plan = plan
    self.start = start
    wordPieces = start?.wordPieces ?? encoder.flatMap { $0.isPublished ? nil : $0.vocabulary }
    network = DialogueNetwork(architecture: architecture)
    vocabulary =
      start?.vocabulary
      ?? Vocabulary(
        countingWordsOf: ([main] + auxiliary).lazy.flatMap(\.dialogues).flatMap(\.turns)
          .map(\.text))
    var tasks: [PreparedTask] = []
    for data in [main] + auxiliary {
      var task = try PreparedTask(
        within.map(data.withTextVectors) ?? data, architecture, vocabulary)
      task.dialogues.readPieces(of: data, encoder)
      task.head = tasks.firstIndex { $0.labels == task.labels } ?? tasks.count
      tasks.append(task)
    }
    guard tasks[0].targetCount > 0 else {
      throw TrainingError(
        "There is nothing to train on: no turn of \(main.name) has one of the labels "
          + "\(main.labels.joined(separator: ", ")).")
    }
    if let development, development.labels != main.labels {
      throw TrainingError("The development data has other labels than \(main.name).")
    }
    self.tasks = tasks
    shiftProbability = main.shiftProbability
    if let development {
      var dialogues = try PreparedTask(
        within.map(development.withTextVectors) ?? development, architecture, vocabulary
      ).dialogues
      dialogues.readPieces(of: development, encoder)
      self.development = dialogues
    } else {
      self.development = []
    }
    parameters = Self.start(
      network, vocabulary, tasks, from: start, plan: plan, encoder: encoder)
  }

  private static func start(
    _ network: DialogueNetwork, _ vocabulary: Vocabulary, _ tasks: [PreparedTask],
    from start: Checkpoint?, plan: TrainingPlan, encoder: MiniLM?
  ) -> ParameterSet<Float> {
    let textWidth = network.architecture.textWidth
    var shapes = network.parameters(words: vocabulary.words.count)
    for (place, task) in tasks.enumerated() where task.head == place {
      shapes += network.gated.headParameters(headName(place), labels: task.labels.count)
      shapes += ParameterShape.linear(
        turnHeadName(place), out: task.labels.count, in: textWidth)
    }
    if let width = Distillation.width(of: tasks) {
      shapes += network.towers.flatMap { Distillation.parameters(of: $0, width: width) }
    }
    let trainsEncoder = plan.phases.contains { $0.encoderRate > 0 }
    var random = RandomSource(seed: plan.seed)
    var weights = Weights<Float>(
      startingFrom: shapes.filter {
        !(start?.weights.has($0.name) ?? false) || $0.name.hasPrefix("head")
      },
      &random)
    if let encoder, network.fineTuned != nil {
      for name in encoder.weights.names { weights[name] = encoder.weights[name] }
    }
    if let start {
      for name in start.weights.names where !name.hasPrefix("head") {
        weights[name] = start.weights[name]
      }
      keepHead(of: start, labels: tasks[0].labels, in: &weights)
    }
    return ParameterSet(
      weights,
      isTrained: {
        $0 != MiniLMNetwork.table && (trainsEncoder || !$0.hasPrefix("text."))
      },
      isTable: TextEncoderNetwork.isTable)
  }

  private static func keepHead(
    of start: Checkpoint, labels: [String], in weights: inout Weights<Float>
  ) {
    guard let oldWeight = start.weights["head.weight"], let oldBias = start.weights["head.bias"],
      var weight = weights["head.weight"], var bias = weights["head.bias"]
    else { return }
    let mapping = LabelMapping(from: start.labels, to: labels)
    for place in labels.indices {
      let before = mapping.places.firstIndex(of: place)
      for column in 0..<weight.columns {
        weight[place, column] = before.map { oldWeight[$0, column] } ?? 0
      }
      // A label the checkpoint did not know starts as rare as its rarest.
      bias[0, place] = before.map { oldBias[0, $0] } ?? oldBias.elements.min() ?? 0
    }
    weights["head.weight"] = weight
    weights["head.bias"] = bias
  }

  /// The name of a head over slots; the first task's is the one a checkpoint keeps.
  static func headName(_ task: Int) -> String { task == 0 ? "head" : "head.\(task)" }
  /// The name of a head over a turn by itself.
  static func turnHeadName(_ task: Int) -> String { "turnhead.\(task)" }

  /// Why a state that ``run(name:details:statePath:progress:)`` left cannot be gone on from; `nil` if it
  /// can, or if there is none.
  public func fault(ofState path: String) -> TrainingError? {
    do {
      _ = try TrainingState(self, path: path)
      return nil
    } catch {
      return error
    }
  }

  /// Trains.
  ///
  /// - Parameters:
  ///   - statePath: a file that holds everything needed to resume, rewritten after each epoch and
  ///     when training stops; read first if it is there. `nil` to train in one go.
  ///   - progress: told after each step; answers whether to go on.
  /// - Returns: the best checkpoint, or `nil` if `progress` said stop.
  /// - Throws: ``TrainingError`` if the state belongs to other data or another plan or cannot be
  ///   written, or if losses or gradients stop being numbers.
  public func run(
    name: String = "trained", details: String = "", statePath: String? = nil,
    progress: (TrainingProgress) -> Bool = { _ in true }
  ) throws(TrainingError) -> Checkpoint? {
    setMatrixThreads(plan.threads)
    let started = clock.now
    var state = try TrainingState(self, path: statePath)
    while state.phase < plan.phases.count {
      let phase = plan.phases[state.phase]
      guard state.epoch < phase.epochs, state.epochsWithoutGain < plan.patience else {
        finishPhase(&state)
        continue
      }
      let epoch = Epoch(self, phase, state)
      while state.step < epoch.steps.count {
        try takeStep(epoch, phase, &state)
        let isLast = state.step == epoch.steps.count
        if isLast { finishEpoch(phase, &state) }
        let development = isLast ? state.lastScore : nil
        let seconds = (clock.now - started) / .seconds(1)
        let goesOn = progress(
          TrainingProgress(
            phase: phase.name, epoch: isLast ? state.epoch : state.epoch + 1,
            epochs: phase.epochs, step: isLast ? epoch.steps.count : state.step,
            steps: epoch.steps.count, loss: isLast ? state.finishedLoss : state.meanLoss,
            seconds: seconds, development: development))
        if isLast || !goesOn, let statePath { try state.write(to: statePath, self) }
        guard goesOn else { return nil }
        if isLast { break }
      }
      if epoch.steps.isEmpty { state.epoch = phase.epochs }
    }
    return checkpoint(name: name, details: details)
  }

  private func takeStep(
    _ epoch: Epoch, _ phase: TrainingPlan.Phase, _ state: inout TrainingState
  ) throws(TrainingError) {
    let tape = Tape<Float>(
      random: RandomSource(
        seed: plan.seed, purpose: UInt64(state.phase + 1) << 40 | UInt64(state.optimiser.step)))
    let loss = epoch.loss(of: epoch.steps[state.step], self, tape)
    let total = epochTotal(phase, epoch)
    let schedule = CosineSchedule(
      warmup: Int(phase.warmup * Double(total)), total: total, floor: 0.02)
    let factor = schedule.factor(at: state.optimiser.step)
    let value = loss.value.elements[0]
    tape.backward(from: loss)
    var isDone = false
    if value.isFinite {
      isDone = state.optimiser.update(parameters, clip: Float(phase.clip)) { name in
        guard name.hasPrefix("text.") else { return Float(factor * phase.rate) }
        let depth = network.fineTuned?.rateFactor(of: name, decay: phase.layerDecay) ?? 1
        return Float(factor * phase.encoderRate * depth)
      }
    } else {
      parameters.clearGradients()
    }
    if isDone {
      state.badSteps = 0
      state.lossSum += Double(value)
      state.lossCount += 1
      state.average?.include(parameters)
    } else {
      state.badSteps += 1
      guard state.badSteps < 10 else {
        throw TrainingError(
          "Training came apart: the loss of ten steps in a row is not a number. Use a lower "
            + "learning rate, and check the audio features for values that are no numbers.")
      }
    }
    state.step += 1
  }

  private func epochTotal(_ phase: TrainingPlan.Phase, _ epoch: Epoch) -> Int {
    phase.epochs * epoch.steps.count
  }

  private func finishEpoch(_ phase: TrainingPlan.Phase, _ state: inout TrainingState) {
    state.finishedLoss = state.meanLoss
    state.lossSum = 0
    state.lossCount = 0
    state.step = 0
    state.epoch += 1
    state.lastScore = nil
    guard phase.unit == .dialogues, !development.isEmpty else { return }
    let measured = state.average?.weights ?? parameters.trained
    var weights = parameters.weights
    weights.matrices.merge(measured.matrices) { $1 }
    let score = DevelopmentScore.measure(
      development, labels: tasks[0].labels.count, network, ParameterSet(weights))
    state.lastScore = score
    if state.bestLogLoss.map({ score.logLoss < $0 }) ?? true {
      state.bestLogLoss = score.logLoss
      state.best = measured
      state.epochsWithoutGain = 0
    } else {
      state.epochsWithoutGain += 1
    }
  }

  private func finishPhase(_ state: inout TrainingState) {
    if let kept = state.best ?? state.average?.weights { parameters.weights = kept }
    if plan.phases[state.phase].unit == .turns { startHeadsFromTurnHeads() }
    state.startPhase(state.phase + 1, of: plan, parameters)
  }

  /// Lets the heads over slots begin as the heads over single turns, where they see the same: the
  /// judged turn's text as it is, in a sum to which context has added little yet.
  private func startHeadsFromTurnHeads() {
    let architecture = network.architecture
    guard architecture.sharesHead, architecture.slotEncoder.passesCurrentText else { return }
    for task in tasks.indices where tasks[task].head == task {
      for part in ["weight", "bias"] {
        parameters.weights = Weights([
          "\(Self.headName(task)).\(part)":
            parameters["\(Self.turnHeadName(task)).\(part)"].value
        ])
      }
    }
  }

  private func checkpoint(name: String, details: String) -> Checkpoint {
    var checkpoint = Checkpoint(
      name: name, labels: tasks[0].labels, architecture: network.architecture, details: details,
      shiftProbability: shiftProbability, vocabulary: vocabulary, wordPieces: wordPieces,
      weights: Weights())
    for shape in checkpoint.parameterShapes {
      checkpoint.weights[shape.name] = parameters[shape.name].value
    }
    if plan.priorCorrection != 0, var bias = checkpoint.weights["head.bias"] {
      for (place, prior) in tasks[0].prior.enumerated() {
        bias[0, place] -= Float(plan.priorCorrection) * Float.logarithm(max(prior, 1e-6))
      }
      checkpoint.weights["head.bias"] = bias
    }
    return checkpoint
  }
}
