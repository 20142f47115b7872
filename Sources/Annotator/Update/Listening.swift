import Dialogues

// The sound: what is played, and what was heard of it.

extension State {
  mutating func playTurn(from seconds: Double) -> [Effect] {
    guard let dialogue else { return [] }
    return play([dialogue.cursor], from: seconds, loop: transport.isLooping)
  }

  private mutating func play(_ turns: [Int], from seconds: Double, loop: Bool) -> [Effect] {
    guard let dialogue else { return [] }
    let audible = turns.filter { dialogue.turns[$0].audio != nil }
    guard let first = audible.first else {
      inform(turns.count == 1 ? "This turn is text only." : "These turns are text only.")
      return []
    }
    transport.activity = .starting
    transport.turn = first
    transport.position = seconds
    transport.playedFrom = seconds
    transport.isSequence = audible.count > 1
    return [.play(turns: audible, from: seconds, speed: transport.speed, loop: loop)]
  }

  mutating func playOrPause() -> [Effect] {
    switch transport.activity {
    case .playing, .starting:
      transport.activity = .paused
      return [.pause]
    case .paused:
      transport.activity = .playing
      return [.resume]
    case .idle:
      return playTurn(from: 0)
    }
  }

  mutating func stopSound() -> [Effect] {
    guard transport.activity != .idle else { return [] }
    transport.activity = .idle
    transport.turn = nil
    transport.isSequence = false
    return [.stopSound]
  }

  mutating func seek(by seconds: Double) -> [Effect] {
    guard let sound = transport.sound else { return [] }
    let target = max(0, min(transport.position + seconds, sound.duration))
    guard transport.activity != .idle, transport.turn == sound.turn else {
      return playTurn(from: seconds < 0 ? max(0, sound.duration + seconds) : seconds)
    }
    transport.position = target
    transport.playedFrom = target
    return [.seek(target)]
  }

  mutating func toggleLoop() -> [Effect] {
    transport.isLooping.toggle()
    inform(transport.isLooping ? "The turn is repeated." : "The turn is played once.")
    return [.setLoop(transport.isLooping)]
  }

  mutating func changeSpeed(by step: Int) -> [Effect] {
    let speeds = Transport.speeds
    let place = speeds.firstIndex { $0 >= transport.speed } ?? speeds.count - 1
    return setSpeed(speeds[max(0, min(place + step, speeds.count - 1))])
  }

  mutating func setSpeed(_ speed: Double) -> [Effect] {
    transport.speed = speed
    return [.setSpeed(speed)]
  }

  mutating func hearContext() -> [Effect] {
    guard let dialogue else { return [] }
    let first = max(0, dialogue.cursor - preferences.contextTurns)
    return play(Array(first...dialogue.cursor), from: 0, loop: false)
  }

  mutating func hearOn() -> [Effect] {
    guard let dialogue else { return [] }
    return play(Array(dialogue.cursor..<dialogue.turns.count), from: 0, loop: false)
  }

  mutating func toggleAutoplay() -> [Effect] {
    preferences.playsOnArrival.toggle()
    inform(
      preferences.playsOnArrival
        ? "Each turn is played when it is reached." : "Turns are played only when asked.")
    return [.remember(preferences)]
  }

  // MARK: What comes back

  mutating func showSound(_ sound: Transport.Sound, dialogue place: Int) {
    guard let dialogue, dialogue.place == place, dialogue.cursor == sound.turn else { return }
    transport.sound = sound
    transport.silence = nil
  }

  mutating func explainSilence(of turn: Int, dialogue place: Int, reason: String) {
    guard let dialogue, dialogue.place == place else { return }
    if transport.turn == turn { transport.activity = .idle }
    guard dialogue.cursor == turn else { return }
    transport.sound = nil
    transport.silence = reason
  }

  mutating func startedSound(of turn: Int, dialogue place: Int, at now: Double) {
    guard let dialogue, dialogue.place == place else { return }
    // A key may have paused or stopped the sound while the device was still opening.
    if transport.activity == .starting { transport.activity = .playing }
    guard transport.activity != .idle else { return }
    if transport.turn != turn {
      transport.turn = turn
      transport.position = 0
      transport.playedFrom = 0
    }
    transport.deviceProblem = nil
    guard dialogue.turns.indices.contains(turn) else { return }
    var listening = dialogue.listening[turn] ?? Listening(order: metTurns, shownAt: now)
    if dialogue.listening[turn] == nil { metTurns += 1 }
    listening.soundAt = listening.soundAt ?? now
    listening.plays += 1
    self.dialogue?.listening[turn] = listening
  }

  mutating func movedSound(of turn: Int, dialogue place: Int, to seconds: Double) {
    guard dialogue?.place == place, transport.turn == turn, transport.activity == .playing else {
      return
    }
    transport.position = seconds
  }

  mutating func endedSound(
    of turn: Int, dialogue place: Int, heardMilliseconds: Int, isLast: Bool
  ) -> [Effect] {
    guard let dialogue, dialogue.place == place, dialogue.turns.indices.contains(turn) else {
      return []
    }
    if var listening = dialogue.listening[turn] {
      listening.heardMilliseconds = max(listening.heardMilliseconds, heardMilliseconds)
      self.dialogue?.listening[turn] = listening
    }
    if isLast, transport.turn == turn, transport.activity == .playing {
      transport.activity = .idle
      transport.turn = nil
      transport.isSequence = false
      transport.position = 0
    }
    guard heardMilliseconds > 0, project.readOnlyReason == nil else { return [] }
    return [
      .logListening(
        dialogue.turns[turn].key, dialogue: dialogue.place, milliseconds: heardMilliseconds)
    ]
  }

  // MARK: Suggestions

  mutating func showSuggestions(_ suggestions: [SuggestionView?], dialogue place: Int) {
    guard let dialogue, dialogue.place == place, dialogue.turns.count == suggestions.count else {
      return
    }
    self.dialogue?.suggestions = suggestions
    self.dialogue?.suggestionStatus = .ready
  }

  mutating func explainMissingSuggestions(_ reason: String, dialogue place: Int) {
    guard dialogue?.place == place else { return }
    dialogue?.suggestionStatus = .unavailable(reason)
  }
}
