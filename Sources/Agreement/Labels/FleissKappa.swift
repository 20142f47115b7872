/// Fleiss's κ as he defined it, for a constant number of ratings.
public struct FleissKappa: Equatable, Sendable {
  /// κ; undefined where items differ in their number of ratings.
  public let kappa: Statistic
  /// Observed agreement P̄.
  public let observed: Statistic
  /// Chance agreement P̄_e.
  public let expected: Statistic
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
      return FleissKappa(
        kappa: .undefined(reason), observed: .undefined(reason), expected: .undefined(reason))
    }
    let sums = LabelStatistics(LabelSums(patterns, labels: categories.count))
    return FleissKappa(
      kappa: sums.fleiss, observed: sums.rawAgreement,
      expected: .value(sums.shares.reduce(0) { $0 + $1 * $1 }))
  }
}
