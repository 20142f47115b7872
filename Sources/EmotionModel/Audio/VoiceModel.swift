internal import Acoustics
internal import NeuralNet

/// Hears how a turn is said: from the statistics of its sound to a probability for each label and
/// a vector of fixed width.
///
/// Two judges, for what a sound is measured against: the mean of the voices it was trained on (or
/// of a project's), or the mean of the speaker's own turns, which is worth much more and
/// is only right once these are many and mixed.
public struct VoiceModel: Sendable, Equatable {
  /// What it is called, such as `voice-2`.
  public var name: String
  /// What it was trained on and with, in words.
  public var details: String
  /// The labels its posteriors speak of, in their order.
  public var labels: [String]
  /// The mean and deviation of the sounds it was trained on.
  public var training: VoiceNormaliser
  /// How far a speaker's own sounds deviate from their mean, on average over training speakers.
  public var speakerDeviations: [Float]
  var general: VoiceJudge
  var personal: VoiceJudge

  /// What a sound is measured against.
  public enum Reference: Sendable {
    /// The mean of the voices in training, or of a project.
    case everybody(VoiceNormaliser)
    /// The speaker's own turns, the judged ones among them: at least ten, of mixed emotions.
    case speaker([[Float]])
  }

  /// What a sound is heard as.
  public struct Hearing: Sendable {
    /// A probability for each label, summing to 1.
    public var posterior: [Float]
    /// What the discriminant alone says.
    public var discriminant: [Float]
    /// What the network alone says.
    public var network: [Float]
    /// The network's second layer and the posterior: ``VoiceModel/vectorWidth`` numbers.
    public var vector: [Float]
  }

  /// The width of a turn's vector.
  public var vectorWidth: Int { VoiceNetwork.width + labels.count }

  /// The statistics of a turn's sound, for ``hear(_:against:)``.
  ///
  /// - Parameter samples: mono, 16 kHz. Of more than half a minute the middle counts.
  /// - Returns: `nil` for silence.
  public static func statistics(of samples: [Float]) -> [Float]? {
    SpeechSound(samples).map { SpeechStatistics($0).values }
  }

  /// Hears sounds.
  ///
  /// - Parameters:
  ///   - sounds: their statistics.
  ///   - reference: what they are measured against.
  /// - Returns: one hearing a sound.
  public func hear(_ sounds: [[Float]], against reference: Reference) -> [Hearing] {
    let verdicts: [VoiceJudge.Verdict]
    switch reference {
    case .everybody(let normaliser):
      verdicts = general.verdicts(on: normaliser.normalised(sounds))
    case .speaker(let own):
      let normaliser = VoiceNormaliser(of: own, prior: (speakerDeviations, 10))
      verdicts = personal.verdicts(
        on: normaliser.normalised(sounds), adaptingTo: normaliser.normalised(own))
    }
    return verdicts.map {
      Hearing(
        posterior: $0.posterior, discriminant: $0.discriminant, network: $0.network,
        vector: $0.vector + $0.posterior)
    }
  }

  init(
    name: String, details: String, examples: VoiceExamples, trainer: VoiceTrainer,
    progress: (Double) -> Bool
  ) throws(TrainingError) {
    guard let plain = examples.statistics.first, !plain.isEmpty else {
      throw TrainingError("There is no sound to train on.")
    }
    let normaliser = VoiceNormaliser(of: examples.statistics.joined())
    func judge(_ inputs: [[Float]], _ from: Double) throws(TrainingError) -> VoiceJudge {
      guard
        let judge = trainer.judge(
          inputs, labels: examples.labels, labelCount: examples.names.count,
          progress: { progress(from + $0 / 2) })
      else { throw TrainingError("Training was stopped; nothing was written.") }
      return judge
    }
    general = try judge(examples.normalised(by: normaliser), 0)
    personal = try judge(examples.normalisedBySpeaker(), 0.5)
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
    labels = examples.names
    training = normaliser
    speakerDeviations = variances.map { $0.squareRoot() }
  }
}

extension VoiceModel {
  /// How many statistics a sound is summed up in.
  public static var statisticsCount: Int { SpeechStatistics.names.count }
  /// What tells these statistics apart from those of another version of the program, for
  /// remembering them.
  public static let statisticsVersion: String = {
    var hash = ContentHash()
    hash.add(statisticsList)
    return "voice-statistics-\(SpeechStatistics.version)-\(String(hash.value, radix: 16))"
  }()
  static var statisticsList: String { SpeechStatistics.names.joined(separator: " ") }
}
