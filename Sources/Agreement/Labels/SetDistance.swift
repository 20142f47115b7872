/// How far apart two sets of labels are.
public enum SetDistance: String, Sendable, CaseIterable {
  /// 1 − |A ∩ B| / |A ∪ B|.
  case jaccard
  /// 1 − J M with J as for ``jaccard`` and M = 1 for the same sets, ⅔ for a subset, ⅓ for an
  /// overlap, 0 for none: MASI of Passonneau 2006, used as it is, not squared.
  case masi
  /// 0 for the same sets, ⅓ for a subset, ⅔ for an overlap, 1 for none (Passonneau 2004). The empty
  /// set is a subset of every set.
  case passonneau2004
  /// Jaccard's distance times that of ``passonneau2004``: what DKPro Statistics, the engine of
  /// INCEpTION, calls MASI.
  case masiDKPro

  /// The distance of two sets with so many labels in common and each; two empty sets are the same.
  func callAsFunction(shared: Int, one: Int, other: Int) -> Double {
    let union = one + other - shared
    if union == 0 { return 0 }
    let overlap = Double(shared) / Double(union)
    let kind: Double
    switch (shared == one, shared == other) {
    case (true, true): kind = 0
    case (true, false), (false, true): kind = 1 / 3
    case (false, false): kind = shared == 0 ? 1 : 2 / 3
    }
    return switch self {
    case .jaccard: 1 - overlap
    case .masi: 1 - overlap * (1 - kind)
    case .passonneau2004: kind
    case .masiDKPro: (1 - overlap) * kind
    }
  }
}

extension RatingTable {
  /// Krippendorff's α over answers that are sets of labels.
  ///
  /// A table whose answers are single labels counts as one of sets of one label.
  public func alpha(_ distance: SetDistance) -> KrippendorffAlpha {
    alpha(metric(distance))
  }

  /// The metric of a distance of sets.
  func metric(_ distance: SetDistance) -> Metric {
    let sets = interned
    return .distance { one, other in
      let (first, second) = (sets[one], sets[other])
      return distance(shared: shared(first, second), one: first.count, other: second.count)
    }
  }

  /// α of each label: whether raters put it into their sets, by label.
  public var alphaOfLabels: [(label: String, alpha: Statistic)] {
    let sets = interned
    let names = labelNames
    let patterns = ItemPatterns(self)
    return names.enumerated().map { label, name in
      let holds = sets.map { $0.contains(Int32(label)) }
      let alpha = alpha(.distance { holds[$0] == holds[$1] ? 0 : 1 }, patterns).alpha
      return (name, alpha.reason == .noVariation ? .undefined(.labelNotUsed) : alpha)
    }
  }

  /// The labels that occur in sets, in the order of the alphabet; without sets the categories.
  public var labelNames: [String] {
    sets.map { Set($0.joined()).sorted() } ?? categories
  }

  /// The sets as increasing numbers of ``labelNames``.
  private var interned: [[Int32]] {
    guard let sets else { return categories.indices.map { [Int32($0)] } }
    let places = Dictionary(
      uniqueKeysWithValues: labelNames.enumerated().map { ($1, Int32($0)) })
    return sets.map { $0.compactMap { places[$0] }.sorted() }
  }
}

/// How many numbers two increasing lists have in common.
private func shared(_ one: [Int32], _ other: [Int32]) -> Int {
  var (first, second, count) = (0, 0, 0)
  while first < one.count, second < other.count {
    if one[first] == other[second] {
      count += 1
      first += 1
      second += 1
    } else if one[first] < other[second] {
      first += 1
    } else {
      second += 1
    }
  }
  return count
}
