extension RatingTable {
  /// Krippendorff's α with intervals, at any level of measurement.
  ///
  /// For the ordinal metric, whose distances depend on how often each category is used, they are
  /// made anew for every replicate; the accelerated interval is not given for more than 256
  /// categories, because it takes categories² for every unit.
  public func alpha(_ metric: Metric, _ plan: Resampling) -> Estimate {
    let patterns = ItemPatterns(self)
    let alpha = alpha(metric, patterns).alpha
    guard plan.replicates > 0, let units = AlphaUnits(self, patterns, metric, by: plan.unit) else {
      return Estimate(alpha)
    }
    let bootstrap = Bootstrap(groupOf: units.groupOf, multiplicity: units.multiplicity)
    let replicates = bootstrap.replicates(plan, width: 1) { [units.alpha(of: $0)] }
    let jackknife = inParallel(units.multiplicity.count, threads: plan.threads) {
      [units.alpha(without: $0)]
    }
    return bootstrap.estimates(
      [alpha], replicates: replicates, jackknife: jackknife, plan: plan)[0]
  }

  /// Krippendorff's α over sets of labels with intervals.
  public func alpha(_ distance: SetDistance, _ plan: Resampling) -> Estimate {
    alpha(metric(distance), plan)
  }
}

/// α of samples of units.
private struct AlphaUnits: Sendable {
  let groupOf: [Int32]
  let multiplicity: [Int]
  private let patterns: ItemPatterns
  private let metric: PreparedMetric
  /// Whether the metric depends on the sample.
  private let isOrdinal: Bool
  /// The patterns of the items of each group.
  private let starts: [Int]
  private let members: [Int32]
  /// What each pattern adds to the observed disagreement.
  private let splits: [Double]
  /// How often each category was given, of all units, and on a line Σ n x and Σ n x².
  private let counts: [Double]
  private let ratings: Double
  private let moments: (Double, Double)
  private let split: Double
  private let spread: Double
  /// Σ_k n_k δ(c, k) by category, where the metric is a matrix.
  private let weighted: [Double]
  /// For the ordinal metric, how often two categories coincide, categories x categories; empty for
  /// others, and where there are too many.
  private let coincidences: [Double]

  /// `nil` where α is undefined for the table, not only for a sample.
  init?(
    _ table: RatingTable, _ patterns: ItemPatterns, _ metric: Metric, by unit: Resampling.Unit
  ) {
    let counts = table.pairableCounts(patterns)
    guard
      case .ready(let prepared) = PreparedMetric.prepare(
        metric, pairable: counts, values: table.numericValues)
    else { return nil }
    if case .ordinal = metric { isOrdinal = true } else { isOrdinal = false }
    self.patterns = patterns
    self.metric = prepared
    self.counts = counts
    ratings = counts.reduce(0, +)
    splits = (0..<patterns.count).map {
      patterns.sizes[$0] > 1 ? prepared.split(patterns, $0) : 0
    }
    var split = 0.0
    for (own, times) in zip(splits, patterns.multiplicity) { split += own * Double(times) }
    self.split = split
    spread = prepared.spread(counts)
    switch prepared {
    case .nominal:
      (moments, weighted) = ((0, 0), [])
    case .line(let places):
      var (sum, squares) = (0.0, 0.0)
      for (count, place) in zip(counts, places) {
        sum += count * place
        squares += count * place * place
      }
      moments = (sum, squares)
      weighted = []
    case .matrix(let matrix):
      moments = (0, 0)
      weighted = counts.indices.map { counts[$0] > 0 ? matrix.weighted(counts, from: $0) : 0 }
    }
    coincidences =
      isOrdinal && counts.count <= 256 ? Self.coincidences(patterns, counts.count) : []
    let units = unit == .items ? Array(0..<Int32(table.items.count)) : table.dialogueOf
    if unit == .items || table.dialogueCount == table.items.count {
      // Items alone are drawn by pattern.
      groupOf = patterns.ofItem
      multiplicity = patterns.multiplicity
      members = Array(0..<Int32(patterns.count))
      starts = Array(0...patterns.count)
    } else {
      groupOf = Array(0..<Int32(table.dialogueCount))
      multiplicity = Array(repeating: 1, count: table.dialogueCount)
      var starts = [Int](repeating: 0, count: table.dialogueCount + 1)
      for unit in units { starts[Int(unit) + 1] += 1 }
      for unit in 0..<table.dialogueCount { starts[unit + 1] += starts[unit] }
      var next = starts
      var members = [Int32](repeating: 0, count: units.count)
      for (item, unit) in units.enumerated() {
        members[next[Int(unit)]] = patterns.ofItem[item]
        next[Int(unit)] += 1
      }
      self.starts = starts
      self.members = members
    }
  }

  private static func coincidences(_ patterns: ItemPatterns, _ labels: Int) -> [Double] {
    var found = [Double](repeating: 0, count: labels * labels)
    for pattern in 0..<patterns.count where patterns.sizes[pattern] > 1 {
      patterns.addCoincidences(
        of: pattern, times: Double(patterns.multiplicity[pattern]), to: &found, labels)
    }
    return found
  }

