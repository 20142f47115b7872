public import Screen

/// A terminal in memory, on which runs of a diff are drawn as a real one would draw them: glyph by
/// glyph, and drawing over half of a wide glyph destroys the other half.
public struct VirtualTerminal {
  /// What one place of the screen holds.
  public enum Place: Hashable, Sendable {
    /// A glyph, or the left half of a wide one, and all that decides how it looks.
    case glyph(Cell)
    /// The right half of the wide glyph to the left.
    case rightHalf
    /// What is left when half of a wide glyph was overwritten.
    case destroyed
  }

  /// Its size.
  public let size: Size
  /// The places of the screen, row by row.
  public private(set) var places: [Place]

  /// Creates a terminal that shows a blank frame.
  public init(_ size: Size) {
    self.size = size
    places = Array(repeating: .glyph(.blank), count: size.columns * size.rows)
  }

  /// Draws runs of a frame that has the terminal's size, looking at no other cell of it.
  public mutating func draw(_ runs: [Frame.Run], of frame: Frame) {
    precondition(frame.size == size)
    for run in runs {
      for column in run.columns where !frame[column, run.row].isContinuation {
        let cell = frame[column, run.row]
        put(.glyph(cell), column: column, row: run.row)
        if cell.columns == 2 { put(.rightHalf, column: column + 1, row: run.row) }
      }
    }
  }

  /// The places where the terminal does not show what the frame holds.
  public func differences(from frame: Frame) -> [Point] {
    precondition(frame.size == size)
    var points: [Point] = []
    for row in 0..<size.rows {
      for column in 0..<size.columns {
        let cell = frame[column, row]
        let wanted: Place = cell.isContinuation ? .rightHalf : .glyph(cell)
        if places[row * size.columns + column] != wanted {
          points.append(Point(column: column, row: row))
        }
      }
    }
    return points
  }

  private mutating func put(_ place: Place, column: Int, row: Int) {
    guard column < size.columns else { return }
    let index = row * size.columns + column
    if case .rightHalf = places[index], place != .rightHalf, column > 0 {
      places[index - 1] = .destroyed
    }
    if case .glyph(let old) = places[index], old.columns == 2, column + 1 < size.columns {
      places[index + 1] = .destroyed
    }
    places[index] = place
  }
}
