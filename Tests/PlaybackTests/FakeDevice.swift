import Glibc

@testable import Playback

/// A sound device made of numbers, and the clock it runs by.
///
/// It behaves as alsa-lib documents a device: it starts when it holds a period, plays a frame every
/// 1/rate s of the manual clock, and is in XRUN once it has nothing left. Everything it plays is
/// kept. `@unchecked` because each is used by the one thread of its test.
final class FakeDevice: @unchecked Sendable {
  /// Nanoseconds of the manual clock.
  var now: UInt64 = 1_000_000_000
  /// Every sample that became audible.
  var heard: [Float] = []
  /// What opening fails with; `nil` while the device is there.
  var openError: Int32?
  /// What each call fails with while the device is in trouble, in order; the last one is not
  /// repeated.
  var callErrors: [Int32] = []
  /// What resuming fails with, in order.
  var resumeErrors: [Int32] = []
  /// Frames a write takes at most, as drivers may take fewer than they are given.
  var mostPerWrite = Int.max
  /// Whether time stands still for the device.
  var isStuck = false
  var opened: [PCMFormat] = []
  var openSinks = 0
  var openAttempts = 0
  var largestWrite = 0
  /// How much of what the device says about its delay is wrong, in frames.
  var delayError = 0

  func open(_ format: PCMFormat) throws(SinkError) -> any PCMSink {
    openAttempts += 1
    if let openError { throw SinkError(.open, code: openError) }
    opened.append(format)
    openSinks += 1
    return Sink(self, format)
  }

  final class Sink: PCMSink {
    let periodFrames: Int
    private let bufferFrames: Int
    private let device: FakeDevice
    private let format: PCMFormat
    private var held: [Float] = []
    private var startTime: UInt64?
    private var playedSinceStart = 0
    private var isXRun = false

    init(_ device: FakeDevice, _ format: PCMFormat) {
      self.device = device
      self.format = format
      periodFrames = format.sampleRate / 100
      bufferFrames = periodFrames * 10
    }

    private func run(_ operation: SinkError.Operation) throws(SinkError) {
      if !device.callErrors.isEmpty {
        throw SinkError(operation, code: device.callErrors.removeFirst())
      }
      if let startTime, !device.isStuck {
        let due = Int((device.now - startTime) * UInt64(format.sampleRate) / 1_000_000_000)
        let count = min(due - playedSinceStart, held.count / format.channelCount)
        device.heard += held.prefix(count * format.channelCount)
        held.removeFirst(count * format.channelCount)
        playedSinceStart += count
        if playedSinceStart < due {
          isXRun = true
          self.startTime = nil
        }
      }
      if isXRun { throw SinkError(operation, code: EPIPE) }
    }

    func writable() throws(SinkError) -> Int {
      try run(.writable)
      return bufferFrames - held.count / format.channelCount
    }

    func write(_ samples: Span<Float>) throws(SinkError) -> Int {
      try run(.write)
      let frames = min(
        samples.count / format.channelCount, bufferFrames - held.count / format.channelCount,
        device.mostPerWrite)
      guard frames > 0 else { throw SinkError(.write, code: EAGAIN) }
      device.largestWrite = max(device.largestWrite, samples.count / format.channelCount)
      let count = frames * format.channelCount
      samples.withUnsafeBufferPointer { held.append(contentsOf: $0.prefix(count)) }
      if startTime == nil, held.count / format.channelCount >= periodFrames {
        startTime = device.now
        playedSinceStart = 0
      }
      return frames
    }

    func delay() throws(SinkError) -> Int {
      try run(.delay)
      return held.count / format.channelCount + device.delayError
    }

    func prepare() throws(SinkError) {
      isXRun = false
      startTime = nil
    }

    func resume() throws(SinkError) {
      if !device.resumeErrors.isEmpty {
        throw SinkError(.resume, code: device.resumeErrors.removeFirst())
      }
    }

    func drop() throws(SinkError) {
      // What was due until now was heard; being late is no reason not to fall silent.
      do { try run(.drop) } catch { if error.code != EPIPE { throw error } }
      held = []
      startTime = nil
    }

    func close() { device.openSinks -= 1 }
  }
}

/// An engine, its device and its clock.
final class EngineBench {
  let device = FakeDevice()
  let engine: PlaybackEngine
  private let log: StatusLog

  init(linger: Double = 5) {
    let (device, log) = (device, StatusLog())
    self.log = log
    engine = PlaybackEngine(
      device: "test", linger: linger,
      openSink: { format throws(SinkError) in try device.open(format) },
      report: { log.append($0) })
  }

  var now: UInt64 { device.now }
  var told: [PlayerStatus] { log.all }
  var states: [PlayerStatus.State] { told.map(\.state) }
  var heard: [PlayerStatus.Heard] { told.compactMap(\.heard) }
  /// What was told last about the position, in seconds.
  var lastSeconds: Double? {
    states.reversed().lazy.compactMap { state -> Double? in
      switch state {
      case .playing(_, let seconds), .paused(_, let seconds): seconds
      default: nil
      }
    }.first
  }

  func play(
    _ clip: Clip, token: ClipToken = 1, from: Double = 0, until: Double? = nil,
    speed: Double = 1, loop: Bool = false
  ) {
    engine.play(
      [QueuedClip(token: token, clip: clip, from: from, until: until)], speed: speed, loop: loop,
      now: now)
  }

  /// Lets time pass.
  @discardableResult
  func run(seconds: Double) -> PlaybackEngine.WakeUp {
    let end = now + UInt64(seconds * 1e9)
    var steps = 0
    while true {
      let wakeUp = engine.step(now: now)
      steps += 1
      precondition(steps < 1_000_000, "the engine does not rest")
      switch wakeUp {
      case .now: continue
      case .at(let time) where time < end: device.now = max(time, now)
      case .at, .onCommand:
        device.now = end
        return wakeUp
      }
    }
  }

  /// What was heard, without the silence that follows.
  var sound: [Float] {
    let last = device.heard.lastIndex { $0 != 0 } ?? -1
    return Array(device.heard[...last])
  }
}
