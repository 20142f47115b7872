public import Dialogues

/// What a merge brought, or would bring.
public struct MergeReport: Equatable, Sendable {
  /// Dialogues that were not here.
  public var dialogues = 0
  /// Turns that were not here.
  public var turns = 0
  /// Imported ratings that were not here.
  public var ratings = 0
  /// Events that were not here.
  public var events = 0
  /// Suggestions that were not here, or replaced another of the same source.
  public var suggestions = 0
  /// What came of each rater, by name; raters of whom nothing came are left out.
  public var raters: [RaterShare] = []
  /// Where two copies say different things of one matter, in the order of the project.
  public var conflicts: [MergeConflict] = []

  /// Creates a report of nothing.
  public init() {}

  /// What came of one rater.
  public struct RaterShare: Equatable, Sendable {
    /// Who.
    public var rater: Rater
    /// Turns whose answer is another one than before, or was none before.
    public var answers = 0
    /// Decisions, those that were made anew or undone since included.
    public var decisions = 0
    /// Everything that came, answers and decisions included: notes, flags, listening, undo.
    public var events = 0
  }
}

/// Something two copies do not agree on. Nothing is lost by it: what does not count stays in the
/// history, and what counts is the same in whatever order copies are merged.
public struct MergeConflict: Equatable, Sendable {
  /// What it is about.
  public enum Kind: Equatable, Sendable {
    /// The same rater answered the turn in both; the later answer counts.
    case answers(TurnKey, Rater)
    /// The turn was decided in both; the later decision counts. Where two adjudicators differ, review
    /// lists the turn.
    case decisions(TurnKey)
    /// The rater was given other dialogues in one than in the other; the list that comes later in the
    /// order of the dialogues' names counts.
    case share(Rater)
  }

  /// What it is about.
  public var kind: Kind
  /// What this project said.
  public var here: [String]
  /// What the other said.
  public var there: [String]
  /// Whether this project's word counts.
  public var keepsOwn: Bool
}

extension MergeConflict: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    func words(_ labels: [String]) -> String {
      labels.isEmpty ? "nothing" : labels.joined(separator: "|")
    }
    let counts = keepsOwn ? here : there
    switch kind {
    case .answers(let turn, let rater):
      return "\(turn): \(rater.name) answered \(words(here)) here and \(words(there)) there; "
        + "\(words(counts)) was later and counts."
    case .decisions(let turn):
      return "\(turn): it was decided to be \(words(here)) here and \(words(there)) there; "
        + "\(words(counts)) was later and counts."
    case .share(let rater):
      return "\(rater.name) was given other dialogues there than here; those "
        + "\(keepsOwn ? "here" : "there") count."
    }
  }
}
