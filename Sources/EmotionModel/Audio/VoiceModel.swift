internal import Acoustics
internal import NeuralNet

/// Hears how a turn is said: from the statistics of its sound to a probability for each label.
///
/// Two discriminants, for what a sound is measured against: the mean of the voices they were
/// trained on (or of a project's), or the mean of the speaker's own turns, which is worth much more
/// and is only right once these are many and mixed.
public struct VoiceModel: Sendable, Equatable {
  /// What it is called, such as `voice-3`.
  public var name: String
  /// What it was trained on and with, in words.
  public var details: String
  /// What it hears of a sound, as ``VoiceStatistics`` lists it.
  let heard: String
  /// The labels its posteriors speak of, in their order.
  public var labels: [String]
  /// The mean and deviation of the sounds it was trained on.
  public var training: VoiceNormaliser
  /// How far a speaker's own sounds deviate from their mean, on average over training speakers.
  public var speakerDeviations: [Float]
  var general: VoiceDiscriminant
  var personal: VoiceDiscriminant

  /// What a sound is measured against.
  public enum Reference: Sendable {
    /// The mean of the voices in training, or of a project.
    case everybody(VoiceNormaliser)
    /// The speaker's own turns, the judged ones among them: at least ten, of mixed emotions.
    case speaker([[Float]])
  }

  /// Hears sounds.
  ///
  /// - Parameters:
  ///   - sounds: their ``VoiceStatistics``.
  ///   - reference: what they are measured against.
  /// - Returns: for each sound a probability for each label, summing to 1.
  public func hear(_ sounds: [[Float]], against reference: Reference) -> [[Float]] {
    guard !sounds.isEmpty else { return [] }
    func rows(_ posteriors: Matrix<Float>) -> [[Float]] {
      (0..<posteriors.rows).map(posteriors.row)
    }
    switch reference {
    case .everybody(let normaliser):
      return rows(general.posteriors(general.project(normaliser.normalised(sounds))))
    case .speaker(let own):
      let normaliser = VoiceNormaliser(of: own, prior: (speakerDeviations, 10))
      let means = personal.adapted(to: personal.project(normaliser.normalised(own)))
      return rows(
        personal.posteriors(personal.project(normaliser.normalised(sounds)), means: means))
    }
  }

  init(
    name: String, details: String, examples: VoiceExamples, progress: (Double) -> Bool
  ) throws(TrainingError) {
    guard let plain = examples.statistics.first, !plain.isEmpty else {
      throw TrainingError("There is no sound to train on.")
    }
    setMatrixThreads(1)
    let normaliser = VoiceNormaliser(of: examples.statistics.joined())
    func discriminant(
      _ inputs: [[Float]], _ kinds: VoiceKinds, done: Double
    ) throws(TrainingError) -> VoiceDiscriminant {
      let result = VoiceDiscriminant(
        inputs: Matrix(
          rows: inputs.count, columns: plain[0].count, elements: Array(inputs.joined())),
        kinds: VoiceKinds(
          labels: kinds.labels, of: inputs.indices.map { kinds.of[$0 % kinds.of.count] }))
      guard progress(done) else {
        throw TrainingError("Training was stopped; nothing was written.")
      }
      return result
    }
    general = try discriminant(
      examples.normalised(by: normaliser), VoiceKinds(examples.labels), done: 0.5)
    personal = try discriminant(
      examples.normalisedBySpeaker(), VoiceKinds(examples.labels, areStrong: examples.areStrong),
      done: 1)
    var variances = [Float](repeating: 0, count: plain[0].count)
    let speakers = Set(examples.speakers).sorted()
    for speaker in speakers {
      let own = zip(examples.speakers, plain).filter { $0.0 == speaker }.map(\.1)
      for (place, deviation) in VoiceNormaliser(of: own).deviations.enumerated() {
        variances[place] += deviation * deviation / Float(speakers.count)
      }
    }
    self.name = name
    self.details = details
    heard = examples.heard
    labels = examples.names
    training = normaliser
    speakerDeviations = variances.map { $0.squareRoot() }
  }
}
