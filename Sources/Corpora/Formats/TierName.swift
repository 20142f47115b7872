/// What the name of a tier says about it, in Praat's TextGrids and ELAN's documents.
///
/// A tier named like nothing below holds turns, and its name is the speaker; `Mara (overlap 2)` holds
/// those of Mara's that overlap others of hers. Tiers about the turns of another tier are named
/// `WHAT@TIER`, as our exports (``Tiers``) and many ELAN templates have it; without the tier they are
/// about whoever speaks then. `WHAT` is:
///
/// | what | holds |
/// |---|---|
/// | `emotion`, `emotions`, `label`, `labels` | labels |
/// | `valence`, `arousal`, `dominance` | values of that dimension |
/// | `emotion:RATER`, `valence:RATER` | those of one rater |
/// | `words`, `word` | when each word is said; also `SPEAKER - words` of the Montreal Forced Aligner |
/// | `turn`, `id` | the corpus's own ids of the turns |
/// | `time` | the turn's own time where it stands in another, or `none` |
/// | `suggestion`, `refined` | a model's label and its probability; the label after decoding |
/// | anything else before `@` | further columns |
struct TierName: Equatable {
  /// What a tier holds.
  enum Role: Equatable {
    case turns
    case labels(rater: String?)
    case dimension(String, rater: String?)
    case words
    case ids
    case time
    case suggestion, refined
    case metadata(String)
    /// Sounds within words, which nothing here has a use for.
    case phones
  }

  /// What it holds.
  var role: Role
  /// The tier of turns it is about; `nil` for whoever speaks then.
  var subject: String?

  /// Reads a tier's name.
  init(_ name: String) {
    let name = trimmed(name)
    if let at = name.firstIndex(of: "@"), at > name.startIndex {
      let what = trimmed(name[..<at])
      let whom = trimmed(name[name.index(after: at)...])
      role = Self.role(of: what) ?? Self.export(what) ?? .metadata(what)
      subject = whom.isEmpty ? nil : whom
      return
    }
    for (ending, role) in [(" - words", Role.words), (" - phones", .phones)]
    where name.lowercased().hasSuffix(ending) {
      self.role = role
      subject = trimmed(name.dropLast(ending.count))
      return
    }
    role = Self.role(of: name) ?? .turns
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

  /// What only names of our own exports say, and only before a tier's name: `time` may be a speaker's.
  private static func export(_ name: String) -> Role? {
    switch name {
    case "time": .time
    case "suggestion": .suggestion
    case "refined": .refined
    default: nil
    }
  }

  /// The speaker of a tier of turns: its name without what tells overlapping turns apart; a speaker
  /// called `?` is one without a name.
  static func speaker(_ name: String) -> String {
    var name = trimmed(name)
    if name.hasSuffix(")"), let open = name.firstRange(of: " (overlap "),
      isWholeNumber(String(name[open.upperBound...].dropLast()))
    {
      name = String(name[..<open.lowerBound])
    }
    return name == "?" ? "" : name
  }
}
