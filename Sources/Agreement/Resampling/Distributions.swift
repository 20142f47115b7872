internal import Glibc

/// The standard normal distribution.
enum Normal {
  /// The probability of a value up to `z`.
  static func cumulative(_ z: Double) -> Double { erfc(-z / 2.0.squareRoot()) / 2 }

  /// The value that is not exceeded with probability `share`, between 0 and 1, both excluded.
  static func quantile(_ share: Double) -> Double {
    bisect(low: -40, high: 40) { cumulative($0) < share }
  }
}

/// Fisher's F distribution.
enum FisherF {
  /// The value that is not exceeded with probability `share`.
  static func quantile(_ share: Double, _ numerator: Double, _ denominator: Double) -> Double {
    // F = d₂ x / (d₁ (1 − x)) for x of the beta distribution with d₁/2 and d₂/2.
    let x = bisect(low: 0, high: 1) {
      incompleteBeta($0, numerator / 2, denominator / 2) < share
    }
    return denominator * x / (numerator * (1 - x))
  }
}

/// The point where `isBelow` turns from true to false, to the last bit.
private func bisect(low: Double, high: Double, isBelow: (Double) -> Bool) -> Double {
  var (low, high) = (low, high)
  while true {
    let middle = low + (high - low) / 2
    if middle <= low || middle >= high { return middle }
    if isBelow(middle) { low = middle } else { high = middle }
  }
}

/// The regularised incomplete beta function I_x(a, b), by Lentz's continued fraction (DLMF 8.17.22).
func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
  guard x > 0 else { return 0 }
  guard x < 1 else { return 1 }
  guard x <= (a + 1) / (a + b + 2) else { return 1 - incompleteBeta(1 - x, b, a) }
  let front =
    exp(
      lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
  let tiny = 1e-300
  func step(_ c: inout Double, _ d: inout Double, _ numerator: Double) -> Double {
    d = 1 + numerator * d
    c = 1 + numerator / c
    if abs(d) < tiny { d = tiny }
    if abs(c) < tiny { c = tiny }
    d = 1 / d
    return c * d
  }
  var c = 1.0
  var d = 1 - (a + b) * x / (a + 1)
  if abs(d) < tiny { d = tiny }
  d = 1 / d
  var sum = d
  // Converges in O(√max(a, b)) steps in this half of the interval.
  for m in 1...100_000 {
    let m = Double(m)
    let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    sum *= step(&c, &d, even)
    let last = step(&c, &d, odd)
    sum *= last
    if abs(last - 1) < 1e-16 { break }
  }
  return front * sum
}

/// The derivative of ln Γ, for positive numbers: upwards by ψ(x) = ψ(x + 1) − 1/x to where the
/// asymptotic series is exact to the last digits (DLMF 5.11.2).
func digamma(_ x: Double) -> Double {
  var x = x
  var below = 0.0
  while x < 10 {
    below -= 1 / x
    x += 1
  }
  let square = 1 / (x * x)
  // The coefficients are those of the series, B₂ₖ / 2k, from 1/12 on.
  let series =
    square
    * (1 / 12 - square
      * (1 / 120 - square
        * (1 / 252 - square
          * (1 / 240
            - square * (1 / 132 - square * (691 / 32760 - square / 12))))))
  return below + log(x) - 0.5 / x - series
}
