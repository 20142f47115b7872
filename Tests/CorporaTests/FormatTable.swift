import Foundation
import Synchronization

/// What was read and written in which format, how much of it, what was compared, and by whose reader:
/// the table that `swift test` prints when it ends.
enum FormatTable {
  private static let lines = Mutex<[[String]]>([])

  /// Adds a line, after everything it speaks of was compared.
  ///
  /// - Parameters:
  ///   - direction: `in` for an import, `out` for an export, `round` for both.
  ///   - format: the name on the command line.
  ///   - rows: how many turns, or tasks, or files.
  ///   - checked: what was compared, in a few words.
  ///   - reader: whose reader it was, with its version.
  static func add(
    _ direction: String, _ format: String, rows: Int, checked: String, reader: String
  ) {
    lines.withLock { lines in
      if lines.isEmpty { atexit { FormatTable.show() } }
      lines.append([direction, format, "\(rows)", checked, reader])
    }
  }

  private static func show() {
    let header = ["", "format", "rows", "checked", "reader"]
    let rows =
      [header]
      + lines.withLock { lines in
        lines.sorted { $0.lexicographicallyPrecedes($1) }
      }
    let widths = header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    var text = "\n"
    for row in rows {
      let cells = zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
      text += cells.joined(separator: "  ") + "\n"
    }
    FileHandle.standardOutput.write(Data(text.utf8))
  }
}
