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
  /// A stretch that is correlated, in hops.
  private static let hops = 3
  private static let length = hops * hop
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

  init(frequency: [Float], periodicity: [Float]) {
    (self.frequency, self.periodicity) = (frequency, periodicity)
  }

  init(samples: [Float], frames: Int) {
    let reduced = Decimation.quarter(
      of: samples,
      // A stretch of 30 ms is 80 samples longer than a spectral frame: 40 before, 40 behind.
      from: -40, count: max(frames * Self.hop, samples.count / 4) + Self.length + Self.width + 2)
    let scales = Self.scales(reduced)
    let loudest = greatestMagnitude(reduced[...])
    var track = PitchTrack(frames: frames)
    // Stretches overlap by two of three hops: what a hop holds is summed up once and used thrice.
    var recent = [LagProducts](repeating: LagProducts(), count: Self.hops)
    var peaks = [Float](repeating: 0, count: Self.hops)
    for hop in 0..<Self.hops - 1 {
      recent[hop] = Self.products(reduced, from: hop * Self.hop)
      peaks[hop] = Self.peak(reduced, from: hop * Self.hop)
    }
    for frame in 0..<frames {
      let start = frame * Self.hop
      let last = frame + Self.hops - 1
      recent[last % Self.hops] = Self.products(reduced, from: last * Self.hop)
      peaks[last % Self.hops] = Self.peak(reduced, from: last * Self.hop)
      var correlation = LagProducts()
      // Silence correlates with nothing.
      if scales[start] < Self.silent {
        correlation = recent[0]
        for products in recent.dropFirst() { correlation.add(products) }
        correlation.scale(by: scales, from: start + Self.firstLag, and: scales[start])
      }
      track.add(
        PitchCandidates(
          correlation, firstLag: Self.firstLag, rate: Float(Self.rate),
          loudness: loudest > 0 ? (peaks.max() ?? 0) / loudest : 0))
    }
    (frequency, periodicity) = track.path()
  }

  /// Semitones above a frequency, 0 where the frame is not voiced.
  func semitones(above hertz: Float) -> [Float] {
    frequency.map { $0 > 0 ? 12 * log2f($0 / hertz) : 0 }
  }

  /// Semitones above a frequency, by straight lines where the voice pauses; 0 if there is none.
  func continuousSemitones(above hertz: Float) -> [Float] {
    var result = semitones(above: hertz)
    var last: Int?
    for place in result.indices where frequency[place] > 0 {
      let start = last ?? place
      for between in (last.map { $0 + 1 } ?? 0)..<place {
        let part = last == nil ? 1 : Float(between - start) / Float(place - start)
        result[between] = result[start] + (result[place] - result[start]) * part
      }
      last = place
    }
    if let last {
      for place in last + 1..<max(result.count, last + 1) { result[place] = result[last] }
    }
    return result
  }

  /// What ``scales(_:)`` has for a stretch whose squares sum up to 1e-9.
  private static let silent: Float = 31_622.777

  /// For every sample the inverse of the root of the energy of the stretch that begins there.
  private static func scales(_ x: [Float]) -> [Float] {
    let count = x.count - length
    var energies = [Float](repeating: 0, count: count)
    x.withUnsafeBufferPointer { x in
      energies.withUnsafeMutableBufferPointer { energies in
        // In double precision, a running sum stays what it should be.
        var energy = 0.0
        for place in 0..<length { energy += Double(x[place]) * Double(x[place]) }
        for place in 0..<count {
          energies[place] = Float(max(0, energy) + 1e-12)
          let (old, new) = (Double(x[place]), Double(x[place + length]))
          energy += new * new - old * old
        }
        // By themselves, roots are taken several at a time.
        for place in 0..<count { energies[place] = 1 / energies[place].squareRoot() }
      }
    }
    return energies
  }

  private static func peak(_ x: [Float], from start: Int) -> Float {
    greatestMagnitude(x[start..<start + hop])
  }

  /// The products of a hop's samples with those that follow after each lag, summed.
  private static func products(_ x: [Float], from start: Int) -> LagProducts {
    var sums = LagProducts()
    x.withUnsafeBytes { bytes in
      // Half of the lags at a time, so that sums stay in registers.
      for half in 0..<2 {
        var a = SIMD16<Float>.zero
        var b = SIMD16<Float>.zero
        for place in start..<start + hop {
          let value = bytes.loadUnaligned(fromByteOffset: 4 * place, as: Float.self)
          let from = 4 * (place + firstLag) + 128 * half
          a += bytes.loadUnaligned(fromByteOffset: from, as: SIMD16<Float>.self) * value
          b += bytes.loadUnaligned(fromByteOffset: from + 64, as: SIMD16<Float>.self) * value
        }
        if half == 0 {
          (sums.parts.0, sums.parts.1) = (a, b)
        } else {
          (sums.parts.2, sums.parts.3) = (a, b)
        }
      }
    }
    return sums
  }
}

/// One number for each of 64 lags.
struct LagProducts {
  typealias Lanes = SIMD16<Float>
  var parts: (Lanes, Lanes, Lanes, Lanes) = (.zero, .zero, .zero, .zero)

  mutating func add(_ other: LagProducts) {
    parts.0 += other.parts.0
    parts.1 += other.parts.1
    parts.2 += other.parts.2
    parts.3 += other.parts.3
  }

  /// Multiplies each lag's number by its place's scale and by one for all.
  mutating func scale(by scales: [Float], from first: Int, and whole: Float) {
    scales.withUnsafeBytes { bytes in
      func lanes(_ part: Int) -> Lanes {
        bytes.loadUnaligned(fromByteOffset: 4 * (first + 16 * part), as: Lanes.self) * whole
      }
      parts.0 *= lanes(0)
      parts.1 *= lanes(1)
      parts.2 *= lanes(2)
      parts.3 *= lanes(3)
    }
  }
}
