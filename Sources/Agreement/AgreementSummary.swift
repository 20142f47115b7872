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
    let units = UnitSums(self, patterns, by: resampling.unit)
    let labels = categories.indices
    let all = LabelStatistics(sums)
    let estimates = units.estimates(of: sums, resampling) { sums in
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
    let none = Statistic.undefined(.notTwoRaters)
    return AgreementSummary(
      counts: counts, labels: categories, raters: raters, resampling: resampling,
      alpha: estimates[0], raw: estimates[1], ac1: estimates[2], fleiss: estimates[3],
      brennanPrediger: estimates[4], pooled: estimates[5], fleiss1971: fleissKappa.kappa,
      conger: unweightedConger(all.rawAgreement, isConstant: all.isConstant),
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
      pairwise: pairwise, perRater: perRater(pairwise, of: sums))
  }

  private func perRater(_ pairwise: Pairwise, of sums: LabelSums) -> [AgreementSummary.Rater] {
    var own = [[Int]](repeating: [], count: raters.count)
    for rater in pairwise.raters { own[rater] = Array(repeating: 0, count: categories.count) }
    for (rater, category) in zip(ratingRaters, ratingCategories) where !own[Int(rater)].isEmpty {
      own[Int(rater)][Int(category)] += 1
    }
    let without = sumsWithoutEachRater(pairwise.raters, sums)
    return pairwise.raters.indices.map { place in
      let rater = pairwise.raters[place]
      return .init(
        rater: raters[rater], ratings: own[rater].reduce(0, +), labels: own[rater],
        meanKappa: pairwise.meanKappa(place),
        alphaWithout: LabelStatistics(without[place]).alphaNominal)
    }
  }

  /// The sums that are left when a rater's ratings are taken away, for all raters in one pass.
  private func sumsWithoutEachRater(_ chosen: [Int], _ sums: LabelSums) -> [LabelSums] {
    var placeOf = [Int](repeating: -1, count: raters.count)
    for (place, rater) in chosen.enumerated() { placeOf[rater] = place }
    let width = LabelSums.width
    var changes = [SIMD8<Double>](repeating: .zero, count: chosen.count * categories.count)
    var shared = [Double](repeating: 0, count: chosen.count)
    var rated = shared
    var counts = [Int](repeating: 0, count: categories.count)
    for item in items.indices {
      let range = starts[item]..<starts[item + 1]
      let size = range.count
      for place in range { counts[Int(ratingCategories[place])] += 1 }
      let present = range.map { Int(ratingCategories[$0]) }
      for place in range where placeOf[Int(ratingRaters[place])] >= 0 {
        let rater = placeOf[Int(ratingRaters[place])]
        let own = Int(ratingCategories[place])
        rated[rater] += size == 1 ? 1 : 0
        shared[rater] += size == 2 ? 1 : 0
        for (order, label) in present.enumerated() where !present[..<order].contains(label) {
          changes[rater * categories.count + label] -= LabelSums.terms(
            count: counts[label], size: size)
          let left = counts[label] - (label == own ? 1 : 0)
          if size > 1, left > 0 {
            changes[rater * categories.count + label] += LabelSums.terms(
              count: left, size: size - 1)
          }
        }
      }
      for label in present { counts[label] = 0 }
    }
    return chosen.indices.map { rater in
      var rest = sums
      rest.rated -= rated[rater]
      rest.shared -= shared[rater]
      for label in categories.indices {
        let change = changes[rater * categories.count + label]
        for term in 0..<width { rest.terms[label * width + term] += change[term] }
      }
      return rest
    }
  }
}
