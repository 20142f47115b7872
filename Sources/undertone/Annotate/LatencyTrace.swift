import Annotator
import Glibc

/// Writes down when keys were read, frames were painted and labels became durable, for `make bench`.
///
/// One line an event in the file that `UNDERTONE_TRACE` names: what, and microseconds of
/// `CLOCK_MONOTONIC`.
final class LatencyTrace {
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

  func happened(_ event: Event) {
    switch event {
    case .saved: note("durable")
    case .dialogueLoaded: note("loaded")
    case .suggestionsReady: note("suggestions")
    case .soundStarted: note("sound")
    default: break
    }
  }

  private func note(_ what: String) {
    let line = "\(what) \(Int(monotonicSeconds() * 1e6))\n"
    _ = line.utf8.withContiguousStorageIfAvailable { write(file, $0.baseAddress, $0.count) }
  }
}
