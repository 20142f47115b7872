internal import Foundation
public import Screen
internal import Testing

/// Expects a frame to be the one that was recorded under a name.
///
/// Two files lie in the folder `Goldens` beside the test: `NAME.txt` is the text of the frame,
/// `NAME.scopes` says for each row which columns have which scope, so that a change of meaning is
/// seen as well as a change of wording. They are written only when `UNDERTONE_RECORD=1` is set, to be
/// looked at and committed on purpose.
///
/// - Parameters:
///   - frame: what was drawn.
///   - name: the golden's name, e.g. `turn-list-80x24`.
///   - file: the test's file; leave it to the compiler.
///   - line: the test's line; leave it to the compiler.
public func expectGolden(
  _ frame: Frame, named name: String, file: String = #filePath, fileID: String = #fileID,
  line: Int = #line
) {
  let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
    .appendingPathComponent("Goldens")
  let location = SourceLocation(fileID: fileID, filePath: file, line: line, column: 1)
  let planes = [("txt", frame.text + "\n"), ("scopes", scopePlane(of: frame))]
  for (suffix, actual) in planes {
    let golden = folder.appendingPathComponent("\(name).\(suffix)")
    if ProcessInfo.processInfo.environment["UNDERTONE_RECORD"] == "1" {
      do {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try actual.write(to: golden, atomically: true, encoding: .utf8)
      } catch {
        Issue.record("\(golden.path) cannot be written: \(error)", sourceLocation: location)
      }
      continue
    }
    guard let expected = try? String(contentsOf: golden, encoding: .utf8) else {
      Issue.record(
        "\(golden.path) does not exist. Record it with UNDERTONE_RECORD=1, look at it, commit it.",
        sourceLocation: location)
      continue
    }
    if expected != actual {
      Issue.record(
        "\(name).\(suffix) differs:\n\(lineDifference(expected, actual))", sourceLocation: location)
    }
  }
}

/// The meaning of a frame as text: its size and cursor, then for each row that has any meaning the
/// columns of each scope, as `12: 0-8 title, 10-14 turn/turn.current+bold`.
///
/// - Parameter frame: what was drawn.
/// - Returns: lines that end in a newline.
public func scopePlane(of frame: Frame) -> String {
  let cursor = frame.cursor.map { "cursor \($0.column),\($0.row)" } ?? "no cursor"
  var lines = ["\(frame.size.columns)x\(frame.size.rows) \(cursor)"]
  for row in 0..<frame.size.rows {
    var runs: [(start: Int, end: Int, meaning: String)] = []
    for column in 0..<frame.size.columns {
      let meaning = meaning(of: frame[column, row])
      if let last = runs.last, last.meaning == meaning {
        runs[runs.count - 1].end = column
      } else {
        runs.append((column, column, meaning))
      }
    }
    let shown = runs.filter { $0.meaning != "text" }
      .map { "\($0.start)-\($0.end) \($0.meaning)" }
    if !shown.isEmpty { lines.append("\(row): " + shown.joined(separator: ", ")) }
  }
  return lines.joined(separator: "\n") + "\n"
}

private func meaning(of cell: Cell) -> String {
  let names: [(Attributes, String)] = [
    (.bold, "bold"), (.reverse, "reverse"), (.underline, "underline"), (.dim, "dim"),
    (.italic, "italic"),
  ]
  let attributes = names.filter { cell.attributes.contains($0.0) }.map { "+\($0.1)" }.joined()
  let backdrop = cell.backdrop == .text ? "" : "/\(cell.backdrop)"
  return "\(cell.scope)\(backdrop)\(attributes)"
}

/// The lines that differ between two texts, the expected ones marked `-`, the actual ones `+`.
private func lineDifference(_ expected: String, _ actual: String) -> String {
  let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
  let new = actual.split(separator: "\n", omittingEmptySubsequences: false)
  var lines: [String] = []
  for number in 0..<max(old.count, new.count) {
    let before = number < old.count ? old[number] : nil
    let after = number < new.count ? new[number] : nil
    guard before != after else { continue }
    if let before { lines.append("\(number + 1) - \(before)") }
    if let after { lines.append("\(number + 1) + \(after)") }
  }
  return lines.joined(separator: "\n")
}
