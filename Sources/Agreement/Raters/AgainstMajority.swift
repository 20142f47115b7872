/// A rater's labels against the majority of the other raters.
public struct AgainstMajority: Equatable, Sendable {
  /// Items by the rater's label (row) and the others' majority (column): the rater's confusions. Its
  /// ``PairTable/rawAgreement`` is the rater's accuracy, its ``PairTable/cohenKappa`` that beyond
  /// chance.
  public let table: PairTable
  /// Items that others rated too, but without one label ahead: left out of the table.
  public let ties: Int
}

extension RatingTable {
  /// Each rater against the majority of the others.
  ///
  /// - Parameter chosen: the raters, as places in ``raters``; raters x labels² numbers are kept.
  /// - Returns: one comparison for each of them.
  public func againstMajority(_ chosen: [Int]) -> [AgainstMajority] {
    againstMajority(chosen, ItemPatterns(self))
  }

  func againstMajority(_ chosen: [Int], _ patterns: ItemPatterns) -> [AgainstMajority] {
    let labels = categories.count
    var placeOf = [Int](repeating: -1, count: raters.count)
    for (place, rater) in chosen.enumerated() { placeOf[rater] = place }
    let rest = patterns.majoritiesWithoutOne()
    var counts = [Int](repeating: 0, count: chosen.count * labels * labels)
    var ties = [Int](repeating: 0, count: chosen.count)
    for item in items.indices {
      let range = starts[item]..<starts[item + 1]
      guard range.count > 1 else { continue }
      let pattern = Int(patterns.ofItem[item])
      for place in range {
        let rater = placeOf[Int(ratingRaters[place])]
        guard rater >= 0 else { continue }
        let own = ratingCategories[place]
        let majority = rest[patterns.entry(of: own, in: pattern)]
        if majority < 0 {
          ties[rater] += 1
        } else {
          counts[(rater * labels + Int(own)) * labels + Int(majority)] += 1
        }
      }
    }
    let area = labels * labels
    return chosen.indices.map {
      AgainstMajority(
        table: PairTable(labels: labels, counts: Array(counts[($0 * area)..<(($0 + 1) * area)])),
        ties: ties[$0])
    }
  }
}

extension ItemPatterns {
  /// The place of a category a pattern has among its entries.
  @inline(__always)
  func entry(of category: Int32, in pattern: Int) -> Int {
    var entry = starts[pattern]
    while categories[entry] != category { entry += 1 }
    return entry
  }

  /// For each entry the category ahead when one rating of the entry is taken away; −1 for a tie or
  /// where nothing is left.
  func majoritiesWithoutOne() -> [Int32] {
    var majorities = [Int32](repeating: -1, count: categories.count)
    for pattern in 0..<count {
      let entries = starts[pattern]..<starts[pattern + 1]
      for gone in entries {
        var (most, ahead): (Int32, Int32) = (0, -1)
        for entry in entries {
          let votes = counts[entry] - (entry == gone ? 1 : 0)
          if votes > most {
            (most, ahead) = (votes, categories[entry])
          } else if votes == most {
            ahead = -1
          }
        }
        majorities[gone] = ahead
      }
    }
    return majorities
  }
}
