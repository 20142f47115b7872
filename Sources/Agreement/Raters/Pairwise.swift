/// The tables of all pairs of raters.
public struct Pairwise: Equatable, Sendable {
  /// The raters compared, as places in ``RatingTable/raters``; those with most ratings where there
  /// are too many to compare all.
  public let raters: [Int]
  /// The raters left out.
  public let leftOut: Int
  /// The tables of the pairs (0, 1), (0, 2) … (1, 2) … of ``raters``.
  public let tables: [PairTable]

  /// The table of two different raters by their places in ``raters``, the lower one as rows.
  public func table(_ one: Int, _ other: Int) -> PairTable {
    let (low, high) = (min(one, other), max(one, other))
    return tables[low * raters.count - low * (low + 1) / 2 + high - low - 1]
  }

  /// Light's κ, the mean of Cohen's κ over all pairs (Light 1971, doi 10.1037/h0031643); over those
  /// for which it is defined.
  public var lightKappa: Statistic {
    guard leftOut == 0 else { return .undefined(.tooManyRaters) }
    let defined = tables.compactMap(\.cohenKappa.value)
    guard !defined.isEmpty else {
      return .undefined(tables.contains { $0.shared > 0 } ? .noVariation : .nothingShared)
    }
    return .value(defined.reduce(0, +) / Double(defined.count))
  }

  /// The mean of a rater's Cohen's κ with each other rater, over those for which it is defined.
  public func meanKappa(_ rater: Int) -> Statistic {
    let defined = raters.indices.filter { $0 != rater }
      .compactMap { table(rater, $0).cohenKappa.value }
    guard !defined.isEmpty else { return .undefined(.nothingShared) }
    return .value(defined.reduce(0, +) / Double(defined.count))
  }
}

extension RatingTable {
  /// Compares raters in pairs.
  ///
  /// - Parameter most: the raters to compare at most. Fewer are where pairs x labels² would
  ///   not fit into 32 MiB.
  public func pairwise(most: Int = 64) -> Pairwise {
    let labels = categories.count
    let room = (1 << 22) / max(labels * labels, 1)
    var limit = max(most, 2)
    while limit > 2, limit * (limit - 1) / 2 > room { limit -= 1 }
    var ratings = [Int](repeating: 0, count: raters.count)
    for rater in ratingRaters { ratings[Int(rater)] += 1 }
    var chosen = Array(raters.indices)
    if chosen.count > limit {
      chosen.sort { (ratings[$1], $0) < (ratings[$0], $1) }
      chosen = chosen.prefix(limit).sorted()
    }
    var placeOf = [Int32](repeating: -1, count: raters.count)
    for (place, rater) in chosen.enumerated() { placeOf[rater] = Int32(place) }
    let pairs = chosen.count * (chosen.count - 1) / 2
    var counts = [Int](repeating: 0, count: max(pairs, 0) * labels * labels)
    // Where the table of each rater with the next one would start, so that a pair's is one addition.
    let bases = chosen.indices.map { ($0 * chosen.count - $0 * ($0 + 1) / 2 - $0 - 1) }
    let area = labels * labels
    // Pairs of ratings are the one thing here that is more than the ratings; without bounds checks
    // ten raters' pairs cost as much as reading their ratings.
    counts.withUnsafeMutableBufferPointer { counts in
      ratingRaters.withUnsafeBufferPointer { ratingRaters in
        ratingCategories.withUnsafeBufferPointer { ratingCategories in
          for item in items.indices {
            let end = starts[item + 1]
            for one in starts[item]..<end {
              let first = Int(placeOf[Int(ratingRaters[one])])
              guard first >= 0 else { continue }
              let base = bases[first] * area + Int(ratingCategories[one]) * labels
              for other in (one + 1)..<max(end, one + 1) {
                let second = Int(placeOf[Int(ratingRaters[other])])
                guard second > first else { continue }
                counts[base + second * area + Int(ratingCategories[other])] += 1
              }
            }
          }
        }
      }
    }
    return Pairwise(
      raters: chosen, leftOut: raters.count - chosen.count,
      tables: (0..<pairs).map {
        PairTable(labels: labels, counts: Array(counts[($0 * area)..<(($0 + 1) * area)]))
      })
  }
}
