/// What produced a suggestion.
public struct Source: Hashable, Sendable, Codable {
  /// The name suggestions are filed under, e.g. `gatedxlstm`.
  public var name: String
  /// Model, version, encoder and parameters in words, e.g. `GatedxLSTM bundled-1, 3 hops`.
  public var details: String

  /// Creates a source.
  public init(name: String, details: String = "") {
    self.name = name
    self.details = details
  }
}

/// A source's opinion on one turn.
public struct Suggestion: Equatable, Sendable {
  /// The turn it is about.
  public var turn: TurnKey
  /// The labels ``posterior`` speaks of, in its order.
  public var labels: [String]
  /// A probability for each of ``labels``, summing to 1.
  public var posterior: [Double]
  /// The label after decoding the whole dialogue; `nil` if that was not done.
  public var refined: String?
  /// How much each turn contributed to the choice of the best label over the runner-up (in
  /// logits: positive speaks for it, negative against), the turn itself included. Empty if the
  /// source does not explain itself.
  public var influences: [Influence]
  /// The turn that probably caused a change of the speaker's emotion, with its probability; `nil`
  /// where there is no change or the source does not say.
  public var trigger: Influence?

  /// Creates a suggestion.
  public init(
    turn: TurnKey, labels: [String], posterior: [Double], refined: String? = nil,
    influences: [Influence] = [], trigger: Influence? = nil
  ) {
    self.turn = turn
    self.labels = labels
    self.posterior = posterior
    self.refined = refined
    self.influences = influences
    self.trigger = trigger
  }

  /// One turn's part in the decision on another.
  public struct Influence: Hashable, Sendable, Codable {
    /// The contributing turn's id within the same dialogue (``TurnKey/turn``).
    public var turn: String
    /// Its contribution; the unit is that of the field that holds it.
    public var value: Double

    /// Creates an influence.
    public init(turn: String, value: Double) {
      self.turn = turn
      self.value = value
    }
  }

  /// The most probable label and its probability, the earlier one on a tie; `nil` if empty.
  public var best: (label: String, probability: Double)? {
    var best: Int?
    for (place, probability) in posterior.enumerated()
    where best.map({ probability > posterior[$0] }) ?? true {
      best = place
    }
    guard let best, best < labels.count else { return nil }
    return (labels[best], posterior[best])
  }
}
