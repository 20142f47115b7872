/// The numbers to read first, and nothing per label, pair or rater: for parts of a table, and for tables of
/// very many different answers.
public struct AgreementHeadline: Equatable, Sendable {
  /// Krippendorff's α, nominal.
  public let alpha: Estimate
  /// Raw agreement: the mean over items of the share of agreeing pairs of raters.
  public let raw: Estimate
  /// Gwet's AC1.
  public let ac1: Estimate
}

extension RatingTable {
  /// The headline of ``summary(_:mostRaters:)`` alone, the same numbers from the same replicates.
  public func headline(_ plan: Resampling = Resampling()) -> AgreementHeadline {
    let patterns = ItemPatterns(self)
    let sums = LabelSums(patterns, labels: categories.count)
    let estimates = estimates(patterns, sums, plan) { sums in
      let statistics = LabelStatistics(sums)
      return [statistics.alphaNominal, statistics.rawAgreement, statistics.ac1]
    }
    return AgreementHeadline(alpha: estimates[0], raw: estimates[1], ac1: estimates[2])
  }
}
