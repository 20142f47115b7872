internal import Foundation

/// The path of a program that was built with the tests, to be run in a ``Tmux``.
///
/// - Parameter name: the program's name, e.g. `undertone`.
/// - Returns: its path, beside the test program; `nil` if it was not built.
public func builtProgram(_ name: String) -> String? {
  let tests = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
  let path = tests.deletingLastPathComponent().appendingPathComponent(name).path
  return FileManager.default.isExecutableFile(atPath: path) ? path : nil
}
