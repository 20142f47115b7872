/// Why a turn should be looked at again.
public enum ReviewReason: String, Sendable, Codable, CaseIterable {
  /// The label most people gave is not the model's.
  case modelAgainstPeople = "model_against_people"
  /// People gave different labels.
  case betweenPeople = "between_people"
  /// Decoding the dialogue changed the model's own label.
  case modelAgainstRefined = "model_against_refined"
  /// Somebody's label is not the one known to be right.
  case goldMissed = "gold_missed"
  /// Somebody changed their answer when the suggestion was shown.
  case changedAfterReveal = "changed_after_reveal"
  /// Two adjudicators decided differently.
  case adjudicatorsDiffer = "adjudicators_differ"
}

extension ReviewReason: CustomStringConvertible {
  /// The reason in a few words.
  public var description: String {
    switch self {
    case .modelAgainstPeople: "model against people"
    case .betweenPeople: "people differ"
    case .modelAgainstRefined: "model against dialogue"
    case .goldMissed: "gold missed"
    case .changedAfterReveal: "changed after reveal"
    case .adjudicatorsDiffer: "adjudicators differ"
    }
  }
}
