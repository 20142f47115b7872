internal import NeuralNet

/// One pass over the data: which examples each step takes, in an order that follows from seed,
/// phase and epoch alone, so that a resumed run takes the same.
struct Epoch {
  /// An example of a step: a task's dialogue, or one turn of it.
  struct Example {
    var task: Int
    var dialogue: Int
    var turn: Int?
  }

  /// The examples of each step.
  var steps: [[Example]]
  private var phase: TrainingPlan.Phase

  init(_ trainer: Trainer, _ phase: TrainingPlan.Phase, _ state: TrainingState) {
    self.phase = phase
    var random = RandomSource(
      seed: trainer.plan.seed, purpose: UInt64(state.phase + 1) << 20 | UInt64(state.epoch))
    switch phase.unit {
    case .turns: steps = Self.turns(trainer.tasks, batch: phase.batch, &random)
    case .dialogues: steps = Self.dialogues(trainer.tasks, batch: phase.batch, &random)
    }
  }

  private static func turns(
    _ tasks: [PreparedTask], batch: Int, _ random: inout RandomSource
  ) -> [[Example]] {
    var examples: [Example] = []
    for (task, data) in tasks.enumerated() {
      for (place, dialogue) in data.dialogues.enumerated() {
        for turn in 0..<dialogue.count
        where dialogue.targets[turn] != nil && !dialogue.texts[turn].words.isEmpty {
          examples.append(Example(task: task, dialogue: place, turn: turn))
        }
      }
    }
    random.shuffle(&examples)
    return stride(from: 0, to: examples.count, by: max(1, batch)).map {
      Array(examples[$0..<min(examples.count, $0 + max(1, batch))])
    }
  }

  /// Dialogues of the main task in random order; of each auxiliary task that has dialogues of more
  /// than a turn, as large a share a step.
  private static func dialogues(
    _ tasks: [PreparedTask], batch: Int, _ random: inout RandomSource
  ) -> [[Example]] {
    let orders = tasks.map { task in
      var order = task.dialogues.indices.filter { place in
        task.dialogues[place].targets.contains { $0 != nil }
      }
      random.shuffle(&order)
      return order
    }
    let count = (orders[0].count + max(1, batch) - 1) / max(1, batch)
    return (0..<count).map { step in
      tasks.indices.flatMap { task -> [Example] in
        let isContextual = task == 0 || tasks[task].dialogues.contains { $0.count > 1 }
        guard isContextual else { return [] }
        let range = orders[task].count * step / count..<orders[task].count * (step + 1) / count
        return orders[task][range].map { Example(task: task, dialogue: $0, turn: nil) }
      }
    }
  }

  /// The loss of a step, 1 × 1.
  func loss(of step: [Example], _ trainer: Trainer, _ tape: Tape<Float>) -> Node<Float> {
    let dialogues = step.map { example in
      let dialogue = trainer.tasks[example.task].dialogues[example.dialogue]
      return example.turn.map(dialogue.alone) ?? dialogue
    }
    let parameters = trainer.parameters
    let inputs = trainer.network.inputs(
      dialogues, dropping: phase.inputDropout, modalityDropout: phase.modalityDropout, tape,
      parameters)
    var terms: [(loss: Node<Float>, weight: Float)] = []
    let judged =
      phase.unit == .dialogues
      ? trainer.network.gated.judged(
        trainer.network.slots(dialogues, inputs, tape, parameters), tape) : nil
    for task in trainer.tasks.indices {
      let rows = Rows(of: task, step, dialogues)
      guard !rows.places.isEmpty else { continue }
      let data = trainer.tasks[task]
      let taskWeight = task == 0 ? 1 : Float(phase.auxiliaryWeight)
      let targets = Matrix(
        rows: rows.targets.count, columns: data.labels.count,
        elements: Array(rows.targets.joined()))
      let weights = rows.targets.map { data.weight(of: $0, balance: phase.classBalance) }
      /// Adds each member's own cross-entropy.
      func judge(_ x: Node<Float>, head name: String, weight: Float) {
        let members = trainer.network.gated.memberLogits(
          tape.gatherRows(x, rows.places),
          head: (parameters["\(name).weight"], parameters["\(name).bias"]), tape)
        for logits in members {
          let loss = tape.crossEntropy(logits, targets: targets, weights: weights)
          terms.append((loss, weight / Float(members.count)))
        }
      }
      if let judged { judge(judged, head: Trainer.headName(data.head), weight: taskWeight) }
      let turnWeight = judged == nil ? 1 : Float(phase.contextFreeWeight)
      if turnWeight > 0, let text = inputs.text {
        // Each turn counts alike in a step of turns, whatever it comes from.
        let share =
          judged == nil
          ? Float(rows.places.count) / Float(step.count) * taskWeight : turnWeight * taskWeight
        judge(text, head: Trainer.turnHeadName(data.head), weight: share)
      }
    }
    if phase.distillation > 0, let text = inputs.text,
      let loss = Distillation.loss(text, dialogues, trainer.network.towers, tape, parameters)
    {
      terms.append((loss, Float(phase.distillation)))
    }
    return tape.weightedSum(terms)
  }

  /// The rows of a step that have a target of a task.
  private struct Rows {
    var places: [Int] = []
    var targets: [[Float]] = []

    init(of task: Int, _ step: [Example], _ dialogues: [PreparedDialogue]) {
      var start = 0
      for (example, dialogue) in zip(step, dialogues) {
        if example.task == task {
          for (turn, target) in dialogue.targets.enumerated() {
            guard let target else { continue }
            places.append(start + turn)
            targets.append(target)
          }
        }
        start += dialogue.count
      }
    }
  }
}

extension PreparedDialogue {
  /// One of its turns as a dialogue of its own.
  fileprivate func alone(_ turn: Int) -> PreparedDialogue {
    PreparedDialogue(
      texts: [texts[turn]], audio: [audio[turn]], vectors: [vectors[turn]],
      pieces: pieces.isEmpty ? [] : [pieces[turn]],
      table: SlotTable(speakers: [""], slots: []), targets: [targets[turn]])
  }
}
