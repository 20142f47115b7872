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
    var sum = [Double](repeating: 0, count: categories.count)
    var withThemselves = 0.0
    let raters = forEachRaterShares { shares, used in
      for label in used {
        sum[label] += shares[label]
        for other in used {
          withThemselves += weights.rows[label][other] * shares[label] * shares[other]
        }
      }
    }
    guard raters > 1 else { return .nan }
    // All ordered pairs of raters less each rater with themselves.
    return (weights.expected(sum, sum) - withThemselves) / (raters * (raters - 1))
  }

  /// Conger's κ without weights, for which the weights' table need not be made.
  func unweightedConger(_ all: LabelStatistics) -> Statistic {
    guard let raw = all.rawAgreement.value else { return all.rawAgreement }
    guard !all.isConstant else { return .undefined(.noVariation) }
    var sum = [Double](repeating: 0, count: categories.count)
    var withThemselves = 0.0
    let raters = forEachRaterShares { shares, used in
      for label in used {
        sum[label] += shares[label]
        withThemselves += shares[label] * shares[label]
      }
    }
    let expected = (sum.reduce(0) { $0 + $1 * $1 } - withThemselves) / (raters * (raters - 1))
    return .corrected(observed: raw, expected: expected)
  }

  /// Calls back for every rater with the labels' shares of their ratings, and which labels to look at.
  ///
  /// - Returns: the number of raters.
  private func forEachRaterShares(_ body: ([Double], [Int]) -> Void) -> Double {
    let labels = categories.count
    var shares = [Double](repeating: 0, count: labels)
    if raters.count * labels <= max(4 * ratingCount, 1 << 16) {
      // A table of raters by labels is no larger than the ratings.
      var counts = [Int32](repeating: 0, count: raters.count * labels)
      for (rater, category) in zip(ratingRaters, ratingCategories) {
        counts[Int(rater) &* labels &+ Int(category)] &+= 1
      }
      for rater in raters.indices {
        let own = counts[(rater * labels)..<((rater + 1) * labels)]
        let total = own.reduce(0, +)
        guard total > 0 else { continue }
        for (label, count) in own.enumerated() { shares[label] = Double(count) / Double(total) }
        body(shares, (0..<labels).filter { shares[$0] > 0 })
      }
      return Double(raters.count)
    }
    var own = [[Int32]](repeating: [], count: raters.count)
    for (rater, category) in zip(ratingRaters, ratingCategories) {
      own[Int(rater)].append(category)
    }
    for given in own where !given.isEmpty {
      var used: [Int] = []
      for category in given.lazy.map(Int.init) {
        if shares[category] == 0 { used.append(category) }
        shares[category] += 1
      }
      for label in used { shares[label] /= Double(given.count) }
      body(shares, used.sorted())
      for label in used { shares[label] = 0 }
    }
    return Double(raters.count)
  }
}
