import Foundation
import Glibc

/// Another process, of the program `store-probe` beside the tests.
final class Child {
  private let process = Process()
  private let output = Pipe()
  private var text = ""

  /// Starts `store-probe`.
  convenience init(_ arguments: String...) throws {
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let folder = URL(fileURLWithPath: tests).deletingLastPathComponent()
    try self.init(program: folder.appendingPathComponent("store-probe").path, arguments)
  }

  init(program: String, _ arguments: [String]) throws {
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = output
    // A child started at the same time must not hold this pipe open.
    for end in [output.fileHandleForReading, output.fileHandleForWriting] {
      _ = fcntl(end.fileDescriptor, F_SETFD, FD_CLOEXEC)
    }
    try process.run()
  }

  deinit {
    if process.isRunning { kill() }
  }

  /// Waits until the child has said so many whole lines, or is gone.
  func lines(atLeast count: Int) -> [String] {
    while wholeLines.count < count {
      let data = output.fileHandleForReading.availableData
      if data.isEmpty { break }
      text += String(decoding: data, as: UTF8.self)
    }
    return wholeLines
  }

  /// Everything it says until it ends, and its exit code.
  func finish() -> (lines: [String], code: Int32) {
    text += String(
      decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (wholeLines, process.terminationStatus)
  }

  func kill() {
    Glibc.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  private var wholeLines: [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }
}
