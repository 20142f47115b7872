/// One label of answers that are sets.
public struct SetLabel: Equatable, Sendable {
  /// The label.
  public let label: String
  /// The sets that hold it, on items with at least two ratings.
  public let ratings: Int
  /// Their share of all sets on such items.
  public let prevalence: Statistic
  /// Krippendorff's α of whether the label is in the set.
  public let alpha: Statistic
}

extension RatingTable {
  /// Each label of a table whose answers are sets, in the order of ``labelNames``.
  public var setLabels: [SetLabel] {
    let sets = sets ?? categories.map { [$0] }
    var used = [Int](repeating: 0, count: sets.count)
    for item in items.indices where starts[item + 1] - starts[item] > 1 {
      for place in starts[item]..<starts[item + 1] { used[Int(ratingCategories[place])] += 1 }
    }
    let all = used.reduce(0, +)
    return alphaOfLabels.map { label, alpha in
      let ratings = zip(sets, used).reduce(0) { $0 + ($1.0.contains(label) ? $1.1 : 0) }
      return SetLabel(
        label: label, ratings: ratings,
        prevalence: .quotient(Double(ratings), Double(all), else: .nothingShared), alpha: alpha)
    }
  }
}
