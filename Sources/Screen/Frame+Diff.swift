extension Frame {
  /// Neighbouring cells of one row that have to be drawn.
  public struct Run: Hashable, Sendable {
    /// The row they are in.
    public let row: Int
    /// Their columns.
    ///
    /// Never begins or ends inside a wide glyph.
    public let columns: Range<Int>
  }

  /// What must be drawn to turn `old` into this frame: no run at all if they are alike, everything
  /// if their sizes differ.
  ///
  /// Unchanged cells between two runs are never included.
  public func diff(from old: Frame) -> [Run] {
    guard size == old.size else { return everything }
    var runs: [Run] = []
    let width = size.columns
    cells.withUnsafeBufferPointer { new in
      old.cells.withUnsafeBufferPointer { old in
        for row in 0..<size.rows {
          let base = row * width
          var column = 0
          while column < width {
            guard new[base + column] != old[base + column] else {
              column += 1
              continue
            }
            var start = column
            // The left half of a wide glyph goes with its right half, in the old frame too: what
            // is drawn over half a glyph leaves the other half undefined.
            while start > 0, new[base + start].isContinuation || old[base + start].isContinuation {
              start -= 1
            }
            var end = column + 1
            while end < width,
              new[base + end] != old[base + end] || new[base + end].isContinuation
                || old[base + end].isContinuation
            {
              end += 1
            }
            runs.append(Run(row: row, columns: start..<end))
            column = end
          }
        }
      }
    }
    return runs
  }

  /// Every row as one run.
  public var everything: [Run] {
    guard size.columns > 0 else { return [] }
    return (0..<size.rows).map { Run(row: $0, columns: 0..<size.columns) }
  }
}
