import ArgumentParser

/// What ratings can be cut into parts by.
enum AgreementScope: String, CaseIterable, ExpressibleByArgument {
  case speaker, label, position, condition, window, split

  /// What a part is, in a sentence.
  var explanation: String {
    switch self {
    case .speaker: "The turns of each speaker."
    case .label:
      "Turns by the label most of their ratings have. Within one label there is little left to differ "
        + "in, so that chance explains more: read the raw agreement here, α says less."
    case .position: "The turns in each quarter of their dialogue."
    case .condition:
      "Ratings given with a suggestion in view and without; imported ratings did not record it. A "
        + "turn counts where two raters rated it under the same condition."
    case .window:
      "Windows with the same number of turns, from the earliest to the latest; a turn is in the window "
        + "of its last rating."
    case .split: "The turns of each split of the corpus."
    }
  }

  /// Whether the parts follow one another.
  var isOrdered: Bool { self == .window || self == .position }
}
