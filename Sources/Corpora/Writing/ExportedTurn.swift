public import Dialogues

/// A turn with everything a project knows of it, ready to be written.
public struct ExportedTurn: Equatable, Sendable {
  /// The turn.
  public var turn: Turn
  /// The gold label; several for a tie, none where nobody decided.
  public var gold: [String]
  /// What the raters said, at most one rating each.
  public var ratings: [Rating]
  /// The suggested label and its probability; `nil` if there is none.
  public var suggestion: SuggestedLabel?
  /// The label after decoding the whole dialogue; `nil` if that was not done.
  public var refined: String?

  /// Creates a turn to export.
  public init(
    turn: Turn, gold: [String] = [], ratings: [Rating] = [], suggestion: SuggestedLabel? = nil,
    refined: String? = nil
  ) {
    self.turn = turn
    self.gold = gold
    self.ratings = ratings
    self.suggestion = suggestion
    self.refined = refined
  }

  /// A label a source suggests.
  public struct SuggestedLabel: Equatable, Sendable {
    /// The label.
    public var label: String
    /// Its probability, 0 to 1.
    public var probability: Double

    /// Creates a suggested label.
    public init(label: String, probability: Double) {
      self.label = label
      self.probability = probability
    }
  }
}

/// A format that turns can be written in, one at a time.
public protocol TurnExporter: AnyObject {
  /// Writes one turn.
  ///
  /// - Throws: ``CorpusError`` if the turn cannot be written or the disk is full.
  func write(_ turn: ExportedTurn) throws(CorpusError)
  /// Makes the file appear under its name. Without it nothing is left behind.
  func finish() throws(CorpusError)
  /// What the format could not hold of the turns written so far, one sentence each.
  var losses: [String] { get }
}
