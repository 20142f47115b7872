/// Resamples clusters (dialogues) within strata (the arms of a study), of which only sums matter.
///
/// Of a stratum's n clusters n − 1 are drawn, and what they add is scaled by n / (n − 1): the rescaling
/// bootstrap of Rao and Wu 1988, doi 10.1080/01621459.1988.10478591. Drawing all n, as ``Bootstrap``
/// does, makes intervals too narrow by a factor of (n − 1) / n, which an arm of ten dialogues feels. A
/// stratum of fewer than four clusters adds nothing to a replicate: how clusters differ cannot be learnt
/// from so few, and what rests on them has no interval.
struct ClusterBootstrap: Sendable {
  /// Fewer clusters than these have too few different samples to read an interval off.
  private static let leastClusters = 4

  /// How many sums each cluster has.
  let width: Int
  private var starts = [0]
  private var places: [Int32] = []
  private var amounts: [Double] = []
  private var strata: [[Int32]] = []
  private var clusters: Int { starts.count - 1 }

  init(width: Int) { self.width = width }

  /// Adds a cluster by its sums that are not 0, as place and amount.
  mutating func add(_ sums: [(place: Int, amount: Double)], stratum: Int) {
    while strata.count <= stratum { strata.append([]) }
    strata[stratum].append(Int32(clusters))
    for (place, amount) in sums {
      precondition(place < width)
      places.append(Int32(place))
      amounts.append(amount)
    }
    starts.append(places.count)
  }

  /// The sums over all clusters.
  var total: [Double] {
    var total = [Double](repeating: 0, count: width)
    for (place, amount) in zip(places, amounts) { total[Int(place)] += amount }
    return total
  }

  /// Statistics of the sums with percentile intervals; the same on any number of threads.
  func estimates(
    _ plan: Resampling, _ statistics: @Sendable ([Double]) -> [Statistic]
  ) -> [Estimate] {
    let values = statistics(total)
    guard plan.replicates > 0 else { return values.map { Estimate($0) } }
    let replicates = inParallel(plan.replicates, threads: plan.threads) { replicate in
      statistics(sample(plan.seed, replicate)).map { $0.value ?? .nan }
    }
    return values.indices.map { place in
      let defined = replicates.map { $0[place] }.filter { !$0.isNaN }.sorted()
      var estimate = Estimate(
        values[place], undefinedReplicates: plan.replicates - defined.count)
      guard defined.count > 1, values[place].value != nil else { return estimate }
      let mean = defined.reduce(0, +) / Double(defined.count)
      let squares = defined.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      estimate.standardError = (squares / Double(defined.count - 1)).squareRoot()
      let tail = (1 - plan.confidence) / 2
      estimate.percentile = Bounds(
        low: quantile(defined, tail), high: quantile(defined, 1 - tail))
      return estimate
    }
  }

  /// The sums of a replicate, on its own stretch of the generator's sequence.
  private func sample(_ seed: UInt64, _ replicate: Int) -> [Double] {
    let draws = strata.reduce(0) { $0 + max($1.count - 1, 0) }
    var generator = SplitMix64(seed: seed, skipping: UInt64(replicate) &* UInt64(draws))
    var sums = [Double](repeating: 0, count: width)
    for stratum in strata where stratum.count >= Self.leastClusters {
      let scale = Double(stratum.count) / Double(stratum.count - 1)
      for _ in 1..<stratum.count {
        let cluster = Int(stratum[generator.place(below: Double(stratum.count))])
        for entry in starts[cluster]..<starts[cluster + 1] {
          sums[Int(places[entry])] += scale * amounts[entry]
        }
      }
    }
    return sums
  }
}
