extension Frame {
  /// Writes one line of text and returns the columns it took, those left of the frame included.
  ///
  /// Control characters, escape sequences and the like are shown, never passed on; see
  /// ``Swift/String/visible``. The text ends at `maxColumns` and at the right edge; a wide glyph
  /// that does not fit there whole is left out.
  @discardableResult
  public mutating func write(
    _ text: String, at point: Point, scope: Scope = .text, attributes: Attributes = [],
    maxColumns: Int = .max
  ) -> Int {
    guard point.row >= 0, point.row < size.rows, point.column < size.columns, maxColumns > 0
    else { return 0 }
    let room = min(maxColumns, size.columns - point.column)
    let base = point.row * size.columns
    var used = 0
    TextWidth.forEachGlyph(in: text) { glyph, columns in
      guard used + columns <= room else { return false }
      put(
        Cell(glyph, columns: UInt8(columns), scope: scope, attributes: attributes),
        row: base, column: point.column + used)
      used += columns
      return true
    }
    return used
  }

  /// Gives every cell of a rectangle the same scope and a glyph of one column, a blank unless said
  /// otherwise.
  ///
  /// A backdrop that was there is removed.
  public mutating func fill(
    _ rect: Rect, with character: Character = " ", scope: Scope = .text,
    attributes: Attributes = []
  ) {
    let glyph = oneColumn(character)
    let inside = rect.intersection(bounds)
    guard !inside.isEmpty else { return }
    let cell = Cell(glyph, scope: scope, attributes: attributes)
    for row in inside.row..<inside.endRow {
      let base = row * size.columns
      mend(row: base, column: inside.column)
      mend(row: base, column: inside.endColumn)
      for column in inside.column..<inside.endColumn { cells[base + column] = cell }
    }
  }

  /// Puts a scope behind a rectangle: its cells, and what is written there afterwards, keep their
  /// own foreground and take the background and attributes of the backdrop.
  ///
  /// So the row of the current turn can be marked as a whole while the emotions in it keep their
  /// colours.
  public mutating func backdrop(_ rect: Rect, scope: Scope) {
    let inside = rect.intersection(bounds)
    guard !inside.isEmpty else { return }
    for row in inside.row..<inside.endRow {
      for column in inside.column..<inside.endColumn {
        cells[row * size.columns + column].backdrop = scope
      }
    }
  }

  /// Draws a frame along the edge of a rectangle, with a title in its upper edge, and returns the
  /// rectangle inside it.
  ///
  /// Smaller than 2x2 there is no edge to draw and nothing inside.
  @discardableResult
  public mutating func box(
    _ rect: Rect, scope: Scope = "border", title: String = "", titleScope: Scope = "title"
  ) -> Rect {
    guard rect.columns >= 2, rect.rows >= 2 else { return rect.inset(columns: 1, rows: 1) }
    let right = rect.endColumn - 1
    let bottom = rect.endRow - 1
    horizontalLine(from: rect.origin, columns: rect.columns, scope: scope)
    horizontalLine(
      from: Point(column: rect.column, row: bottom), columns: rect.columns, scope: scope)
    for row in rect.row + 1..<max(rect.row + 1, bottom) {
      write("│", at: Point(column: rect.column, row: row), scope: scope)
      write("│", at: Point(column: right, row: row), scope: scope)
    }
    write("┌", at: rect.origin, scope: scope)
    write("┐", at: Point(column: right, row: rect.row), scope: scope)
    write("└", at: Point(column: rect.column, row: bottom), scope: scope)
    write("┘", at: Point(column: right, row: bottom), scope: scope)
    if !title.isEmpty, rect.columns > 4 {
      let shown = " \(title.truncated(to: rect.columns - 4)) "
      write(
        shown, at: Point(column: rect.column + 1, row: rect.row), scope: titleScope,
        maxColumns: rect.columns - 2)
    }
    return rect.inset(columns: 1, rows: 1)
  }

  /// Draws a horizontal line.
  public mutating func horizontalLine(
    from point: Point, columns: Int, scope: Scope = "border"
  ) {
    fill(
      Rect(column: point.column, row: point.row, columns: columns, rows: 1), with: "─",
      scope: scope)
  }

  /// Draws a vertical line.
  public mutating func verticalLine(from point: Point, rows: Int, scope: Scope = "border") {
    fill(
      Rect(column: point.column, row: point.row, columns: 1, rows: rows), with: "│", scope: scope)
  }

  /// Draws a horizontal bar as long as `fraction` of `columns`, to an eighth of a cell.
  ///
  /// - Parameter fraction: 0 to 1; beyond that it is cut off, and what is not a number is 0.
  public mutating func bar(
    _ fraction: Double, at point: Point, columns: Int, scope: Scope = "bar",
    emptyScope: Scope = "bar.empty"
  ) {
    guard columns > 0 else { return }
    let share = fraction.isNaN ? 0 : min(1, max(0, fraction))
    let eighths = Int((share * Double(columns) * 8).rounded())
    let blocks = Array("▏▎▍▌▋▊▉█")
    for place in 0..<columns {
      let part = min(8, eighths - place * 8)
      let cell = Point(column: point.column + place, row: point.row)
      if part > 0 {
        write(String(blocks[part - 1]), at: cell, scope: scope)
      } else {
        write(" ", at: cell, scope: emptyScope)
      }
    }
  }

  /// Writes several lines into a rectangle, one a row, and returns how many fitted.
  @discardableResult
  public mutating func write(
    lines: some Sequence<String>, in rect: Rect, scope: Scope = .text, attributes: Attributes = []
  ) -> Int {
    var count = 0
    for line in lines {
      guard count < rect.rows else { break }
      write(
        line, at: rect.line(count).origin, scope: scope, attributes: attributes,
        maxColumns: rect.columns)
      count += 1
    }
    return count
  }

  /// Puts a glyph into a row that begins at index `base`; what is left of the frame is cut off,
  /// and half a glyph becomes a blank.
  private mutating func put(_ cell: Cell, row base: Int, column: Int) {
    let end = column + Int(cell.columns)
    guard end > 0 else { return }
    if column < 0 {
      replace(base, with: Cell(.space, scope: cell.scope, attributes: cell.attributes))
      mend(row: base, column: end)
      return
    }
    mend(row: base, column: column)
    mend(row: base, column: end)
    replace(base + column, with: cell)
    if cell.columns == 2 {
      let half = Cell(.space, columns: 0, scope: cell.scope, attributes: cell.attributes)
      replace(base + column + 1, with: half)
    }
  }

  private mutating func replace(_ index: Int, with cell: Cell) {
    let backdrop = cells[index].backdrop
    cells[index] = cell
    cells[index].backdrop = backdrop
  }

  /// Blanks both halves of a wide glyph that the left edge of `column` would cut in two.
  private mutating func mend(row base: Int, column: Int) {
    guard column > 0, column < size.columns, cells[base + column].isContinuation else { return }
    for index in [base + column - 1, base + column] {
      let old = cells[index]
      cells[index] = Cell(
        .space, scope: old.scope, backdrop: old.backdrop, attributes: old.attributes)
    }
  }

  private func oneColumn(_ character: Character) -> Glyph {
    var result: Glyph = .space
    if TextWidth.columns(of: character) == 1 {
      TextWidth.forEachGlyph(of: character) { glyph, _ in result = glyph }
    }
    return result
  }
}
