public import Dialogues

/// What the model makes of one turn.
public struct TurnAnalysis: Equatable, Sendable {
  /// The turn.
  public var turn: TurnKey
  /// The labels ``logits`` and ``posterior`` speak of, in their order.
  public var labels: [String]
  /// One number a label; their softmax is ``posterior``.
  ///
  /// What a dialogue decoder takes.
  public var logits: [Double]
  /// A probability for each label, summing to 1.
  public var posterior: [Double]
  /// What each turn the model looked at added to each logit, in the order of the dialogue.
  public var contributions: [Contribution]
  /// The logits if all slots were empty: with ``contributions`` they sum to ``logits``.
  public var baseline: [Double]
  /// How far the model's gate was open for each filled slot of context.
  public var gates: [Gate]

  /// A slot of context and its gate.
  public struct Gate: Equatable, Sendable {
    /// Which slot.
    public var slot: Architecture.Slot
    /// The turn in it.
    public var turn: String
    /// How far it was let through, 0 to 1; the mean over columns where each has its own gate.
    ///
    /// It says where the model looked, not what it took from there: that is ``influences``.
    public var opening: Double
  }

  /// What one turn added to the logits.
  public struct Contribution: Equatable, Sendable {
    /// The turn.
    public var turn: String
    /// One number a label.
    public var logits: [Double]
  }

  /// How much each turn speaks for one label over another, in logits: positive for the first.
  ///
  /// Exact for the model: with the ``baseline``'s difference it sums to the difference of the two
  /// logits, and for an earlier turn it is what leaving the turn out would change. In the order of
  /// the dialogue; turns the model did not look at are absent.
  public func influences(for label: Int, over other: Int) -> [Suggestion.Influence] {
    contributions.map {
      Suggestion.Influence(turn: $0.turn, value: $0.logits[label] - $0.logits[other])
    }
  }

  /// How much each turn contributed to the margin of the best label over the runner-up.
  public var influences: [Suggestion.Influence] { influences(for: best, over: runnerUp) }

  /// The part of the margin that no turn brings.
  public var unexplained: Double { baseline[best] - baseline[runnerUp] }

  /// The place of the most probable label, the earliest on a tie.
  public var best: Int { place(excluding: nil) }

  /// The place of the second most probable label; the best one's if there is no other.
  public var runnerUp: Int { logits.count > 1 ? place(excluding: best) : best }

  /// How far the best label is ahead of the runner-up, in logits.
  public var margin: Double { logits[best] - logits[runnerUp] }

  private func place(excluding excluded: Int?) -> Int {
    let places = logits.indices.filter { $0 != excluded }
    return places.dropFirst().reduce(places[0]) { logits[$1] > logits[$0] ? $1 : $0 }
  }

  /// The analysis as a suggestion.
  public var suggestion: Suggestion {
    Suggestion(turn: turn, labels: labels, posterior: posterior, influences: influences)
  }
}
