public import Dialogues

/// The dialogue in front of the annotator.
public struct OpenDialogue: Equatable, Sendable {
  /// Its place in the project, from 0.
  public var place: Int
  /// The turns.
  public var dialogue: Dialogue
  /// The annotator's work on each turn; as many as there are turns.
  public var states: [TurnState]
  /// What the shown source thinks of each turn; as many as there are turns.
  public var suggestions: [SuggestionView?]
  /// How suggestions stand.
  public var suggestionStatus: SuggestionStatus
  /// The current turn, from 0.
  public var cursor: Int
  /// What the annotator has heard of each turn met since the dialogue was opened.
  public var listening: [Int: Listening]
  /// Which arm of the study it is in.
  public var arm: StudyArm
  /// What others answered on each turn, as many as there are turns, or empty; seen with the turn's
  /// suggestion where the protocol reveals it.
  public var othersLabels: [[LabelCount]]
  /// What everybody made of each turn, as many as there are turns; empty outside a review.
  public var reviewed: [ReviewedTurn]
  /// The turn in front, once it has been answered with its suggestion still to be revealed and not
  /// again since; see ``State/keepRevealed(at:)``.
  var committedTurn: Int?
  /// The speakers in order of appearance; their places choose colours and marks.
  public let speakers: [String]
  let speakerPlaces: [String: Int]
  let turnPlaces: [String: Int]

  /// Opens a dialogue.
  ///
  /// - Precondition: as many states as turns, and at least one turn.
  public init(
    place: Int, dialogue: Dialogue, states: [TurnState], cursor: Int = 0,
    arm: StudyArm = .suggested, othersLabels: [[LabelCount]] = [], reviewed: [ReviewedTurn] = []
  ) {
    precondition(states.count == dialogue.turns.count && !states.isEmpty)
    self.place = place
    self.dialogue = dialogue
    self.states = states
    self.suggestions = Array(repeating: nil, count: states.count)
    self.suggestionStatus = .absent
    self.cursor = max(0, min(cursor, states.count - 1))
    self.listening = [:]
    self.arm = arm
    self.othersLabels = othersLabels
    self.reviewed = reviewed
    var speakers: [String] = []
    var speakerPlaces: [String: Int] = [:]
    var turnPlaces: [String: Int] = [:]
    for (place, turn) in dialogue.turns.enumerated() {
      if speakerPlaces[turn.speaker] == nil {
        speakerPlaces[turn.speaker] = speakers.count
        speakers.append(turn.speaker)
      }
      turnPlaces[turn.key.turn] = place
    }
    self.speakers = speakers
    self.speakerPlaces = speakerPlaces
    self.turnPlaces = turnPlaces
  }

  /// The current turn.
  public var turn: Turn { dialogue.turns[cursor] }

  /// The turns of the dialogue.
  public var turns: [Turn] { dialogue.turns }

  /// The place of a turn by the corpus's id of it; `nil` if the dialogue has no such turn.
  public func place(ofTurn id: String) -> Int? { turnPlaces[id] }

  /// The place of a turn's speaker among ``speakers``.
  public func speakerPlace(ofTurn turn: Int) -> Int {
    speakerPlaces[dialogue.turns[turn].speaker] ?? 0
  }

  /// How far the annotator is in this dialogue.
  public var progress: Progress {
    Progress(labelled: states.count { $0.answer != nil }, total: states.count)
  }
}

/// How many people gave a label.
public struct LabelCount: Equatable, Sendable {
  /// The label.
  public var label: String
  /// How many gave it.
  public var count: Int

  /// Creates a count.
  public init(label: String, count: Int) {
    self.label = label
    self.count = count
  }
}

