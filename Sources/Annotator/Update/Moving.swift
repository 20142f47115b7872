import Dialogues

// Where the annotator is, and how they get elsewhere.

extension State {
  /// Makes a turn of the open dialogue the current one, and plays it if that is wanted.
  mutating func arrive(at turn: Int, now: Double, plays: Bool = true) -> [Effect] {
    guard let dialogue, dialogue.turns.indices.contains(turn) else { return [] }
    var effects = turn == dialogue.cursor ? [] : keepRevealed(at: now)
    self.dialogue?.cursor = turn
    if dialogue.listening[turn] == nil {
      self.dialogue?.listening[turn] = Listening(order: metTurns, shownAt: now)
      metTurns += 1
    }
    let next = dialogue.turns[turn]
    if transport.sound?.turn != turn { transport.sound = nil }
    transport.silence = next.audio == nil ? "text only" : nil
    effects.append(.rememberPosition(next.key))
    if next.audio != nil, plays, preferences.playsOnArrival {
      effects += playTurn(from: 0)
    } else {
      if transport.activity != .idle { effects += stopSound() }
      if next.audio != nil { effects.append(.prepare(turn: turn)) }
    }
    return effects
  }

  mutating func moveCursor(by step: Int, at now: Double) -> [Effect] {
    guard let dialogue else { return [] }
    let turn = max(0, min(dialogue.cursor + step, dialogue.turns.count - 1))
    guard turn != dialogue.cursor else {
      if step == 1 {
        inform("This is the last turn; \(keys.key(of: .nextDialogue)) opens the next dialogue.")
      } else if step == -1 {
        inform(
          "This is the first turn; \(keys.key(of: .previousDialogue)) opens the previous dialogue.")
      }
      return []
    }
    message = nil
    return arrive(at: turn, now: now)
  }

  /// Goes on after a label or a skip: to the next turn, or to the next dialogue once nothing of
  /// this one is open.
  mutating func advance(at now: Double) -> [Effect] {
    guard let dialogue else { return [] }
    if dialogue.cursor + 1 < dialogue.turns.count {
      return arrive(at: dialogue.cursor + 1, now: now)
    }
    let open = dialogue.states.count { $0.answer == nil && !$0.isSkipped }
    guard open == 0 else {
      let turns = open == 1 ? "1 turn" : "\(open) turns"
      inform(
        "End of the dialogue, \(turns) unlabelled: \(keys.key(of: .nextUnlabelled)) goes there, "
          + "\(keys.key(of: .nextDialogue)) to the next dialogue.")
      return []
    }
    guard dialogue.place + 1 < project.dialogueCount else {
      inform(
        progress.labelled >= progress.total
          ? "That was the last turn: the whole project is labelled."
          : "That was the last dialogue; \(keys.key(of: .nextUnlabelled)) finds what is unlabelled."
      )
      return []
    }
    inform("Dialogue \(dialogue.place + 1) is done.")
    return load(dialogue: dialogue.place + 1, turn: nil, at: now)
  }

  mutating func moveDialogue(by step: Int, at now: Double) -> [Effect] {
    guard let dialogue else { return [] }
    let place = dialogue.place + step
    guard place >= 0, place < project.dialogueCount else {
      inform(step > 0 ? "This is the last dialogue." : "This is the first dialogue.")
      return []
    }
    message = nil
    return load(dialogue: place, turn: nil, at: now)
  }

  /// Asks for a dialogue. An answer to an earlier request is ignored from now on.
  mutating func load(dialogue place: Int, turn: Int?, at now: Double) -> [Effect] {
    let kept = keepRevealed(at: now)
    generation += 1
    isLoading = true
    return kept + [.load(dialogue: place, turn: turn, generation: generation)]
  }

  mutating func show(_ loaded: OpenDialogue, generation: Int, at now: Double) -> [Effect] {
    guard generation == self.generation else { return [] }
    isLoading = false
    var loaded = loaded
    // What has not reached the disk is not in what was read from it.
    for pending in saving.pending where pending.change.dialogue == loaded.place {
      if let turn = loaded.place(ofTurn: pending.change.turn.turn),
        loaded.turns[turn].key == pending.change.turn
      {
        loaded.states[turn].apply(pending.change.kind)
      }
      loaded.show(pending.change, by: project.rater)
    }
    transport.sound = nil
    // Suggestions that may not be shown are not computed either.
    let wantsSuggestions = showsSuggestions(in: loaded)
    loaded.suggestionStatus = wantsSuggestions ? .computing : .absent
    dialogue = loaded
    let suggest = wantsSuggestions ? [Effect.suggest(dialogue: loaded.place)] : []
    return arrive(at: loaded.cursor, now: now) + suggest
  }

