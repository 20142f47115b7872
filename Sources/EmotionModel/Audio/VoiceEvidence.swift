internal import NeuralNet

/// What a hearing is worth as evidence for the labels of another model.
public struct VoiceEvidence: Sendable {
  /// For each label of the model of voices, the place of the label it speaks for, if any.
  private let places: [Int?]
  private let labelCount: Int

  /// How often a sound is taken to say nothing of the label of its turn.
  ///
  /// Trained on acted speech, such models are right in 0.30 to 0.55 of four classes of another
  /// corpus where chance is 0.25, and in about 0.7 of their own: so two to nine in ten turns of a
  /// stranger's sound are as good as unrelated, and six in ten are assumed.
  public static let unrelated = 0.6

  /// Relates labels by name and meaning; what is calm counts as neutral where there is no calm.
  public init(from source: [String], to target: [String]) {
    let mapping = LabelMapping(from: source, to: target)
    let neutral = source.firstIndex(of: "neutral").flatMap { mapping.places[$0] }
    places = zip(source, mapping.places).map { label, place in
      place ?? (label == "calm" ? neutral : nil)
    }
    labelCount = target.count
  }

  /// The logarithm of how much more probable the sound is with each label than without knowing it.
  ///
  /// The mean of what the model of voices says and of a sound that says nothing, so that no sound
  /// can rule a label out: a label gains at most ln(0.4·8 + 0.6) and loses at most ln 0.6. A label
  /// that no voice speaks for neither gains nor loses.
  ///
  /// - Parameter posterior: probabilities of a model that was taught each label alike.
  public func logLikelihoodRatios(_ posterior: [Float]) -> [Double] {
    var mass = [Double](repeating: 0, count: labelCount)
    var prior = mass
    for (probability, place) in zip(posterior, places) {
      guard let place else { continue }
      mass[place] += Double(probability)
      prior[place] += 1 / Double(posterior.count)
    }
    return zip(mass, prior).map { mass, prior in
      guard prior > 0 else { return 0 }
      return Double.logarithm((1 - Self.unrelated) * mass / prior + Self.unrelated)
    }
  }
}
