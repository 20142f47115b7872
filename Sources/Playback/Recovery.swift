internal import Glibc

/// What to do about a sink's error: the one table that decides.
enum Recovery: Equatable {
  /// Nothing is wrong; ask again in a moment.
  case again
  /// XRUN: we were late. Everything written was heard; make the device ready and go on.
  case prepare
  /// SUSPENDED: the machine slept. Wake the device; what it held may be lost.
  case resume
  /// DISCONNECTED: the device is gone. Close it, back off, open it again where it was heard last.
  case reopen

  init(_ error: SinkError) {
    switch (error.operation, error.code) {
    case (.open, _), (.configure, _): self = .reopen
    case (_, EAGAIN), (_, EINTR): self = .again
    case (_, EPIPE): self = .prepare
    case (_, ESTRPIPE): self = .resume
    // ENODEV when USB audio is pulled, EIO and EBADFD (here ALSA's "bad state") when a sound server
    // dies, ECONNREFUSED while it restarts, ETIMEDOUT when nothing moves. An error nobody has seen
    // yet is treated alike: a device that is opened anew is in a state that is known.
    default: self = .reopen
    }
  }
}

/// How long to wait before a device is tried again: longer each time it fails.
struct BackOff {
  /// Nanoseconds before each attempt, the last one repeated.
  static let waits: [UInt64] = [250, 500, 1000, 2000].map { $0 * 1_000_000 }

  private(set) var failures = 0
  /// When the next attempt may be made, in nanoseconds of the monotonic clock.
  private(set) var notBefore: UInt64 = 0

  mutating func failed(now: UInt64) {
    notBefore = now + Self.waits[min(failures, Self.waits.count - 1)]
    failures += 1
  }

  mutating func succeeded() { self = BackOff() }
}

extension SinkError {
  /// The error as one sentence for a status line.
  func sentence(device: String) -> String {
    let name = "The sound device \"\(printable(device))\""
    switch (operation, code) {
    case (.open, ENOENT), (.open, ENODEV), (.open, ENXIO):
      return "\(name) is not there; connect it or choose another device."
    case (_, EBUSY): return "\(name) is used by another program; close that and play again."
    case (.open, EACCES), (.open, EPERM):
      return "\(name) may not be used by you; ask to be added to the group audio."
    case (.open, ECONNREFUSED), (.open, EHOSTDOWN), (.open, ETIMEDOUT):
      return "\(name) has no sound server running; start it and play again."
    case (.open, EINVAL):
      return "\(name) is not known to ALSA on this machine; choose another device."
    case (.open, _), (.configure, _):
      return "\(name) cannot be opened (\(errnoText(code))); choose another device."
    default: return "\(name) is gone (\(errnoText(code))); connect it and play again."
    }
  }
}
