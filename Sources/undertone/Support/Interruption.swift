import Glibc
import Synchronization

/// Ctrl-C during a long command: noticed at the next safe place, so that transactions are rolled back
/// and half-made files are removed before the program ends.
enum Interruption {
  private static let wasAsked = Atomic(false)

  /// Begins to listen for SIGINT and SIGTERM. A second one ends the program at once.
  static func listen() {
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        if Interruption.wasAsked.exchange(true, ordering: .relaxed) { _exit(128 + number) }
      }
    }
  }

  /// Ends the work if the user asked for it.
  static func check() throws {
    if wasAsked.load(ordering: .relaxed) { throw Interrupted() }
  }

  /// Whether the user asked for the end.
  static var isRequested: Bool { wasAsked.load(ordering: .relaxed) }
}

/// The user pressed Ctrl-C.
struct Interrupted: Error, CustomStringConvertible {
  var description: String { "Interrupted; nothing was changed." }
}
