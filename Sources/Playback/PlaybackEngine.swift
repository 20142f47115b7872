internal import Glibc

/// What the audio thread does, one small step at a time.
///
/// It has no thread, no lock and no clock of its own: time is a parameter, in nanoseconds of the
/// monotonic clock, so a test can play an hour in a moment. ``AudioThread`` steps it for real.
///
/// It owns a queue of clips, the place in it that is heard, and a cursor that runs ahead of that
/// place by what the device holds. Whatever breaks the flow (pause, seek, another speed, a lost
/// device) silences the device, forgets what it held and starts anew where it was heard last.
final class PlaybackEngine {
  typealias OpenSink = @Sendable (PCMFormat) throws(SinkError) -> any PCMSink

  /// When to step again.
  enum WakeUp: Equatable {
    case now
    case at(UInt64)
    /// Nothing will happen until somebody wants something.
    case onCommand
  }

  enum Mode { case idle, playing, paused }

  let device: String
  let openSink: OpenSink
  let report: (PlayerStatus) -> Void
  let onFirstWrite: (ClipToken) -> Void
  /// How long the device stays open with nothing to play, in nanoseconds.
  let linger: UInt64

  var mode = Mode.idle
  var queue: [QueuedClip] = []
  /// The place in the queue of the clip that is heard.
  var current = 0
  /// The frame of that clip that is heard.
  var position = 0
  var speed = 1.0
  var isLooping = false
  var stretches = HeardStretches()

  var sink: (any PCMSink)?
  var format: PCMFormat?
  var timeline = Timeline()
  private var cursor: ClipCursor?
  /// The place in the queue the cursor is in.
  private var composing = 0
  private var period: [Float] = []
  private var periodStart = 0
  var isFirstWrite = false

  var deviceState = PlayerStatus.DeviceState.closed
  var backOff = BackOff()
  /// How often the device was repaired since it last moved.
  var repairs = 0
  var lastProgress: UInt64 = 0
  private var quietSince: UInt64 = 0
  private var lastReport: UInt64 = 0

  /// At most about thirty reports of the position a second: a cursor on a terminal needs no more.
  private static let reportInterval: UInt64 = 33_000_000

  init(
    device: String, linger: Double, openSink: @escaping OpenSink,
    report: @escaping (PlayerStatus) -> Void,
    onFirstWrite: @escaping (ClipToken) -> Void = { _ in }
  ) {
    self.device = device
    self.linger = UInt64(linger * 1e9)
    self.openSink = openSink
    self.report = report
    self.onFirstWrite = onFirstWrite
  }

  // MARK: - One step

  /// Does the next small thing, at most one period of sound, and says when to come back.
  func step(now: UInt64) -> WakeUp {
    guard mode == .playing else { return closeIfQuiet(now: now) }
    do {
      return try advance(now: now)
    } catch {
      return recover(from: error, now: now)
    }
  }

  private func advance(now: UInt64) throws(SinkError) -> WakeUp {
    guard let clip = clip(current) else { return .onCommand }
    guard let sink, format == clip.clip.format else { return try open(clip.clip.format, now: now) }
    let free = try sink.writable()
    try hear(sink, now: now)
    guard mode == .playing else { return .now }
    reportPosition(now: now)
    return try fill(sink, free: free, now: now)
  }

  /// Opens the device, unless that failed a moment ago.
  private func open(_ wanted: PCMFormat, now: UInt64) throws(SinkError) -> WakeUp {
    closeSink()
    if now < backOff.notBefore {
      // A device that was lost is tried again by itself; one that was never there only on demand,
      // or a turn would start to speak long after the annotator moved on.
      if case .lost = deviceState { return .at(backOff.notBefore) }
      if case .unavailable(let message) = deviceState { return fail(message, now: now) }
    }
    sink = try openSink(wanted)
    format = wanted
    deviceState = .open
    startAnew(now: now)
    return .now
  }

  /// Asks the device how far it is and draws the conclusions.
  private func hear(_ sink: any PCMSink, now: UInt64) throws(SinkError) {
    guard timeline.written > 0 else { return }
    let before = timeline.heard
    timeline.hear(delay: try sink.delay())
    if timeline.heard > before {
      lastProgress = now
      repairs = 0
      backOff.succeeded()
    } else if isStalled(now: now) {
      throw SinkError(.play, code: ETIMEDOUT)
    }
    noteHeard(now: now)
  }

  /// Brings the position up to date, and ends the clips that were heard to their end.
  func noteHeard(now: UInt64) {
    while let segment = timeline.popHeard() {
      position = segment.frames.upperBound
      stretches.reach(position)
      endOf(segment, now: now)
      if mode != .playing { return }
    }
    guard let segment = timeline.segments.first else { return }
    position = max(position, segment.frame(at: timeline.heard))
    stretches.reach(position)
  }

  /// A clip was heard to the end of its part: on to the next, to the first again, or to rest.
  private func endOf(_ segment: Timeline.Segment, now: UInt64) {
    let isLast = segment.item == queue.count - 1
    if isLast && isLooping && queue.count == 1 {
      position = queue[0].frames.lowerBound
      stretches.jump(to: position)
      return
    }
    guard let clip = clip(segment.item) else { return }
    let heard = takeHeard()
    if isLast && !isLooping {
      become(.idle, now: now)
      tell(.finished(clip.token), heard: heard, now: now)
      return
    }
    tell(.finished(clip.token), heard: heard, now: now)
    current = isLast ? 0 : segment.item + 1
    position = queue[current].frames.lowerBound
    stretches = HeardStretches(from: position)
    tell(playingState(queue[current]), now: now)
  }

