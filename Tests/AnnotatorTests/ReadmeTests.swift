import Annotator
import Foundation
import Testing

@Suite struct ReadmeTests {
  /// The README's table of keys as the commands have them.
  static var table: String {
    var lines: [String] = []
    for group in Command.Group.allCases {
      lines += ["### \(group.rawValue)", "", "| key | does | name |", "|---|---|---|"]
      for command in Command.allCases where command.group == group {
        let keys = command.defaultKeys.map { "`\($0)`" }.joined(separator: " ")
        lines.append("| \(keys) | \(command.summary) | `\(command.rawValue)` |")
      }
      lines.append("")
    }
    return lines.joined(separator: "\n")
  }

  @Test func `the README lists the keys as they are`() throws {
    let readme = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("README.md")
    let text = try String(contentsOf: readme, encoding: .utf8)
    let start = try #require(text.range(of: "UNDERTONE_RECORD=1 -->\n"))
    let end = try #require(text.range(of: "<!-- end of keys -->"))
    let wanted = "\n" + Self.table
    if ProcessInfo.processInfo.environment["UNDERTONE_RECORD"] == "1" {
      let recorded = text[..<start.upperBound] + wanted + text[end.lowerBound...]
      try String(recorded).write(to: readme, atomically: true, encoding: .utf8)
    } else {
      #expect(String(text[start.upperBound..<end.lowerBound]) == wanted)
    }
  }
}
