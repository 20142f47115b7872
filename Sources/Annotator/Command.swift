/// Something an annotator can ask for by a key or from the command palette.
///
/// This table is the single place where an action gets its name, its keys and its line of help: the
/// key map, the help screen, the palette and the README's table are all derived from it.
public enum Command: String, CaseIterable, Sendable {
  // Labelling.
  case accept
  case withdraw
  case undo
  case redo
  case flag
  case skip
  case note
  case confidence
  case dimensions
  case toggleSuggestions = "toggle-suggestions"
  case earlierSuggestions = "earlier-suggestions"
  case saveAgain = "save-again"

  // Moving.
  case nextTurn = "next-turn"
  case previousTurn = "previous-turn"
  case firstTurn = "first-turn"
  case lastTurn = "last-turn"
  case pageDown = "page-down"
  case pageUp = "page-up"
  case nextDialogue = "next-dialogue"
  case previousDialogue = "previous-dialogue"
  case nextUnlabelled = "next-unlabelled"
  case previousUnlabelled = "previous-unlabelled"
  case nextFlagged = "next-flagged"
  case previousFlagged = "previous-flagged"
  case influentialTurn = "influential-turn"
  case jumpBack = "jump-back"
  case goTo = "go-to"
  case search
  case nextMatch = "next-match"
  case previousMatch = "previous-match"

  // Listening.
  case play
  case replay
  case stop
  case seekBack = "seek-back"
  case seekForward = "seek-forward"
  case loop
  case slower
  case faster
  case normalSpeed = "normal-speed"
  case hearContext = "hear-context"
  case hearOn = "hear-on"
  case toggleAutoplay = "toggle-autoplay"

  // The program.
  case dialogueList = "dialogue-list"
  case guidelines
  case agreement
  case palette
  case theme
  case help
  case redraw
  case suspend
  case quit

  // Settling what people differ on.
  case nextEntry = "next-entry"
  case previousEntry = "previous-entry"
  case reviewList = "review-list"
  case opinions
  case reason
  case noLabel = "no-label"
  case names

  // Inside an overlay.
  case close
  case choose
  case itemDown = "item-down"
  case itemUp = "item-up"
  case itemPageDown = "item-page-down"
  case itemPageUp = "item-page-up"
  case itemFirst = "item-first"
  case itemLast = "item-last"
  case cycleFilter = "cycle-filter"
  case confirm
  case fieldBackspace = "delete-backward"
  case fieldDelete = "delete-forward"
  case fieldLeft = "cursor-left"
  case fieldRight = "cursor-right"
  case fieldHome = "cursor-start"
  case fieldEnd = "cursor-end"
  case fieldClear = "delete-to-start"
  case fieldDeleteWord = "delete-word"

  /// The groups of the help screen, in its order.
  public enum Group: String, CaseIterable, Sendable {
    case labelling = "Labelling"
    case moving = "Moving"
    case listening = "Listening"
    case program = "Program"
    case review = "Review"
    case overlay = "Lists, help and prompts"
  }

  /// What help, palette and documentation say about a command.
  struct Entry {
    var group: Group
    var context: KeyContext
    var keys: [String]
    var summary: String
  }

  /// The group the help screen lists the command in.
  public var group: Group { entry.group }
  /// Where its keys work.
  public var context: KeyContext { entry.context }
  /// The keys it has unless the annotator changes them, as ``Screen`` names keys.
  public var defaultKeys: [String] { entry.keys }
  /// One line of help.
  public var summary: String { entry.summary }

