/// Which turns an adjudicator has in front of them.
public enum ReviewScope: String, Sendable, Codable, CaseIterable {
  /// There is a reason to look at the turn again and nobody has decided it, or two decided differently.
  case toReview = "to-review"
  /// People differ and nobody has decided.
  case open
  /// People differ, no label has more votes than every other, and nobody has decided.
  case ties
  /// All people agree: their label is filled in.
  case unanimous
  /// An adjudicator decided.
  case decided
  /// Everything anybody answered, and everything there is a reason for.
  case all

  /// Whether a turn is in it.
  ///
  /// Asked of every turn of a project while somebody waits, so of facts and not of a list.
  ///
  /// - Parameters:
  ///   - hasReason: whether there is a reason to look at it again.
  ///   - adjudicatorsDiffer: whether that is one; asked of decided turns only.
  public func contains(
    _ standing: Standing, hasReason: Bool, adjudicatorsDiffer: @autoclosure () -> Bool
  ) -> Bool {
    switch self {
    case .toReview: standing == .decided ? adjudicatorsDiffer() : hasReason
    case .open: standing.isOpen
    case .ties: standing == .tie
    case .unanimous: standing == .unanimous
    case .decided: standing == .decided
    case .all: true
    }
  }
}

extension ReviewScope: CustomStringConvertible {
  /// The scope in a word or two.
  public var description: String {
    switch self {
    case .toReview: "to review"
    case .open: "open"
    case .ties: "ties"
    case .unanimous: "all agree"
    case .decided: "decided"
    case .all: "all"
    }
  }
}
