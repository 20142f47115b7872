import Annotator
import Glibc
import Synchronization

/// Where background work leaves what happened, for the main loop to pick up.
///
/// Posting from any thread makes ``descriptor`` readable, so that the main loop can sleep in `poll`
/// until there is something to do.
final class Mailbox: Sendable {
  /// Readable when something has been posted.
  let descriptor: Int32
  private let bell: Int32
  private let events = Mutex<[Event]>([])

  init() {
    var ends: [Int32] = [-1, -1]
    let result = pipe(&ends)
    precondition(result == 0, "the system refused a pipe, errno \(errno)")
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    (descriptor, bell) = (ends[0], ends[1])
  }

  deinit {
    close(descriptor)
    close(bell)
  }

  /// Leaves an event. The order of events posted by one thread is kept.
  ///
  /// Of two heard positions in a row only the later one is kept: the screen shows one of them.
  func post(_ event: Event) {
    events.withLock { events in
      if case .soundPosition = event, case .soundPosition = events.last { events.removeLast() }
      events.append(event)
    }
    // A full pipe is fine: it is readable, which is all that is wanted.
    var ring: UInt8 = 0
    write(bell, &ring, 1)
  }

  /// Takes everything that was posted, in order.
  func take() -> [Event] {
    var rings = [UInt8](repeating: 0, count: 512)
    while read(descriptor, &rings, rings.count) == rings.count {}
    return events.withLock { events in
      defer { events.removeAll(keepingCapacity: true) }
      return events
    }
  }
}
