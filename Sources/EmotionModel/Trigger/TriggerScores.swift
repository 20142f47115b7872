/// How well turns that were called triggers are the ones people named, with intervals from
/// resampling whole dialogues.
public struct TriggerScores: Equatable, Sendable {
  /// Of the turns called a trigger, the share that are; `nil` where none was called one.
  public let precision: Estimate?
  /// Of the triggers, the share that were found; `nil` where there is none.
  public let recall: Estimate?
  /// 2 TP / (2 TP + FP + FN), over all turns of all cases.
  public let f1: Estimate?

  /// A rate and its 95 % percentile interval.
  public struct Estimate: Equatable, Sendable {
    /// The rate.
    public var value: Double
    /// The 2.5th percentile of the replicates.
    public var low: Double
    /// The 97.5th percentile.
    public var high: Double
  }

  /// Scores choices.
  ///
  /// - Parameters:
  ///   - chosen: for each case which turns were called a trigger.
  ///   - cases: the cases; turns without an answer are left out.
  ///   - dialogues: for each case its dialogue, see ``TriggerCase/dialogues(of:)``.
  ///   - replicates: how many times dialogues are drawn, as ``EvaluationIntervals`` draws them.
  ///   - seed: of the draws.
  public init(
    _ chosen: [[Bool]], on cases: [TriggerCase], dialogues: [Int], replicates: Int = 1000,
    seed: UInt64 = 1
  ) {
    var places: [Int: Int] = [:]
    var counts: [Counts] = []
    for (place, annotated) in cases.enumerated() {
      let dialogue = places[dialogues[place]] ?? counts.count
      if dialogue == counts.count {
        places[dialogues[place]] = dialogue
        counts.append(Counts())
      }
      for (answer, isChosen) in zip(annotated.triggers, chosen[place]) {
        guard let answer else { continue }
        counts[dialogue].right += answer && isChosen ? 1 : 0
        counts[dialogue].chosen += isChosen ? 1 : 0
        counts[dialogue].true += answer ? 1 : 0
      }
    }
    let whole = counts.reduce(into: Counts()) { $0.add($1) }
    var generator = DialogueDraws(seed: seed)
    let drawn = (0..<(counts.isEmpty ? 0 : replicates)).map { _ in
      var sum = Counts()
      for _ in counts { sum.add(counts[generator.index(below: counts.count)]) }
      return sum
    }
    func estimate(_ rate: (Counts) -> Double?) -> Estimate? {
      guard let value = rate(whole) else { return nil }
      let interval = EvaluationIntervals.Interval(of: drawn.map(rate))
      return Estimate(
        value: value, low: interval?.low ?? value, high: interval?.high ?? value)
    }
    precision = estimate { ratio($0.right, $0.chosen) }
    recall = estimate { ratio($0.right, $0.true) }
    f1 = estimate { ratio(2 * $0.right, $0.chosen + $0.true) }
  }

  private struct Counts {
    var right = 0
    var chosen = 0
    var `true` = 0

    mutating func add(_ other: Counts) {
      right += other.right
      chosen += other.chosen
      self.true += other.true
    }
  }
}

/// What needs no model: to answer by position alone.
public enum TriggerBaseline: String, Sendable, CaseIterable {
  /// The turn just before.
  case previousTurn = "previous_turn"
  /// The turn in question and the one just before.
  case itselfAndPrevious = "itself_and_previous"
  /// The two turns just before.
  case mostRecentTwo = "most_recent_two"

  /// Which turns of an excerpt it calls triggers.
  public func choose(in shift: EmotionShift) -> [Bool] {
    let distances =
      switch self {
      case .previousTurn: 1...1
      case .itselfAndPrevious: 0...1
      case .mostRecentTwo: 1...2
      }
    return (0..<shift.count).map { distances.contains(shift.count - 1 - $0) }
  }
}
