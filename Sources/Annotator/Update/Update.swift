import Screen

/// Changes the state by what happened and says what is to be done about it.
///
/// The only place where the state changes. It is pure: the same state, event and time give the same
/// result, so every behaviour of the annotator can be tested without a terminal, a disk or a sound
/// card.
///
/// - Parameters:
///   - state: what the screen shows.
///   - event: what happened.
///   - now: seconds of any clock that never goes backwards, for how long an answer took.
/// - Returns: what is to be done outside, in order.
public func update(_ state: inout State, _ event: Event, at now: Double) -> [Effect] {
  switch event {
  case .command(let command):
    return state.perform(command, at: now)
  case .label(let place):
    return state.giveLabel(at: place, now: now)
  case .typed(let character):
    return state.type(character, at: now)
  case .resized(let size):
    state.size = size
    return state.refreshList() + state.refreshReviewList()
  case .message(let message):
    state.message = message
    return []

  case .dialogueLoaded(let dialogue, let generation):
    return state.show(dialogue, generation: generation, at: now)
  case .dialogueUnavailable(let reason, let generation):
    guard generation == state.generation else { return [] }
    state.isLoading = false
    state.message = Message(.problem, reason)
    return []
  case .found(let position, let goal):
    return state.follow(position, foundFor: goal, at: now)
  case .listed(let rows, let isAtStart, let isAtEnd, let request):
    state.showList(rows: rows, isAtStart: isAtStart, isAtEnd: isAtEnd, request: request)
    return []

  case .saved(let number, let time, let progress):
    return state.finishSaving(number, at: time, progress: progress)
  case .saveFailed(let number, let reason):
    state.failSaving(number, because: reason)
    return []
  case .reverted(let reversal, let isRedo):
    return state.apply(reversal, isRedo: isRedo, at: now)
  case .revertFailed(let reason):
    state.message = Message(.problem, reason)
    return []
  case .progressed(let progress):
    state.updateProgress(progress)
    return []

  case .reviewFound(let place):
    return state.review(place, at: now)
  case .reviewListed(let rows, let first, let count, let request):
    state.showReviewList(rows, first: first, count: count, request: request)
    return []
  case .reviewed(let turns, let place):
    state.showReview(turns, dialogue: place)
    return []
  case .reviewProgressed(let progress):
    state.review?.progress = progress
    return []

  case .suggestionsReady(let suggestions, let place):
    state.showSuggestions(suggestions, dialogue: place)
    // What was only now computed may be a reason to look at a turn again.
    return state.review == nil ? [] : [.readReview(dialogue: place)]
  case .suggestionsUnavailable(let reason, let place):
    state.explainMissingSuggestions(reason, dialogue: place)
    return []

  case .learned(let news):
    state.tell(news)
    return []
  case .wentBack(let source, let isLearned):
    state.tellSource(source, isLearned: isLearned)
    return []

  case .agreementReady(let board):
    state.showAgreement(board)
    return []
  case .agreementUnavailable(let reason):
    state.explainMissingAgreement(reason)
    return []

  case .soundReady(let sound, let place):
    state.showSound(sound, dialogue: place)
    return []
  case .soundUnavailable(let turn, let place, let reason):
    state.explainSilence(of: turn, dialogue: place, reason: reason)
    return []
  case .soundStarted(let turn, let place):
    state.startedSound(of: turn, dialogue: place, at: now)
    return []
  case .soundPosition(let turn, let place, let seconds):
    state.movedSound(of: turn, dialogue: place, to: seconds)
    return []
  case .soundEnded(let turn, let place, let milliseconds, let isLast):
    return state.endedSound(
      of: turn, dialogue: place, heardMilliseconds: milliseconds, isLast: isLast)
  case .deviceChanged(let name, let problem):
    state.transport.device = name
    state.transport.deviceProblem = problem
    if problem != nil { state.transport.activity = .idle }
    return []
  }
}

extension State {
  mutating func perform(_ command: Command, at now: Double) -> [Effect] {
    if overlay != nil, !command.context.isDialogue {
      return performInOverlay(command, at: now)
    }
    if review != nil, let effects = performInReview(command, at: now) { return effects }
    switch command {
    case .accept: return acceptSuggestion(at: now)
    case .withdraw: return withdrawAnswer()
    case .undo: return revert(isRedo: false)
    case .redo: return revert(isRedo: true)
    case .flag: return toggleFlag()
    case .skip: return skipTurn(at: now)
    case .note: return openNote()
    case .confidence: return cycleConfidence(at: now)
    case .dimensions: return openDimensions(advances: false)
    case .toggleSuggestions: return toggleSuggestions(at: now)
    case .earlierSuggestions: return goBackToEarlierSource()
    case .saveAgain: return saveAgain()

    case .nextTurn: return moveCursor(by: 1, at: now)
    case .previousTurn: return moveCursor(by: -1, at: now)
    case .pageDown: return moveCursor(by: 10, at: now)
    case .pageUp: return moveCursor(by: -10, at: now)
    case .firstTurn: return moveCursor(by: Int.min / 2, at: now)
    case .lastTurn: return moveCursor(by: Int.max / 2, at: now)
    case .nextDialogue: return moveDialogue(by: 1, at: now)
    case .previousDialogue: return moveDialogue(by: -1, at: now)
    case .nextUnlabelled: return find(.unlabelled, forward: true)
    case .previousUnlabelled: return find(.unlabelled, forward: false)
    case .nextFlagged: return find(.flagged, forward: true)
    case .previousFlagged: return find(.flagged, forward: false)
    case .influentialTurn: return goToInfluentialTurn(at: now)
    case .jumpBack: return jumpBack(at: now)
    case .goTo:
      overlay = .prompt(Prompt(purpose: .goTo, field: TextField()))
      return []
    case .search:
      overlay = .prompt(Prompt(purpose: .search, field: TextField()))
      return []
    case .nextMatch: return findMatch(forward: true)
    case .previousMatch: return findMatch(forward: false)

    case .play: return playOrPause()
    case .replay: return playTurn(from: 0)
    case .stop: return stopSound()
    case .seekBack: return seek(by: -0.5)
    case .seekForward: return seek(by: 0.5)
    case .loop: return toggleLoop()
    case .slower: return changeSpeed(by: -1)
    case .faster: return changeSpeed(by: 1)
    case .normalSpeed: return setSpeed(1)
    case .hearContext: return hearContext()
    case .hearOn: return hearOn()
    case .toggleAutoplay: return toggleAutoplay()

    case .dialogueList: return openDialogueList()
    case .guidelines:
      overlay = .guidelines(scroll: 0)
      return []
    case .agreement: return openAgreement()
    case .palette:
      overlay = .palette(commandPicker)
      return []
    case .theme: return openThemes()
    case .help:
      overlay = .help(scroll: 0)
      return []
    case .redraw: return [.redraw]
    case .suspend: return [.suspend]
    case .quit: return quit(at: now)

    case .noLabel, .reason, .nextEntry, .previousEntry, .reviewList, .opinions, .names, .close,
      .choose, .itemDown, .itemUp, .itemPageDown, .itemPageUp, .itemFirst, .itemLast,
      .cycleFilter, .confirm, .fieldBackspace, .fieldDelete, .fieldLeft, .fieldRight, .fieldHome,
      .fieldEnd, .fieldClear, .fieldDeleteWord:
      return []
    }
  }

  mutating func inform(_ text: String) {
    message = Message(.information, text)
  }

  mutating func warn(_ text: String) {
    message = Message(.problem, text)
  }
}
