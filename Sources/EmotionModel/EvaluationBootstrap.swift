/// Intervals of an evaluation's rates, from resampling whole dialogues.
///
/// The turns of a dialogue are not independent, so turns must not be resampled on their own.
public struct EvaluationIntervals: Equatable, Sendable {
  /// The seed the intervals can be reproduced with.
  public let seed: UInt64
  /// How many replicates were drawn.
  public let replicates: Int
  /// How many dialogues each of them drew.
  public let dialogues: Int
  /// Of ``Evaluation/unweightedAccuracy``.
  public let unweightedAccuracy: Interval?
  /// Of ``Evaluation/weightedAccuracy``.
  public let weightedAccuracy: Interval?
  /// Of ``Evaluation/weightedF1``.
  public let weightedF1: Interval?
  /// Of ``Evaluation/macroF1``.
  public let macroF1: Interval?
  /// Of the F1 of each label, in the order of the labels.
  public let labelF1: [Interval?]

  /// A 95 % percentile interval.
  public struct Interval: Equatable, Sendable {
    /// The 2.5th percentile of the replicates.
    public var low: Double
    /// The 97.5th percentile.
    public var high: Double
    /// Replicates in which the rate was undefined; they are left out.
    public var undefined: Int
  }

  /// Resamples dialogues.
  ///
  /// Indices are drawn with SplitMix64, floor((u >> 11) · 2⁻⁵³ · n), n draws a replicate in order,
  /// so that others can reproduce them. Percentiles interpolate linearly (type 7 of Hyndman and
  /// Fan 1996).
  ///
  /// - Parameters:
  ///   - labels: the labels.
  ///   - dialogues: for each dialogue its pairs of true and predicted label, as places in `labels`.
  public init(
    labels: [String], dialogues: [[(truth: Int, predicted: Int)]], replicates: Int = 1000,
    seed: UInt64 = 1
  ) {
    self.seed = seed
    self.replicates = replicates
    self.dialogues = dialogues.count
    var rates = [[Double?]](repeating: [], count: 4 + labels.count)
    let cells = dialogues.map { $0.map { $0.truth * labels.count + $0.predicted } }
    var generator = DialogueDraws(seed: seed)
    for _ in 0..<(dialogues.isEmpty ? 0 : replicates) {
      var counts = [Int](repeating: 0, count: labels.count * labels.count)
      for _ in dialogues {
        for cell in cells[generator.index(below: dialogues.count)] { counts[cell] += 1 }
      }
      let evaluation = Evaluation(
        labels: labels,
        confusion: labels.indices.map {
          Array(counts[($0 * labels.count)..<(($0 + 1) * labels.count)])
        })
      rates[0].append(evaluation.unweightedAccuracy)
      rates[1].append(evaluation.weightedAccuracy)
      rates[2].append(evaluation.weightedF1)
      rates[3].append(evaluation.macroF1)
      for (place, score) in evaluation.perLabel.enumerated() { rates[4 + place].append(score.f1) }
    }
    let intervals = rates.map(Interval.init(of:))
    unweightedAccuracy = intervals[0]
    weightedAccuracy = intervals[1]
    weightedF1 = intervals[2]
    macroF1 = intervals[3]
    labelF1 = Array(intervals[4...])
  }
}

extension EvaluationIntervals.Interval {
  /// The interval of a rate's replicates; `nil` where it was never defined.
  init?(of replicates: [Double?]) {
    let defined = replicates.compactMap(\.self).sorted()
    guard !defined.isEmpty else { return nil }
    low = percentile(defined, 0.025)
    high = percentile(defined, 0.975)
    undefined = replicates.count - defined.count
  }
}

private func percentile(_ sorted: [Double], _ share: Double) -> Double {
  let place = share * Double(sorted.count - 1)
  let below = Int(place)
  let above = min(below + 1, sorted.count - 1)
  return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
}

/// Draws dialogues with SplitMix64, the generator of Steele, Lea and Flood 2014, doi
/// 10.1145/2714064.2660195.
struct DialogueDraws {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func index(below count: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    mixed ^= mixed >> 31
    return Int(Double(mixed >> 11) * 0x1p-53 * Double(count))
  }
}
