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
    // Three more are computed where their number is no multiple of four, and thrown away.
    var padded = [Float](repeating: 0, count: 4 * (count + 3) + tapCount)
    let kept = max(0, min(samples.count, padded.count - before))
    let mean = sum(of: samples) { $0 } / Float(max(1, samples.count))
    for place in 0..<kept { padded[before + place] = samples[place] - mean }
    return [Float](unsafeUninitializedCapacity: count) { reduced, filled in
      padded.withUnsafeBytes { padded in
        taps.withUnsafeBytes { taps in
          func four(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> SIMD4<Float> {
            bytes.loadUnaligned(fromByteOffset: 16 * place, as: SIMD4<Float>.self)
          }
          // Each sample kept is a step of four further on, so that neighbours share what is loaded.
          for place in stride(from: 0, to: count, by: 4) {
            var (a, b, c, d) = (
              SIMD4<Float>.zero, SIMD4<Float>.zero, SIMD4<Float>.zero, SIMD4<Float>.zero
            )
            for part in 0..<tapCount / 4 {
              let tap = four(taps, part)
              a += four(padded, place + part) * tap
              b += four(padded, place + part + 1) * tap
              c += four(padded, place + part + 2) * tap
              d += four(padded, place + part + 3) * tap
            }
            let parts = transposed(a, b, c, d)
            let sums = (parts.0 + parts.1) + (parts.2 + parts.3)
            for kept in 0..<min(4, count - place) {
              reduced.initializeElement(at: place + kept, to: sums[kept])
            }
          }
        }
      }
      filled = count
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
