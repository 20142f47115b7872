public import Dialogues

/// Two people, to find what they see differently.
public struct RaterPair: Equatable, Sendable {
  /// One of them.
  public var first: String
  /// The other.
  public var second: String

  /// Creates a pair of names, in any order.
  public init(_ first: String, _ second: String) {
    self.first = first
    self.second = second
  }

  /// Whether both answered, and not the same.
  public func differs(in answers: [TurnUnderReview.Opinion]) -> Bool {
    guard let one = answers.first(where: { $0.rater == first }),
      let other = answers.first(where: { $0.rater == second })
    else { return false }
    return Set(one.labels) != Set(other.labels)
  }
}
