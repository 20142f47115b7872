/// Fleiss's κ as he defined it, for a constant number of ratings.
public struct FleissKappa: Equatable, Sendable {
  /// κ; undefined where items differ in their number of ratings.
  public let kappa: Statistic
  /// Observed agreement P̄.
  public let observed: Statistic
  /// Chance agreement P̄_e.
  public let expected: Statistic
  /// The standard error of κ if the raters agreed by chance alone (Fleiss, Nee and Landis 1979,
  /// doi 10.1037/0033-2909.86.5.974): for tests of that, not for intervals.
  public let standardErrorByChance: Statistic
  /// The formula of 1971 for the same, which that of 1979 corrects: for comparison with print.
  public let standardErrorOf1971: Statistic
}

extension RatingTable {
  /// Fleiss's κ, Fleiss 1971, doi 10.1037/h0031619.
  ///
  /// It is defined for items that all have the same number of ratings, at least two. For others see
  /// ``WeightedAgreement/fleiss``, which needs a rule for missing ratings and names it.
  public var fleissKappa: FleissKappa { fleissKappa(ItemPatterns(self)) }

  func fleissKappa(_ patterns: ItemPatterns) -> FleissKappa {
    let sizes = Set(patterns.sizes)
    guard sizes.count == 1, sizes.first ?? 0 > 1 else {
      let reason: Statistic.Reason = sizes.contains { $0 > 1 } ? .unequalNumbers : .nothingShared
      return FleissKappa(undefined: reason)
    }
    let sums = LabelStatistics(LabelSums(patterns, labels: categories.count))
    let (items, ratings) = (Double(items.count), Double(patterns.sizes[0]))
    let expected = sums.shares.reduce(0) { $0 + $1 * $1 }
    let cubes = sums.shares.reduce(0) { $0 + $1 * $1 * $1 }
    let rest = 1 - expected
    let scale = 2 / (items * ratings * (ratings - 1))
    // Σ p q (q − p) with q = 1 − p is 1 − 3 Σ p² + 2 Σ p³.
    let variance = scale * (rest * rest - (1 - 3 * expected + 2 * cubes)) / (rest * rest)
    let first =
      scale * (expected - (2 * ratings - 3) * expected * expected + 2 * (ratings - 2) * cubes)
      / (rest * rest)
    func error(_ variance: Double) -> Statistic {
      sums.fleiss.value == nil ? sums.fleiss : .value(max(variance, 0).squareRoot())
    }
    return FleissKappa(
      kappa: sums.fleiss, observed: sums.rawAgreement, expected: .value(expected),
      standardErrorByChance: error(variance), standardErrorOf1971: error(first))
  }
}

extension FleissKappa {
  init(undefined reason: Statistic.Reason) {
    let none = Statistic.undefined(reason)
    self.init(
      kappa: none, observed: none, expected: none, standardErrorByChance: none,
      standardErrorOf1971: none)
  }
}