  var entry: Entry {
    switch self {
    case .accept:
      Entry(.labelling, "Enter", "Give the suggested label, save it, go on")
    case .withdraw:
      Entry(.labelling, "Backspace", "Withdraw the label of this turn")
    case .undo:
      Entry(.labelling, "u", "Undo, without limit, also after a restart")
    case .redo:
      Entry(.labelling, "Ctrl-R", "Do again what was undone")
    case .flag:
      Entry(.labelling, "f", "Flag the turn to come back to it")
    case .skip:
      Entry(.labelling, "s", "Skip the turn; it stays unlabelled")
    case .note:
      Entry(.labelling, "m", "Write a note on the turn")
    case .confidence:
      Entry(.labelling, "c", "How sure: guess, unsure, sure, not said")
    case .dimensions:
      Entry(.labelling, "v", "Rate valence, arousal, dominance")
    case .toggleSuggestions:
      Entry(.labelling, "i", "Show or hide suggestions, if the protocol allows")
    case .earlierSuggestions:
      Entry(.labelling, "B", "Go back to the suggestions before the model learned")
    case .saveAgain:
      Entry(.labelling, "w", "Try again to save what could not be saved")
    case .nextTurn:
      Entry(.moving, "Down", "j", "Next turn")
    case .previousTurn:
      Entry(.moving, "Up", "k", "Previous turn")
    case .firstTurn:
      Entry(.moving, "Home", "First turn of the dialogue")
    case .lastTurn:
      Entry(.moving, "End", "Last turn of the dialogue")
    case .pageDown:
      Entry(.moving, "PageDown", "Ten turns on")
    case .pageUp:
      Entry(.moving, "PageUp", "Ten turns back")
    case .nextDialogue:
      Entry(.moving, "]", "Next dialogue")
    case .previousDialogue:
      Entry(.moving, "[", "Previous dialogue")
    case .nextUnlabelled:
      Entry(.moving, "Tab", "Next unlabelled turn, in any dialogue")
    case .previousUnlabelled:
      Entry(.moving, "BackTab", "Previous unlabelled turn, in any dialogue")
    case .nextFlagged:
      Entry(.moving, "}", "Next flagged turn, in any dialogue")
    case .previousFlagged:
      Entry(.moving, "{", "Previous flagged turn, in any dialogue")
    case .influentialTurn:
      Entry(.moving, "e", "Hear what caused it: the likely trigger, else the strongest influence")
    case .jumpBack:
      Entry(.moving, "b", "Back to where the last jump began")
    case .goTo:
      Entry(.moving, "g", "Go to a turn (12), a dialogue (d3) or both (d3 12)")
    case .search:
      Entry(.moving, "/", "Search texts and speakers of all dialogues")
    case .nextMatch:
      Entry(.moving, "n", "Next turn that matches the search")
    case .previousMatch:
      Entry(.moving, "N", "Previous turn that matches the search")
    case .play:
      Entry(.listening, "Space", "Play or pause the turn")
    case .replay:
      Entry(.listening, "r", "Play the turn from its start")
    case .stop:
      Entry(.listening, "x", "Stop the sound")
    case .seekBack:
      Entry(.listening, "Left", "Half a second back")
    case .seekForward:
      Entry(.listening, "Right", "Half a second on")
    case .loop:
      Entry(.listening, "l", "Repeat the turn until stopped")
    case .slower:
      Entry(.listening, "<", "Slower, same pitch")
    case .faster:
      Entry(.listening, ">", "Faster, same pitch")
    case .normalSpeed:
      Entry(.listening, "=", "Normal speed")
    case .hearContext:
      Entry(.listening, "h", "Hear the turns that lead here, in order")
    case .hearOn:
      Entry(.listening, "H", "Hear from here to the end of the dialogue")
    case .toggleAutoplay:
      Entry(.listening, "a", "Play each turn when it is reached, or not")
    case .dialogueList:
      Entry(.program, "o", "Open the list of dialogues")
    case .guidelines:
      Entry(.program, "p", "Read the guidelines and label definitions")
    case .agreement:
      Entry(.program, "A", "See how far people agree so far")
    case .palette:
      Entry(.program, ":", "Find a command or a label by its name")
    case .theme:
      Entry(.program, "t", "Choose a theme, seen at once")
    case .help:
      Entry(.program, "?", "F1", "All keys")
    case .redraw:
      Entry(.program, "Ctrl-L", "Draw the screen anew")
    case .suspend:
      Entry(.program, "Ctrl-Z", "Back to the shell; fg returns")
    case .quit:
      Entry(.program, "q", "Ctrl-C", "Quit; every label is saved already")
    case .nextEntry:
      Entry(.review, in: .review, "Tab", "Next turn to review")
    case .previousEntry:
      Entry(.review, in: .review, "BackTab", "Previous turn to review")
    case .reviewList:
      Entry(.review, in: .review, "L", "The list of turns to review, and which are listed")
    case .opinions:
      Entry(.review, in: .review, "d", "All that is known of the turn, on a page")
    case .reason:
      Entry(.review, in: .review, "m", "Write the reason of the decision")
    case .noLabel:
      Entry(.review, in: .review, "-", "Decide that no label is right")
    case .names:
      Entry(.review, in: .review, "@", "Show or hide raters' names")
    case .close:
      Entry(.overlay, in: .overlay, "Escape", "Ctrl-C", "Close, change nothing")
    case .choose:
      Entry(.overlay, in: .overlay, "Enter", "Choose, or finish typing")
    case .itemDown:
      Entry(.overlay, in: .overlay, "Down", "Next line")
    case .itemUp:
      Entry(.overlay, in: .overlay, "Up", "Previous line")
    case .itemPageDown:
      Entry(.overlay, in: .overlay, "PageDown", "A page down")
    case .itemPageUp:
      Entry(.overlay, in: .overlay, "PageUp", "A page up")
    case .itemFirst:
      Entry(.overlay, in: .list, "Home", "First line")
    case .itemLast:
      Entry(.overlay, in: .list, "End", "Last line")
    case .cycleFilter:
      Entry(.overlay, in: .overlay, "Tab", "Lists: which dialogues, which turns")
    case .confirm:
      Entry(.overlay, in: .question, "y", "Yes, where a question is asked")
    case .fieldBackspace:
      Entry(.overlay, in: .field, "Backspace", "Delete the character before the cursor")
    case .fieldDelete:
      Entry(.overlay, in: .field, "Delete", "Delete the character at the cursor")
    case .fieldLeft:
      Entry(.overlay, in: .field, "Left", "Cursor left")
    case .fieldRight:
      Entry(.overlay, in: .field, "Right", "Cursor right")
    case .fieldHome:
      Entry(.overlay, in: .field, "Home", "Ctrl-A", "Cursor to the start")
    case .fieldEnd:
      Entry(.overlay, in: .field, "End", "Ctrl-E", "Cursor to the end")
    case .fieldClear:
      Entry(.overlay, in: .field, "Ctrl-U", "Delete to the start")
    case .fieldDeleteWord:
      Entry(.overlay, in: .field, "Ctrl-W", "Delete the word before the cursor")
    }
  }
}

extension Command.Entry {
  /// Keys first, the summary last: `Entry(.moving, "Down", "j", "Next turn")`.
  init(_ group: Command.Group, in context: KeyContext = .turn, _ words: String...) {
    self.init(
      group: group, context: context, keys: Array(words.dropLast()), summary: words.last ?? "")
  }
}

/// Where a key is pressed. The same key may mean different things in different contexts.
public enum KeyContext: String, CaseIterable, Sendable {
  /// The dialogue, with nothing in front of it.
  case turn
  /// The same in a review: the keys of the dialogue, and those of the review before them.
  case review
  /// Anything in front of the dialogue; the other contexts fall back to this one.
  case overlay
  /// A list or a page of text without a field to type into.
  case list
  /// A field that text is typed into.
  case field
  /// A question to be answered yes or no.
  case question
  /// Values of dimensions, given by digits.
  case dimensions

  /// The context whose keys also work here.
  public var parent: KeyContext? {
    switch self {
    case .turn, .overlay: nil
    case .review: .turn
    case .list, .field, .question, .dimensions: .overlay
    }
  }

  /// Whether the dialogue is in front.
  var isDialogue: Bool { self == .turn || self == .review }
}
