/// Probabilities of annotated cases from models that have not seen their dialogues.
public struct TriggerValidation: Equatable, Sendable {
  /// For each case the probability of each turn.
  public let probabilities: [[Double]]
  /// For each case the threshold of the model that gave them.
  public let thresholds: [Double]

  /// Leaves out one dialogue after the other and trains on the rest.
  ///
  /// Nothing random is in it: the same cases give the same figures.
  public init(crossValidating cases: [TriggerCase]) {
    let dialogues = TriggerCase.dialogues(of: cases)
    let rows = cases.map(\.rows)
    var probabilities = [[Double]](repeating: [], count: cases.count)
    var thresholds = [Double](repeating: 0, count: cases.count)
    for dialogue in Set(dialogues).sorted() {
      let training = cases.indices.filter { dialogues[$0] != dialogue }.flatMap { rows[$0] }
      let weights = LogisticRegression.fit(
        training, features: TriggerFeatures.names.count, penalty: TriggerModel.penalty)
      let threshold = TriggerModel.bestThreshold(
        for: training.map { LogisticRegression.probability(of: $0.features, weights) })
      for place in cases.indices where dialogues[place] == dialogue {
        probabilities[place] = TriggerFeatures.all(of: cases[place].shift).map {
          LogisticRegression.probability(of: $0, weights)
        }
        thresholds[place] = threshold
      }
    }
    self.probabilities = probabilities
    self.thresholds = thresholds
  }

  /// Asks a model that was trained on something else.
  public init(_ model: TriggerModel, on cases: [TriggerCase]) {
    probabilities = cases.map { model.probabilities(of: $0.shift) }
    thresholds = cases.map { _ in model.threshold }
  }

  /// Which turns of each case count as triggers.
  public var chosen: [[Bool]] {
    zip(probabilities, thresholds).map { probabilities, threshold in
      probabilities.map { $0 >= threshold }
    }
  }
}

extension TriggerValidation {
  /// The candidates whose probability lies in one part of the scale.
  public struct Stratum: Equatable, Sendable {
    /// How many there are.
    public var candidates = 0
    /// How many of them are triggers.
    public var triggers = 0
    /// The sum of their probabilities.
    public var expected = 0.0
  }

  /// Probabilities beside frequencies, in ten parts of equal width.
  public func reliability(on cases: [TriggerCase]) -> [Stratum] {
    var strata = [Stratum](repeating: Stratum(), count: 10)
    for (annotated, probabilities) in zip(cases, probabilities) {
      for (answer, probability) in zip(annotated.triggers, probabilities) {
        guard let answer else { continue }
        let place = min(9, Int(probability * 10))
        strata[place].candidates += 1
        strata[place].triggers += answer ? 1 : 0
        strata[place].expected += probability
      }
    }
    return strata
  }

  /// The mean distance of probability and frequency over the parts of ``reliability(on:)``,
  /// weighted by candidates.
  public func calibrationError(on cases: [TriggerCase]) -> Double? {
    let strata = reliability(on: cases)
    let count = strata.reduce(0) { $0 + $1.candidates }
    guard count > 0 else { return nil }
    return strata.reduce(0) { $0 + abs(Double($1.triggers) - $1.expected) } / Double(count)
  }
}
