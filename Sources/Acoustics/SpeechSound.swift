/// The part of a turn's sound that features are taken from: 16 kHz, without what is not a number,
/// without silence at its ends, and not longer than half a minute.
public struct SpeechSound: Sendable {
  /// Samples per second.
  public static let rate = 16_000
  /// The longest stretch that is looked at, in seconds.
  ///
  /// Of a longer sound the middle counts: a turn lasts seconds, and what is longer is a recording
  /// nobody cut, of which the middle says as much as any other part. Time and memory are bounded.
  public static let longestSeconds = 30

  /// The samples; never empty.
  public let samples: [Float]

  /// Takes the part that features are taken from.
  ///
  /// Trimmed is what lies before the first and after the last 10 ms whose power, smoothed over
  /// three of them, is within 40 dB of the greatest; 50 ms on either side stay.
  ///
  /// - Parameter samples: mono, 16 kHz; what is not finite counts as silence.
  /// - Returns: `nil` if there is no sound: no samples, or all of them zero.
  public init?(_ samples: [Float]) {
    let longest = Self.longestSeconds * Self.rate
    let start = max(0, (samples.count - longest) / 2)
    var part = Array(samples[start..<min(samples.count, start + longest)])
    // Neither what is not a number nor what is infinite is at most a million.
    for place in part.indices { part[place] = abs(part[place]) <= 1e6 ? part[place] : 0 }
    guard part.contains(where: { $0 != 0 }) else { return nil }
    self.samples = Array(part[Self.spoken(part)])
  }

  private static func spoken(_ samples: [Float]) -> Range<Int> {
    let step = rate / 100
    let count = samples.count / step
    guard count >= 3 else { return samples.indices }
    let power = samples.withUnsafeBytes { bytes in
      (0..<count).map { place -> Float in
        var sums = SIMD16<Float>.zero
        for offset in stride(from: 4 * step * place, to: 4 * step * (place + 1), by: 64) {
          let lanes = bytes.loadUnaligned(fromByteOffset: offset, as: SIMD16<Float>.self)
          sums += lanes * lanes
        }
        return sums.total
      }
    }
    let smooth = power.indices.map { place -> Float in
      let around = power[max(0, place - 1)] + power[min(count - 1, place + 1)]
      return power[place] / 2 + around / 4
    }
    let threshold = (smooth.max() ?? 0) * 1e-4
    guard let first = smooth.firstIndex(where: { $0 > threshold }),
      let last = smooth.lastIndex(where: { $0 > threshold })
    else { return samples.indices }
    let margin = 5
    let end = last + 1 + margin >= count ? samples.count : (last + 1 + margin) * step
    return max(0, first - margin) * step..<end
  }
}
