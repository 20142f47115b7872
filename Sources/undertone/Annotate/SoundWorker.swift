import Acoustics
import Annotator
import Dialogues
import Dispatch
import Glibc
import Playback
import Synchronization

/// Decodes turns and plays them as the annotator's effects ask.
///
/// Decoding has a queue of its own and playing a thread of its own; neither is ever waited for. Of
/// the requests made while one is being decoded only the latest counts: holding down a key runs
/// through a dialogue without decoding all of it.
final class SoundWorker: Sendable {
  /// Which turn of which dialogue a playing is about.
  private struct Playing {
    var turn: Int
    var dialogue: Int
    var hasBegun = false
    /// What is to be heard after it.
    var next: [Int]
  }

  private struct Shared {
    var dialogue: OpenDialogue?
    var playings: [ClipToken: Playing] = [:]
    var lastToken: ClipToken = 0
    var deviceProblem: String?
    var speed = 1.0
    var isLooping = false
  }

  private let decoder: ClipDecoder
  private let folders: [String: String]
  private let mailbox: Mailbox
  private let queue = DispatchQueue(label: "undertone.decode", qos: .userInteractive)
  private let latestRequest = Atomic(0)
  private let shared = Mutex(Shared())
  private let cache = Mutex(ClipCache())
  private let player = Mutex<Player?>(nil)
  private let device: String
  private let trace: LatencyTrace?

  /// How many stretches a waveform is reduced to: more than two a column on any usual screen.
  private static let peakCount = 400

  /// - Parameters:
  ///   - folders: for each corpus, the folder that its audio paths are relative to.
  init(
    decoder: ClipDecoder, device: String, folders: [String: String], mailbox: Mailbox,
    trace: LatencyTrace?
  ) {
    self.decoder = decoder
    self.device = device
    self.folders = folders
    self.mailbox = mailbox
    self.trace = trace
  }

  /// The dialogue whose turns the next requests are about.
  func open(_ dialogue: OpenDialogue) {
    shared.withLock { $0.dialogue = dialogue }
  }

  func close() {
    player.withLock { player in
      player?.close()
      player = nil
    }
  }

  // MARK: Requests

  func prepare(turn: Int) {
    request { [self] dialogue, isStale in
      guard let clip = show(turn, of: dialogue, isStale) else { return }
      _ = clip
      if turn + 1 < dialogue.turns.count { _ = try? self.clip(turn + 1, of: dialogue, isStale) }
    }
  }

  func play(turns: [Int], from seconds: Double, speed: Double, loop: Bool) {
    shared.withLock {
      $0.speed = speed
      $0.isLooping = loop
    }
    begin(turns, from: seconds)
  }

  private func begin(_ turns: [Int], from seconds: Double) {
    guard let turn = turns.first else { return }
    request { [self] dialogue, isStale in
      guard let clip = show(turn, of: dialogue, isStale), !isStale() else { return }
      let (token, speed, loop) = shared.withLock { shared in
        // What was asked for and never began will not be heard of again.
        shared.playings = shared.playings.filter { $0.value.hasBegun }
        shared.lastToken += 1
        shared.playings[shared.lastToken] = Playing(
          turn: turn, dialogue: dialogue.place, next: Array(turns.dropFirst()))
        return (shared.lastToken, shared.speed, shared.isLooping)
      }
      withPlayer { $0.play(clip, token: token, from: seconds, speed: speed, loop: loop) }
      // The next turn is ready before the annotator is.
      let next = turns.count > 1 ? turns[1] : turn + 1
      if next < dialogue.turns.count { _ = try? self.clip(next, of: dialogue, isStale) }
    }
  }

  func pause() { withPlayer { $0.pause() } }

  func resume() { withPlayer { $0.resume() } }

  func stop() {
    latestRequest.add(1, ordering: .relaxed)
    withPlayer { $0.stop() }
  }

  func seek(to seconds: Double) { withPlayer { $0.seek(to: seconds) } }

  func setSpeed(_ speed: Double) {
    shared.withLock { $0.speed = speed }
    withPlayer { $0.setSpeed(speed) }
  }

  func setLoop(_ isLooping: Bool) {
    shared.withLock { $0.isLooping = isLooping }
    withPlayer { $0.setLoop(isLooping) }
  }

  private func request(_ work: @escaping @Sendable (OpenDialogue, @Sendable () -> Bool) -> Void) {
    guard let dialogue = shared.withLock({ $0.dialogue }) else { return }
    let number = latestRequest.add(1, ordering: .relaxed).newValue
    queue.async { [self] in
      let isStale = { @Sendable [self] in latestRequest.load(ordering: .relaxed) != number }
      if !isStale() { work(dialogue, isStale) }
    }
  }

  /// The player, made when something is played for the first time.
  private func withPlayer(_ body: (Player) -> Void) {
    player.withLock { player in
      let present =
        player
        ?? Player(
          device: device, onFirstWrite: { [trace] _, time in trace?.sounded(at: time) },
          onStatus: { [weak self] status in self?.report(status) })
      player = present
      body(present)
    }
  }

  // MARK: Decoding

