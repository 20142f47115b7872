import Foundation
import Testing

/// The path of a program on this machine, or `nil`.
func program(_ names: String...) -> String? {
  let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
  return names.lazy.flatMap { name in folders.map { "\($0)/\(name)" } }
    .first { FileManager.default.isExecutableFile(atPath: $0) }
}

/// Runs a program to its end.
func run(
  _ path: String, _ arguments: [String], in folder: URL
) throws -> (status: Int32, output: String, errors: String) {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: path)
  process.arguments = arguments
  process.currentDirectoryURL = folder
  // Through files: a pipe nobody reads would stop a program that says much.
  let output = folder.appendingPathComponent("stdout")
  let errors = folder.appendingPathComponent("stderr")
  for file in [output, errors] {
    try #require(FileManager.default.createFile(atPath: file.path, contents: nil))
  }
  process.standardInput = FileHandle.nullDevice
  process.standardOutput = try FileHandle(forWritingTo: output)
  process.standardError = try FileHandle(forWritingTo: errors)
  try process.run()
  process.waitUntilExit()
  return (
    process.terminationStatus, String(decoding: try Data(contentsOf: output), as: UTF8.self),
    String(decoding: try Data(contentsOf: errors), as: UTF8.self)
  )
}

/// A folder of its own for a test, removed afterwards.
func withTemporaryFolder<T>(_ body: (URL) throws -> T) throws -> T {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("undertone-report-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}
