/// What the name of a tier says about it, in Praat's TextGrids and ELAN's documents.
///
/// A tier named like nothing below holds turns, and its name is the speaker. Tiers about the turns of
/// a speaker are named `WHAT@SPEAKER`, as our exports and many ELAN templates have it; without the
/// speaker they are about whoever speaks then. `WHAT` is:
///
/// | what | holds |
/// |---|---|
/// | `emotion`, `emotions`, `label`, `labels` | labels |
/// | `valence`, `arousal`, `dominance` | values of that dimension |
/// | `emotion:RATER`, `valence:RATER` | those of one rater |
/// | `words`, `word` | when each word is said; also `SPEAKER - words` of the Montreal Forced Aligner |
/// | `turn`, `id` | the corpus's own ids of the turns |
/// | anything else before `@` | further columns |
struct TierName: Equatable {
  /// What a tier holds.
  enum Role: Equatable {
    case turns
    case labels(rater: String?)
    case dimension(String, rater: String?)
    case words
    case ids
    case metadata(String)
    /// Sounds within words, which nothing here has a use for.
    case phones
  }

  /// What it holds.
  var role: Role
  /// Whose turns it is about; `nil` for whoever speaks then.
  var speaker: String?

  /// Reads a tier's name.
  init(_ name: String) {
    let name = trimmed(name)
    if let at = name.firstIndex(of: "@"), at > name.startIndex {
      let what = trimmed(name[..<at])
      let whom = trimmed(name[name.index(after: at)...])
      role = Self.role(of: what) ?? .metadata(what)
      speaker = whom.isEmpty ? nil : whom
      return
    }
    for (ending, role) in [(" - words", Role.words), (" - phones", .phones)]
    where name.lowercased().hasSuffix(ending) {
      self.role = role
      speaker = trimmed(name.dropLast(ending.count))
      return
    }
    role = Self.role(of: name) ?? .turns
    speaker = role == .turns ? name : nil
  }

  private static func role(of name: String) -> Role? {
    let parts = name.split(separator: ":", maxSplits: 1).map { trimmed($0) }
    guard let what = parts.first?.lowercased() else { return nil }
    let rater = parts.count > 1 && !parts[1].isEmpty ? parts[1] : nil
    if ["emotion", "emotions", "label", "labels"].contains(what) { return .labels(rater: rater) }
    if AnswerColumns.usualDimensions.contains(what) { return .dimension(what, rater: rater) }
    guard rater == nil else { return nil }
    if ["words", "word"].contains(what) { return .words }
    if ["turn", "id"].contains(what) { return .ids }
    return ["phones", "phone", "phonemes"].contains(what) ? .phones : nil
  }
}
