public import Dialogues

/// What lies in front of the dialogue.
public enum Overlay: Equatable, Sendable {
  /// All keys, scrolled by so many lines.
  case help(scroll: Int)
  /// Guidelines and definitions, scrolled by so many lines.
  case guidelines(scroll: Int)
  /// The turns to review.
  case review(ReviewList)
  /// What everybody made of the current turn, scrolled by so many lines.
  case opinions(scroll: Int)
  /// How far people agree so far.
  case agreement(AgreementView)
  /// Labels and commands by name.
  case palette(Picker<PaletteItem>)
  /// Themes; `original` returns when the annotator changes their mind.
  case themes(Picker<String>, original: String)
  /// The dialogues of the project.
  case dialogues(DialogueList)
  /// A line of text for a note, a search or a place to go to.
  case prompt(Prompt)
  /// Values of dimensions for a turn.
  case dimensions(DimensionEntry)
  /// Changes could not be saved; quit all the same?
  case confirmQuit

  /// The context that decides what a key means.
  public var keyContext: KeyContext {
    switch self {
    case .help, .guidelines, .agreement, .opinions: .list
    case .palette, .themes, .dialogues, .review, .prompt: .field
    case .dimensions: .dimensions
    case .confirmQuit: .question
    }
  }
}

/// What can be chosen in the command palette.
public enum PaletteItem: Equatable, Sendable {
  case command(Command)
  /// A label of the scheme, by its place: a scheme may have more labels than there are keys.
  case label(Int)
}

/// A field and the items that match what is typed into it.
public struct Picker<Item: Equatable & Sendable>: Equatable, Sendable {
  /// What there is to choose from, with the text it is found by.
  public struct Row: Equatable, Sendable {
    /// What is chosen.
    public var item: Item
    /// Its name.
    public var text: String
    /// What it is, found by as well.
    public var detail: String
  }

  /// Everything there is to choose from.
  public let rows: [Row]
  /// What is typed to find it.
  public var field: TextField
  /// The selected place among ``matches``.
  public var selection: Int

  init(rows: [Row], selection: Int = 0) {
    self.rows = rows
    self.field = TextField()
    self.selection = selection
  }

  /// The rows whose text holds the typed words, in any order and case.
  public var matches: [Row] {
    let words = field.text.lowercased().split(separator: " ")
    guard !words.isEmpty else { return rows }
    return rows.filter { row in
      let text = "\(row.text) \(row.detail)".lowercased()
      return words.allSatisfy { text.contains($0) }
    }
  }

  /// The selected item; `nil` if nothing matches.
  public var selected: Item? {
    let matches = matches
    return selection < matches.count ? matches[selection].item : nil
  }

  mutating func move(by step: Int) {
    selection = max(0, min(selection + step, matches.count - 1))
  }
}

/// The list of dialogues: a window of it at a time, whatever the size of the project.
public struct DialogueList: Equatable, Sendable {
  /// Which dialogues are listed.
  public enum Filter: String, CaseIterable, Sendable {
    case all
    case unfinished
    case flagged
  }

  /// Which dialogues are listed.
  public var filter: Filter
  /// Only dialogues whose id, title or split hold this text.
  public var field: TextField
  /// The loaded window, in the project's order; `nil` until it is there.
  public var rows: [DialogueSummary]?
  /// Whether nothing that is listed lies before the window.
  public var isAtStart: Bool
  /// Whether nothing that is listed lies after the window.
  public var isAtEnd: Bool
  /// The place in the project of the selected dialogue, or the nearest listed one to it.
  public var selection: Int
  /// The number of the latest request for a window: the answer to an earlier one is ignored.
  public var request: Int

  init(selection: Int) {
    filter = .all
    field = TextField()
    rows = nil
    isAtStart = false
    isAtEnd = false
    self.selection = selection
    request = 0
  }

  /// The row that is selected; `nil` while there is none.
  public var selectedRow: Int? {
    guard let rows, !rows.isEmpty else { return nil }
    return rows.firstIndex { $0.place >= selection } ?? rows.count - 1
  }

  /// The selected dialogue; `nil` while there is none.
  public var selected: DialogueSummary? {
    guard let rows, let selectedRow else { return nil }
    return rows[selectedRow]
  }

  /// Moves the selection.
  ///
  /// - Returns: whether another window is needed.
  mutating func move(by step: Int) -> Bool {
    guard let rows, let row = selectedRow else { return false }
    let target = max(0, min(row + step, rows.count - 1))
    selection = rows[target].place
    // A step beyond the window is a jump to the end of the list.
    if row + step < 0, !isAtStart { selection = step < -rows.count ? 0 : rows[0].place }
    if row + step >= rows.count, !isAtEnd, step > rows.count { selection = .max }
    let margin = rows.count / 6
    return (target < margin && !isAtStart) || (target >= rows.count - margin && !isAtEnd)
  }
}

/// A line of text asked for.
public struct Prompt: Equatable, Sendable {
  /// What the text is for.
  public enum Purpose: Equatable, Sendable {
    /// A note on a turn.
    case note(TurnKey)
    /// The reason of a decision on a turn.
    case reason(TurnKey)
    /// Text to search for.
    case search
    /// A place to go to.
    case goTo
  }

  /// What the text is for.
  public var purpose: Purpose
  /// The text typed so far.
  public var field: TextField
}

/// Values of the scheme's dimensions, given by digits one after another.
public struct DimensionEntry: Equatable, Sendable {
  /// The turn's place in the dialogue.
  public var turn: Int
  /// The dimension asked for, by its place in the scheme.
  public var dimension: Int
  /// Whether to go on to the next turn afterwards.
  public var advances: Bool
  /// Values so far.
  public var values: [String: Double]
}
