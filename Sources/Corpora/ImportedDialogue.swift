public import Dialogues

/// A dialogue as a corpus gives it, with what the corpus's raters said about its turns.
public struct ImportedDialogue: Equatable, Sendable {
  /// The dialogue, its turns in spoken order.
  public var dialogue: Dialogue
  /// The ratings of its turns, in the order of the turns.
  public var ratings: [Rating]
  /// What models predict for its turns, where the corpus says so.
  public var predictions: [ImportedPrediction]

  /// Creates an imported dialogue.
  public init(
    dialogue: Dialogue, ratings: [Rating], predictions: [ImportedPrediction] = []
  ) {
    self.dialogue = dialogue
    self.ratings = ratings
    self.predictions = predictions
  }
}
