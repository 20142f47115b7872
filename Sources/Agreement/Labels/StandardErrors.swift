/// The large-sample standard errors of ``WeightedAgreement``'s statistics, the raters being fixed and
/// the items a sample of infinitely many.
///
/// By linearisation, after Gwet 2014, Handbook of Inter-Rater Reliability, 4th edition, chapter 5, and
/// Gwet 2021, doi 10.1177/0013164420973080, as in irrCAC. They take items for independent, which turns
/// of a dialogue are not: the bootstrap over dialogues is the safer interval.
public struct AgreementErrors: Equatable, Sendable {
  /// Of the raw agreement.
  public let raw: Statistic
  /// Of Fleiss's κ.
  public let fleiss: Statistic
  /// Of Conger's κ.
  public let conger: Statistic
  /// Of Brennan and Prediger's κ.
  public let brennanPrediger: Statistic
  /// Of Gwet's AC1 or AC2.
  public let ac: Statistic
  /// Of Krippendorff's α with the weights' complement as distance: nominal α with identity weights.
  public let alpha: Statistic
}

extension RatingTable {
  /// The standard errors of ``weightedAgreement(_:)``.
  ///
  /// - Parameter weights: one row for each of ``categories``, in their order, the same ones.
  public func agreementErrors(_ weights: AgreementWeights) -> AgreementErrors {
    let patterns = ItemPatterns(self)
    let agreement = weightedAgreement(weights, patterns)
    let shares = ratedShares(patterns)
    let (rated, shared) = ratedAndShared(patterns)
    // Each label's mean weight with the others, in both directions.
    let near = categories.indices.map { label in
      categories.indices.reduce(0) {
        $0 + (weights.rows[label][$1] + weights.rows[$1][label]) / 2 * shares[$1]
      }
    }
    let count = Double(categories.count)
    let spread = weights.total / (count * (count - 1))
    let raw = (0..<patterns.count).map { patterns.agreement($0, weights) }

    /// √(Σ (κᵢ − κ)² / (n (n − 1))) of what each item says κ is.
    func error(
      _ statistic: Statistic, expected: Double, _ chance: ((Int) -> Double)?
    ) -> Statistic {
      guard let value = statistic.value else { return statistic }
      guard rated > 1 else { return .undefined(.tooFewItems) }
      var sum = 0.0
      for pattern in 0..<patterns.count where patterns.sizes[pattern] > 0 {
        let hasPairs = patterns.sizes[pattern] > 1
        var own = rated / shared * (hasPairs ? raw[pattern] - expected : 0) / (1 - expected)
        if let chance {
          own -= 2 * (1 - value) * (chance(pattern) - expected) / (1 - expected)
        }
        sum += Double(patterns.multiplicity[pattern]) * (own - value) * (own - value)
      }
      return .value((sum / (rated * (rated - 1))).squareRoot())
    }
    return AgreementErrors(
      raw: error(agreement.raw, expected: 0, nil),
      fleiss: error(agreement.fleiss, expected: agreement.fleissExpected) {
        patterns.mean($0) { near[$0] }
      },
      conger: congerError(agreement, weights, patterns, raw, rated: rated, shared: shared),
      brennanPrediger: error(
        agreement.brennanPrediger, expected: weights.total / (count * count), nil),
      ac: error(agreement.ac, expected: agreement.acExpected) {
        patterns.mean($0) { spread * (1 - shares[$0]) }
      }, alpha: alphaError(weights, patterns, raw))
  }

  private func alphaError(
    _ weights: AgreementWeights, _ patterns: ItemPatterns, _ raw: [Double]
  ) -> Statistic {
    let pairable = pairableCounts(patterns)
    let ratings = pairable.reduce(0, +)
    let shared = (0..<patterns.count).reduce(0) {
      $0 + (patterns.sizes[$1] > 1 ? Double(patterns.multiplicity[$1]) : 0)
    }
    guard ratings > 0 else { return .undefined(.nothingShared) }
    guard shared > 1 else { return .undefined(.tooFewItems) }
    guard pairable.count(where: { $0 > 0 }) > 1 else { return .undefined(.noVariation) }
    let typical = ratings / shared
    let shares = pairable.map { $0 / ratings }
    let expected = weights.expected(shares, shares)
    let near = categories.indices.map { label in
      categories.indices.reduce(0) {
        $0 + (weights.rows[label][$1] + weights.rows[$1][label]) / 2 * shares[$1]
      }
    }
    // Items count by their number of ratings, as α has it.
    var agreeing = 0.0
    for pattern in 0..<patterns.count where patterns.sizes[pattern] > 1 {
      agreeing +=
        Double(patterns.multiplicity[pattern]) * raw[pattern] * Double(patterns.sizes[pattern])
    }
    agreeing /= ratings
    let corrected = (1 - 1 / ratings) * agreeing + 1 / ratings
    let value = (agreeing - expected) / (1 - expected)
    var sum = 0.0
    for pattern in 0..<patterns.count where patterns.sizes[pattern] > 1 {
      let more = Double(patterns.sizes[pattern]) / typical
      let chance = patterns.mean(pattern) { near[$0] } * more - expected * (more - 1)
      let own =
        (raw[pattern] * more - corrected * (more - 1) - expected) / (1 - expected)
        - 2 * (1 - value) * (chance - expected) / (1 - expected)
      sum += Double(patterns.multiplicity[pattern]) * (own - value) * (own - value)
    }
    return .value((sum / (shared * (shared - 1))).squareRoot())
  }

