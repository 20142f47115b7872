internal import Dialogues
internal import NeuralNet

/// Labelled data as the network takes it.
struct PreparedTask {
  var name: String
  var labels: [String]
  var dialogues: [PreparedDialogue]
  /// How often each label is given, as shares that sum to 1.
  var prior: [Float]
  /// Turns with a target.
  var targetCount: Int
  /// The first task with the same labels: the one whose head it trains.
  var head = 0

  init(
    _ data: TrainingData, _ architecture: Architecture, _ vocabulary: Vocabulary
  ) throws(TrainingError) {
    guard !data.labels.isEmpty, Set(data.labels).count == data.labels.count else {
      throw TrainingError("The labels of \(data.name) are missing or not different.")
    }
    name = data.name
    labels = data.labels
    dialogues = []
    var totals = [Float](repeating: 0, count: labels.count)
    var count = 0
    for dialogue in data.dialogues {
      var targets: [[Float]?] = []
      for turn in dialogue.turns {
        let target = try Self.target(data.targets[turn.key], turn.key, data)
        targets.append(target)
        guard let target else { continue }
        count += 1
        for (place, share) in target.enumerated() { totals[place] += share }
      }
      dialogues.append(
        PreparedDialogue(
          dialogue, audio: { data.audio[$0.key] }, vectors: { data.textVectors[$0.key] },
          architecture, vocabulary, targets: targets))
    }
    targetCount = count
    prior = totals.map { $0 / Float(max(1, count)) }
  }

  private static func target(
    _ weights: [Float]?, _ turn: TurnKey, _ data: TrainingData
  ) throws(TrainingError) -> [Float]? {
    guard let weights else { return nil }
    let total = weights.reduce(0, +)
    guard weights.count == data.labels.count, weights.allSatisfy({ $0 >= 0 }), total.isFinite
    else {
      throw TrainingError(
        "The target of turn \(turn) is not \(data.labels.count) numbers from 0 up, one for each "
          + "label of \(data.name).")
    }
    return total > 0 ? weights.map { $0 / total } : nil
  }

  /// How much a turn with this target counts, so that rare labels are not drowned: the mean over
  /// the data is 1.
  func weight(of target: [Float], balance: Double) -> Float {
    guard balance > 0 else { return 1 }
    var weight: Float = 0
    var mean: Float = 0
    for (share, prior) in zip(target, prior) where prior > 0 {
      let factor = Float.exponential(-Float(balance) * Float.logarithm(prior))
      weight += share * factor
      mean += prior * factor
    }
    return weight / mean
  }
}

extension PreparedDialogue {
  /// A dialogue as the network takes it.
  ///
  /// - Parameter vocabulary: the words that have a vector; `nil` for a network that reads none.
  init(
    _ dialogue: Dialogue, audio: (Turn) -> [Float]?,
    vectors: (Turn) -> [Float]? = { _ in nil }, _ architecture: Architecture,
    _ vocabulary: Vocabulary?, targets: [[Float]?]? = nil
  ) {
    let buckets = architecture.textEncoder?.buckets ?? 1
    texts = dialogue.turns.map { turn in
      vocabulary.map { EncodedText(turn.text, $0, buckets: buckets) } ?? EncodedText()
    }
    let width = architecture.audioWidth
    // A feature that is no number would spread to every turn around it: such a turn counts as one
    // without sound, or without text.
    self.audio = dialogue.turns.map { turn in
      width == 0
        ? nil : audio(turn).flatMap { $0.count == width && $0.allSatisfy(\.isFinite) ? $0 : nil }
    }
    self.vectors = dialogue.turns.map { turn in
      vectors(turn).flatMap { $0.allSatisfy(\.isFinite) ? $0 : nil }
    }
    table = SlotTable(speakers: dialogue.turns.map(\.speaker), slots: architecture.slots)
    self.targets = targets ?? dialogue.turns.map { _ in nil }
  }
}
