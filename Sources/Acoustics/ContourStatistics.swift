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
  /// - Parameter values: put into another order.
  init(_ values: inout [Float]) {
    guard !values.isEmpty else {
      (mean, deviation, deciles) = (0, 0, (0, 0, 0))
      return
    }
    let count = Float(values.count)
    let mean = sum(of: values) { $0 } / count
    self.mean = mean
    deviation = (sum(of: values) { ($0 - mean) * ($0 - mean) } / count).squareRoot()
    deciles = values.withUnsafeMutableBufferPointer { values in
      // What lies before a selected place is at most as great, what lies behind it at least: so the
      // outer two are looked for on one side of the median only.
      let last = values.count - 1
      let median = percentile(50, of: values, in: 0...last)
      let low = percentile(10, of: values, in: 0...last / 2)
      return (low, median, percentile(90, of: values, in: last / 2...last))
    }
  }
}

/// The sum of what eight values at a time are turned into; what is beyond the last counts nothing.
private func sum(of values: [Float], _ term: (SIMD8<Float>) -> SIMD8<Float>) -> Float {
  values.withUnsafeBytes { bytes in
    var sums = SIMD8<Float>.zero
    let whole = values.count / 8
    for group in 0..<whole {
      sums += term(bytes.loadUnaligned(fromByteOffset: 32 * group, as: SIMD8<Float>.self))
    }
    var rest: Float = 0
    for place in 8 * whole..<values.count { rest += term(SIMD8(repeating: values[place]))[0] }
    return sums.total + rest
  }
}

private func percentile(
  _ percent: Int, of values: UnsafeMutableBufferPointer<Float>, in range: ClosedRange<Int>
) -> Float {
  let (below, rest) = (percent * (values.count - 1)).quotientAndRemainder(dividingBy: 100)
  select(below, of: values, in: range)
  let low = values[below]
  guard rest > 0 else { return low }
  // Everything behind a selected place is at least as great.
  var high = Float.infinity
  for place in below + 1..<values.count { high = min(high, values[place]) }
  return low + (high - low) * Float(rest) / 100
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
