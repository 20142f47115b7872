internal import Agreement

// Drawings are laid out in per cent of the width and pixels of the height, so that they fit a phone, a
// wide screen and paper without scaling their text.

/// A scale from a lowest to a highest value.
struct Axis {
  let low: Double
  let high: Double

  /// From 0, or below it where a value or an interval is, to 1, or above it.
  init(_ estimates: [Estimate]) {
    let ends = estimates.flatMap { estimate in
      [estimate.statistic.value, estimate.percentile?.low, estimate.percentile?.high]
        .compactMap { $0 }.filter(\.isFinite)
    }
    let step = (ends.map(abs).max() ?? 1) > 2 ? (ends.map(abs).max() ?? 1) / 4 : 0.2
    low = min(0, ((ends.min() ?? 0) / step).rounded(.down) * step)
    high = max(step * 5 > 1.5 ? step : 1, ((ends.max() ?? 1) / step - 1e-9).rounded(.up) * step)
  }

  /// Where a value lies, 0 to 1.
  func place(_ value: Double) -> Double {
    min(max((value - low) / (high - low), 0), 1)
  }

  /// Values to draw a line at.
  var ticks: [Double] {
    let step = high - low > 1.2 ? (high - low) / 5 : 0.2
    let first = Int((low / step).rounded(.up))
    let last = Int((high / step + 1e-9).rounded(.down))
    return (first...max(first, last)).map { Double($0) * step }
  }
}

/// A drawing with a name and a description for those who hear it.
struct Drawing {
  var id: String
  var title: String
  var description: String
  var height: Int
  var content: [Markup]

  var markup: Markup {
    """
    <svg role="img" aria-labelledby="\(id)-title \(id)-text" height="\(height)">
    <title id="\(id)-title">\(title)</title><desc id="\(id)-text">\(description)</desc>
    \(content)
    </svg>
    """
  }
}

/// Rows of intervals on one axis, each with its name on the left and its value on the right.
struct RangePlot {
  /// One row.
  struct Row {
    var name: String
    var detail = ""
    var estimate: Estimate
    /// Drawn in the second colour, and with a square.
    var isSpecial = false
  }

  var rows: [Row]
  /// Whether a bar from zero is drawn as well.
  var hasBars = false
  /// A stretch to set the values against, such as the range of people, and a value in it.
  var band: Bounds?
  var line: Double?

  static let rowHeight = 30
  /// Where the plot begins and how wide it is, as shares of the width.
  static let start = 0.32
  static let width = 0.56

  var height: Int { rows.count * Self.rowHeight + 26 }

  var content: [Markup] {
    let axis = Axis(rows.map(\.estimate))
    let bottom = rows.count * Self.rowHeight
    func x(_ value: Double) -> Double { Self.start + Self.width * axis.place(value) }
    var content: [Markup] = []
    if let band {
      content.append(
        """
        <rect class="band" x="\(percent: x(band.low))" y="0" \
        width="\(percent: max(x(band.high) - x(band.low), 0.002))" height="\(bottom)"/>
        """)
    }
    for tick in axis.ticks {
      let kind: Markup = abs(tick) < 1e-9 ? "zero" : "grid"
      content.append(
        """
        <line class="\(kind)" x1="\(percent: x(tick))" x2="\(percent: x(tick))" y1="0" y2="\(bottom)"/>\
        <text class="quiet" x="\(percent: x(tick))" y="\(bottom + 18)" text-anchor="middle">\
        \(Plain.fixed(tick, axis.high > 3 ? 0 : 1))</text>
        """)
    }
    if let line {
      content.append(
        """
        <line class="dashed" x1="\(percent: x(line))" x2="\(percent: x(line))" y1="0" y2="\(bottom)"/>
        """)
    }
    for (place, row) in rows.enumerated() { content.append(draw(row, at: place, x)) }
    return content
  }

