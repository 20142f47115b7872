public import Dialogues

/// What an import found, for the person and for the project that takes it in.
public struct ImportSummary: Equatable, Sendable {
  /// The names of the corpora the turns are filed under, in the order they were met.
  public internal(set) var corpora: [String] = []
  /// The folder that the turns' audio paths start from, absolute, links resolved.
  public internal(set) var root = ""
  /// The label scheme that suits this corpus: for a new project.
  public internal(set) var scheme = LabelScheme.meld
  /// Dialogues handed on.
  public internal(set) var dialogues = 0
  /// Turns handed on.
  public internal(set) var turns = 0
  /// Ratings handed on.
  public internal(set) var ratings = 0
  /// Predictions of models handed on.
  public internal(set) var predictions = 0
  /// How often each label was given in those ratings.
  public internal(set) var labels: [String: Int] = [:]
  /// How many ratings each rater gave.
  public internal(set) var raters: [Rater: Int] = [:]
  /// Turns whose sound is there.
  public internal(set) var audioFound = 0
  /// Turns whose sound should be there and is not.
  public internal(set) var audioMissing = 0
  /// How many warnings of each kind there were.
  public internal(set) var warnings: [ImportWarning.Kind: Int] = [:]
  /// The first warnings of each kind, at most ``examplesOfAKind``, in the order they came.
  public internal(set) var examples: [ImportWarning] = []
  /// How often each label outside the label scheme was given.
  public internal(set) var unknownLabels: [String: Int] = [:]

  /// How many warnings of one kind ``examples`` holds at most.
  public static let examplesOfAKind = 3
}
