/// How intervals are made.
public struct Resampling: Equatable, Sendable {
  /// What is drawn.
  public enum Unit: String, Equatable, Sendable {
    /// Whole dialogues: their turns are not independent of one another.
    case dialogues
    /// Items on their own.
    case items
  }

  /// What is drawn.
  public var unit: Unit
  /// How many replicates; 0 for no intervals.
  public var replicates: Int
  /// The seed: the same seed gives the same intervals on any number of threads.
  public var seed: UInt64
  /// How sure the intervals are, above 0 and below 1.
  public var confidence: Double
  /// How many threads to use at most; `nil` for as many as the machine has processors.
  public var threads: Int?

  /// Creates a plan; without arguments 1,000 replicates over dialogues and 95 %.
  public init(
    unit: Unit = .dialogues, replicates: Int = 1000, seed: UInt64 = 1, confidence: Double = 0.95,
    threads: Int? = nil
  ) {
    precondition(replicates >= 0 && confidence > 0 && confidence < 1)
    self.unit = unit
    self.replicates = replicates
    self.seed = seed
    self.confidence = confidence
    self.threads = threads
  }
}

/// A lower and an upper end.
public struct Bounds: Equatable, Sendable {
  /// The lower end.
  public var low: Double
  /// The upper end.
  public var high: Double

  /// Creates bounds.
  public init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }
}

/// A statistic with what the bootstrap says of it.
public struct Estimate: Equatable, Sendable {
  /// The statistic itself.
  public var statistic: Statistic
  /// The percentile interval; `nil` where no replicate was defined or none was drawn.
  public var percentile: Bounds?
  /// The bias-corrected and accelerated interval (Efron 1987, doi 10.2307/2289144); `nil` where it
  /// is not defined either.
  public var accelerated: Bounds?
  /// The standard deviation of the replicates.
  public var standardError: Double?
  /// Replicates in which the statistic was undefined.
  ///
  /// They are left out of the intervals.
  public var undefinedReplicates: Int

  /// Creates an estimate, without intervals unless they are given.
  public init(
    _ statistic: Statistic, percentile: Bounds? = nil, accelerated: Bounds? = nil,
    standardError: Double? = nil, undefinedReplicates: Int = 0
  ) {
    self.statistic = statistic
    self.percentile = percentile
    self.accelerated = accelerated
    self.standardError = standardError
    self.undefinedReplicates = undefinedReplicates
  }
}

/// Resamples units of which only sums matter.
struct Bootstrap {
  /// The group of each unit that can be drawn; units of one group are the same.
  var groupOf: [Int32]
  /// How many units each group has.
  var multiplicity: [Int]

  /// Runs the replicates in parallel, each on its own stretch of the generator's sequence.
  ///
  /// - Parameters:
  ///   - width: how many statistics `evaluate` returns.
  ///   - evaluate: the statistics of a sample, given how often each group was drawn.
  /// - Returns: for each statistic its value in every replicate, NaN where undefined.
  func replicates(
    _ plan: Resampling, width: Int, evaluate: @Sendable ([Int32]) -> [Statistic]
  ) -> [[Double]] {
    let units = groupOf.count
    guard units > 0, plan.replicates > 0 else { return Array(repeating: [], count: width) }
    // Each piece is a stretch of replicates, so that a thread makes its buffer once.
    let stretch = 16
    let pieces = (plan.replicates + stretch - 1) / stretch
    let stretches = inParallel(pieces, threads: plan.threads) { piece -> [Double] in
      var drawn = [Int32](repeating: 0, count: multiplicity.count)
      var values: [Double] = []
      values.reserveCapacity(stretch * width)
      for replicate in (piece * stretch)..<min((piece + 1) * stretch, plan.replicates) {
        draw(plan, replicate, into: &drawn)
        values += evaluate(drawn).map { $0.value ?? .nan }
      }
      return values
    }
    let results = stretches.flatMap(\.self)
    return (0..<width).map { place in
      (0..<plan.replicates).map { results[$0 * width + place] }
    }
  }

  /// Counts how often each group is drawn for a replicate.
  private func draw(_ plan: Resampling, _ replicate: Int, into drawn: inout [Int32]) {
    let units = groupOf.count
    var generator = SplitMix64(seed: plan.seed, skipping: UInt64(replicate) &* UInt64(units))
    let below = Double(units)
    // The innermost loop of the module, a hundred million draws for a thousand replicates of a
    // large table. `place` is below the count of units, and a group below that of groups.
    drawn.withUnsafeMutableBufferPointer { drawn in
      drawn.update(repeating: 0)
      groupOf.withUnsafeBufferPointer { groupOf in
        for _ in 0..<units {
          drawn[Int(groupOf[generator.place(below: below)])] &+= 1
        }
      }
    }
  }

  /// Puts values, replicates and the values without each unit together.
  ///
  /// - Parameters:
  ///   - jackknife: for each group the statistics without one of its units.
  func estimates(
    _ values: [Statistic], replicates: [[Double]], jackknife: [[Statistic]], plan: Resampling
  ) -> [Estimate] {
    values.indices.map { place in
      let defined = replicates[place].filter { !$0.isNaN }.sorted()
      var estimate = Estimate(
        values[place], undefinedReplicates: replicates[place].count - defined.count)
      guard defined.count > 1, let value = values[place].value else { return estimate }
      let mean = defined.reduce(0, +) / Double(defined.count)
      let squares = defined.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      estimate.standardError = (squares / Double(defined.count - 1)).squareRoot()
      let tail = (1 - plan.confidence) / 2
      estimate.percentile = Bounds(
        low: quantile(defined, tail), high: quantile(defined, 1 - tail))
      let without = jackknife.map { $0[place].value }
      estimate.accelerated = accelerated(
        value: value, sorted: defined, without: without, tail: tail)
      return estimate
    }
  }

  private func accelerated(
    value: Double, sorted: [Double], without: [Double?], tail: Double
  ) -> Bounds? {
    let below = sorted.count { $0 < value }
    let ties = sorted.count { $0 == value }
    let share = (Double(below) + Double(ties) / 2) / Double(sorted.count)
    guard share > 0, share < 1 else { return nil }
    var units = 0.0
    var sum = 0.0
    for (group, value) in without.enumerated() {
      guard let value else { return nil }
      units += Double(multiplicity[group])
      sum += Double(multiplicity[group]) * value
    }
    var squares = 0.0
    var cubes = 0.0
    for (group, value) in without.enumerated() {
      let deviation = sum / units - (value ?? 0)
      squares += Double(multiplicity[group]) * deviation * deviation
      cubes += Double(multiplicity[group]) * deviation * deviation * deviation
    }
    guard squares > 0 else { return nil }
    let bias = Normal.quantile(share)
    let acceleration = cubes / (6 * squares * squares.squareRoot())
    func level(_ tail: Double) -> Double {
      let shifted = bias + Normal.quantile(tail)
      return Normal.cumulative(bias + shifted / (1 - acceleration * shifted))
    }
    return Bounds(low: quantile(sorted, level(tail)), high: quantile(sorted, level(1 - tail)))
  }
}

/// The quantile of sorted values by linear interpolation, type 7 of Hyndman and Fan 1996.
func quantile(_ sorted: [Double], _ share: Double) -> Double {
  let place = share * Double(sorted.count - 1)
  let below = min(max(Int(place), 0), sorted.count - 1)
  let above = min(below + 1, sorted.count - 1)
  return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
}
