public import Dialogues
public import Screen

/// Everything the annotator's screen shows and every key depends on.
///
/// Only ``update(_:_:)`` changes it, from events, and ``view(_:)`` draws it; neither can reach a file, a
/// sound card or a terminal. It holds one dialogue, never the project, so that a project of a
/// million turns costs no more memory than one of ten.
public struct State: Equatable, Sendable {
  /// The project and who is working on it.
  public var project: ProjectInfo
  /// What the annotator can change in the settings file or by a key.
  public var preferences: Preferences
  /// The size of the terminal.
  public var size: Size
  /// Whether the terminal can show more than ASCII.
  public var glyphs: Glyphs
  /// The dialogue in front of the annotator; `nil` until the first is loaded or if there is none.
  public var dialogue: OpenDialogue?
  /// Whether a dialogue has been asked for and not arrived.
  public var isLoading: Bool
  /// How far the annotator is in the whole project.
  public var progress: Progress
  /// What is on its way to the disk.
  public var saving: Saving
  /// The sound.
  public var transport: Transport
  /// What lies in front of the dialogue; `nil` for nothing.
  public var overlay: Overlay?
  /// The line at the bottom: what just happened or went wrong.
  public var message: Message?
  /// Confidence chosen for the next answer.
  public var nextConfidence: Int?
  /// Where jumps began, the latest last.
  public var jumps: [Position]
  /// What was last searched for; empty for nothing.
  public var query: String
  /// Turns met in this sitting, for the conditions of a rating.
  public var metTurns: Int
  /// The names of the themes there are to choose from.
  public var themes: [String]
  /// The keys, for hints and help.
  public var keys: KeyHints
  /// The number of the latest request for a dialogue: the answer to an earlier one is ignored.
  public var generation: Int
  /// Settling what people differ on; `nil` in a sitting for labelling.
  public var review: ReviewSitting?

  /// The state in which the annotator starts: nothing loaded, nothing playing.
  public init(
    project: ProjectInfo, preferences: Preferences = Preferences(), size: Size,
    glyphs: Glyphs = .unicode, progress: Progress = Progress(labelled: 0, total: 0),
    themes: [String] = [], keys: KeyHints = KeyHints()
  ) {
    self.project = project
    self.preferences = preferences
    self.size = size
    self.glyphs = glyphs
    self.dialogue = nil
    self.isLoading = false
    self.progress = progress
    self.saving = Saving()
    self.transport = Transport()
    self.overlay = nil
    self.message = nil
    self.nextConfidence = nil
    self.jumps = []
    self.query = ""
    self.metTurns = 0
    self.themes = themes
    self.keys = keys
    self.generation = 0
    self.review = nil
  }

  /// The context that decides what a key means now.
  public var keyContext: KeyContext {
    overlay?.keyContext ?? (review == nil ? .turn : .review)
  }

  /// Whether suggestions can be seen in the open dialogue: the protocol and its arm of the study
  /// allow it and the annotator wants it.
  public var showsSuggestions: Bool { showsSuggestions(in: dialogue) }

  /// The protocol is for those who rate; who settles what they differ on sees what the model said.
  func showsSuggestions(in dialogue: OpenDialogue?) -> Bool {
    if review != nil { return preferences.showsSuggestions }
    return project.annotationProtocol != .blind && dialogue?.arm != .control
      && preferences.showsSuggestions
  }

  /// The suggestion for a turn of the open dialogue, if it may be seen now: under
  /// commit-then-reveal only once the turn has an answer.
  ///
  /// What is drawn, accepted, followed and recorded as seen all goes through here.
  public func visibleSuggestion(ofTurn turn: Int) -> SuggestionView? {
    guard let dialogue, showsSuggestions, dialogue.suggestions.indices.contains(turn) else {
      return nil
    }
    if review == nil, project.annotationProtocol == .commitThenReveal,
      dialogue.states[turn].answer == nil
    {
      return nil
    }
    return dialogue.suggestions[turn]
  }
}

