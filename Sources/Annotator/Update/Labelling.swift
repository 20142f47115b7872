import Dialogues

// Answers, and everything else an annotator leaves on a turn.

extension State {
  mutating func giveLabel(at place: Int, now: Double) -> [Effect] {
    guard let dialogue, project.scheme.labels.indices.contains(place) else { return [] }
    let label = project.scheme.labels[place].name
    if review != nil { return settle([label], at: now) }
    let before = dialogue.states[dialogue.cursor].answer
    let answer = Answer(
      labels: [label], dimensions: before?.dimensions ?? [:],
      confidence: nextConfidence ?? before?.confidence)
    return give(answer, turn: dialogue.cursor, at: now)
  }

  /// Gives an answer and goes on: to what the protocol reveals, to the dimensions, to the next turn.
  private mutating func give(_ answer: Answer, turn: Int, at now: Double) -> [Effect] {
    let wasVisible = visibleSuggestion(ofTurn: turn) != nil
    var effects = record(answer, turn: turn, at: now)
    guard !effects.isEmpty else { return [] }
    nextConfidence = nil
    let reveals =
      project.annotationProtocol == .commitThenReveal && !wasVisible
      && visibleSuggestion(ofTurn: turn) != nil
    let advances = preferences.advancesAfterLabel && !reveals
    if preferences.asksForDimensions, !project.scheme.dimensions.isEmpty, !wasVisible || advances {
      effects += openDimensions(advances: advances)
    } else if advances {
      effects += advance(at: now)
    }
    if reveals, let suggestion = visibleSuggestion(ofTurn: turn) {
      inform(
        "The model says \(suggestion.suggested). \(keys.key(of: .accept)) or moving on keeps "
          + "\(answer.labels.joined(separator: ", ")), a label changes it.")
    }
    return effects
  }

  /// Under commit-then-reveal: the same answer again, now with the suggestion in view.
  private mutating func keepAnswer(at now: Double) -> [Effect] {
    guard let dialogue, let answer = dialogue.states[dialogue.cursor].answer,
      visibleSuggestion(ofTurn: dialogue.cursor) != nil
    else {
      inform("Give a label by its key first; then the suggestion is shown.")
      return []
    }
    return give(answer, turn: dialogue.cursor, at: now)
  }

  /// Under commit-then-reveal, whoever moves on with the suggestion in view has kept their answer: it is
  /// filed as one after the reveal, or who agrees in silence would be missing among those who saw it.
  mutating func keepRevealed(at now: Double) -> [Effect] {
    guard let turn = dialogue?.committedTurn else { return [] }
    dialogue?.committedTurn = nil
    guard let answer = dialogue?.states[turn].answer, visibleSuggestion(ofTurn: turn) != nil else {
      return []
    }
    let said = message
    defer { message = said }
    return record(answer, turn: turn, at: now)
  }

  mutating func acceptSuggestion(at now: Double) -> [Effect] {
    guard let dialogue else { return [] }
    if project.annotationProtocol == .commitThenReveal, showsSuggestions {
      return keepAnswer(at: now)
    }
    guard showsSuggestions else {
      inform("No suggestion is shown, so there is nothing to accept: give a label by its key.")
      return []
    }
    guard let suggestion = dialogue.suggestions[dialogue.cursor] else {
      inform("There is no suggestion for this turn: give a label by its key.")
      return []
    }
    guard let place = project.scheme.index(of: suggestion.suggested) else {
      warn(
        "The suggestion \(suggestion.suggested) is not a label of this project: choose one by its key."
      )
      return []
    }
    return giveLabel(at: place, now: now)
  }

  mutating func withdrawAnswer() -> [Effect] {
    guard let dialogue, mayWrite() else { return [] }
    guard dialogue.states[dialogue.cursor].answer != nil else {
      inform("This turn has no label to withdraw.")
      return []
    }
    return change(.withdraw, turn: dialogue.cursor)
  }

  mutating func toggleFlag() -> [Effect] {
    guard let dialogue else { return [] }
    let isFlagged = !dialogue.states[dialogue.cursor].isFlagged
    let effects = change(.flag(isFlagged), turn: dialogue.cursor)
    if !effects.isEmpty { inform(isFlagged ? "Flagged." : "No longer flagged.") }
    return effects
  }

  mutating func skipTurn(at now: Double) -> [Effect] {
    guard let dialogue else { return [] }
    let isSkipped = !dialogue.states[dialogue.cursor].isSkipped
    let effects = change(.skip(isSkipped), turn: dialogue.cursor)
    guard !effects.isEmpty, isSkipped else { return effects }
    return effects + advance(at: now)
  }