  /// Gwet's π: each label's mean share of a rated item's ratings.
  private func ratedShares(_ patterns: ItemPatterns) -> [Double] {
    let sums = LabelSums(patterns, labels: categories.count)
    return LabelStatistics(sums).shares
  }

  private func ratedAndShared(_ patterns: ItemPatterns) -> (Double, Double) {
    let sums = LabelSums(patterns, labels: categories.count)
    return (sums.rated, sums.shared)
  }

  /// The error of Conger's κ, whose chance depends on who gave an item its labels.
  private func congerError(
    _ agreement: WeightedAgreement, _ weights: AgreementWeights, _ patterns: ItemPatterns,
    _ raw: [Double], rated: Double, shared: Double
  ) -> Statistic {
    guard let kappa = agreement.conger.value else { return agreement.conger }
    guard rated > 1 else { return .undefined(.tooFewItems) }
    let labels = categories.count
    var own = [Double](repeating: 0, count: raters.count * labels)
    var totals = [Double](repeating: 0, count: raters.count)
    for (rater, category) in zip(ratingRaters, ratingCategories) {
      own[Int(rater) * labels + Int(category)] += 1
      totals[Int(rater)] += 1
    }
    // Labels of all raters but one, added up: what a rating's chance of agreement comes from.
    var sum = [Double](repeating: 0, count: labels)
    for rater in raters.indices where totals[rater] > 0 {
      for label in 0..<labels {
        own[rater * labels + label] /= totals[rater]
        sum[label] += own[rater * labels + label]
      }
    }
    var chances = own
    var means = [Double](repeating: 0, count: raters.count)
    for rater in raters.indices where totals[rater] > 0 {
      for label in 0..<labels {
        chances[rater * labels + label] = (0..<labels).reduce(0) {
          $0 + weights.rows[$1][label] * (sum[$1] - own[rater * labels + $1])
        }
      }
      for label in 0..<labels {
        means[rater] += chances[rater * labels + label] * own[rater * labels + label]
      }
    }
    let pairs = Double(raters.count) * Double(raters.count - 1)
    let expected = agreement.congerExpected
    let mean = means.reduce(0, +)
    var squares = 0.0
    for item in items.indices where starts[item + 1] > starts[item] {
      let range = starts[item]..<starts[item + 1]
      // Raters who did not rate the item stand with what they give on average.
      var chance = mean
      for place in range {
        let rater = Int(ratingRaters[place])
        let said = chances[rater * labels + Int(ratingCategories[place])]
        chance += (said - means[rater]) * rated / totals[rater]
      }
      chance /= pairs
      let pattern = Int(patterns.ofItem[item])
      let hasPairs = range.count > 1
      let part =
        rated / shared * (hasPairs ? raw[pattern] - expected : 0) / (1 - expected)
        - 2 * (1 - kappa) * (chance - expected) / (1 - expected)
      squares += (part - kappa) * (part - kappa)
    }
    return .value((squares / (rated * (rated - 1))).squareRoot())
  }
}

extension ItemPatterns {
  /// The weighted share of an item's pairs of ratings that agree.
  fileprivate func agreement(_ pattern: Int, _ weights: AgreementWeights) -> Double {
    let size = Double(sizes[pattern])
    guard size > 1 else { return 0 }
    let entries = starts[pattern]..<starts[pattern + 1]
    let sum = entries.reduce(0) { sum, entry in
      let row = weights.rows[Int(categories[entry])]
      let others = entries.reduce(0) { $0 + row[Int(categories[$1])] * Double(counts[$1]) }
      return sum + Double(counts[entry]) * (others - 1)
    }
    return sum / (size * (size - 1))
  }

  /// The mean over an item's ratings of a number of their label.
  fileprivate func mean(_ pattern: Int, _ number: (Int) -> Double) -> Double {
    (starts[pattern]..<starts[pattern + 1]).reduce(0) {
      $0 + Double(counts[$1]) * number(Int(categories[$1]))
    } / Double(sizes[pattern])
  }
}
