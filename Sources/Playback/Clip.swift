/// The decoded sound of one turn: interleaved floating point frames that never change.
///
/// A turn lasts seconds, so the whole of it is held in memory: there is no ring buffer, no decoder
/// runs while sound is playing, and any number of threads may look at the same samples. Copying a
/// clip copies a reference.
public struct Clip: Sendable {
  /// Frames per second, 4,000 to 384,000.
  public let sampleRate: Int
  /// Samples per frame, 1 or 2.
  public let channelCount: Int
  /// The samples, frame by frame; every one is a number from −1 to 1.
  public let samples: [Float]
  /// What the listener should know about the sound, as one sentence for the status line.
  ///
  /// It may say that the file ends before the turn does; `nil` if there is nothing to say.
  public let note: String?

  /// The number of frames.
  public var frameCount: Int { samples.count / channelCount }
  /// The length in seconds.
  public var duration: Double { Double(frameCount) / Double(sampleRate) }

  /// The sample rates that are believed.
  ///
  /// Below, nothing is speech and libsonic finds no pitch; above, no converter exists.
  public static let believableRates = 4_000...384_000

  /// Creates a clip from interleaved samples, such as for a test tone.
  ///
  /// What is not a number becomes silence and what is beyond full scale is clipped: neither may
  /// reach a loudspeaker, and libsonic computes in 16 bits and would wrap around.
  ///
  /// - Returns: `nil` if the rate is not one of ``believableRates``, the channels are neither one
  ///   nor two, or the last frame is incomplete.
  public init?(samples: [Float], sampleRate: Int, channelCount: Int, note: String? = nil) {
    guard Self.believableRates.contains(sampleRate), (1...2).contains(channelCount),
      samples.count % channelCount == 0
    else { return nil }
    self.sampleRate = sampleRate
    self.channelCount = channelCount
    self.samples = samples.allSatisfy { abs($0) <= 1 } ? samples : samples.map(playable)
    self.note = note
  }
}

/// The sample as a loudspeaker may get it.
private func playable(_ sample: Float) -> Float {
  sample.isNaN ? 0 : min(max(sample, -1), 1)
}

/// Which part of a file is the turn, in seconds from the start of the file.
public struct ClipSpan: Hashable, Sendable {
  /// Where the part begins.
  public var start: Double
  /// Where it ends; `nil` for the end of the file.
  ///
  /// May come from a corpus and be nonsense.
  public var end: Double?

  /// Creates a span; without arguments, the whole file.
  public init(start: Double = 0, end: Double? = nil) {
    self.start = start
    self.end = end
  }

  /// The whole file.
  public static let whole = ClipSpan()
}
