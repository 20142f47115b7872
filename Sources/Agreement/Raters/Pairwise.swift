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
    guard leftOut == 0 else {
      return .undefined(raters.isEmpty ? .tooManyValues : .tooManyRaters)
    }
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
  ///   not fit into 32 MiB, none where there are more than 2,048 labels.
  public func pairwise(most: Int = 64) -> Pairwise {
    let labels = categories.count
    // Squares of more labels than this come from values on a scale, not from labels.
    let room = labels <= 2048 ? (1 << 22) / max(labels * labels, 1) : 0
    var limit = room == 0 ? 0 : max(most, 2)
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
    let area = labels * labels
    let counts = pairCounts(placeOf, chosen: chosen.count)
    return Pairwise(
      raters: chosen, leftOut: raters.count - chosen.count,
      tables: (0..<pairs).map {
        PairTable(labels: labels, counts: Array(counts[($0 * area)..<(($0 + 1) * area)]))
      })
  }

  /// For each pair of the chosen raters the items by the lower one's label and the other's.
  private func pairCounts(_ placeOf: [Int32], chosen: Int) -> [Int] {
    let labels = categories.count
    let area = labels * labels
    var counts = [Int](repeating: 0, count: max(chosen * (chosen - 1) / 2, 0) * area)
    // Where the table of each rater with the next one would start, so that a pair's is one addition.
    let bases = (0..<chosen).map { ($0 * chosen - $0 * ($0 + 1) / 2 - $0 - 1) * area }
    let most = items.indices.reduce(0) { max($0, starts[$1 + 1] - starts[$1]) }
    // An item's ratings by chosen raters: as the first of a pair and as the second.
    var firsts = [Int](repeating: 0, count: most)
    var seconds = firsts
    // Pairs of ratings are the one thing here that is more than the ratings; without bounds checks
    // ten raters' pairs cost as much as reading their ratings.
    counts.withUnsafeMutableBufferPointer { counts in
      firsts.withUnsafeMutableBufferPointer { firsts in
        seconds.withUnsafeMutableBufferPointer { seconds in
          ratingRaters.withUnsafeBufferPointer { ratingRaters in
            ratingCategories.withUnsafeBufferPointer { ratingCategories in
              for item in items.indices {
                var (count, last) = (0, -1)
                for place in starts[item]..<starts[item + 1] {
                  let rater = Int(placeOf[Int(ratingRaters[place])])
                  // A rater's second rating of an item is no other rater's.
                  guard rater > last else { continue }
                  last = rater
                  let category = Int(ratingCategories[place])
                  firsts[count] = bases[rater] &+ category &* labels
                  seconds[count] = rater &* area &+ category
                  count &+= 1
                }
                for one in 0..<count {
                  let first = firsts[one]
                  for other in (one &+ 1)..<max(count, one &+ 1) {
                    counts[first &+ seconds[other]] &+= 1
                  }
                }
              }
            }
          }
        }
      }
    }
    return counts
  }
}