  // MARK: - Composing

  private func fill(_ sink: any PCMSink, free: Int, now: UInt64) throws(SinkError) -> WakeUp {
    guard let format else { return .now }
    if periodStart == period.count { compose(sink.periodFrames, channels: format.channelCount) }
    var taken = 0
    if free >= (period.count - periodStart) / format.channelCount {
      let period = self.period
      let samples = period.span
      let rest = samples.extracting(periodStart...)
      taken = try sink.write(rest)
      timeline.write(taken)
      periodStart += taken * format.channelCount
    }
    if taken > 0, isFirstWrite, let clip = clip(current) {
      isFirstWrite = false
      onFirstWrite(clip.token)
    }
    if taken > 0, free - taken >= sink.periodFrames { return .now }
    let halfPeriod = UInt64(sink.periodFrames) * 500_000_000 / UInt64(format.sampleRate)
    return .at(now + max(halfPeriod, 1_000_000))
  }

  /// Composes a period of sound: clips as far as there are any that need no other format, then
  /// silence until the last sample was heard.
  ///
  /// Silence and not `snd_pcm_drain`, which would wait, and not an underrun either, which sound
  /// servers answer with a click.
  private func compose(_ frames: Int, channels: Int) {
    period.removeAll(keepingCapacity: true)
    periodStart = 0
    var missing = frames
    while missing > 0, cursor != nil {
      let count = cursor?.compose(into: &period, frames: missing) ?? 0
      timeline.compose(count)
      missing -= count
      if missing > 0 { nextCursor() }
    }
    period.append(contentsOf: repeatElement(0, count: missing * channels))
    timeline.compose(missing)
  }

  private func nextCursor() {
    cursor = nil
    timeline.end()
    let next = composing + 1 < queue.count ? composing + 1 : isLooping ? 0 : queue.count
    guard next < queue.count, queue[next].clip.format == format else { return }
    beginCursor(item: next, from: queue[next].frames.lowerBound)
  }

  private func beginCursor(item: Int, from frame: Int) {
    composing = item
    let frames = min(frame, queue[item].frames.upperBound)..<queue[item].frames.upperBound
    cursor = ClipCursor(queue[item].clip, frames: frames, speed: speed)
    timeline.begin(item: item, frames: frames, speed: speed)
  }

  // MARK: - Breaks in the flow

  func become(_ mode: Mode, now: UInt64) {
    self.mode = mode
    quietSince = now
    if mode == .idle, case .lost = deviceState { deviceState = .closed }
    startAnew(now: now)
  }

  /// Silences the device and, if something is to be played, begins where it was heard last.
  func startAnew(now: UInt64) {
    let hadWritten = timeline.written > 0
    timeline = Timeline()
    cursor = nil
    period = []
    periodStart = 0
    lastProgress = now
    if hadWritten, let sink {
      do {
        try sink.drop()
        try sink.prepare()
      } catch {
        // Whatever is the matter with it, a device opened anew does not have it.
        closeSink()
      }
    }
    guard mode == .playing, current < queue.count else { return }
    beginCursor(item: current, from: position)
  }

  private func closeIfQuiet(now: UInt64) -> WakeUp {
    guard sink != nil else { return .onCommand }
    guard now >= quietSince + linger else { return .at(quietSince + linger) }
    closeSink()
    return .onCommand
  }

  func closeSink() {
    sink?.close()
    sink = nil
    format = nil
    if deviceState == .open { deviceState = .closed }
  }

  // MARK: - Telling

  func clip(_ place: Int) -> QueuedClip? {
    queue.indices.contains(place) ? queue[place] : nil
  }

  func playingState(_ clip: QueuedClip) -> PlayerStatus.State {
    .playing(clip.token, seconds: clip.clip.seconds(at: position))
  }

  /// What was heard of the current clip, to be told once.
  func takeHeard() -> PlayerStatus.Heard? {
    guard let clip = clip(current), stretches.longest > 0 else { return nil }
    let seconds = clip.clip.seconds(at: stretches.longest)
    stretches = HeardStretches(from: position)
    return PlayerStatus.Heard(token: clip.token, milliseconds: Int((seconds * 1000).rounded()))
  }

  private func reportPosition(now: UInt64) {
    guard now - lastReport >= Self.reportInterval, let clip = clip(current) else { return }
    tell(playingState(clip), now: now)
  }

  func tell(_ state: PlayerStatus.State, heard: PlayerStatus.Heard? = nil, now: UInt64) {
    lastReport = now
    report(PlayerStatus(state: state, device: device, deviceState: deviceState, heard: heard))
  }
}

/// The longest stretch of a clip that was heard without a jump, in frames.
struct HeardStretches {
  private(set) var longest = 0
  private var start: Int

  init(from frame: Int = 0) { start = frame }

  mutating func reach(_ frame: Int) { longest = max(longest, frame - start) }

  mutating func jump(to frame: Int) { start = frame }
}
