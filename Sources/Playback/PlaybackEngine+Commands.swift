/// What the annotator wants.
extension PlaybackEngine {
  func play(_ clips: [QueuedClip], speed: Double, loop: Bool, now: UInt64) {
    if mode == .playing { listen(now: now) }
    let heard = mode == .idle ? nil : takeHeard()
    queue = clips
    current = 0
    position = clips.first?.frames.lowerBound ?? 0
    stretches = HeardStretches(from: position)
    self.speed = speed
    isLooping = loop
    isFirstWrite = true
    guard let first = clips.first, clips.contains(where: { !$0.frames.isEmpty }) else {
      become(.idle, now: now)
      tell(clips.last.map { .finished($0.token) } ?? .idle, heard: heard, now: now)
      return
    }
    become(.playing, now: now)
    tell(playingState(first), heard: heard, now: now)
  }

  func pause(now: UInt64) {
    guard mode == .playing else { return }
    listen(now: now)
    // What was heard last may have been the end of everything.
    guard mode == .playing, let clip = clip(current) else { return }
    become(.paused, now: now)
    tell(.paused(clip.token, seconds: clip.clip.seconds(at: position)), now: now)
  }

  func resume(now: UInt64) {
    guard mode == .paused, let clip = clip(current) else { return }
    become(.playing, now: now)
    tell(playingState(clip), now: now)
  }

  func stop(now: UInt64) {
    if mode == .playing { listen(now: now) }
    guard mode != .idle else { return }
    let heard = takeHeard()
    queue = []
    become(.idle, now: now)
    tell(.idle, heard: heard, now: now)
  }

  /// Goes to a time within the part of the clip that is being played.
  func seek(to seconds: Double, now: UInt64) {
    if mode == .playing { listen(now: now) }
    guard mode != .idle, let clip = clip(current) else { return }
    let frames = clip.frames
    position = min(max(clip.clip.frame(at: seconds), frames.lowerBound), frames.upperBound)
    stretches.jump(to: position)
    startAnew(now: now)
    let seconds = clip.clip.seconds(at: position)
    tell(mode == .paused ? .paused(clip.token, seconds: seconds) : playingState(clip), now: now)
  }

  func setSpeed(_ speed: Double, now: UInt64) {
    guard speed != self.speed else { return }
    if mode == .playing { listen(now: now) }
    self.speed = speed
    if mode == .playing { startAnew(now: now) }
  }

  func setLoop(_ isLooping: Bool, now: UInt64) {
    guard isLooping != self.isLooping else { return }
    if mode == .playing { listen(now: now) }
    self.isLooping = isLooping
    // What was composed ahead may already hold the wrong side of the seam.
    if mode == .playing { startAnew(now: now) }
  }

  func close(now: UInt64) {
    stop(now: now)
    closeSink()
  }

  /// Brings the position up to date before the flow is broken; a device that cannot tell leaves it
  /// where it was heard last.
  private func listen(now: UInt64) {
    guard let sink, timeline.written > 0, let delay = try? sink.delay() else { return }
    timeline.hear(delay: delay)
    noteHeard(now: now)
  }
}
