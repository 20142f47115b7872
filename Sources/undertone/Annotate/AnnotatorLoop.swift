import Annotator
import Dialogues
import Glibc
import Screen
import Terminal

/// The main loop of the annotator: keys and results in, frames and effects out.
///
/// One thread, which sleeps in `poll` until a key, a signal or a result arrives; with nothing to do it
/// uses no time at all. A key press takes this path: ``readKeys()``, the key map, `update`, the effects,
/// `view`, one refresh of the terminal.
final class AnnotatorLoop {
  private var state: State
  private let keyMap: KeyMap
  private let terminal: TerminalSession
  private let mailbox: Mailbox
  private let store: StoreWorker
  private let sound: SoundWorker
  private let suggestions: SuggestionWorker
  private let agreement: AgreementWorker
  private let learning: LearningWorker?
  /// What review needs; `nil` in a sitting for labelling.
  private let reviewer: ReviewWorker?
  private let themes: Themes
  private var theme: Theme
  private var settings: Settings
  private let trace: LatencyTrace?
  private var isRunning = true
  /// How many changes did not reach the disk, once ``run(startingAt:turn:)`` has returned.
  private(set) var unsaved = 0

  init(
    state: State, keyMap: KeyMap, terminal: TerminalSession, mailbox: Mailbox,
    store: StoreWorker, sound: SoundWorker, suggestions: SuggestionWorker,
    agreement: AgreementWorker, learning: LearningWorker?, reviewer: ReviewWorker?,
    themes: Themes,
    theme: Theme, settings: Settings, trace: LatencyTrace?
  ) {
    self.state = state
    self.keyMap = keyMap
    self.terminal = terminal
    self.mailbox = mailbox
    self.store = store
    self.sound = sound
    self.suggestions = suggestions
    self.agreement = agreement
    self.learning = learning
    self.reviewer = reviewer
    self.themes = themes
    self.settings = settings
    self.trace = trace
    self.theme = theme
  }

  /// Runs until the annotator quits or the terminal is gone; then waits until all is on the disk.
  func run(startingAt position: Position, turn: Int?) {
    begin(at: position, turn: turn)
    learning?.start()
    while isRunning {
      terminal.draw(view(state), theme: theme)
      trace?.painted()
      guard waitForSomething() else { break }
      readSignals()
      readKeys()
      for event in mailbox.take() {
        trace?.happened(event)
        happen(event)
      }
    }
    sound.close()
    agreement.finish()
    reviewer?.finish()
    // The terminal may be gone; what the disk refused before is tried once more all the same.
    if state.saving.hasFailed { happen(.command(.saveAgain)) }
    store.finish()
    // Only the state: nothing is to be played or read any more.
    for event in mailbox.take() { _ = update(&state, event, at: monotonicSeconds()) }
    unsaved = state.saving.pending.count
  }

  /// Opens the first dialogue: where the annotator was last, or the first turn to review.
  private func begin(at position: Position, turn: Int?) {
    if let review = state.review {
      reviewer?.step(scope: review.scope, filter: review.filter, from: nil, forward: true)
      return
    }
    state.generation += 1
    state.isLoading = true
    perform(.load(dialogue: position.dialogue, turn: turn, generation: state.generation))
  }

  /// Sleeps until there is something to read.
  ///
  /// - Returns: whether the terminal is still there.
  private func waitForSomething() -> Bool {
    var sources = [terminal.inputDescriptor, terminal.signalDescriptor, mailbox.descriptor].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    while poll(&sources, nfds_t(sources.count), -1) < 0 {
      guard errno == EINTR else { return false }
    }
    return !terminal.isHungUp
  }

  private func readKeys() {
    for key in terminal.readKeys() {
      trace?.pressed()
      for event in state.events(for: key, in: keyMap) { happen(event) }
    }
  }

  private func readSignals() {
    for signal in terminal.readSignals() {
      switch signal {
      case .resized:
        terminal.resize()
        happen(.resized(terminal.size))
      case .continued:
        terminal.invalidate()
      case .suspend:
        perform(.suspend)
      case .interrupt:
        happen(.command(state.overlay == nil ? .quit : .close))
      case .terminate, .hangup:
        isRunning = false
      }
    }
  }

  private func happen(_ event: Event) {
    let place = state.dialogue?.place
    let effects = update(&state, event, at: monotonicSeconds())
    if let dialogue = state.dialogue, dialogue.place != place || isNewDialogue(event) {
      sound.open(dialogue)
    }
    if case .saved = event { learning?.rated() }
    for effect in effects { perform(effect) }
  }

  private func isNewDialogue(_ event: Event) -> Bool {
    if case .dialogueLoaded = event { true } else { false }
  }

  private func perform(_ effect: Effect) {
    switch effect {
    case .load(let dialogue, let turn, let generation):
      store.load(dialogue: dialogue, turn: turn, generation: generation)
    case .save(let change, let number): store.save(change, number: number)
    case .logListening(let turn, let place, let milliseconds):
      store.logListening(turn, inDialogue: place, milliseconds: milliseconds)
    case .undo: store.revert(isRedo: false)
    case .redo: store.revert(isRedo: true)
    case .find(let goal, let position, let forward):
      store.find(goal, from: position, forward: forward)
    case .list(let filter, let text, let place, let count, let request):
      store.list(filter: filter, text: text, around: place, count: count, request: request)
    case .rememberPosition(let turn):
      // Where one labels is not where one reviews.
      if reviewer == nil { store.rememberPosition(turn) }

    case .reviewStep(let scope, let filter, let position, let forward):
      reviewer?.step(scope: scope, filter: filter, from: position, forward: forward)
    case .reviewDecided(let position): reviewer?.decided(position)
    case .reviewList(let scope, let filter, let rank, let count, let request):
      reviewer?.list(scope: scope, filter: filter, around: rank, count: count, request: request)
    case .readReview(let place): reviewer?.read(dialogue: place)

    case .suggest(let place):
      if let dialogue = state.dialogue, dialogue.place == place { suggestions.suggest(dialogue) }
    case .goBackToEarlierSource(let place):
      if let dialogue = state.dialogue, dialogue.place == place { suggestions.goBack(in: dialogue) }

    case .watchAgreement(let isOn): agreement.watch(isOn)

    case .prepare(let turn): sound.prepare(turn: turn)
    case .play(let turns, let seconds, let speed, let loop):
      sound.play(turns: turns, from: seconds, speed: speed, loop: loop)
    case .pause: sound.pause()
    case .resume: sound.resume()
    case .stopSound: sound.stop()
    case .seek(let seconds): sound.seek(to: seconds)
    case .setSpeed(let speed): sound.setSpeed(speed)
    case .setLoop(let isLooping): sound.setLoop(isLooping)

    case .remember(let preferences):
      if let problem = settings.remember(preferences) {
        state.message = Message(.problem, problem)
      }
    case .useTheme(let name):
      let (theme, warnings) = themes.theme(named: name)
      self.theme = theme
      if let warning = warnings.first { state.message = Message(.problem, warning) }
    case .redraw: terminal.invalidate()
    case .suspend:
      sound.pause()
      terminal.suspend()
      happen(.resized(terminal.size))
    case .quit: isRunning = false
    }
  }
}

/// Seconds of a clock that never goes backwards.
func monotonicSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
