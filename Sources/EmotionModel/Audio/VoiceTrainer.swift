internal import NeuralNet

/// Sounds to learn from: the same clips in several variations.
struct VoiceExamples: Sendable {
  /// The labels the places of ``labels`` stand for.
  var names: [String]
  /// For each clip its label.
  var labels: [Int]
  /// For each clip its speaker.
  var speakers: [Int]
  /// For each variation, the plain one first, the clips' statistics.
  var statistics: [[[Float]]]

  /// The examples of some speakers.
  func filtered(_ isWanted: (Int) -> Bool) -> VoiceExamples {
    let places = speakers.indices.filter { isWanted(speakers[$0]) }
    return VoiceExamples(
      names: names, labels: places.map { labels[$0] }, speakers: places.map { speakers[$0] },
      statistics: statistics.map { copy in places.map { copy[$0] } })
  }

  /// All variations measured against one mean.
  func normalised(by normaliser: VoiceNormaliser) -> [[Float]] {
    statistics.flatMap { $0.map(normaliser.normalised) }
  }

  /// Each variation of each speaker measured against its own mean: a varied speaker is a speaker
  /// of their own.
  func normalisedBySpeaker() -> [[Float]] {
    statistics.flatMap { copy in
      var result = copy
      for speaker in Set(speakers).sorted() {
        let places = speakers.indices.filter { speakers[$0] == speaker }
        let normaliser = VoiceNormaliser(of: places.map { copy[$0] })
        for place in places { result[place] = normaliser.normalised(copy[place]) }
      }
      return result
    }
  }
}

/// Trains the judges of sounds; deterministic for a seed and one thread.
struct VoiceTrainer {
  var seed: UInt64
  /// Passes over all variations.
  var epochs = 10
  private let batch = 96
  private let rate = 2e-3
  private let smoothing: Float = 0.1

  /// Trains a discriminant and a network on normalised examples.
  ///
  /// - Parameter progress: told the share done; answers whether to go on.
  /// - Returns: `nil` if `progress` said stop.
  func judge(
    _ inputs: [[Float]], labels: [Int], labelCount: Int, progress: (Double) -> Bool
  ) -> VoiceJudge? {
    setMatrixThreads(1)
    let width = inputs.first?.count ?? 0
    let table = Matrix(rows: inputs.count, columns: width, elements: Array(inputs.joined()))
    let repeated = (0..<inputs.count).map { labels[$0 % labels.count] }
    let discriminant = VoiceDiscriminant(inputs: table, labels: repeated, labelCount: labelCount)
    let network = VoiceNetwork(inputs: width, labels: labelCount)
    var random = RandomSource(seed: seed)
    let parameters = ParameterSet<Float>(
      Weights(startingFrom: network.parameters, &random), isTrained: { _ in true })
    var optimiser = AdamW<Float>(weightDecay: 1e-2)
    let steps = max(1, inputs.count / batch)
    let schedule = CosineSchedule(warmup: epochs * steps / 10, total: epochs * steps)
    for epoch in 0..<epochs {
      var order = Array(inputs.indices)
      random.shuffle(&order)
      for step in 0..<steps {
        let rows = Array(order[step * batch..<min(inputs.count, (step + 1) * batch)])
        let mixed = mix(rows, table, repeated, labelCount, &random)
        let tape = Tape<Float>(random: RandomSource(seed: random.next()))
        let logits = network.output(of: tape.constant(mixed.inputs), tape, parameters).logits
        let loss = tape.crossEntropy(
          logits, targets: mixed.targets, weights: [Float](repeating: 1, count: rows.count))
        tape.backward(from: loss)
        let factor = schedule.factor(at: epoch * steps + step)
        optimiser.update(parameters, clip: 2) { _ in Float(factor * rate) }
      }
      guard progress(Double(epoch + 1) / Double(epochs)) else { return nil }
    }
    return VoiceJudge(discriminant: discriminant, network: parameters.weights)
  }

  /// Each example blended with another one, its label too (Zhang and others 2018, "mixup",
  /// arXiv:1710.09412), with smoothed targets.
  private func mix(
    _ rows: [Int], _ table: Matrix<Float>, _ labels: [Int], _ labelCount: Int,
    _ random: inout RandomSource
  ) -> (inputs: Matrix<Float>, targets: Matrix<Float>) {
    var partners = rows
    random.shuffle(&partners)
    let share = blend(&random)
    let width = table.columns
    var inputs = Matrix<Float>(rows: rows.count, columns: width)
    var targets = Matrix<Float>(
      rows: rows.count, columns: labelCount, repeating: smoothing / Float(labelCount))
    for (place, (row, partner)) in zip(rows, partners).enumerated() {
      for column in 0..<width {
        inputs.elements[place * width + column] =
          share * table.elements[row * width + column]
          + (1 - share) * table.elements[partner * width + column]
      }
      targets[place, labels[row]] += share * (1 - smoothing)
      targets[place, labels[partner]] += (1 - share) * (1 - smoothing)
    }
    return (inputs, targets)
  }

  /// A draw from the beta distribution with both parameters 0.4 (Jöhnk 1964).
  private func blend(_ random: inout RandomSource) -> Float {
    while true {
      let x = Double.exponential(Double.logarithm(max(random.uniform(), 1e-300)) / 0.4)
      let y = Double.exponential(Double.logarithm(max(random.uniform(), 1e-300)) / 0.4)
      if x + y <= 1, x + y > 0 { return Float(x / (x + y)) }
    }
  }
}
