internal import Glibc

/// The fundamental frequency of a voice and how clearly periodic it is, every 10 ms.
///
/// Normalised cross-correlation (Talkin 1995, "A robust algorithm for pitch tracking") of the sound
/// at 4 kHz over 30 ms and lags of 60 to 500 Hz, and the cheapest path through each frame's best
/// candidates with the costs of Boersma 1993 ("Accurate short-term analysis of the fundamental
/// frequency").
public struct PitchContour: Sendable {
  /// The fundamental frequency of each frame in Hz, 0 where the frame is not voiced.
  public let frequency: [Float]
  /// The correlation at the chosen lag, 0 to 1; 0 where the frame is not voiced.
  public let periodicity: [Float]

  /// The rate the correlation is computed at.
  private static let rate = SpeechSound.rate / 4
  private static let hop = rate / 100
  private static let length = 120
  /// One less than the lag of 500 Hz; 64 lags reach one beyond that of 60 Hz.
  private static let firstLag = 7
  private static let width = 64

  /// Tracks a sound's pitch.
  ///
  /// - Parameter frames: how many frames to give, at 10 ms each from the start; those beyond the
  ///   sound are not voiced.
  public init(_ sound: SpeechSound, frames: Int) {
    self.init(samples: sound.samples, frames: frames)
  }

  init(samples: [Float], frames: Int) {
    let reduced = Self.reduced(samples, reaching: frames * Self.hop)
    // Energy of any stretch from two of these.
    var energies = [0.0]
    energies.reserveCapacity(reduced.count + 1)
    for (place, sample) in reduced.enumerated() {
      energies.append(energies[place] + Double(sample * sample))
    }
    let loudest = reduced.lazy.map { abs($0) }.max() ?? 0
    var track = PitchTrack(frames: frames)
    var correlation = [Float](repeating: 0, count: Self.width)
    for frame in 0..<frames {
      let start = frame * Self.hop
      let peak = Self.correlate(reduced, energies, from: start, into: &correlation)
      track.add(
        PitchCandidates(
          correlation, firstLag: Self.firstLag, rate: Float(Self.rate),
          loudness: loudest > 0 ? peak / loudest : 0))
    }
    (frequency, periodicity) = track.path()
  }

  /// A quarter of the samples, below 1.6 kHz, without their mean: a Hamming-windowed sinc of 47
  /// taps.
  ///
  /// The result begins so that a frame's stretch has the same middle as the spectral frame of the
  /// same number, and ends in zeros beyond the last frame's last lag.
  private static func reduced(_ samples: [Float], reaching end: Int) -> [Float] {
    let reach = 23
    var taps = (-reach...reach).map { place -> Float in
      let x = Double(place)
      let sinc = place == 0 ? 0.4 : sin(0.4 * Double.pi * x) / (Double.pi * x)
      return Float(sinc * (0.54 + 0.46 * cos(Double.pi * x / Double(reach + 1))))
    }
    let gain = taps.reduce(0, +)
    taps = taps.map { $0 / gain }
    // A stretch of 120 at 4 kHz is 80 samples longer than a spectral frame: 40 before, 40 behind.
    let before = reach + 40
    let count = max(end, samples.count / 4) + length + width + 2
    var padded = [Float](repeating: 0, count: 4 * count + 2 * reach + 1)
    let kept = min(samples.count, padded.count - before)
    padded.replaceSubrange(before..<before + kept, with: samples[..<kept])
    let mean = samples.reduce(0, +) / Float(max(1, samples.count))
    for place in before..<before + kept { padded[place] -= mean }
    return taps.withUnsafeBufferPointer { taps in
      padded.withUnsafeBufferPointer { padded in
        (0..<count).map { place in
          var total: Float = 0
          for tap in 0..<taps.count { total += taps[tap] * padded[4 * place + tap] }
          return total
        }
      }
    }
  }

  /// The correlation of a stretch with what follows it after each lag.
  ///
  /// - Returns: the greatest absolute sample of the stretch.
  private static func correlate(
    _ x: [Float], _ energies: [Double], from start: Int, into correlation: inout [Float]
  ) -> Float {
    let energy = energies[start + length] - energies[start]
    guard energy > 1e-9 else {
      for place in correlation.indices { correlation[place] = 0 }
      return 0
    }
    var peak: Float = 0
    // All lags at once, sixteen to a vector.
    typealias Lanes = SIMD16<Float>
    var a = Lanes.zero
    var b = Lanes.zero
    var c = Lanes.zero
    var d = Lanes.zero
    x.withUnsafeBytes { bytes in
      for place in start..<start + length {
        let value = bytes.loadUnaligned(fromByteOffset: 4 * place, as: Float.self)
        peak = max(peak, abs(value))
        let from = 4 * (place + firstLag)
        a += bytes.loadUnaligned(fromByteOffset: from, as: Lanes.self) * value
        b += bytes.loadUnaligned(fromByteOffset: from + 64, as: Lanes.self) * value
        c += bytes.loadUnaligned(fromByteOffset: from + 128, as: Lanes.self) * value
        d += bytes.loadUnaligned(fromByteOffset: from + 192, as: Lanes.self) * value
      }
    }
    for place in 0..<width {
      let (part, lane) = (place / 16, place % 16)
      let product = part == 0 ? a[lane] : part == 1 ? b[lane] : part == 2 ? c[lane] : d[lane]
      let other = start + firstLag + place
      let scale = (energy * (energies[other + length] - energies[other]) + 1e-12).squareRoot()
      correlation[place] = product / Float(scale)
    }
    return peak
  }
}