  /// Decodes a turn and tells the screen about its sound, or why it has none.
  private func show(
    _ turn: Int, of dialogue: OpenDialogue, _ isStale: @Sendable () -> Bool
  ) -> Clip? {
    do {
      let clip = try self.clip(turn, of: dialogue, isStale)
      let waveform = Waveform(
        samples: clip.samples, channels: clip.channelCount, columns: Self.peakCount)
      let peaks = zip(waveform.low, waveform.high).map { max(-$0, $1) }
      mailbox.post(
        .soundReady(
          Transport.Sound(turn: turn, duration: clip.duration, peaks: peaks),
          dialogue: dialogue.place))
      if let note = clip.note { mailbox.post(.message(Message(.problem, note))) }
      return clip
    } catch {
      if !isStale() {
        mailbox.post(
          .soundUnavailable(turn: turn, dialogue: dialogue.place, reason: sentence(error)))
      }
      return nil
    }
  }

  private func clip(
    _ turn: Int, of dialogue: OpenDialogue, _ isStale: @Sendable () -> Bool
  ) throws -> Clip {
    let turn = dialogue.turns[turn]
    if let clip = cache.withLock({ $0[turn.key] }) { return clip }
    guard let audio = turn.audio else { throw SoundProblem("This turn is text only.") }
    guard let folder = folders[turn.key.dialogue.corpus] else {
      throw SoundProblem("The project does not say where the sound of its corpus is.")
    }
    // The project may have come by mail: its paths are checked again before anything is opened.
    guard !audio.path.hasPrefix("/"), !audio.path.split(separator: "/").contains("..") else {
      throw SoundProblem("\(audio.path): it lies outside the folder of the corpus.")
    }
    let span = audio.span.map { ClipSpan(start: $0.start, end: $0.end) } ?? .whole
    let path = "\(folder)/\(audio.path)"
    guard !leadsOutside(path, of: folder) else {
      throw SoundProblem("\(audio.path): it follows a link out of the folder of the corpus.")
    }
    let clip = try decoder.decode(path: path, span: span, isCancelled: isStale)
    cache.withLock { $0[turn.key] = clip }
    return clip
  }

  // MARK: What the player says

  private func report(_ status: PlayerStatus) {
    reportDevice(status)
    switch status.state {
    case .playing(let token, let seconds):
      guard let (playing, isFirst) = begun(token) else { return }
      if isFirst { mailbox.post(.soundStarted(turn: playing.turn, dialogue: playing.dialogue)) }
      mailbox.post(
        .soundPosition(turn: playing.turn, dialogue: playing.dialogue, seconds: seconds))
      reportHeard(status.heard, isLast: false)
    case .finished(let token):
      let playing = shared.withLock { $0.playings[token] }
      let next = playing?.next ?? []
      reportHeard(status.heard, isLast: next.isEmpty)
      if !next.isEmpty { begin(next, from: 0) }
    case .failed(let token, let message):
      reportHeard(status.heard, isLast: true)
      let playing = shared.withLock { $0.playings.removeValue(forKey: token) }
      if let problem = problem(of: status) {
        // The turn is as good as before; it is the device that is not.
        mailbox.post(.deviceChanged(name: status.device, problem: problem))
      } else if let playing {
        mailbox.post(
          .soundUnavailable(turn: playing.turn, dialogue: playing.dialogue, reason: message))
      }
    case .idle, .paused:
      reportHeard(status.heard, isLast: false)
    }
  }

  private func begun(_ token: ClipToken) -> (Playing, isFirst: Bool)? {
    shared.withLock { shared in
      guard let playing = shared.playings[token] else { return nil }
      shared.playings[token]?.hasBegun = true
      return (playing, !playing.hasBegun)
    }
  }

  private func reportHeard(_ heard: PlayerStatus.Heard?, isLast: Bool) {
    guard let heard else { return }
    guard let playing = shared.withLock({ $0.playings.removeValue(forKey: heard.token) }) else {
      return
    }
    mailbox.post(
      .soundEnded(
        turn: playing.turn, dialogue: playing.dialogue, heardMilliseconds: heard.milliseconds,
        isLast: isLast))
  }

  private func problem(of status: PlayerStatus) -> String? {
    switch status.deviceState {
    case .lost(let message), .unavailable(let message): message
    case .open, .closed: nil
    }
  }

  private func reportDevice(_ status: PlayerStatus) {
    let problem = problem(of: status)
    let isNew = shared.withLock { shared in
      // A closed device says nothing about whether it would open.
      if status.deviceState == .closed { return false }
      defer { shared.deviceProblem = problem }
      return shared.deviceProblem != problem
    }
    if isNew { mailbox.post(.deviceChanged(name: status.device, problem: problem)) }
  }
}

/// The clips heard last, so that hearing a turn again or going back needs no decoding.
private struct ClipCache {
  /// 8 MiB of samples: 44 seconds at 48 kHz, two minutes at 16 kHz. Decoding a turn again takes a few
  /// milliseconds, so more would cost memory and gain nothing.
  private static let mostSamples = 2 << 20
  private var clips: [(key: TurnKey, clip: Clip)] = []

  subscript(key: TurnKey) -> Clip? {
    mutating get {
      guard let place = clips.firstIndex(where: { $0.key == key }) else { return nil }
      let found = clips.remove(at: place)
      clips.append(found)
      return found.clip
    }
    set {
      clips.removeAll { $0.key == key }
      if let newValue { clips.append((key, newValue)) }
      while clips.count > 2, clips.reduce(0, { $0 + $1.clip.samples.count }) > Self.mostSamples {
        clips.removeFirst()
      }
    }
  }
}

/// Why a turn cannot be heard, before any file is opened.
private struct SoundProblem: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) {
    self.description = description
  }
}
