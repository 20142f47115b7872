public import Dialogues

/// What a model is said to have predicted for a turn, by a corpus that carries predictions.
///
/// It becomes a suggestion once the project's labels are known.
public struct ImportedPrediction: Equatable, Sendable {
  /// The turn it is about.
  public var turn: TurnKey
  /// The name of the model, with its version.
  public var source: String
  /// The probabilities that are given, 0 to 1 and summing to at most 1: often only the best label's.
  public var scores: [String: Double]
  /// The label after decoding the dialogue; `nil` where none is given.
  public var refined: String?

  /// Creates a prediction.
  public init(turn: TurnKey, source: String, scores: [String: Double], refined: String? = nil) {
    self.turn = turn
    self.source = source
    self.scores = scores
    self.refined = refined
  }

  /// The prediction as a suggestion over all of a project's labels.
  ///
  /// What the given probabilities leave of 1 is spread evenly over the labels that have none: of all
  /// distributions that agree with what was said, that one says least beyond it. A given label that
  /// the project does not have stays, at the end.
  ///
  /// - Parameter labels: the project's labels.
  public func suggestion(over labels: [String]) -> Suggestion {
    let known = Set(labels)
    let all = labels + scores.keys.filter { !known.contains($0) }.sorted()
    let rest = all.count { scores[$0] == nil }
    let given = scores.values.reduce(0, +)
    let share = rest > 0 ? max(0, 1 - given) / Double(rest) : 0
    let sum = given + share * Double(rest)
    let posterior = all.map { (scores[$0] ?? share) / (sum > 0 ? sum : 1) }
    return Suggestion(turn: turn, labels: all, posterior: posterior, refined: refined)
  }
}
