/// Says how probably each turn caused a change of a speaker's emotion.
///
/// A logistic regression over position, speakers, emotions and the shape of the texts, trained on
/// MELD-FR. It is not the emotion model's influence: influence says what moved the model, this what
/// probably moved the person.
public struct TriggerModel: Equatable, Sendable {
  /// One weight for each of ``featureNames``.
  public let weights: [Double]
  /// From which probability on a turn counts as a trigger: the one that maximises the expected F1.
  public let threshold: Double
  /// What it was trained on, in words.
  public let details: String
  /// What tells the training excerpts from others, see ``TriggerCase/fingerprint``.
  public let fingerprints: Set<UInt64>

  /// What the weights belong to, in order.
  public static var featureNames: [String] { TriggerFeatures.names }

  /// The strength of the ridge penalty on the weights, chosen by cross-validation.
  static let penalty = 1 / 0.3

  init(
    weights: [Double], threshold: Double, details: String, fingerprints: Set<UInt64>
  ) {
    precondition(weights.count == TriggerFeatures.names.count)
    self.weights = weights
    self.threshold = threshold
    self.details = details
    self.fingerprints = fingerprints
  }

  /// Trains on annotated excerpts.
  ///
  /// - Parameters:
  ///   - cases: the excerpts; turns without an answer are left out.
  ///   - details: what they are, in words.
  public init(training cases: [TriggerCase], details: String) {
    let rows = cases.map(\.rows)
    let weights = LogisticRegression.fit(
      rows.flatMap(\.self), features: TriggerFeatures.names.count, penalty: Self.penalty)
    let probabilities = rows.joined().map {
      LogisticRegression.probability(of: $0.features, weights)
    }
    // In single precision, as they are stored: a model does not change by being written.
    self.init(
      weights: weights.map { Double(Float($0)) },
      threshold: Double(Float(Self.bestThreshold(for: probabilities))), details: details,
      fingerprints: Set(cases.map(\.fingerprint)))
  }

  /// The probability that a turn caused the change, for each turn of an excerpt in order.
  ///
  /// Causes do not exclude each other: the probabilities need not sum to 1.
  public func probabilities(of shift: EmotionShift) -> [Double] {
    TriggerFeatures.all(of: shift).map { LogisticRegression.probability(of: $0, weights) }
  }

  /// The turn that most probably caused the change; `nil` if none reaches ``threshold``.
  public func likeliest(in shift: EmotionShift) -> (turn: Int, probability: Double)? {
    let probabilities = probabilities(of: shift)
    let best = bestPlace(probabilities)
    return probabilities[best] >= threshold ? (best, probabilities[best]) : nil
  }

  /// The threshold with the highest expected F1 if the probabilities can be taken at their word: it
  /// is half that F1 (Lipton, Elkan and Naryanaswamy 2014, arXiv:1402.1892).
  static func bestThreshold(for probabilities: [Double]) -> Double {
    let sorted = probabilities.sorted(by: >)
    let expected = sorted.reduce(0, +)
    var found = 0.0
    var best = 0.0
    for (place, probability) in sorted.enumerated() {
      found += probability
      best = max(best, 2 * found / (Double(place + 1) + expected))
    }
    return best / 2
  }
}
