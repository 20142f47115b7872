internal import NeuralNet

/// What a hearing is worth as evidence for the labels of another model.
public struct VoiceEvidence: Sendable {
  /// For each label of the model of voices, the place of the label it speaks for, if any.
  private let places: [Int?]
  private let labelCount: Int

  /// Relates labels by name and meaning; what is calm counts as neutral where there is no calm.
  public init(from source: [String], to target: [String]) {
    let mapping = LabelMapping(from: source, to: target)
    let neutral = source.firstIndex(of: "neutral").flatMap { mapping.places[$0] }
    places = zip(source, mapping.places).map { label, place in
      place ?? (label == "calm" ? neutral : nil)
    }
    labelCount = target.count
  }

  /// The probabilities of the other model's labels; 0 for those no voice speaks for.
  public func shares(_ posterior: [Float]) -> [Double] {
    var shares = [Double](repeating: 0, count: labelCount)
    for (probability, place) in zip(posterior, places) {
      if let place { shares[place] += Double(probability) }
    }
    return shares
  }

  /// The logarithm of how much more probable the sound is with each label than without knowing it.
  ///
  /// The mean of what the model of voices says and of a sound that says nothing, so that no sound
  /// can rule a label out: with w the probability that the sound has to do with the label, a label
  /// gains at most ln(8w + 1 − w) and loses at most ln(1 − w). A label that no voice speaks for
  /// neither gains nor loses.
  ///
  /// - Parameters:
  ///   - posterior: probabilities of a model that was taught each label alike.
  ///   - related: w; see ``VoiceTrust``.
  public func logLikelihoodRatios(_ posterior: [Float], related: Double) -> [Double] {
    let priors = shares([Float](repeating: 1 / Float(max(1, places.count)), count: places.count))
    return zip(shares(posterior), priors).map { share, prior in
      guard prior > 0 else { return 0 }
      return Double.logarithm(related * share / prior + 1 - related)
    }
  }
}
