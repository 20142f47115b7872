internal import Acoustics
internal import NeuralNet

/// What a model of voices hears of a sound: the statistics of ``Acoustics/SpeechStatistics``, and behind
/// them, where there is one, those of an encoder of speakers.
///
/// A value that never changes: safe to use from several threads at once.
public struct VoiceStatistics: Sendable {
  private let speaker: SpeakerEncoder?

  /// Creates statistics.
  ///
  /// - Parameter speaker: takes several times as long as everything else, and knows more of voices.
  public init(speaker: SpeakerEncoder? = nil) { self.speaker = speaker }

  /// How many numbers a sound is summed up in.
  public var count: Int {
    SpeechStatistics.names.count + (speaker == nil ? 0 : SpeakerEncoder.count)
  }

  /// What tells these statistics apart from others, of another version of the program or by another
  /// encoder, for remembering them.
  public var version: String {
    var hash = ContentHash()
    hash.add(list)
    return "voice-statistics-\(SpeechStatistics.version)-\(String(hash.value, radix: 16))"
  }

  /// What they are, one after the other, as models of voices remember it.
  var list: String {
    let names = SpeechStatistics.names.joined(separator: " ")
    return speaker.map { "\(names) speaker:\($0.version)" } ?? names
  }

  /// The statistics of sounds.
  ///
  /// - Parameter sounds: each mono, 16 kHz. Of more than half a minute the middle counts. Those of a
  ///   dialogue together take less time than one by one.
  /// - Returns: `nil` for silence.
  public func values(of sounds: [[Float]]) -> [[Float]?] {
    let heard = sounds.map { SpeechSound($0) }
    var found = values(of: heard.compactMap(\.self)).makeIterator()
    return heard.map { $0 == nil ? nil : found.next() }
  }

  func values(of sounds: [SpeechSound]) -> [[Float]] {
    let summed = sounds.map { SpeechStatistics($0).values }
    guard let speaker else { return summed }
    return zip(summed, speaker.statistics(of: sounds)).map { $0 + $1 }
  }
}
