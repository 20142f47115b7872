internal import Glibc

/// A sound at a quarter of its rate.
enum Decimation {
  private static let reach = 23
  private static let tapCount = 48

  /// A Hamming-windowed sinc of 47 taps that passes what lies below a fifth of the rate, and a zero
  /// that makes them 48.
  private static let taps: [Float] = {
    let taps = (-reach...reach).map { place -> Float in
      let x = Double(place)
      let sinc = place == 0 ? 0.4 : sin(0.4 * Double.pi * x) / (Double.pi * x)
      return Float(sinc * (0.54 + 0.46 * cos(Double.pi * x / Double(reach + 1))))
    }
    let gain = taps.reduce(0, +)
    return taps.map { $0 / gain } + [0]
  }()

  /// Every fourth sample of a sound without its mean, filtered.
  ///
  /// - Parameters:
  ///   - first: where the first sample lies in the sound; before it and behind it is silence.
  ///   - count: how many samples to give.
  static func quarter(of samples: [Float], from first: Int, count: Int) -> [Float] {
    let before = reach - first
    var padded = [Float](repeating: 0, count: 4 * count + tapCount)
    let kept = max(0, min(samples.count, padded.count - before))
    let mean = samples.reduce(0, +) / Float(max(1, samples.count))
    for place in 0..<kept { padded[before + place] = samples[place] - mean }
    typealias Lanes = SIMD16<Float>
    return padded.withUnsafeBytes { padded in
      taps.withUnsafeBytes { taps in
        func tap(_ part: Int) -> Lanes {
          taps.loadUnaligned(fromByteOffset: 64 * part, as: Lanes.self)
        }
        let (a, b, c) = (tap(0), tap(1), tap(2))
        return (0..<count).map { place in
          func part(_ part: Int) -> Lanes {
            padded.loadUnaligned(fromByteOffset: 16 * place + 64 * part, as: Lanes.self)
          }
          return (part(0) * a + part(1) * b + part(2) * c).total
        }
      }
    }
  }
}

/// The greatest absolute value; 0 for none.
func greatestMagnitude(_ values: ArraySlice<Float>) -> Float {
  values.withUnsafeBytes { bytes in
    typealias Lanes = SIMD8<Float>
    var greatest = Lanes.zero
    let whole = bytes.count / 32 * 32
    for offset in stride(from: 0, to: whole, by: 32) {
      let lanes = bytes.loadUnaligned(fromByteOffset: offset, as: Lanes.self)
      greatest = greatest.greater(lanes.magnitude)
    }
    var result = greatest.max()
    for offset in stride(from: whole, to: bytes.count, by: 4) {
      result = max(result, abs(bytes.loadUnaligned(fromByteOffset: offset, as: Float.self)))
    }
    return result
  }
}
