/// How large a screen or a part of it is, in character cells.
public struct Size: Hashable, Sendable {
  /// Cells from left to right.
  public var columns: Int
  /// Cells from top to bottom.
  public var rows: Int

  /// Creates a size; negative numbers count as 0.
  public init(columns: Int, rows: Int) {
    self.columns = max(0, columns)
    self.rows = max(0, rows)
  }
}

/// A cell's place: column and row counted from 0 at the top left.
public struct Point: Hashable, Sendable {
  /// Cells from the left edge.
  public var column: Int
  /// Cells from the top edge.
  public var row: Int

  /// Creates a point.
  ///
  /// It may lie outside every frame; drawing there does nothing.
  public init(column: Int, row: Int) {
    self.column = column
    self.row = row
  }
}

/// A rectangle of cells.
///
/// Layout is done by cutting pieces off a rectangle: no cut can take more than is there, so a
/// layout written for a large screen is safe on a small one.
public struct Rect: Hashable, Sendable {
  /// The leftmost column.
  public private(set) var column: Int
  /// The topmost row.
  public private(set) var row: Int
  /// Its width in cells, never negative.
  public private(set) var columns: Int
  /// Its height in cells, never negative.
  public private(set) var rows: Int

  /// Creates a rectangle; a negative width or height counts as 0.
  public init(column: Int = 0, row: Int = 0, columns: Int, rows: Int) {
    self.column = column
    self.row = row
    self.columns = max(0, columns)
    self.rows = max(0, rows)
  }

  /// The rectangle of a whole frame.
  public init(_ size: Size) {
    self.init(columns: size.columns, rows: size.rows)
  }

  /// Its top left cell.
  public var origin: Point { Point(column: column, row: row) }
  /// Its width and height.
  public var size: Size { Size(columns: columns, rows: rows) }
  /// Whether it holds no cell.
  public var isEmpty: Bool { columns == 0 || rows == 0 }
  /// The first column right of it.
  public var endColumn: Int { column + columns }
  /// The first row below it.
  public var endRow: Int { row + rows }

  /// Whether the cell at `point` lies inside.
  public func contains(_ point: Point) -> Bool {
    point.column >= column && point.column < endColumn && point.row >= row && point.row < endRow
  }

  /// The cells that lie in both rectangles.
  public func intersection(_ other: Rect) -> Rect {
    let left = max(column, other.column)
    let top = max(row, other.row)
    return Rect(
      column: left, row: top,
      columns: min(endColumn, other.endColumn) - left, rows: min(endRow, other.endRow) - top)
  }

  /// The rectangle without a margin on each side; empty where the margins leave nothing.
  public func inset(columns horizontal: Int = 0, rows vertical: Int = 0) -> Rect {
    var rect = self
    _ = rect.cutLeft(horizontal)
    _ = rect.cutRight(horizontal)
    _ = rect.cutTop(vertical)
    _ = rect.cutBottom(vertical)
    return rect
  }

  /// One row of the rectangle, counted from its top; empty if it has no such row.
  public func line(_ index: Int) -> Rect {
    let isInside = index >= 0 && index < rows
    return Rect(column: column, row: row + index, columns: columns, rows: isInside ? 1 : 0)
  }

  /// Cuts rows off the top and returns them: as many as asked for, or all there are.
  @discardableResult
  public mutating func cutTop(_ count: Int) -> Rect {
    let taken = max(0, min(count, rows))
    defer {
      row += taken
      rows -= taken
    }
    return Rect(column: column, row: row, columns: columns, rows: taken)
  }

  /// Cuts rows off the bottom and returns them: as many as asked for, or all there are.
  @discardableResult
  public mutating func cutBottom(_ count: Int) -> Rect {
    let taken = max(0, min(count, rows))
    rows -= taken
    return Rect(column: column, row: row + rows, columns: columns, rows: taken)
  }

  /// Cuts columns off the left and returns them: as many as asked for, or all there are.
  @discardableResult
  public mutating func cutLeft(_ count: Int) -> Rect {
    let taken = max(0, min(count, columns))
    defer {
      column += taken
      columns -= taken
    }
    return Rect(column: column, row: row, columns: taken, rows: rows)
  }

  /// Cuts columns off the right and returns them: as many as asked for, or all there are.
  @discardableResult
  public mutating func cutRight(_ count: Int) -> Rect {
    let taken = max(0, min(count, columns))
    columns -= taken
    return Rect(column: column + columns, row: row, columns: taken, rows: rows)
  }

  /// A rectangle of the given size in the middle of this one, no larger than this one.
  public func centered(_ size: Size) -> Rect {
    let width = min(size.columns, columns)
    let height = min(size.rows, rows)
    return Rect(
      column: column + (columns - width) / 2, row: row + (rows - height) / 2,
      columns: width, rows: height)
  }
}
