/// The present state of one turn for one person: a function of the project's event log.
public struct TurnState: Equatable, Sendable {
  /// The person's answer; `nil` if there is none or it was withdrawn.
  public var answer: Answer?
  /// Whether the person flagged the turn to come back to.
  public var isFlagged: Bool
  /// Whether the person passed over the turn. A skipped turn does not count as labelled.
  public var isSkipped: Bool
  /// The person's note; empty if there is none.
  public var note: String

  /// Creates a state; without arguments, that of a turn nobody has touched.
  public init(
    answer: Answer? = nil, isFlagged: Bool = false, isSkipped: Bool = false, note: String = ""
  ) {
    self.answer = answer
    self.isFlagged = isFlagged
    self.isSkipped = isSkipped
    self.note = note
  }
}

/// How far a person is.
public struct Progress: Equatable, Sendable {
  /// Turns with an answer.
  public var labelled: Int
  /// All turns.
  public var total: Int

  /// Creates progress.
  public init(labelled: Int, total: Int) {
    self.labelled = labelled
    self.total = total
  }

  /// The share done, 0 to 1; 1 where there is nothing to do.
  public var fraction: Double { total == 0 ? 1 : Double(labelled) / Double(total) }
}

/// One line of the list of dialogues.
public struct DialogueSummary: Equatable, Sendable {
  /// The dialogue's identity.
  public var key: DialogueKey
  /// Its place in the project, from 0.
  public var place: Int
  /// A title for people; empty where the corpus has none.
  public var title: String
  /// Its turns, and how many the person has labelled.
  public var progress: Progress

  /// Creates a summary.
  public init(key: DialogueKey, place: Int, title: String, progress: Progress) {
    self.key = key
    self.place = place
    self.title = title
    self.progress = progress
  }
}
