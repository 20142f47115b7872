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
    let mean = values.reduce(0, +) / count
    var squares: Float = 0
    for value in values { squares += (value - mean) * (value - mean) }
    self.mean = mean
    deviation = (squares / count).squareRoot()
    deciles = values.withUnsafeMutableBufferPointer {
      (percentile(10, of: $0), percentile(50, of: $0), percentile(90, of: $0))
    }
  }
}

private func percentile(_ percent: Int, of values: UnsafeMutableBufferPointer<Float>) -> Float {
  let (below, rest) = (percent * (values.count - 1)).quotientAndRemainder(dividingBy: 100)
  let low = select(below, of: values)
  guard rest > 0 else { return low }
  // Everything behind a selected place is at least as great.
  let high = values[(below + 1)...].reduce(Float.infinity, min)
  return low + (high - low) * Float(rest) / 100
}

/// The value that would be at a place if the values were in order (Hoare 1961, "Algorithm 65:
/// find").
private func select(_ wanted: Int, of values: UnsafeMutableBufferPointer<Float>) -> Float {
  var (left, right) = (0, values.count - 1)
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
  return values[wanted]
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
