/// Chance-corrected agreement of any number of raters with partial credit for labels that are close.
///
/// After Gwet 2014, Handbook of Inter-Rater Reliability, 4th edition, chapter 3.
public struct WeightedAgreement: Equatable, Sendable {
  /// The mean over items of the weighted share of agreeing pairs of raters.
  public let raw: Statistic
  /// Fleiss's κ with Gwet's rule for missing ratings.
  public let fleiss: Statistic
  /// Conger's κ (Conger 1980, doi 10.1037/0033-2909.88.2.322): chance from each rater's own labels.
  public let conger: Statistic
  /// Brennan and Prediger's κ.
  public let brennanPrediger: Statistic
  /// Gwet's AC2; AC1 with identity weights.
  public let ac: Statistic
  /// Chance agreement as ``fleiss`` has it.
  public let fleissExpected: Double
  /// Chance agreement as ``conger`` has it.
  public let congerExpected: Double
  /// Chance agreement as ``ac`` has it.
  public let acExpected: Double
}

extension RatingTable {
  /// Weighted agreement over the whole table.
  ///
  /// - Parameter weights: one row for each of ``categories``, in their order.
  public func weightedAgreement(_ weights: AgreementWeights) -> WeightedAgreement {
    weightedAgreement(weights, ItemPatterns(self))
  }

  func weightedAgreement(
    _ weights: AgreementWeights, _ patterns: ItemPatterns
  ) -> WeightedAgreement {
    precondition(weights.rows.count == categories.count, "one row of weights a category")
    let labels = categories.count
    var shares = [Double](repeating: 0, count: labels)
    var (agreeing, shared, rated) = (0.0, 0.0, 0.0)
    for pattern in 0..<patterns.count where patterns.sizes[pattern] > 0 {
      let size = Double(patterns.sizes[pattern])
      let times = Double(patterns.multiplicity[pattern])
      let entries = patterns.starts[pattern]..<patterns.starts[pattern + 1]
      rated += times
      for entry in entries {
        shares[Int(patterns.categories[entry])] += times * Double(patterns.counts[entry]) / size
      }
      guard size > 1 else { continue }
      shared += times
      var own = 0.0
      for entry in entries {
        let row = weights.rows[Int(patterns.categories[entry])]
        let others = entries.reduce(0) {
          $0 + row[Int(patterns.categories[$1])] * Double(patterns.counts[$1])
        }
        own += Double(patterns.counts[entry]) * (others - 1)
      }
      agreeing += times * own / (size * (size - 1))
    }
    if rated > 0 { shares = shares.map { $0 / rated } }
    let raw = Statistic.quotient(agreeing, shared, else: .nothingShared)
    let isConstant = shares.count { $0 > 0 } < 2
    func corrected(_ expected: Double) -> Statistic {
      guard let raw = raw.value else { return .undefined(.nothingShared) }
      return isConstant ? .undefined(.noVariation) : .corrected(observed: raw, expected: expected)
    }
    let count = Double(labels)
    let fleiss = weights.expected(shares, shares)
    let conger = congerExpected(weights)
    let ac =
      weights.total * shares.reduce(0) { $0 + $1 * (1 - $1) } / (count * (count - 1))
    return WeightedAgreement(
      raw: raw, fleiss: corrected(fleiss), conger: corrected(conger),
      brennanPrediger: corrected(weights.total / (count * count)), ac: corrected(ac),
      fleissExpected: fleiss, congerExpected: conger, acExpected: ac)
  }

  /// Σ w_kl (p̄_k p̄_l − s²_kl / r), with s² the covariance of the r raters' shares: the mean of
  /// the chance agreement of all pairs of raters.
  private func congerExpected(_ weights: AgreementWeights) -> Double {
    let labels = categories.count
    var own = [[Double]](
      repeating: [], count: raters.count)
    var totals = [Double](repeating: 0, count: raters.count)
    for (rater, category) in zip(ratingRaters, ratingCategories) {
      if own[Int(rater)].isEmpty { own[Int(rater)] = Array(repeating: 0, count: labels) }
      own[Int(rater)][Int(category)] += 1
      totals[Int(rater)] += 1
    }
    let raters = Double(raters.count)
    guard raters > 1 else { return .nan }
    var sum = [Double](repeating: 0, count: labels)
    var withThemselves = 0.0
    for (own, total) in zip(own, totals) {
      let shares = own.map { $0 / total }
      for (label, share) in shares.enumerated() { sum[label] += share }
      withThemselves += weights.expected(shares, shares)
    }
    // All ordered pairs of raters less each rater with themselves.
    return (weights.expected(sum, sum) - withThemselves) / (raters * (raters - 1))
  }

  /// Conger's κ without weights, for which the weights' table need not be made.
  func unweightedConger(_ raw: Statistic, isConstant: Bool) -> Statistic {
    guard let raw = raw.value else { return raw }
    guard !isConstant else { return .undefined(.noVariation) }
    var totals = [Double](repeating: 0, count: raters.count)
    for rater in ratingRaters { totals[Int(rater)] += 1 }
    // The raters' shares of a label, summed and squared, come from one counting sort by rater.
    var order = [[Int32]](repeating: [], count: raters.count)
    for (rater, category) in zip(ratingRaters, ratingCategories) {
      order[Int(rater)].append(category)
    }
    var sum = [Double](repeating: 0, count: categories.count)
    var withThemselves = 0.0
    var counts = [Double](repeating: 0, count: categories.count)
    for (rater, own) in order.enumerated() {
      for category in own { counts[Int(category)] += 1 }
      for category in own where counts[Int(category)] > 0 {
        let share = counts[Int(category)] / totals[rater]
        sum[Int(category)] += share
        withThemselves += share * share
        counts[Int(category)] = 0
      }
    }
    let raters = Double(raters.count)
    let expected = (sum.reduce(0) { $0 + $1 * $1 } - withThemselves) / (raters * (raters - 1))
    return .corrected(observed: raw, expected: expected)
  }
}
