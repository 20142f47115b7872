/// Krippendorff's α and the two disagreements it compares.
public struct KrippendorffAlpha: Equatable, Sendable {
  /// 1 − D_o / D_e.
  public let alpha: Statistic
  /// The mean distance of two ratings of the same item, D_o; undefined as ``alpha`` is without a
  /// shared item.
  public let observed: Statistic
  /// The mean distance of any two ratings, D_e.
  public let expected: Statistic
}

/// How far apart two answers are (Krippendorff 2011).
public enum Metric: Sendable {
  /// 0 or 1.
  case nominal
  /// The categories' order, distances by how many ratings lie between two of them: Krippendorff's
  /// own metric, which depends on the data.
  case ordinal
  /// (a − b)².
  case interval
  /// ((a − b) / (a + b))², for values from 0 up; 0 between two zeros.
  case ratio
  /// Any symmetric distance of two categories, by their places; 0 for the same. Called once for
  /// each pair of different categories.
  case distance(@Sendable (Int, Int) -> Double)
}

extension RatingTable {
  /// Krippendorff's α over the whole table.
  ///
  /// Only items with at least two ratings count. Takes time proportional to the ratings for the
  /// nominal, ordinal and interval metric, and to the pairs of different answers for the others.
  public func alpha(_ metric: Metric) -> KrippendorffAlpha {
    alpha(metric, ItemPatterns(self))
  }

  func alpha(_ metric: Metric, _ patterns: ItemPatterns) -> KrippendorffAlpha {
    let pairable = pairableCounts(patterns)
    switch metric {
    case .nominal:
      return alpha(patterns, pairable) { $0 == $1 ? 0 : 1 }
    case .ordinal:
      // δ(c, k) = (n_c / 2 + Σ between + n_k / 2)² is the squared distance of the middles of the two
      // categories' stretches when all ratings are laid out in order.
      var before = 0.0
      let middles = pairable.map { count in
        defer { before += count }
        return before + count / 2
      }
      return alpha(patterns, pairable, positions: middles)
    case .interval:
      guard let values = numericValues else { return undefined(.notNumeric) }
      return alpha(patterns, pairable, positions: values)
    case .ratio:
      guard let values = numericValues else { return undefined(.notNumeric) }
      guard !zip(values, pairable).contains(where: { $0 < 0 && $1 > 0 }) else {
        return undefined(.negativeValue)
      }
      return alpha(patterns, pairable) {
        let sum = values[$0] + values[$1]
        let share = sum == 0 ? 0 : (values[$0] - values[$1]) / sum
        return share * share
      }
    case .distance(let distance):
      return alpha(patterns, pairable, distance: distance)
    }
  }

  /// The categories as numbers, if all of them are.
  public var numericValues: [Double]? {
    let values = categories.compactMap { Double($0) }.filter(\.isFinite)
    return values.count == categories.count ? values : nil
  }

  private func undefined(_ reason: Statistic.Reason) -> KrippendorffAlpha {
    KrippendorffAlpha(
      alpha: .undefined(reason), observed: .undefined(reason), expected: .undefined(reason))
  }

  /// How often each category was given on items with at least two ratings.
  private func pairableCounts(_ patterns: ItemPatterns) -> [Double] {
    var counts = [Double](repeating: 0, count: categories.count)
    for pattern in 0..<patterns.count where patterns.sizes[pattern] > 1 {
      for entry in patterns.starts[pattern]..<patterns.starts[pattern + 1] {
        counts[Int(patterns.categories[entry])] +=
          Double(patterns.multiplicity[pattern]) * Double(patterns.counts[entry])
      }
    }
    return counts
  }

  private func alpha(observed: Double, expected: Double, ratings: Double) -> KrippendorffAlpha {
    guard ratings > 0 else { return undefined(.nothingShared) }
    let both = (Statistic.value(observed), Statistic.value(expected))
    let alpha: Statistic =
      expected > 0 ? .value(1 - observed / expected) : .undefined(.noVariation)
    return KrippendorffAlpha(alpha: alpha, observed: both.0, expected: both.1)
  }

  /// α for squared distances on a line: sums of squares about the means say all.
  private func alpha(
    _ patterns: ItemPatterns, _ pairable: [Double], positions: [Double]
  ) -> KrippendorffAlpha {
    let ratings = pairable.reduce(0, +)
    let mean = zip(pairable, positions).reduce(0) { $0 + $1.0 * $1.1 } / ratings
    let spread = zip(pairable, positions).reduce(0) {
      $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean)
    }
    var within = 0.0
    for pattern in 0..<patterns.count where patterns.sizes[pattern] > 1 {
      let size = Double(patterns.sizes[pattern])
      let entries = patterns.starts[pattern]..<patterns.starts[pattern + 1]
      guard entries.count > 1 else { continue }
      let sum = entries.reduce(0) {
        $0 + Double(patterns.counts[$1]) * positions[Int(patterns.categories[$1])]
      }
      let squares = entries.reduce(0) {
        let deviation = positions[Int(patterns.categories[$1])] - sum / size
        return $0 + Double(patterns.counts[$1]) * deviation * deviation
      }
      within += Double(patterns.multiplicity[pattern]) * size * squares / (size - 1)
    }
    return alpha(
      observed: 2 * within / ratings, expected: 2 * spread / (ratings - 1), ratings: ratings)
  }

  /// α for any distance.
  private func alpha(
    _ patterns: ItemPatterns, _ pairable: [Double], distance: (Int, Int) -> Double
  ) -> KrippendorffAlpha {
    let ratings = pairable.reduce(0, +)
    let used = pairable.indices.filter { pairable[$0] > 0 }
    guard used.count <= 4096 else { return undefined(.tooManyValues) }
    // Distances among the used categories only, each asked for once.
    var rank = [Int](repeating: 0, count: pairable.count)
    for (place, category) in used.enumerated() { rank[category] = place }
    var distances = [Double](repeating: 0, count: used.count * used.count)
    var expected = 0.0
    for (place, category) in used.enumerated() {
      for (other, second) in used[..<place].enumerated() {
        let apart = distance(category, second)
        distances[place * used.count + other] = apart
        distances[other * used.count + place] = apart
        expected += 2 * pairable[category] * pairable[second] * apart
      }
    }
    var observed = 0.0
    for pattern in 0..<patterns.count where patterns.sizes[pattern] > 1 {
      let entries = patterns.starts[pattern]..<patterns.starts[pattern + 1]
      guard entries.count > 1 else { continue }
      var own = 0.0
      for entry in entries {
        let row = rank[Int(patterns.categories[entry])] * used.count
        for other in entries.lowerBound..<entry {
          own +=
            Double(patterns.counts[entry]) * Double(patterns.counts[other])
            * distances[row + rank[Int(patterns.categories[other])]]
        }
      }
      observed +=
        2 * Double(patterns.multiplicity[pattern]) * own / Double(patterns.sizes[pattern] - 1)
    }
    return alpha(
      observed: observed / ratings, expected: expected / (ratings * (ratings - 1)),
      ratings: ratings)
  }
}