  private func draw(_ row: Row, at place: Int, _ x: (Double) -> Double) -> Markup {
    let middle = place * Self.rowHeight + Self.rowHeight / 2
    let kind: Markup = row.isSpecial ? " model" : ""
    var marks: [Markup] = [
      """
      <text x="0" y="\(middle + 4)"><title>\(row.name)</title>\(Plain.fit(row.name, 15))</text>
      """
    ]
    guard let value = row.estimate.statistic.value else {
      marks.append(
        """
        <text class="quiet" x="\(percent: Self.start)" y="\(middle + 4)" dx="6">\
        \(row.estimate.reasonText)</text>
        """)
      return Markup(marks)
    }
    if hasBars {
      let (from, to) = (min(x(0), x(value)), max(x(0), x(value)))
      let sign: Markup = value < 0 ? " low" : ""
      marks.append(
        """
        <rect class="bar\(sign)" x="\(percent: from)" width="\(percent: to - from)" \
        y="\(middle - 9)" height="18" rx="3"/>
        """)
    }
    if let bounds = row.estimate.percentile {
      marks.append(
        """
        <line class="range\(kind)" x1="\(percent: x(bounds.low))" x2="\(percent: x(bounds.high))" \
        y1="\(middle)" y2="\(middle)"/>
        """)
    }
    if row.isSpecial {
      marks.append(
        """
        <svg x="\(percent: x(value))" y="\(middle)"><rect class="dot model" x="-5.5" y="-5.5" \
        width="11" height="11"/></svg>
        """)
    } else {
      marks.append("<circle class=\"dot\" cx=\"\(percent: x(value))\" cy=\"\(middle)\" r=\"5\"/>")
    }
    marks.append(
      """
      <text x="100%" y="\(middle + 4)" text-anchor="end">\(Plain.fixed(value, 2))</text>
      """)
    return Markup(marks)
  }
}

/// Values in order with their intervals as a band: α over time.
struct SeriesPlot {
  var estimates: [Estimate]
  var names: [String]

  private static let top = 12
  private static let inner = 190

  var height: Int { Self.top + Self.inner + 30 }

  var content: [Markup] {
    let axis = Axis(estimates)
    let count = estimates.count
    func x(_ place: Int) -> Double { (Double(place) + 0.5) / Double(count) }
    func y(_ value: Double) -> Double { Double(Self.inner) * (1 - axis.place(value)) }
    var content: [Markup] = []
    for tick in axis.ticks {
      let kind: Markup = abs(tick) < 1e-9 ? "zero" : "grid"
      let height = Int(y(tick).rounded()) + Self.top
      content.append(
        """
        <line class="\(kind)" x1="9%" x2="100%" y1="\(height)" y2="\(height)"/>\
        <text class="quiet" x="7%" y="\(height + 4)" text-anchor="end">\(Plain.fixed(tick, 1))</text>
        """)
    }
    // The curve is stretched to the width; dots and text are not.
    var inner: [Markup] = []
    for run in runs {
      let upper = run.compactMap { place in
        estimates[place].percentile.map { point(x(place), y($0.high)) }
      }
      let lower = run.reversed().compactMap { place in
        estimates[place].percentile.map { point(x(place), y($0.low)) }
      }
      if upper.count == run.count {
        inner.append(
          "<polygon class=\"band\" points=\"\((upper + lower).joined(separator: " "))\"/>")
      }
      let line = run.compactMap { place in
        estimates[place].statistic.value.map { point(x(place), y($0)) }
      }
      inner.append("<polyline class=\"path\" points=\"\(line.joined(separator: " "))\"/>")
    }
    content.append(
      """
      <svg x="9%" y="\(Self.top)" width="91%" height="\(Self.inner)" \
      viewBox="0 0 1000 \(Self.inner)" preserveAspectRatio="none">\(inner)</svg>
      """)
    for (place, estimate) in estimates.enumerated() {
      let column = 0.09 + 0.91 * x(place)
      if let value = estimate.statistic.value {
        content.append(
          """
          <circle class="dot" cx="\(percent: column)" cy="\(Int(y(value).rounded()) + Self.top)" \
          r="5"><title>\(names[place]): \(Plain.fixed(value, 3))</title></circle>
          """)
      }
      if count <= 12 || place % ((count + 11) / 12) == 0 {
        content.append(
          """
          <text class="quiet" x="\(percent: column)" y="\(height - 8)" text-anchor="middle">\
          \(place + 1)</text>
          """)
      }
    }
    return content
  }

  private func point(_ x: Double, _ y: Double) -> String {
    "\(Int((1000 * x).rounded())),\(Int(y.rounded()))"
  }

  /// Stretches of defined values: where one is missing the curve has a gap.
  private var runs: [[Int]] {
    var runs: [[Int]] = [[]]
    for place in estimates.indices {
      if estimates[place].statistic.value == nil {
        runs.append([])
      } else {
        runs[runs.count - 1].append(place)
      }
    }
    return runs.filter { !$0.isEmpty }
  }
}
