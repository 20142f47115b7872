/// What the ratings of one rater say beside those of all others.
struct RaterAlone {
  /// How often the rater gave each label.
  var labels: [Int]
  /// Nominal α of the others alone.
  var alphaWithout: Statistic
  /// The rater's labels against the majority of the others.
  var againstMajority: AgainstMajority
}

extension RatingTable {
  /// Sets each of some raters beside the others, all in one pass over the ratings.
  ///
  /// - Parameter chosen: the raters, as places in ``raters``.
  func ratersOneByOne(
    _ chosen: [Int], _ patterns: ItemPatterns, _ sums: LabelSums
  ) -> [RaterAlone] {
    let labels = categories.count
    let area = labels * labels
    var placeOf = [Int32](repeating: -1, count: raters.count)
    for (place, rater) in chosen.enumerated() { placeOf[rater] = Int32(place) }
    let without = patterns.withoutOneRating()
    var given = [Int](repeating: 0, count: chosen.count * labels)
    // What goes of the pairable ratings and of α's disagreements with the rater.
    var gone = given
    var splits = [Double](repeating: 0, count: chosen.count)
    var tables = [Int](repeating: 0, count: chosen.count * area)
    var ties = [Int](repeating: 0, count: chosen.count)
    ratingRaters.withUnsafeBufferPointer { ratingRaters in
      ratingCategories.withUnsafeBufferPointer { ratingCategories in
        for item in items.indices {
          let range = starts[item]..<starts[item + 1]
          let pattern = Int(patterns.ofItem[item])
          for place in range {
            let rater = Int(placeOf[Int(ratingRaters[place])])
            guard rater >= 0 else { continue }
            let own = ratingCategories[place]
            given[rater &* labels &+ Int(own)] &+= 1
            guard range.count > 1 else { continue }
            if range.count == 2 {
              // The rating left alone has nothing to be compared with.
              for other in range { gone[rater &* labels &+ Int(ratingCategories[other])] &+= 1 }
            } else {
              gone[rater &* labels &+ Int(own)] &+= 1
            }
            let rest = without[patterns.entry(of: own, in: pattern)]
            splits[rater] += rest.split
            if rest.majority < 0 {
              ties[rater] &+= 1
            } else {
              tables[rater &* area &+ Int(own) &* labels &+ Int(rest.majority)] &+= 1
            }
          }
        }
      }
    }
    let all = LabelStatistics(sums)
    return chosen.indices.map { rater in
      let own = (rater * labels)..<((rater + 1) * labels)
      return RaterAlone(
        labels: Array(given[own]),
        alphaWithout: all.alpha(
          without: gone[own].map(Double.init), split: splits[rater]),
        againstMajority: AgainstMajority(
          table: PairTable(
            labels: labels, counts: Array(tables[(rater * area)..<((rater + 1) * area)])),
          ties: ties[rater]))
    }
  }
}

extension ItemPatterns {
  /// What taking one rating of an entry away does to an item.
  struct WithoutOne {
    /// The change of Krippendorff's sum of disagreements.
    var split: Double
    /// The category that is then ahead; −1 for a tie or where nothing is left.
    var majority: Int32
  }

  /// For each entry what taking one of its ratings away does.
  ///
  /// Of an item with n ratings, n_k of label k, α sees n and Σ n_k². A rating of label c less makes
  /// them n − 1 and Σ n_k² − 2 n_c + 1.
  func withoutOneRating() -> [WithoutOne] {
    func split(_ size: Int, _ squares: Int) -> Double {
      size > 1 ? Double(size * size - squares) / Double(size - 1) : 0
    }
    var found: [WithoutOne] = []
    found.reserveCapacity(categories.count)
    for pattern in 0..<count {
      let entries = starts[pattern]..<starts[pattern + 1]
      let size = Int(sizes[pattern])
      let squares = entries.reduce(0) { $0 + Int(counts[$1]) * Int(counts[$1]) }
      let before = split(size, squares)
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
        found.append(
          WithoutOne(
            split: split(size - 1, squares - 2 * Int(counts[gone]) + 1) - before, majority: ahead))
      }
    }
    return found
  }

  /// The place of a category a pattern has among its entries.
  @inline(__always)
  func entry(of category: Int32, in pattern: Int) -> Int {
    var entry = starts[pattern]
    while categories[entry] != category { entry += 1 }
    return entry
  }
}
