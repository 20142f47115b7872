internal import Glibc

/// How the ratings of one item are spread over the labels.
public struct ItemVotes: Equatable, Sendable {
  /// The ratings of the item.
  public let ratings: Int
  /// How many ratings each label got, in the order of ``RatingTable/categories``.
  public let counts: [Int]

  /// The labels with the most ratings, as places: one, several where they tie, none without ratings.
  ///
  /// A tie stays a tie; whoever needs one label has to adjudicate or to ask a model of raters.
  public var majority: [Int] {
    let most = counts.max() ?? 0
    return most == 0 ? [] : counts.indices.filter { counts[$0] == most }
  }

  /// The soft label: each label's share of the ratings; zeros without ratings.
  public var shares: [Double] {
    counts.map { ratings == 0 ? 0 : Double($0) / Double(ratings) }
  }

  /// The entropy of ``shares`` in bits: 0 where all agree, log₂ of the number of labels where they
  /// are spread evenly; undefined without ratings.
  public var entropy: Statistic {
    guard ratings > 0 else { return .undefined(.notRated) }
    return .value(shares.reduce(0) { $1 > 0 ? $0 - $1 * log2($1) : $0 })
  }
}

extension RatingTable {
  /// The votes on an item.
  ///
  /// - Parameter item: a place in ``items``.
  public func votes(on item: Int) -> ItemVotes {
    var counts = [Int](repeating: 0, count: categories.count)
    for place in starts[item]..<starts[item + 1] { counts[Int(ratingCategories[place])] += 1 }
    return ItemVotes(ratings: starts[item + 1] - starts[item], counts: counts)
  }
}