  mutating func openNote() -> [Effect] {
    guard let dialogue, mayWrite() else { return [] }
    let note = dialogue.states[dialogue.cursor].note
    overlay = .prompt(Prompt(purpose: .note(dialogue.turn.key), field: TextField(note)))
    return []
  }

  mutating func finishNote(_ text: String, on key: TurnKey) -> [Effect] {
    guard let dialogue, let turn = dialogue.turns.firstIndex(where: { $0.key == key }),
      dialogue.states[turn].note != text
    else { return [] }
    return change(.note(text), turn: turn)
  }

  /// Chooses how sure the annotator is: of the answer the turn has, else of the next answer.
  mutating func cycleConfidence(at now: Double) -> [Effect] {
    guard let dialogue else { return [] }
    func next(_ confidence: Int?) -> Int? {
      switch confidence {
      case nil: 1
      case 1: 2
      case 2: 3
      default: nil
      }
    }
    guard var answer = dialogue.states[dialogue.cursor].answer else {
      nextConfidence = next(nextConfidence)
      inform("The next label is given as: \(confidenceName(nextConfidence)).")
      return []
    }
    answer.confidence = next(answer.confidence)
    let effects = record(answer, turn: dialogue.cursor, at: now)
    if !effects.isEmpty { inform("Confidence: \(confidenceName(answer.confidence)).") }
    return effects
  }

  mutating func toggleSuggestions(at now: Double) -> [Effect] {
    guard review != nil || project.annotationProtocol != .blind else {
      inform("This project is labelled blind: its protocol shows no suggestions.")
      return []
    }
    guard review != nil || dialogue?.arm != .control else {
      inform("The study shows no suggestions in this dialogue.")
      return []
    }
    let kept = keepRevealed(at: now)
    preferences.showsSuggestions.toggle()
    inform(preferences.showsSuggestions ? "Suggestions are shown." : "Suggestions are hidden.")
    var effects = kept + [Effect.remember(preferences)]
    if preferences.showsSuggestions, let dialogue, dialogue.suggestionStatus == .absent {
      self.dialogue?.suggestionStatus = .computing
      effects.append(.suggest(dialogue: dialogue.place))
    }
    return effects
  }

  mutating func revert(isRedo: Bool) -> [Effect] {
    guard mayWrite() else { return [] }
    guard !saving.hasFailed else {
      warn("Not everything is saved yet; \(keys.key(of: .saveAgain)) tries again. Then undo works.")
      return []
    }
    return [isRedo ? .redo : .undo]
  }

  mutating func apply(_ reversal: Reversal?, isRedo: Bool, at now: Double) -> [Effect] {
    guard let reversal else {
      inform(isRedo ? "There is nothing to redo." : "There is nothing to undo.")
      return []
    }
    inform("\(isRedo ? "Redone" : "Undone"): \(reversal.description).")
    // Where an undo leads is not moving on, and an answer filed now would be in the way of a redo.
    dialogue?.committedTurn = nil
    updateProgress(reversal.progress)
    let read = review == nil ? [] : [Effect.readReview(dialogue: reversal.position.dialogue)]
    guard let dialogue, dialogue.place == reversal.position.dialogue else {
      return read
        + load(dialogue: reversal.position.dialogue, turn: reversal.position.turn, at: now)
    }
    guard dialogue.states.indices.contains(reversal.position.turn) else { return read }
    self.dialogue?.states[reversal.position.turn] = reversal.state
    guard dialogue.cursor != reversal.position.turn else { return read }
    return read + arrive(at: reversal.position.turn, now: now, plays: false)
  }

  // MARK: Changes on their way to the disk

  /// Gives a turn an answer under the present conditions.
  mutating func record(_ answer: Answer, turn: Int, at now: Double) -> [Effect] {
    let conditions = conditions(ofTurn: turn, at: now)
    let effects = change(.answer(answer, conditions), turn: turn)
    if !effects.isEmpty {
      dialogue?.committedTurn = conditions.stage == .committed ? turn : nil
    }
    return effects
  }

  /// Shows a change at once and sends it, and whatever failed before it, to the disk.
  ///
  /// - Returns: no effects if nothing may be written.
  mutating func change(_ kind: Change.Kind, turn: Int) -> [Effect] {
    guard let dialogue, mayWrite() else { return [] }
    let change = Change(
      turn: dialogue.turns[turn].key, dialogue: dialogue.place, kind: kind)
    let before = dialogue.states[turn].answer != nil
    self.dialogue?.states[turn].apply(kind)
    let after = self.dialogue?.states[turn].answer != nil
    progress.labelled += (after ? 1 : 0) - (before ? 1 : 0)
    message = nil
    let retries = sendFailedAgain()
    saving.pending.append(
      Saving.Pending(number: saving.nextNumber, change: change, hasFailed: false))
    saving.nextNumber += 1
    return retries + [.save(change, number: saving.nextNumber - 1)]
  }

