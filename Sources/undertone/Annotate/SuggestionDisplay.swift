import Annotator
import Dialogues
import EmotionModel

/// Puts a source's suggestions into the terms of the project's scheme and of the open dialogue.
struct SuggestionDisplay {
  let scheme: LabelScheme
  /// The source's name; its refined labels are filed under `NAME+ded`.
  let source: String
  /// Whether the refined label is the one to accept.
  let acceptsRefined: Bool
  /// What finds the likely causes; `nil` to show those that were stored.
  var triggers: TriggerMarks?
  /// The decoder that refined the labels, to tell why; `nil` where it is not known.
  var decoder: DialogicalEmotionDecoder?

  /// One entry a turn, `nil` where the source says nothing.
  func views(of suggestions: [Suggestion], in dialogue: OpenDialogue) -> [SuggestionView?] {
    var views: [SuggestionView?] = Array(repeating: nil, count: dialogue.turns.count)
    for suggestion in suggestions {
      guard let place = dialogue.place(ofTurn: suggestion.turn.turn),
        let view = view(of: suggestion, in: dialogue)
      else { continue }
      views[place] = view
    }
    markTriggers(&views, in: dialogue)
    explainDecoding(&views, suggestions, in: dialogue)
    return views
  }

  private func view(of suggestion: Suggestion, in dialogue: OpenDialogue) -> SuggestionView? {
    guard let best = suggestion.best else { return nil }
    var posterior = Array(repeating: 0.0, count: scheme.labels.count)
    for (label, probability) in zip(suggestion.labels, suggestion.posterior) {
      if let place = scheme.index(of: label) { posterior[place] += probability }
    }
    // Where decoding changed the label, stored influences speak for the refined label over the
    // model's own; shown is the question why the suggested one.
    let isChanged = suggestion.refined.map { $0 != best.label } ?? false
    let sign: Double = isChanged && !acceptsRefined ? -1 : 1
    let influences = suggestion.influences.compactMap { influence in
      dialogue.place(ofTurn: influence.turn).map {
        TurnInfluence(turn: $0, value: sign * influence.value)
      }
    }
    let isDecoded = acceptsRefined && suggestion.refined != nil && !source.hasSuffix("+ded")
    return SuggestionView(
      source: isDecoded ? "\(source)+ded" : source,
      label: best.label, posterior: posterior, refined: suggestion.refined,
      acceptsRefined: acceptsRefined,
      influences: influences.sorted { abs($0.value) > abs($1.value) },
      trigger: suggestion.trigger.flatMap { dialogue.place(ofTurn: $0.turn) },
      triggerProbability: suggestion.trigger?.value ?? 0)
  }

  /// Finds the likely causes with what the annotator has answered so far, and the suggested label
  /// where there is no answer: people's emotions are better to go by than a model's.
  private func markTriggers(_ views: inout [SuggestionView?], in dialogue: OpenDialogue) {
    guard let triggers else { return }
    let emotions = dialogue.turns.indices.map { turn -> String? in
      if let labels = dialogue.states[turn].answer?.labels, labels.count == 1 { return labels[0] }
      return views[turn]?.suggested
    }
    let marks = triggers.likeliest(in: dialogue.dialogue, emotions: emotions)
    for (turn, mark) in marks.enumerated() {
      views[turn]?.trigger = mark.flatMap { dialogue.place(ofTurn: $0.turn) }
      views[turn]?.triggerProbability = mark?.value ?? 0
    }
  }

  private func explainDecoding(
    _ views: inout [SuggestionView?], _ suggestions: [Suggestion], in dialogue: OpenDialogue
  ) {
    guard let decoder, suggestions.count == dialogue.turns.count,
      let labels = suggestions.first?.labels, suggestions.allSatisfy({ $0.labels == labels }),
      suggestions.contains(where: { $0.refined != nil })
    else { return }
    let decoded = decoder.decode(
      logits: suggestions.map { $0.posterior.map(logarithm) },
      speakers: Suggester.voices(in: dialogue.dialogue))
    for (turn, suggestion) in suggestions.enumerated() {
      guard let view = views[turn], view.isChanged,
        labels[decoded.states[turn]] == suggestion.refined,
        let own = labels.firstIndex(of: view.label)
      else { continue }
      let contrast = decoded.contrast(turn: turn, with: own)
      views[turn]?.decoding = DecodingTerms(
        turn: contrast.here.emission, speaker: contrast.here.shift,
        dialogue: contrast.here.recurrence, later: contrast.later.sum)
    }
  }
}
