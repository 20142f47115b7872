import Foundation

/// A script of the project.
struct Script {
  let path: String

  /// - Parameter name: its name in `scripts/`.
  init(_ name: String) {
    path =
      URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("scripts/\(name)").path
  }

  /// Runs it to its end.
  func run(
    _ arguments: [String]
  ) throws -> (status: Int32, output: Data, errors: String) {
    let folder = try InventedFolder(["output": "", "errors": ""])
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", path] + arguments
    // Files, not pipes: nobody has to read while the script writes.
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: folder["output"]))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: folder["errors"]))
    try process.run()
    process.waitUntilExit()
    let read: (String) throws -> Data = { try Data(contentsOf: URL(fileURLWithPath: folder[$0])) }
    return (
      process.terminationStatus, try read("output"),
      String(decoding: try read("errors"), as: UTF8.self)
    )
  }
}