  // MARK: Looking for turns

  var position: Position? {
    dialogue.map { Position(dialogue: $0.place, turn: $0.cursor) }
  }

  mutating func find(_ goal: SearchGoal, forward: Bool) -> [Effect] {
    guard let position else { return [] }
    return [.find(goal, from: position, forward: forward)]
  }

  mutating func findMatch(forward: Bool) -> [Effect] {
    guard !query.isEmpty else {
      inform("Nothing has been searched for yet; \(keys.key(of: .search)) searches.")
      return []
    }
    return find(.text(query), forward: forward)
  }

  mutating func follow(_ found: Position?, foundFor goal: SearchGoal, at now: Double) -> [Effect] {
    guard let found else {
      switch goal {
      case .unlabelled: inform("Nothing is left unlabelled.")
      case .flagged: inform("No turn is flagged.")
      case .text(let query): inform("No turn holds “\(query)”.")
      }
      return []
    }
    if found == position, case .unlabelled = goal {
      inform("This is the only unlabelled turn.")
      return []
    }
    return jump(to: found, at: now)
  }

  /// Goes to a position and remembers this one for ``Command/jumpBack``.
  mutating func jump(to target: Position, at now: Double) -> [Effect] {
    if let position, position != target {
      jumps.append(position)
      if jumps.count > 100 { jumps.removeFirst() }
    }
    message = nil
    return go(to: target, at: now)
  }

  mutating func jumpBack(at now: Double) -> [Effect] {
    guard let target = jumps.popLast() else {
      inform("No jump to come back from.")
      return []
    }
    message = nil
    return go(to: target, at: now)
  }

  private mutating func go(to target: Position, at now: Double) -> [Effect] {
    if let dialogue, dialogue.place == target.dialogue {
      return arrive(at: target.turn, now: now)
    }
    return load(dialogue: target.dialogue, turn: target.turn, at: now)
  }

  mutating func goToInfluentialTurn(at now: Double) -> [Effect] {
    guard let dialogue else { return [] }
    guard let suggestion = visibleSuggestion(ofTurn: dialogue.cursor) else {
      inform("There is no suggestion for this turn, so nothing influenced it.")
      return []
    }
    // What probably caused a change of the speaker's emotion is what people want to hear; what
    // moved the model answers the question where there is no such turn.
    if suggestion.trigger == dialogue.cursor {
      let effects = playTurn(from: 0)
      inform("What changed here was probably caused in this turn itself.")
      return effects
    }
    let others = suggestion.influences.filter { $0.turn != dialogue.cursor }
    let strongest = others.max { abs($0.value) < abs($1.value) }
    guard let target = suggestion.trigger ?? strongest?.turn else {
      inform("The model leaned on no other turn here.")
      return []
    }
    let effects =
      jump(to: Position(dialogue: dialogue.place, turn: target), at: now)
      + (preferences.playsOnArrival ? [] : playTurn(from: 0))
    if suggestion.trigger != nil {
      inform("Turn \(target + 1) probably caused the change; \(keys.key(of: .jumpBack)) goes back.")
    }
    return effects
  }

  /// Goes to what was typed: `12`, `d3` or `d3 12`, counted from 1 as on screen.
  mutating func goTo(_ text: String, at now: Double) -> [Effect] {
    guard let dialogue else { return [] }
    var place = dialogue.place
    var turn: Int?
    var isValid = false
    for word in text.split(separator: " ") {
      isValid = true
      if word.lowercased().hasPrefix("d"), let number = Int(word.dropFirst()) {
        place = max(number, 0) - 1
      } else if let number = Int(word) {
        turn = max(number, 0) - 1
      } else {
        isValid = false
        break
      }
    }
    guard isValid else {
      warn("“\(text)” is no place: type a turn (12), a dialogue (d3) or both (d3 12).")
      return []
    }
    guard place >= 0, place < project.dialogueCount else {
      warn("There are dialogues 1 to \(project.dialogueCount).")
      return []
    }
    guard place == dialogue.place else {
      jumps.append(Position(dialogue: dialogue.place, turn: dialogue.cursor))
      return load(dialogue: place, turn: turn, at: now)
    }
    guard let turn else { return [] }
    guard dialogue.turns.indices.contains(turn) else {
      warn("This dialogue has turns 1 to \(dialogue.turns.count).")
      return []
    }
    return jump(to: Position(dialogue: place, turn: turn), at: now)
  }
}
