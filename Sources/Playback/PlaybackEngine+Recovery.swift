internal import Glibc

/// What happens when the device refuses.
extension PlaybackEngine {
  /// A device that plays nothing for this long is as good as gone.
  private static let stallLimit: UInt64 = 3_000_000_000
  /// A device that is repaired this often without moving in between is as good as gone.
  private static let mostRepairs = 50
  private static let resumeInterval: UInt64 = 100_000_000
  private static let againInterval: UInt64 = 5_000_000

  func isStalled(now: UInt64) -> Bool { now - lastProgress > Self.stallLimit }

  func recover(from error: SinkError, now: UInt64) -> WakeUp {
    let recovery = Recovery(error)
    if recovery == .prepare || recovery == .resume { repairs += 1 }
    if repairs > Self.mostRepairs { return lose(error, now: now) }
    switch recovery {
    case .again:
      if isStalled(now: now) { return lose(SinkError(.play, code: ETIMEDOUT), now: now) }
      return .at(now + Self.againInterval)
    case .prepare: return prepareAgain(now: now)
    case .resume: return wake(now: now)
    case .reopen: return lose(error, now: now)
    }
  }

  /// After an underrun the device holds nothing: all that was written was heard.
  private func prepareAgain(now: UInt64) -> WakeUp {
    timeline.hear(delay: 0)
    noteHeard(now: now)
    guard mode == .playing else { return .now }
    do {
      try sink?.prepare()
      return .now
    } catch {
      return lose(error, now: now)
    }
  }

  private func wake(now: UInt64) -> WakeUp {
    do {
      try sink?.resume()
    } catch {
      if Recovery(error) == .again { return .at(now + Self.resumeInterval) }
      // Most drivers cannot go on where they were; what the device held is lost.
      startAnew(now: now)
    }
    return .now
  }

  /// Gives a device up.
  ///
  /// One that was playing a moment ago is tried again a few times, longer each time, and goes on
  /// where it was heard last; one that could not be opened fails at once.
  private func lose(_ error: SinkError, now: UInt64) -> WakeUp {
    let message = error.sentence(device: device)
    var wasTold = false
    if case .lost = deviceState { wasTold = true }
    let wasPlaying = sink != nil || wasTold
    closeSink()
    backOff.failed(now: now)
    guard wasPlaying, backOff.failures <= BackOff.waits.count, let clip = clip(current) else {
      return fail(message, now: now)
    }
    deviceState = .lost(message: message)
    if !wasTold { tell(playingState(clip), now: now) }
    return .at(backOff.notBefore)
  }

  func fail(_ message: String, now: UInt64) -> WakeUp {
    let token = clip(current)?.token ?? 0
    let heard = takeHeard()
    become(.idle, now: now)
    deviceState = .unavailable(message: message)
    tell(.failed(token, message: message), heard: heard, now: now)
    return .onCommand
  }
}