/// A suggestion in the terms of the project's scheme, ready to be drawn and accepted.
public struct SuggestionView: Equatable, Sendable {
  /// The source whose label is accepted when ``Command/accept`` is pressed, e.g. `gatedxlstm`, or
  /// `gatedxlstm+ded` where the refined label is.
  public var source: String
  /// The model's own choice for the turn.
  public var label: String
  /// The model's probability of each label of the scheme, in the scheme's order; it may sum to less
  /// than 1 where the source knows labels that the scheme does not have.
  public var posterior: [Double]
  /// The label after decoding the whole dialogue; `nil` if that was not done.
  public var refined: String?
  /// Whether ``Command/accept`` gives the refined label rather than the model's own.
  ///
  /// Decoding does not help every model: over the bundled one it loses four points of weighted F1
  /// on MELD's development dialogues (`undertone evaluate` prints it), over others it gains as many. So it
  /// is a choice, and both labels are in view either way.
  public var acceptsRefined: Bool
  /// Influence of each turn on this one by place in the dialogue, strongest first, in logits.
  public var influences: [TurnInfluence]
  /// The turn that probably caused a change of the speaker's emotion; `nil` if there is none.
  public var trigger: Int?
  /// How probably ``trigger`` did, 0 to 1.
  public var triggerProbability: Double
  /// What decoding the dialogue had to say for ``refined`` over ``label``, where they differ.
  public var decoding: DecodingTerms?

  /// Creates a suggestion.
  public init(
    source: String, label: String, posterior: [Double], refined: String? = nil,
    acceptsRefined: Bool = false, influences: [TurnInfluence] = [], trigger: Int? = nil,
    triggerProbability: Double = 0, decoding: DecodingTerms? = nil
  ) {
    self.source = source
    self.label = label
    self.posterior = posterior
    self.refined = refined
    self.acceptsRefined = acceptsRefined
    self.influences = influences
    self.trigger = trigger
    self.triggerProbability = triggerProbability
    self.decoding = decoding
  }

  /// The label that ``Command/accept`` gives.
  public var suggested: String { acceptsRefined ? refined ?? label : label }

  /// Whether decoding the dialogue changed the model's own choice.
  public var isChanged: Bool { refined.map { $0 != label } ?? false }

  /// The probability of a label of the scheme; 0 for a label the source does not know.
  public func probability(of label: String, in scheme: LabelScheme) -> Double {
    guard let place = scheme.index(of: label), place < posterior.count else { return 0 }
    return posterior[place]
  }
}

/// Why decoding a dialogue changed the label of a turn: additive terms in logits, positive for the
/// label after decoding, negative for the model's own.
public struct DecodingTerms: Equatable, Sendable {
  /// What the model heard in the turn: negative, for the model preferred its own label.
  public var turn: Double
  /// That a speaker's emotion tends to stay.
  public var speaker: Double
  /// That emotions a dialogue has shown come back.
  public var dialogue: Double
  /// What the later turns make of it.
  public var later: Double

  /// Creates terms.
  public init(turn: Double, speaker: Double, dialogue: Double, later: Double) {
    self.turn = turn
    self.speaker = speaker
    self.dialogue = dialogue
    self.later = later
  }
}

/// One turn's part in the decision on another, by place in the dialogue.
public struct TurnInfluence: Equatable, Sendable {
  /// The contributing turn's place in the dialogue, from 0.
  public var turn: Int
  /// Its contribution in logits: positive for the suggested label, negative against it. The other
  /// label is the runner-up, or where decoding changed the label, the other of the two.
  public var value: Double

  /// Creates an influence.
  public init(turn: Int, value: Double) {
    self.turn = turn
    self.value = value
  }
}

/// How suggestions for the open dialogue stand.
public enum SuggestionStatus: Equatable, Sendable {
  /// None were asked for.
  case absent
  /// The model is at work.
  case computing
  /// They are there.
  case ready
  /// They could not be had, and why.
  case unavailable(String)
}

/// What the annotator has heard of a turn since its dialogue was opened.
public struct Listening: Equatable, Sendable {
  /// The order in which the turn was met in this sitting, from 0.
  public var order: Int
  /// When it was first shown, in seconds of the program's clock.
  public var shownAt: Double
  /// When its sound first began; `nil` if it never did.
  public var soundAt: Double?
  /// The longest part heard in one go, in milliseconds.
  public var heardMilliseconds: Int
  /// How often it was started.
  public var plays: Int

  init(order: Int, shownAt: Double) {
    self.order = order
    self.shownAt = shownAt
    self.soundAt = nil
    self.heardMilliseconds = 0
    self.plays = 0
  }
}
