internal import Glibc

/// Numbers that sum up a contour: its values over the frames of a sound.
struct ContourStatistics {
  /// The mean.
  var mean: Float
  /// The standard deviation, over the number of values.
  var deviation: Float
  /// The 10th, 50th and 90th percentile, interpolated linearly (type 7 of Hyndman and Fan 1996,
  /// doi 10.2307/2684934, as `numpy.percentile`).
  var deciles: (low: Float, median: Float, high: Float)

  /// Sums up values; an empty contour gives zeros.
  ///
  init(_ values: [Float]) {
    guard !values.isEmpty else {
      (mean, deviation, deciles) = (0, 0, (0, 0, 0))
      return
    }
    let count = Float(values.count)
    let mean = sum(of: values) { $0 } / count
    self.mean = mean
    deviation = (sum(of: values) { ($0 - mean) * ($0 - mean) } / count).squareRoot()
    deciles = ContourBins.deciles(of: values)
  }
}

/// Values dealt out to bins of one width: a percentile is looked for in its bin alone.
private struct ContourBins {
  private static let count = 128
  private let values: UnsafeBufferPointer<Float>
  /// The bin of each value.
  private let bins: UnsafeMutableBufferPointer<UInt8>
  /// Room for the values of some bins, and one more.
  private let chosen: UnsafeMutableBufferPointer<Float>
  /// How many values each bin has, those at even places and those at odd ones.
  private let counts: UnsafeMutableBufferPointer<Int32>

  static func deciles(of values: [Float]) -> (low: Float, median: Float, high: Float) {
    values.withUnsafeBufferPointer { values in
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: values.count) { bins in
        withUnsafeTemporaryAllocation(of: Float.self, capacity: values.count + 1) { chosen in
          withUnsafeTemporaryAllocation(of: Int32.self, capacity: 2 * count) { counts in
            counts.initialize(repeating: 0)
            let dealt = ContourBins(values, bins, chosen, counts)
            var (bin, before) = (0, 0)
            let low = dealt.percentile(10, from: &bin, &before)
            let median = dealt.percentile(50, from: &bin, &before)
            return (low, median, dealt.percentile(90, from: &bin, &before))
          }
        }
      }
    }
  }

  private init(
    _ values: UnsafeBufferPointer<Float>, _ bins: UnsafeMutableBufferPointer<UInt8>,
    _ chosen: UnsafeMutableBufferPointer<Float>, _ counts: UnsafeMutableBufferPointer<Int32>
  ) {
    (self.values, self.bins, self.chosen, self.counts) = (values, bins, chosen, counts)
    var (least, greatest) = (values[0], values[0])
    for value in values {
      least = value < least ? value : least
      greatest = value > greatest ? value : greatest
    }
    let perUnit = Float(Self.count - 1) / (greatest - least)
    // Where all values are the same, or nearly, one bin holds them.
    let scale = perUnit.isFinite ? perUnit : 0
    for place in values.indices {
      // Adding 2²³ rounds to a whole number, which then stands in the lowest bits.
      let shifted = (values[place] - least) * scale + 8_388_608
      let bin = Int(shifted.bitPattern) & (Self.count - 1)
      bins[place] = UInt8(truncatingIfNeeded: bin)
      // Neighbours are often in one bin: counting them in turns, none waits for the one before.
      counts[2 * bin + place & 1] += 1
    }
  }

  private func count(of bin: Int) -> Int { Int(counts[2 * bin] + counts[2 * bin + 1]) }

  /// - Parameters:
  ///   - bin: a bin that is not behind the percentile's; moved to it.
  ///   - before: how many values lie in bins before that one.
  private func percentile(_ percent: Int, from bin: inout Int, _ before: inout Int) -> Float {
    let (below, rest) = (percent * (values.count - 1)).quotientAndRemainder(dividingBy: 100)
    while before + count(of: bin) <= below {
      before += count(of: bin)
      bin += 1
    }
    var (last, held) = (bin, before + count(of: bin))
    while rest > 0, held <= below + 1 {
      last += 1
      held += count(of: last)
    }
    var found = 0
    let (first, span) = (UInt8(truncatingIfNeeded: bin), UInt8(truncatingIfNeeded: last - bin))
    for place in values.indices {
      // Written whether it counts or not: nothing to predict.
      chosen[found] = values[place]
      found += bins[place] &- first <= span ? 1 : 0
    }
    let wanted = below - before
    select(wanted, of: chosen, in: 0...found - 1)
    let low = chosen[wanted]
    guard rest > 0 else { return low }
    // Everything behind a selected place is at least as great.
    var high = Float.infinity
    for place in wanted + 1..<found { high = min(high, chosen[place]) }
    return low + (high - low) * Float(rest) / 100
  }
}

/// Puts the value to a place that would be there if the values were in order (Hoare 1961,
/// "Algorithm 65: find").
private func select(
  _ wanted: Int, of values: UnsafeMutableBufferPointer<Float>, in range: ClosedRange<Int>
) {
  var (left, right) = (range.lowerBound, range.upperBound)
  while left < right {
    let pivot = values[wanted]
    var (low, high) = (left, right)
    repeat {
      while values[low] < pivot { low += 1 }
      while pivot < values[high] { high -= 1 }
      if low <= high {
        values.swapAt(low, high)
        low += 1
        high -= 1
      }
    } while low <= high
    if high < wanted { left = low }
    if wanted < low { right = high }
  }
}

/// The slope of a straight line through values at equal steps, by least squares; 0 for fewer than
/// two.
func slope(of values: some Collection<Float>) -> Float {
  let count = Float(values.count)
  guard count > 1 else { return 0 }
  let middle = (count - 1) / 2
  var covariance: Float = 0
  for (place, value) in values.enumerated() { covariance += (Float(place) - middle) * value }
  return covariance / (count * (count * count - 1) / 12)
}
