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
    let ratings = pairable.reduce(0, +)
    guard ratings > 0 else { return KrippendorffAlpha(undefined: .nothingShared) }
    switch PreparedMetric.prepare(metric, pairable: pairable, values: numericValues) {
    case .impossible(let reason):
      return KrippendorffAlpha(undefined: reason)
    case .ready(let prepared):
      var observed = 0.0
      for pattern in 0..<patterns.count where patterns.sizes[pattern] > 1 {
        observed += Double(patterns.multiplicity[pattern]) * prepared.split(patterns, pattern)
      }
      let expected = prepared.spread(pairable) / (ratings * (ratings - 1))
      return KrippendorffAlpha(observed: observed / ratings, expected: expected)
    }
  }

  /// The categories as numbers, if all of them are.
  ///
  /// Numbers of more than 10⁵⁰ are not taken for values on a scale: their squares could not be added
  /// up.
  public var numericValues: [Double]? {
    let values = categories.compactMap(Self.value)
    return values.count == categories.count ? values : nil
  }

  /// A category as a number, if it is one.
  static func value(of category: String) -> Double? {
    guard let value = Double(category), abs(value) <= 1e50 else { return nil }
    return value
  }

  /// How often each category was given on items with at least two ratings.
  func pairableCounts(_ patterns: ItemPatterns) -> [Double] {
    var counts = [Double](repeating: 0, count: categories.count)
    for pattern in 0..<patterns.count where patterns.sizes[pattern] > 1 {
      for entry in patterns.starts[pattern]..<patterns.starts[pattern + 1] {
        counts[Int(patterns.categories[entry])] +=
          Double(patterns.multiplicity[pattern]) * Double(patterns.counts[entry])
      }
    }
    return counts
  }
}

extension KrippendorffAlpha {
  init(undefined reason: Statistic.Reason) {
    self.init(
      alpha: .undefined(reason), observed: .undefined(reason), expected: .undefined(reason))
  }

  init(observed: Double, expected: Double) {
    self.init(
      alpha: expected > 0 ? .value(1 - observed / expected) : .undefined(.noVariation),
      observed: .value(observed), expected: .value(expected))
  }
}
