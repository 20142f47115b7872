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
  private let events = Mutex<[Event]>([])

  init() {
    descriptor = eventfd(0, Int32(EFD_NONBLOCK.rawValue | EFD_CLOEXEC.rawValue))
    precondition(descriptor >= 0, "the system refused an eventfd, errno \(errno)")
  }

  deinit {
    close(descriptor)
  }

  /// Leaves an event. The order of events posted by one thread is kept.
  ///
  /// Of two heard positions in a row only the later one is kept: the screen shows one of them.
  func post(_ event: Event) {
    events.withLock { events in
      if case .soundPosition = event, case .soundPosition = events.last { events.removeLast() }
      events.append(event)
    }
    var one: UInt64 = 1
    write(descriptor, &one, MemoryLayout<UInt64>.size)
  }

  /// Takes everything that was posted, in order.
  func take() -> [Event] {
    var count: UInt64 = 0
    read(descriptor, &count, MemoryLayout<UInt64>.size)
    return events.withLock { events in
      defer { events.removeAll(keepingCapacity: true) }
      return events
    }
  }
}
