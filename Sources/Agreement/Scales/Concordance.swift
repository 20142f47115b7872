internal import Glibc

/// Lin's concordance correlation coefficient of two raters' values.
public struct Concordance: Equatable, Sendable {
  /// ρ_c; undefined where both raters gave one and the same value throughout.
  public let ccc: Statistic
  /// The interval by Lin's z transform; `nil` where it is not defined.
  public let interval: Bounds?
  /// Pearson's correlation.
  public let pearson: Statistic
  /// The items both rated.
  public let shared: Int

  /// Compares values in pairs, Lin 1989, doi 10.2307/2532051, with moments over n as there.
  public init(_ pairs: [(Double, Double)], confidence: Double = 0.95) {
    shared = pairs.count
    let count = Double(pairs.count)
    let (one, other) = pairs.reduce((0.0, 0.0)) { ($0.0 + $1.0, $0.1 + $1.1) }
    let (meanOne, meanOther) = (one / count, other / count)
    var (varianceOne, varianceOther, covariance) = (0.0, 0.0, 0.0)
    for (first, second) in pairs {
      varianceOne += (first - meanOne) * (first - meanOne) / count
      varianceOther += (second - meanOther) * (second - meanOther) / count
      covariance += (first - meanOne) * (second - meanOther) / count
    }
    let shift = meanOne - meanOther
    guard pairs.count > 1 else {
      ccc = .undefined(pairs.isEmpty ? .nothingShared : .tooFewItems)
      pearson = ccc
      interval = nil
      return
    }
    ccc = .quotient(
      2 * covariance, varianceOne + varianceOther + shift * shift, else: .noVariance)
    let deviations = (varianceOne * varianceOther).squareRoot()
    pearson = .quotient(covariance, deviations, else: .noVariance)
    guard let rc = ccc.value, let r = pearson.value, pairs.count > 2, r != 0, abs(rc) < 1 else {
      interval = nil
      return
    }
    // Lin's variance of artanh(ρ_c), as corrected in Lin 2000, doi 10.1111/j.0006-341X.2000.00324.x.
    let u2 = shift * shift / deviations
    let rest = 1 - rc * rc
    let spread =
      (1 - r * r) * rc * rc / (rest * r * r)
      + 2 * rc * rc * rc * (1 - rc) * u2 / (r * rest * rest)
      - rc * rc * rc * rc * u2 * u2 / (2 * r * r * rest * rest)
    guard spread >= 0 else {
      interval = nil
      return
    }
    let half = Normal.quantile(1 - (1 - confidence) / 2) * (spread / (count - 2)).squareRoot()
    interval = Bounds(low: tanh(atanh(rc) - half), high: tanh(atanh(rc) + half))
  }
}
