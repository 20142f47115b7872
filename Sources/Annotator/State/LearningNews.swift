/// What came of learning from corrections.
public struct LearningNews: Equatable, Sendable {
  /// The source that what was learned is filed under.
  public var source: String
  /// Whether suggestions come from it from now on: it is not worse than what was in use.
  public var isUsed: Bool
  /// The rated turns it learned from.
  public var turns: Int
  /// The share of held-out turns it judges as people did.
  public var accuracy: Double
  /// The same share for what was in use before.
  public var accuracyBefore: Double

  /// Creates news.
  public init(
    source: String, isUsed: Bool, turns: Int, accuracy: Double, accuracyBefore: Double
  ) {
    self.source = source
    self.isUsed = isUsed
    self.turns = turns
    self.accuracy = accuracy
    self.accuracyBefore = accuracyBefore
  }
}
