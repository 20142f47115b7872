import Glibc

/// A line on stderr that says how far a long command is.
///
/// It appears after half a second, only on a terminal, and disappears when the command is done, so
/// that it is never in the way of a pipe or a log.
final class ProgressBar {
  private let title: String
  private let began = monotonicSeconds()
  private let isShown = isatty(STDERR_FILENO) == 1
  private var lastDrawn = 0.0

  init(_ title: String) {
    self.title = title
  }

  /// - Parameter fraction: 0 to 1.
  func update(_ fraction: Double) {
    let now = monotonicSeconds()
    guard isShown, now - began > 0.5, now - lastDrawn > 0.05 else { return }
    lastDrawn = now
    let share = max(0, min(1, fraction.isNaN ? 0 : fraction))
    let filled = Int(share * 30)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
    let percent = Int(share * 100)
    printError("\r\(title) \(bar) \(percent) %\u{1B}[K", terminator: "")
  }

  func finish() {
    if lastDrawn > 0 { printError("\r\u{1B}[K", terminator: "") }
  }
}

/// Writes to stderr: everything that is not the data a command was asked for.
func printError(_ text: String, terminator: String = "\n") {
  var bytes = Array((text + terminator).utf8)[...]
  while !bytes.isEmpty {
    let count = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    if count < 0, errno == EINTR { continue }
    guard count > 0 else { return }
    bytes = bytes.dropFirst(count)
  }
}
