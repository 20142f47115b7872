import Annotator
import Dialogues

/// Puts a source's suggestions into the terms of the project's scheme and of the open dialogue.
struct SuggestionDisplay {
  let scheme: LabelScheme
  /// The source's name; its refined labels are filed under `NAME+ded`.
  let source: String
  /// Whether the refined label is the one to accept.
  let acceptsRefined: Bool

  /// One entry a turn, `nil` where the source says nothing.
  func views(of suggestions: [Suggestion], in dialogue: OpenDialogue) -> [SuggestionView?] {
    var views: [SuggestionView?] = Array(repeating: nil, count: dialogue.turns.count)
    for suggestion in suggestions {
      guard let place = dialogue.place(ofTurn: suggestion.turn.turn),
        let view = view(of: suggestion, in: dialogue)
      else { continue }
      views[place] = view
    }
    return views
  }

  private func view(of suggestion: Suggestion, in dialogue: OpenDialogue) -> SuggestionView? {
    guard let best = suggestion.best else { return nil }
    var posterior = Array(repeating: 0.0, count: scheme.labels.count)
    for (label, probability) in zip(suggestion.labels, suggestion.posterior) {
      if let place = scheme.index(of: label) { posterior[place] += probability }
    }
    let influences = suggestion.influences.compactMap { influence in
      dialogue.place(ofTurn: influence.turn).map { TurnInfluence(turn: $0, value: influence.value) }
    }
    return SuggestionView(
      source: acceptsRefined && suggestion.refined != nil ? "\(source)+ded" : source,
      label: best.label, posterior: posterior, refined: suggestion.refined,
      acceptsRefined: acceptsRefined,
      influences: influences.sorted { abs($0.value) > abs($1.value) },
      trigger: suggestion.trigger.flatMap { dialogue.place(ofTurn: $0.turn) })
  }
}