  private func alpha(split: Double, spread: Double, ratings: Double) -> Statistic {
    guard ratings > 0 else { return .undefined(.nothingShared) }
    guard spread > 1e-12 * self.spread else { return .undefined(.noVariation) }
    return .value(1 - split * (ratings - 1) / spread)
  }

  /// α of a sample in which each group was drawn that many times.
  func alpha(of drawn: [Int32]) -> Statistic {
    var times = [Double](repeating: 0, count: patterns.count)
    for (group, drawn) in drawn.enumerated() where drawn > 0 {
      for member in starts[group]..<starts[group + 1] {
        times[Int(members[member])] += Double(drawn)
      }
    }
    var counts = [Double](repeating: 0, count: counts.count)
    var (ratings, split) = (0.0, 0.0)
    for pattern in 0..<patterns.count where times[pattern] > 0 && patterns.sizes[pattern] > 1 {
      ratings += times[pattern] * Double(patterns.sizes[pattern])
      split += times[pattern] * splits[pattern]
      for entry in patterns.starts[pattern]..<patterns.starts[pattern + 1] {
        counts[Int(patterns.categories[entry])] += times[pattern] * Double(patterns.counts[entry])
      }
    }
    guard isOrdinal else {
      return alpha(split: split, spread: metric.spread(counts), ratings: ratings)
    }
    let own = PreparedMetric.line(PreparedMetric.middles(counts))
    split = 0
    for pattern in 0..<patterns.count where times[pattern] > 0 && patterns.sizes[pattern] > 1 {
      split += times[pattern] * own.split(patterns, pattern)
    }
    return alpha(split: split, spread: own.spread(counts), ratings: ratings)
  }

  /// α without one unit of a group.
  func alpha(without group: Int) -> Statistic {
    var gone: [(category: Int, count: Double)] = []
    var left = (ratings: ratings, split: split)
    for member in starts[group]..<starts[group + 1] {
      let pattern = Int(members[member])
      guard patterns.sizes[pattern] > 1 else { continue }
      left.ratings -= Double(patterns.sizes[pattern])
      left.split -= splits[pattern]
      for entry in patterns.starts[pattern]..<patterns.starts[pattern + 1] {
        gone.append((Int(patterns.categories[entry]), Double(patterns.counts[entry])))
      }
    }
    if isOrdinal { return ordinalAlpha(without: group, gone, ratings: left.ratings) }
    gone.sort { $0.category < $1.category }
    return alpha(split: left.split, spread: spread(without: gone), ratings: left.ratings)
  }

  /// Σ n_c n_k δ(c, k) without some ratings, in time of their number alone.
  private func spread(without gone: [(category: Int, count: Double)]) -> Double {
    switch metric {
    case .nominal:
      // all² − Σ n², each n_c² less (2 n_c − m) m of it.
      var squares = ratings * ratings - spread
      var all = ratings
      var next = 0
      while next < gone.count {
        let category = gone[next].category
        var count = 0.0
        while next < gone.count, gone[next].category == category {
          count += gone[next].count
          next += 1
        }
        squares -= (2 * counts[category] - count) * count
        all -= count
      }
      return all * all - squares
    case .line(let places):
      var (all, sum, squares) = (ratings, moments.0, moments.1)
      for (category, count) in gone {
        all -= count
        sum -= count * places[category]
        squares -= count * places[category] * places[category]
      }
      return 2 * (all * squares - sum * sum)
    case .matrix(let matrix):
      var sum = spread
      for (category, count) in gone {
        sum -= 2 * count * weighted[category]
        for (other, second) in gone {
          sum += count * second * matrix.distance(Int32(category), Int32(other))
        }
      }
      return sum
    }
  }

  private func ordinalAlpha(
    without group: Int, _ gone: [(category: Int, count: Double)], ratings: Double
  ) -> Statistic {
    guard !coincidences.isEmpty else { return .undefined(.tooManyValues) }
    var counts = counts
    for (category, count) in gone { counts[category] -= count }
    var coincidences = coincidences
    for member in starts[group]..<starts[group + 1] {
      let pattern = Int(members[member])
      guard patterns.sizes[pattern] > 1 else { continue }
      patterns.addCoincidences(of: pattern, times: -1, to: &coincidences, counts.count)
    }
    let middles = PreparedMetric.middles(counts)
    var split = 0.0
    for one in counts.indices {
      for other in counts.indices {
        let apart = middles[one] - middles[other]
        split += coincidences[one * counts.count + other] * apart * apart
      }
    }
    return alpha(
      split: split, spread: PreparedMetric.line(middles).spread(counts), ratings: ratings)
  }
}

extension ItemPatterns {
  /// Adds the coincidences of an item's ratings in Krippendorff's weighting.
  fileprivate func addCoincidences(
    of pattern: Int, times: Double, to found: inout [Double], _ labels: Int
  ) {
    let entries = starts[pattern]..<starts[pattern + 1]
    let weight = times / Double(sizes[pattern] - 1)
    for entry in entries {
      for other in entries where other != entry {
        found[Int(categories[entry]) * labels + Int(categories[other])] +=
          weight * Double(counts[entry]) * Double(counts[other])
      }
    }
  }
}
