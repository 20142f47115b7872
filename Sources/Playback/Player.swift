/// Plays clips through ALSA, on a thread of its own.
///
/// No call waits for the device: each says what is wanted and returns. What happened is told
/// through the callback given at the start. With nothing to do the player uses no time at all,
/// and after a while it gives the device back.
public final class Player: Sendable {
  private let thread: AudioThread

  /// Creates a player on an ALSA device.
  ///
  /// Nothing is opened before something is played.
  ///
  /// - Parameters:
  ///   - device: the ALSA name, e.g. `default`, `hw:1,0`, `pulse`.
  ///   - linger: how many seconds the device stays open with nothing to play. Opening takes a sound
  ///     server tens of milliseconds, so the next turn starts faster within them; after them, other
  ///     programs get a device that cannot be shared, and USB devices can sleep.
  ///   - onFirstWrite: called on the audio thread right after the first samples of a `play` were
  ///     handed to the device, with the time in nanoseconds of `CLOCK_MONOTONIC`; for measuring.
  ///   - onStatus: called on the audio thread; must not wait for anything.
  public convenience init(
    device: String = "default", linger: Double = 10,
    onFirstWrite: @escaping @Sendable (ClipToken, UInt64) -> Void = { _, _ in },
    onStatus: @escaping @Sendable (PlayerStatus) -> Void
  ) {
    self.init(
      device: device, linger: linger,
      openSink: { format throws(SinkError) in try ALSASink.open(device: device, format: format) },
      onFirstWrite: onFirstWrite, onStatus: onStatus)
  }

  /// Creates a player on any sink, such as a test's.
  ///
  /// - Parameters:
  ///   - device: the name by which messages call it.
  ///   - openSink: opens the sink, on the audio thread; may take its time.
  public init(
    device: String, linger: Double,
    openSink: @escaping @Sendable (PCMFormat) throws(SinkError) -> any PCMSink,
    onFirstWrite: @escaping @Sendable (ClipToken, UInt64) -> Void = { _, _ in },
    onStatus: @escaping @Sendable (PlayerStatus) -> Void
  ) {
    thread = AudioThread {
      PlaybackEngine(
        device: device, linger: linger, openSink: openSink, report: onStatus,
        onFirstWrite: { onFirstWrite($0, monotonicNanoseconds()) })
    }
  }

  deinit { thread.end(waitingAtMost: 0) }

  /// Plays a clip or a part of it, instead of whatever is playing.
  ///
  /// - Parameters:
  ///   - clip: the sound.
  ///   - token: the name of this playing in ``PlayerStatus``.
  ///   - from: where to start, in seconds of the clip.
  ///   - speed: 0.25 to 4; the pitch is kept.
  ///   - loop: whether to begin again at `from` after `until`, until told otherwise.
  ///   - until: where to end, in seconds of the clip; `nil` for its end.
  public func play(
    _ clip: Clip, token: ClipToken, from: Double = 0, speed: Double = 1, loop: Bool = false,
    until: Double? = nil
  ) {
    play(
      sequence: [QueuedClip(token: token, clip: clip, from: from, until: until)], speed: speed,
      loop: loop)
  }

  /// Plays clips one after the other, such as the last turns of a dialogue.
  ///
  /// Clips of one format follow each other without a gap.
  ///
  /// - Parameter loop: whether to begin again with the first after the last.
  public func play(sequence: [QueuedClip], speed: Double = 1, loop: Bool = false) {
    let speed = believable(speed)
    thread.post(isFresh: true) { $0.play(sequence, speed: speed, loop: loop, now: $1) }
  }

  /// Falls silent at once and remembers the frame that was heard.
  public func pause() { thread.post { $0.pause(now: $1) } }

  /// Goes on where it was paused.
  public func resume() { thread.post { $0.resume(now: $1) } }

  /// Falls silent at once and forgets what was playing.
  public func stop() { thread.post(isFresh: true) { $0.stop(now: $1) } }

  /// Goes to a time in the clip being heard, in seconds of the clip; kept within the part that is
  /// played.
  public func seek(to seconds: Double) { thread.post { $0.seek(to: seconds, now: $1) } }

  /// Changes the speed, 0.25 to 4, from what is heard now on; the pitch is kept.
  public func setSpeed(_ speed: Double) {
    let speed = believable(speed)
    thread.post { $0.setSpeed(speed, now: $1) }
  }

  /// Changes whether playing begins again at the end.
  public func setLoop(_ isLooping: Bool) { thread.post { $0.setLoop(isLooping, now: $1) } }

  /// Stops, gives the device back and ends the thread; nothing can be played afterwards.
  ///
  /// Waits for that, but at most half a second: a driver may hang, and a program must end.
  public func close() { thread.end(waitingAtMost: 0.5) }

  private func believable(_ speed: Double) -> Double {
    guard speed.isFinite else { return 1 }
    return min(max(speed, Stretcher.speeds.lowerBound), Stretcher.speeds.upperBound)
  }
}
