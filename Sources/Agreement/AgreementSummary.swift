/// What a report on labels says: the headline, every common statistic, each label, each pair and
/// each rater.
public struct AgreementSummary: Equatable, Sendable {
  /// What it rests on.
  public let counts: RatingCounts
  /// The labels, in the order of the per-label statistics and of every ``PairTable``.
  public let labels: [String]
  /// The raters.
  public let raters: [String]
  /// How the intervals were made.
  public let resampling: Resampling
  /// Krippendorff's α, nominal: the headline.
  public let alpha: Estimate
  /// Raw agreement: the mean over items of the share of agreeing pairs of raters.
  public let raw: Estimate
  /// Gwet's AC1, which a dominant label does not break.
  public let ac1: Estimate
  /// Fleiss's κ with Gwet's rule for missing ratings.
  public let fleiss: Estimate
  /// Brennan and Prediger's κ.
  public let brennanPrediger: Estimate
  /// Agreeing pairs of ratings among all pairs, pooled.
  public let pooled: Estimate
  /// Fleiss's κ of 1971, defined for a constant number of ratings.
  public let fleiss1971: Statistic
  /// Conger's κ.
  public let conger: Statistic
  /// Light's κ.
  public let light: Statistic
  /// Cohen's κ, Scott's π and the largest κ, where there are exactly two raters.
  public let two: Two
  /// Each label against the rest.
  public let perLabel: [Label]
  /// All pairs of raters.
  public let pairwise: Pairwise
  /// Each rater.
  public let perRater: [Rater]

  /// The statistics that are of exactly two raters.
  public struct Two: Equatable, Sendable {
    /// Cohen's κ.
    public var cohen: Statistic
    /// Scott's π.
    public var scott: Statistic
    /// The largest κ the raters' label frequencies allow.
    public var maximum: Statistic
  }

  /// One label against the rest.
  public struct Label: Equatable, Sendable {
    /// The label.
    public var label: String
    /// Its ratings on items with at least two.
    public var ratings: Int
    /// Its share of those.
    public var prevalence: Statistic
    /// Of the pairs with one rating of the label, the share with two.
    public var specific: Estimate
    /// Krippendorff's α.
    public var alpha: Estimate
    /// Fleiss's κ.
    public var kappa: Estimate
  }

  /// One rater against the others.
  public struct Rater: Equatable, Sendable {
    /// The name.
    public var rater: String
    /// Their ratings.
    public var ratings: Int
    /// How often they gave each label.
    public var labels: [Int]
    /// The mean of Cohen's κ with each of the others.
    public var meanKappa: Statistic
    /// Their labels against the majority of the others: accuracy, κ and confusions.
    public var againstMajority: AgainstMajority
    /// Krippendorff's α of the others alone: where it is higher than with the rater, the rater
    /// stands apart.
    public var alphaWithout: Statistic
  }
}

extension RatingTable {
  /// The summary of a table of labels.
  ///
  /// - Parameters:
  ///   - resampling: how intervals are made.
  ///   - mostRaters: the raters to compare in pairs and one by one at most.
  public func summary(
    _ resampling: Resampling = Resampling(), mostRaters: Int = 64
  ) -> AgreementSummary {
    let patterns = ItemPatterns(self)
    let sums = LabelSums(patterns, labels: categories.count)
    let labels = categories.indices
    let all = LabelStatistics(sums)
    let estimates = estimates(patterns, sums, resampling) { sums in
      let labels = sums.labels
      let sums = LabelStatistics(sums)
      var statistics = [
        sums.alphaNominal, sums.rawAgreement, sums.ac1, sums.fleiss, sums.brennanPrediger,
        sums.pooledAgreement,
      ]
      for label in 0..<labels {
        statistics.append(sums.specificAgreement(label))
        statistics.append(sums.alpha(label))
        statistics.append(sums.kappa(label))
      }
      return statistics
    }
    let pairwise = pairwise(most: mostRaters)
    let pair = raters.count == 2 ? pairwise.tables.first : nil
    let none = Statistic.undefined(raters.count == 2 ? .tooManyValues : .notTwoRaters)
    return AgreementSummary(
      counts: counts, labels: categories, raters: raters, resampling: resampling,
      alpha: estimates[0], raw: estimates[1], ac1: estimates[2], fleiss: estimates[3],
      brennanPrediger: estimates[4], pooled: estimates[5], fleiss1971: fleissKappa(patterns).kappa,
      conger: unweightedConger(all),
      light: pairwise.lightKappa,
      two: .init(
        cohen: pair?.cohenKappa ?? none, scott: pair?.scottPi ?? none,
        maximum: pair?.maximumKappa ?? none),
      perLabel: labels.map { label in
        .init(
          label: categories[label], ratings: Int(sums[.pairable, label]),
          prevalence: all.prevalence(label), specific: estimates[6 + 3 * label],
          alpha: estimates[7 + 3 * label], kappa: estimates[8 + 3 * label])
      },
      pairwise: pairwise, perRater: perRater(pairwise, patterns, of: sums))
  }

  private func perRater(
    _ pairwise: Pairwise, _ patterns: ItemPatterns, of sums: LabelSums
  ) -> [AgreementSummary.Rater] {
    let alone = ratersOneByOne(pairwise.raters, patterns, sums)
    return pairwise.raters.indices.map { place in
      .init(
        rater: raters[pairwise.raters[place]], ratings: alone[place].labels.reduce(0, +),
        labels: alone[place].labels, meanKappa: pairwise.meanKappa(place),
        againstMajority: alone[place].againstMajority, alphaWithout: alone[place].alphaWithout)
    }
  }
}
