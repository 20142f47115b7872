/// The formulas of the statistics of one label, over ``LabelSums``.
struct LabelStatistics {
  private let sums: LabelSums
  private let shared: Double
  private let rated: Double
  private let labels: Int
  /// Ratings on items with at least two.
  private let pairable: Double
  /// Whether no two ratings of the table could have differed.
  let isConstant: Bool

  init(_ sums: LabelSums) {
    self.sums = sums
    shared = sums.shared
    rated = sums.rated
    labels = sums.labels
    pairable = sums.total(.pairable)
    isConstant = (0..<sums.labels).count { sums[.share, $0] > 0 } < 2
  }

  /// The mean over items of the share of pairs of raters that agree (Gwet 2014).
  var rawAgreement: Statistic {
    .quotient(shared - sums.total(.splitShare), shared, else: .nothingShared)
  }

  /// The share of all pairs of ratings on the same item that agree, items with more ratings
  /// counting more.
  var pooledAgreement: Statistic {
    .quotient(sums.total(.agreeing), sums.total(.beginning), else: .nothingShared)
  }

  /// Krippendorff's α for nominal data, Krippendorff 2011,
  /// https://repository.upenn.edu/asc_papers/43.
  var alphaNominal: Statistic {
    alpha(observed: observedDisagreement, expected: expectedDisagreement)
  }

  /// Krippendorff's observed disagreement D_o.
  var observedDisagreement: Double { sums.total(.split) / pairable }

  /// Krippendorff's expected disagreement D_e.
  var expectedDisagreement: Double {
    let all = pairable
    return (0..<labels).reduce(0) {
      $0 + sums[.pairable, $1] * (all - sums[.pairable, $1])
    } / (all * (all - 1))
  }

  /// ``alphaNominal`` where so many pairable ratings of each label and so much of the disagreements
  /// go.
  func alpha(without gone: [Double], split: Double) -> Statistic {
    let left = (0..<labels).map { sums[.pairable, $0] - gone[$0] }
    let all = left.reduce(0, +)
    guard all > 0 else { return .undefined(.nothingShared) }
    let expected = left.reduce(0) { $0 + $1 * (all - $1) } / (all * (all - 1))
    guard expected > 0 else { return .undefined(.noVariation) }
    return .value(1 - (sums.total(.split) + split) / all / expected)
  }

  private func alpha(observed: Double, expected: Double) -> Statistic {
    guard shared > 0 else { return .undefined(.nothingShared) }
    guard expected > 0 else { return .undefined(.noVariation) }
    return .value(1 - observed / expected)
  }

  /// Fleiss's κ with Gwet's rule for missing ratings.
  ///
  /// Observed agreement is over items with two
  /// ratings or more, the shares of the labels over items with one or more (Gwet 2014). Without
  /// missing ratings it is that of Fleiss 1971, doi 10.1037/h0031619.
  var fleiss: Statistic {
    corrected(expected: shares.reduce(0) { $0 + $1 * $1 })
  }

  /// Gwet's AC1, Gwet 2008, doi 10.1348/000711006X126600.
  var ac1: Statistic {
    corrected(expected: shares.reduce(0) { $0 + $1 * (1 - $1) } / Double(labels - 1))
  }

  /// Brennan and Prediger's κ, chance being one over the number of declared labels, Brennan and
  /// Prediger 1981, doi 10.1177/001316448104100307.
  var brennanPrediger: Statistic { corrected(expected: 1 / Double(labels)) }

  /// Gwet's π_k: each label's mean share of an item's ratings.
  var shares: [Double] {
    (0..<labels).map { rated == 0 ? 0 : sums[.share, $0] / rated }
  }

  private func corrected(expected: Double) -> Statistic {
    guard let raw = rawAgreement.value else { return .undefined(.nothingShared) }
    guard !isConstant else { return .undefined(.noVariation) }
    return .corrected(observed: raw, expected: expected)
  }

  /// Of the pairs in which one rating is the label, the share in which the other is too (Cicchetti
  /// and Feinstein 1990, doi 10.1016/0895-4356(90)90159-M, for any number of raters).
  func specificAgreement(_ label: Int) -> Statistic {
    .quotient(sums[.agreeing, label], sums[.beginning, label], else: .labelNotUsed)
  }

  /// ``fleiss`` of the label against all others.
  func kappa(_ label: Int) -> Statistic {
    guard shared > 0 else { return .undefined(.nothingShared) }
    let share = sums[.share, label] / rated
    guard share > 0 else { return .undefined(.labelNotUsed) }
    guard !isConstant else { return .undefined(.noVariation) }
    return .corrected(
      observed: 1 - 2 * sums[.splitShare, label] / shared,
      expected: share * share + (1 - share) * (1 - share))
  }

  /// ``alphaNominal`` of the label against all others.
  func alpha(_ label: Int) -> Statistic {
    let (used, all) = (sums[.pairable, label], pairable)
    if shared > 0, used == 0 { return .undefined(.labelNotUsed) }
    return alpha(
      observed: 2 * sums[.split, label] / all, expected: 2 * used * (all - used) / (all * (all - 1))
    )
  }

  /// The label's share of all ratings on items with at least two.
  func prevalence(_ label: Int) -> Statistic {
    .quotient(sums[.pairable, label], pairable, else: .nothingShared)
  }
}
