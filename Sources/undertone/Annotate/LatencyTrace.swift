import Annotator
import Glibc

/// Writes down when keys were read, frames were painted, labels became durable and sound began, for
/// `make bench`.
///
/// One line an event in the file that `UNDERTONE_TRACE` names: what, and microseconds of
/// `CLOCK_MONOTONIC`.
final class LatencyTrace: Sendable {
  private let file: Int32

  /// - Returns: `nil` unless `UNDERTONE_TRACE` names a file that can be written.
  init?(path: String?) {
    guard let path else { return nil }
    file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    if file < 0 { return nil }
  }

  deinit {
    close(file)
  }

  func started() { note("start") }
  func pressed() { note("key") }
  func painted() { note("frame") }

  /// The first samples of a turn were handed to the device.
  ///
  /// - Parameter nanoseconds: of `CLOCK_MONOTONIC`.
  func sounded(at nanoseconds: UInt64) { note("sound", microseconds: Int(nanoseconds / 1000)) }

  func happened(_ event: Event) {
    switch event {
    case .saved: note("durable")
    case .dialogueLoaded: note("loaded")
    case .suggestionsReady: note("suggestions")
    default: break
    }
  }

  private func note(_ what: String) { note(what, microseconds: Int(monotonicSeconds() * 1e6)) }

  // A line is one write to the end of the file, so threads do not mix theirs.
  private func note(_ what: String, microseconds: Int) {
    let line = "\(what) \(microseconds)\n"
    _ = line.utf8.withContiguousStorageIfAvailable { write(file, $0.baseAddress, $0.count) }
  }
}
