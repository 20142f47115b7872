internal import Acoustics
internal import NeuralNet

/// Clips as examples: their statistics, and those of variations of them.
public struct VoiceCorpus: Sendable {
  var examples: VoiceExamples

  /// The actors' numbers, in order.
  public var actors: [Int] { Set(examples.speakers).sorted() }
  /// How many clips there are.
  public var count: Int { examples.labels.count }

  /// Variations of each clip that training adds to the plain one.
  public static let variations = 12

  /// Computes the statistics of clips.
  ///
  /// A variation is the same for all clips of an actor: it is another voice in another room, with
  /// a mean of its own.
  ///
  /// - Parameters:
  ///   - clips: the clips.
  ///   - variations: how many variations of each; none to judge only.
  ///   - seed: decides the variations.
  ///   - statistics: what is heard of a sound.
  ///   - sound: a clip's samples, mono, 16 kHz; `nil` leaves the clip out.
  ///   - progress: told the share done; answers whether to go on.
  /// - Throws: ``TrainingError`` if `progress` said stop.
  public init(
    _ clips: [ActedClip], variations: Int = variations, seed: UInt64 = 1,
    statistics: VoiceStatistics = VoiceStatistics(),
    sound: (ActedClip) throws(TrainingError) -> [Float]?, progress: (Double) -> Bool = { _ in true }
  ) throws(TrainingError) {
    examples = VoiceExamples(
      heard: statistics.list, names: ActedClip.labels, labels: [], areStrong: [], speakers: [],
      statistics: [[[Float]]](repeating: [], count: variations + 1))
    for (place, clip) in clips.enumerated() {
      guard progress(Double(place) / Double(clips.count)) else {
        throw TrainingError("Training was stopped; nothing was written.")
      }
      guard let samples = try sound(clip), let plain = SpeechSound(samples) else { continue }
      examples.labels.append(clip.label)
      examples.areStrong.append(clip.isStrong)
      examples.speakers.append(clip.actor)
      var sounds = [plain]
      for copy in 0..<variations {
        var voice = RandomSource(seed: seed, purpose: UInt64(clip.actor) << 16 | UInt64(copy))
        var noise = RandomSource(seed: seed, purpose: UInt64(place) << 32 | UInt64(copy))
        let variation = SoundVariation(using: &voice)
        sounds.append(
          SpeechSound(variation.applied(to: plain.samples, using: &noise)) ?? plain)
      }
      for (copy, values) in statistics.values(of: sounds).enumerated() {
        examples.statistics[copy].append(values)
      }
    }
  }
}

extension VoiceModel {
  /// Trains a model: the same one, bit for bit, for the same corpus.
  ///
  /// - Parameter progress: told the share done; answers whether to go on.
  /// - Throws: ``TrainingError`` if there is nothing to train on or `progress` said stop.
  public static func train(
    on corpus: VoiceCorpus, name: String = "voice-3", details: String,
    progress: (Double) -> Bool = { _ in true }
  ) throws(TrainingError) -> VoiceModel {
    try VoiceModel(
      name: name, details: details, examples: corpus.examples, progress: progress)
  }
}
