import Annotator
import Dialogues
import Screen

/// An annotator at the keyboard: presses keys by their names and sees state and effects.
///
/// Nothing is simulated behind it: results of effects are handed in by the test, as the program would.
struct Sitting {
  var state: State
  var effects: [Effect] = []
  var now = 0.0
  let keyMap: KeyMap

  init(
    turns: Int = 5, scheme: LabelScheme = .meld, dialogues: Int = 3,
    annotationProtocol: AnnotationProtocol = .assisted,
    size: Size = Size(columns: 100, rows: 30)
  ) {
    keyMap = KeyMap.annotator(labels: scheme.labels.map { ($0.name, $0.key) }).keyMap
    state = State(
      project: ProjectInfo(
        name: "friends.undertone", scheme: scheme, annotationProtocol: annotationProtocol,
        rater: "ana", dialogueCount: dialogues),
      size: size, progress: Progress(labelled: 0, total: turns * dialogues),
      keys: KeyHints(keyMap))
    happen(.dialogueLoaded(Self.dialogue(turns: turns), generation: 0))
    effects = []
  }

  static let quarrel = [
    ("Mara", "You moved the boxes."), ("Theo", "I thought you would be pleased!"),
    ("Mara", "Pleased? I had labelled every one of them."), ("Theo", "I can put them back."),
    ("Mara", "Oh, that's just perfect."), ("Theo", "..."),
  ]

  static func dialogue(
    place: Int = 0, turns: Int = 5, arm: StudyArm = .suggested, others: [[LabelCount]] = []
  ) -> OpenDialogue {
    let key = DialogueKey(corpus: "MELD", split: "dev", dialogue: "\(place)")
    let list = (0..<turns).map { number in
      let (speaker, text) = quarrel[number % quarrel.count]
      return Turn(
        key: TurnKey(dialogue: key, turn: "\(number)"), speaker: speaker, text: text,
        audio: AudioSpan(path: "\(place)/\(number).flac"))
    }
    return OpenDialogue(
      place: place, dialogue: Dialogue(key: key, turns: list),
      states: Array(repeating: TurnState(), count: turns), arm: arm, othersLabels: others)
  }

  mutating func happen(_ event: Event) {
    effects += update(&state, event, at: now)
  }

  /// Presses keys by name; returns the effects of these keys alone.
  @discardableResult
  mutating func press(_ names: String...) -> [Effect] {
    effects = []
    for name in names {
      guard let key = Key(name) else { preconditionFailure("no key is called \(name)") }
      for event in state.events(for: key, in: keyMap) { happen(event) }
    }
    return effects
  }

  /// Types text, one key a character.
  @discardableResult
  mutating func type(_ text: String) -> [Effect] {
    effects = []
    for character in text {
      for event in state.events(for: .character(character), in: keyMap) { happen(event) }
    }
    return effects
  }

  /// Says of everything on its way to the disk that it has arrived.
  mutating func saveAll() {
    for pending in state.saving.pending {
      happen(
        .saved(
          number: pending.number, at: TimeOfDay(hour: 14, minute: 2), progress: state.progress))
    }
  }

  mutating func suggest(
    _ labels: [String], refined: [String?] = [], acceptsRefined: Bool = false
  ) {
    let names = state.project.scheme.labels.map(\.name)
    happen(
      .suggestionsReady(
        labels.enumerated().map { place, label in
          SuggestionView(
            source: "gatedxlstm+ded", label: label,
            posterior: names.map { $0 == label ? 0.7 : 0.05 },
            refined: place < refined.count ? refined[place] : nil,
            acceptsRefined: acceptsRefined,
            influences: [
              TurnInfluence(turn: max(0, place - 1), value: 0.8),
              TurnInfluence(turn: place, value: -0.2),
            ])
        }, dialogue: 0))
  }

  var labels: [String] {
    state.dialogue?.states.map { $0.answer?.labels.first ?? "" } ?? []
  }

  var cursor: Int { state.dialogue?.cursor ?? -1 }
}

extension [Effect] {
  /// The changes among the effects.
  var changes: [Change.Kind] {
    compactMap { if case .save(let change, _) = $0 { change.kind } else { nil } }
  }

  /// The conditions of the answers among the effects.
  var conditions: [RatingConditions] {
    changes.compactMap { if case .answer(_, let conditions) = $0 { conditions } else { nil } }
  }

  /// The turns asked to be played.
  var played: [[Int]] {
    compactMap { if case .play(let turns, _, _, _) = $0 { turns } else { nil } }
  }
}