  mutating func saveAgain() -> [Effect] {
    let effects = sendFailedAgain()
    if effects.isEmpty { inform("Everything is saved.") }
    return effects
  }

  private mutating func sendFailedAgain() -> [Effect] {
    var effects: [Effect] = []
    for place in saving.pending.indices where saving.pending[place].hasFailed {
      saving.pending[place].hasFailed = false
      effects.append(.save(saving.pending[place].change, number: saving.pending[place].number))
    }
    saving.problem = nil
    // What was said about work that is not saved need not hold any more.
    if !effects.isEmpty { message = nil }
    return effects
  }

  /// - Returns: the end, if that was asked for and waited for this change.
  mutating func finishSaving(
    _ number: Int, at time: TimeOfDay, progress: Progress
  ) -> [Effect] {
    let saved = saving.pending.filter { $0.number == number }
    saving.pending.removeAll { $0.number == number }
    saving.lastSaved = time
    updateProgress(progress)
    let read = saved.filter { $0.change.kind.isAdjudication }
      .map { Effect.readReview(dialogue: $0.change.dialogue) }
    return read + (saving.endsWhenSaved && saving.pending.isEmpty ? [.quit] : [])
  }

  mutating func failSaving(_ number: Int, because reason: String) {
    guard let place = saving.pending.firstIndex(where: { $0.number == number }) else { return }
    saving.pending[place].hasFailed = true
    saving.problem = reason
    message = nil
    guard saving.endsWhenSaved else { return }
    saving.endsWhenSaved = false
    overlay = .confirmQuit
  }

  /// Takes over counts from the store, unless changes it has not seen are already counted here.
  mutating func updateProgress(_ progress: Progress) {
    if saving.pending.isEmpty { self.progress = progress }
  }

  mutating func mayWrite() -> Bool {
    guard let reason = project.readOnlyReason else { return true }
    warn(reason)
    return false
  }

  func conditions(ofTurn turn: Int, at now: Double) -> RatingConditions {
    guard let dialogue else { return RatingConditions() }
    var conditions = RatingConditions(
      annotationProtocol: project.annotationProtocol,
      arm: project.annotationProtocol == .blind ? .control : dialogue.arm)
    let suggestion = visibleSuggestion(ofTurn: turn)
    if project.annotationProtocol == .commitThenReveal {
      conditions.stage = suggestion == nil ? .committed : .revealed
    }
    if let suggestion {
      conditions.shown = RatingConditions.ShownSuggestion(
        source: suggestion.source, label: suggestion.suggested,
        probability: suggestion.probability(of: suggestion.suggested, in: project.scheme))
    }
    if let listening = dialogue.listening[turn] {
      conditions.order = listening.order
      conditions.heardMilliseconds = listening.heardMilliseconds
      if transport.turn == turn, transport.activity == .playing || transport.activity == .paused {
        let now = Int((transport.position - transport.playedFrom) * 1000)
        conditions.heardMilliseconds = max(conditions.heardMilliseconds, now)
      }
      conditions.replays = max(0, listening.plays - 1)
      conditions.answerMilliseconds = Int((now - (listening.soundAt ?? listening.shownAt)) * 1000)
    }
    return conditions
  }
}

extension TurnState {
  /// What a change makes of a turn, before the store has confirmed it: a turn is answered or
  /// skipped, never both, as in the project's log.
  mutating func apply(_ kind: Change.Kind) {
    switch kind {
    case .answer(let answer, _):
      self.answer = answer
      isSkipped = false
    case .withdraw: answer = nil
    case .flag(let isFlagged): self.isFlagged = isFlagged
    case .skip(let isSkipped):
      self.isSkipped = isSkipped
      if isSkipped { answer = nil }
    case .note(let note): self.note = note
    case .adjudicate: break
    }
  }
}

extension Change.Kind {
  var isAdjudication: Bool {
    if case .adjudicate = self { true } else { false }
  }
}

/// The word for a confidence on screen.
func confidenceName(_ confidence: Int?) -> String {
  switch confidence {
  case 1: "guess"
  case 2: "unsure"
  case 3: "sure"
  default: "not said"
  }
}