/// The project and who is working on it.
public struct ProjectInfo: Equatable, Sendable {
  /// The name of the file, e.g. `friends.undertone`.
  public var name: String
  /// The labels, their keys, and the dimensions.
  public var scheme: LabelScheme
  /// What annotators may see.
  public var annotationProtocol: AnnotationProtocol
  /// Who is rating.
  public var rater: String
  /// How many dialogues there are.
  public var dialogueCount: Int
  /// Why nothing can be saved; `nil` if it can.
  public var readOnlyReason: String?

  /// Creates a description of a project.
  public init(
    name: String, scheme: LabelScheme, annotationProtocol: AnnotationProtocol = .assisted,
    rater: String, dialogueCount: Int, readOnlyReason: String? = nil
  ) {
    self.name = name
    self.scheme = scheme
    self.annotationProtocol = annotationProtocol
    self.rater = rater
    self.dialogueCount = dialogueCount
    self.readOnlyReason = readOnlyReason
  }
}

/// What the annotator can change in the settings file or by a key.
public struct Preferences: Equatable, Sendable {
  /// Whether a turn is played when it is reached.
  public var playsOnArrival: Bool
  /// Whether a label moves on to the next turn.
  public var advancesAfterLabel: Bool
  /// Whether the dimensions are asked for after each label, where the scheme has any.
  public var asksForDimensions: Bool
  /// Whether suggestions are drawn, where the protocol allows it.
  public var showsSuggestions: Bool
  /// Whether accepting gives the label after decoding the dialogue rather than the model's own.
  public var acceptsRefined: Bool
  /// How many turns ``Command/hearContext`` plays before the current one.
  public var contextTurns: Int
  /// The name of the theme.
  public var theme: String

  /// The theme of a new annotator.
  public static let defaultTheme = "dark"

  /// Creates preferences; without arguments, those of a new annotator.
  public init(
    playsOnArrival: Bool = true, advancesAfterLabel: Bool = true, asksForDimensions: Bool = true,
    showsSuggestions: Bool = true, acceptsRefined: Bool = false, contextTurns: Int = 3,
    theme: String = Self.defaultTheme
  ) {
    self.playsOnArrival = playsOnArrival
    self.advancesAfterLabel = advancesAfterLabel
    self.asksForDimensions = asksForDimensions
    self.showsSuggestions = showsSuggestions
    self.acceptsRefined = acceptsRefined
    self.contextTurns = contextTurns
    self.theme = theme
  }
}

/// The line at the bottom of the screen.
public struct Message: Equatable, Sendable {
  /// How much it matters.
  public enum Kind: Equatable, Sendable {
    /// What just happened.
    case information
    /// Something did not work; labelling goes on.
    case problem
  }

  /// How much it matters.
  public var kind: Kind
  /// One sentence.
  public var text: String

  /// Creates a message.
  public init(_ kind: Kind, _ text: String) {
    self.kind = kind
    self.text = text
  }
}

/// A place in the project: which dialogue, which turn of it.
public struct Position: Hashable, Sendable {
  /// The dialogue's place in the project, from 0.
  public var dialogue: Int
  /// The turn's place in the dialogue, from 0.
  public var turn: Int

  /// Creates a position.
  public init(dialogue: Int, turn: Int) {
    self.dialogue = dialogue
    self.turn = turn
  }
}

/// The keys of each command as the annotator has set them, as text for hints and help.
public struct KeyHints: Equatable, Sendable {
  var keys: [Command: [String]]

  /// The default keys.
  public init() {
    keys = Dictionary(
      uniqueKeysWithValues: Command.allCases.map { ($0, $0.defaultKeys) })
  }

  /// The keys as set in a key map.
  public init(_ keys: [Command: [String]]) {
    self.keys = keys
  }

  /// All keys of a command, the preferred one first.
  public func keys(of command: Command) -> [String] { keys[command] ?? [] }

  /// The preferred key of a command; empty if it has none.
  public func key(of command: Command) -> String { keys[command]?.first ?? "" }
}
