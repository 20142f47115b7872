/// A square of values as shades with the numbers in them.
struct HeatMap {
  /// One cell.
  struct Cell {
    /// From −1 to 1; the sign chooses the colour, the size its strength. `nil` for an empty cell.
    var share: Double?
    /// What is written in it.
    var text: String
    /// What is said of it where a pointer rests on it.
    var explanation: String
  }

  var rows: [String]
  var columns: [String]
  var cells: [[Cell]]

  private static let start = 0.26
  /// Beyond this many columns no number fits into a cell on a phone.
  private static let mostNumbers = 12

  private var rowHeight: Int { columns.count > 24 ? 14 : columns.count > 12 ? 22 : 34 }
  private var hasNames: Bool {
    columns.count * (columns.map(Plain.width).max() ?? 0) <= 28
  }
  private var top: Int { hasNames ? 24 : 84 }

  var height: Int { top + rows.count * rowHeight + 4 }

  var content: [Markup] {
    let width = (1 - Self.start) / Double(max(columns.count, 1))
    var content: [Markup] = []
    for (place, name) in columns.enumerated() {
      let x = Self.start + width * (Double(place) + 0.5)
      if hasNames {
        content.append(
          """
          <text class="quiet" x="\(percent: x)" y="16" text-anchor="middle">\(name)</text>
          """)
      } else if columns.count <= 24 {
        content.append(
          """
          <svg x="\(percent: x)" y="\(top - 8)"><text class="quiet" x="0" y="3" \
          text-anchor="end" transform="rotate(52)"><title>\(name)</title>\(Plain.fit(name, 12))</text></svg>
          """)
      }
    }
    for (row, name) in rows.enumerated() {
      let y = top + row * rowHeight
      if rowHeight > 14 {
        content.append(
          """
          <text x="0" y="\(y + rowHeight / 2 + 4)"><title>\(name)</title>\(Plain.fit(name, 12))</text>
          """)
      }
      for (column, cell) in cells[row].enumerated() {
        content.append(draw(cell, x: Self.start + width * Double(column), y: y, width: width))
      }
    }
    return content
  }

  private func draw(_ cell: Cell, x: Double, y: Int, width: Double) -> Markup {
    let place: Markup =
      """
      x="\(percent: x)" y="\(y)" width="\(percent: width)" height="\(rowHeight)" rx="4"
      """
    guard let share = cell.share else {
      guard !cell.text.isEmpty else { return .nothing }
      return """
        <rect class="cell none" \(place)><title>\(cell.explanation)</title></rect>\
        \(text(cell, x, y, width, strength: 0))
        """
    }
    let strength = min(max(abs(share), 0), 1)
    let sign: Markup = share < 0 ? " low" : ""
    return """
      <rect class="cell\(sign)" style="--p:\(Int((6 + 86 * strength).rounded()))%" \(place)>\
      <title>\(cell.explanation)</title></rect>\(text(cell, x, y, width, strength: strength))
      """
  }

  private func text(
    _ cell: Cell, _ x: Double, _ y: Int, _ width: Double, strength: Double
  ) -> Markup {
    guard columns.count <= Self.mostNumbers, !cell.text.isEmpty else { return .nothing }
    // Between the two the number is dark on light paper and dark on a dark screen's bright cell.
    let kind: Markup = strength > 0.77 ? "strong" : strength > 0.57 ? "between" : "plain"
    return """
      <text class="\(kind)" x="\(percent: x + width / 2)" y="\(y + rowHeight / 2 + 4)" \
      text-anchor="middle" pointer-events="none">\(cell.text)</text>
      """
  }
}

/// Shares that make a whole, one bar a row.
struct StackedPlot {
  var rows: [(name: String, counts: [Int])]
  var parts: [String]

  private static let start = 0.26
  private static let rowHeight = 32

  var height: Int { rows.count * Self.rowHeight + 4 }

  var content: [Markup] {
    rows.enumerated().map { place, row in
      let y = place * Self.rowHeight
      let total = Double(max(row.counts.reduce(0, +), 1))
      var marks: [Markup] = [
        """
        <text x="0" y="\(y + 20)"><title>\(row.name)</title>\(Plain.fit(row.name, 12))</text>
        """
      ]
      var x = Self.start
      for (part, count) in row.counts.enumerated() where count > 0 {
        let share = Double(count) / total
        let width = (1 - Self.start) * share
        let percent = Plain.fixed(100 * share, 0)
        marks.append(
          """
          <rect class="part k\(part % 10)" x="\(percent: x)" y="\(y + 3)" width="\(percent: width)" \
          height="25" rx="3"><title>\(row.name): \(parts[part]), \(percent) %, \(Plain.count(count)) \
          ratings</title></rect>
          """)
        if share >= 0.085 {
          marks.append(
            """
            <text class="strong" x="\(percent: x + width / 2)" y="\(y + 20)" text-anchor="middle" \
            pointer-events="none">\(percent)</text>
            """)
        }
        x += width
      }
      return Markup(marks)
    }
  }
}
