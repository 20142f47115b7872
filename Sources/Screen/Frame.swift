/// A screenful of cells: what `view` returns and what a terminal draws.
///
/// Every drawing verb is total: what lies outside is cut off, a wide glyph is drawn whole or not at
/// all, and drawing over half of one blanks the other half.
public struct Frame: Equatable, Sendable {
  /// Columns and rows.
  public let size: Size
  /// Where the cursor is shown; `nil` hides it.
  ///
  /// A place outside the frame hides it too.
  public var cursor: Point?
  var cells: [Cell]

  /// A blank frame without a cursor.
  public init(_ size: Size) {
    self.size = size
    cells = Array(repeating: .blank, count: size.columns * size.rows)
  }

  /// The whole frame.
  public var bounds: Rect { Rect(size) }

  /// The cell in a column and row, both of which must lie inside.
  public subscript(column: Int, row: Int) -> Cell {
    precondition(column >= 0 && column < size.columns && row >= 0 && row < size.rows)
    return cells[row * size.columns + column]
  }

  /// The cells of a row, which must lie inside, from left to right.
  public func row(_ row: Int) -> ArraySlice<Cell> {
    precondition(row >= 0 && row < size.rows)
    return cells[row * size.columns..<(row + 1) * size.columns]
  }

  /// The text of the frame, a line a row, blanks at the ends left out.
  public var text: String {
    var lines: [String] = []
    for row in 0..<size.rows {
      var line = ""
      for cell in self.row(row) where !cell.isContinuation { cell.glyph.append(to: &line) }
      while line.last == " " { line.removeLast() }
      lines.append(line)
    }
    return lines.joined(separator: "\n")
  }
}
