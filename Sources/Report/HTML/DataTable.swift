internal import Agreement

/// The numbers of a plot as a table that can be read aloud, copied and printed.
struct DataTable {
  /// A name and its cells.
  struct Row {
    var name: String
    var cells: [String]
    /// Why there is no value, over the first cells.
    var reason: String?

    /// A name with cells.
    init(_ name: String, cells: [String]) {
      self.name = name
      self.cells = cells
    }

    /// A name with value, low, high, and cells after them.
    init(_ name: String, _ estimate: Estimate, after: [String]) {
      self.name = name
      let numbers = [
        estimate.statistic.value, estimate.percentile?.low, estimate.percentile?.high,
      ].map { $0.map { Plain.fixed($0, 3) } ?? "" }
      reason = estimate.statistic.value == nil ? "undefined: \(estimate.reasonText)" : nil
      cells = reason == nil ? numbers + after : after
    }
  }

  var caption: String
  var columns: [String]
  var rows: [Row]
  /// Rows beyond these are left to the other formats.
  private static let mostRows = 600

  /// The table, folded away on a screen and open on paper.
  var details: Markup {
    """
    <details><summary>As a table: \(caption)</summary>
    \(markup)
    </details>
    """
  }

  var markup: Markup {
    let head: [Markup] = columns.map { "<th scope=\"col\">\($0)</th>" }
    let body: [Markup] = rows.prefix(Self.mostRows).map { row in
      let reason: Markup =
        row.reason.map { "<td class=\"reason\" colspan=\"3\">\($0)</td>" } ?? .nothing
      let cells: [Markup] = row.cells.map { "<td>\($0)</td>" }
      return "<tr><th scope=\"row\">\(row.name)</th>\(reason)\(cells)</tr>"
    }
    let left = rows.count - Self.mostRows
    let rest: Markup =
      left > 0
      ? "<p class=\"lead\">\(Plain.count(left, "more row")) in the formats csv and json.</p>"
      : .nothing
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="\(caption)">
      <table><caption>\(caption)</caption>
      <thead><tr>\(head)</tr></thead>
      <tbody>
      \(body)
      </tbody></table></div>
      \(rest)
      """
  }
}
