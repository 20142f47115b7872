internal import Glibc

/// Makes a sound longer or shorter without moving its pitch or its formants.
///
/// Overlap and add of 30 ms pieces every 15 ms, each taken where it continues the one before it
/// best, within 8 ms (WSOLA: Verhelst and Roelands 1993, doi 10.1109/ICASSP.1993.319366).
enum TimeStretch {
  private static let half = 3 * SpeechSound.rate / 200
  private static let reach = SpeechSound.rate / 125
  private static let window = (0..<2 * half).map { place in
    0.5 - 0.5 * cosf(Float.pi * Float(place) / Float(half))
  }

  /// A sound that lasts so many times as long; one too short to be cut in pieces stays as it is.
  static func stretched(_ samples: [Float], by factor: Float) -> [Float] {
    let last = samples.count - 2 * half
    guard last > reach, factor > 0 else { return samples }
    let count = Int(Float(samples.count) * factor)
    var result = [Float](repeating: 0, count: count + 2 * half)
    var piece = 0
    samples.withUnsafeBufferPointer { x in
      for start in stride(from: 0, to: count, by: half) {
        let ideal = min(Int(Float(start) / factor), last)
        piece = start == 0 ? 0 : best(near: ideal, continuing: min(piece + half, last), in: x)
        for place in 0..<2 * half { result[start + place] += window[place] * x[piece + place] }
      }
    }
    return Array(result[..<count])
  }

  /// Where a piece is most like the continuation; every third sample of every second place is
  /// compared, which at speech's bandwidth misses nothing that is heard.
  private static func best(
    near ideal: Int, continuing target: Int, in x: UnsafeBufferPointer<Float>
  ) -> Int {
    var (best, highest) = (ideal, -Float.infinity)
    let (first, last) = (max(0, ideal - reach), min(x.count - 2 * half, ideal + reach))
    for start in stride(from: first, through: last, by: 2) {
      var (product, energy): (Float, Float) = (0, 1e-9)
      for place in stride(from: 0, to: 2 * half, by: 3) {
        let value = x[start + place]
        product += value * x[target + place]
        energy += value * value
      }
      let likeness = product / energy.squareRoot()
      if likeness > highest { (best, highest) = (start, likeness) }
    }
    return best
  }
}
