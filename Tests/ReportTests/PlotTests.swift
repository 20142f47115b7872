import Agreement
import Foundation
import Report
import Testing

/// That drawings show the numbers they are drawn from: places are read off the page and compared.
@Suite struct `The plots of the page` {
  /// A section of the page, from its heading to its end.
  private func section(_ id: String, of report: AgreementReport) throws -> String {
    let html = report.html()
    let start = try #require(html.range(of: "<section aria-labelledby=\"\(id)\">"), "\(id)")
    let end = try #require(html.range(of: "</section>", range: start.upperBound..<html.endIndex))
    return String(html[start.lowerBound..<end.upperBound])
  }

  private func numbers(_ pattern: String, in text: String) throws -> [Double] {
    try text.matches(of: Regex(pattern, as: (Substring, Substring).self)).map {
      try #require(Double($0.1))
    }
  }

  /// Values are drawn on a line: from where those of three points lie, the line is known.
  private func isLinear(_ places: [Double], _ values: [Double]) -> Bool {
    guard places.count == values.count, let low = values.min(), let high = values.max(), low < high,
      let start = places.min(), let end = places.max()
    else { return false }
    return zip(places, values).allSatisfy {
      abs(($0 - start) / (end - start) - ($1 - low) / (high - low)) < 0.002
    }
  }

  @Test func `the labels' dots and bars lie where their α is, highest first`() throws {
    let report = try Samples.report()
    let text = try section("labels", of: report)
    let values = report.labels.compactMap(\.alpha.statistic.value).sorted(by: >)
    let places = try numbers(#"<circle class="dot" cx="([0-9.]+)%""#, in: text)
    #expect(values.count == 4 && isLinear(places, values))
    let bounds = report.labels.sorted {
      $0.alpha.statistic.value! > $1.alpha.statistic.value!
    }.compactMap(\.alpha.percentile)
    let lows = try numbers(#"<line class="range" x1="([0-9.]+)%""#, in: text)
    let highs = try numbers(#"<line class="range" x1="[0-9.]+%" x2="([0-9.]+)%""#, in: text)
    #expect(bounds.count == 4)
    #expect(isLinear(places + lows + highs, values + bounds.map(\.low) + bounds.map(\.high)))
    let bars = try numbers(#"<rect class="bar[ low]*" x="[0-9.]+%" width="([0-9.]+)%""#, in: text)
    #expect(isLinear(bars, values.map(abs)))
  }

  @Test func `the map of pairs has each pair's κ twice, and none of a rater with themselves`()
    throws
  {
    let report = try Samples.report()
    let text = try section("pairs", of: report)
    let pairwise = try #require(report.pairwise)
    for (one, row) in pairwise.raters.enumerated() where report.raters[row].hasPrefix("rater") {
      for (other, column) in pairwise.raters.enumerated()
      where one != other && report.raters[column].hasPrefix("rater") {
        let kappa = try #require(pairwise.table(one, other).cohenKappa.value)
        let shown = String(format: "%.3f", abs(kappa))
        let title =
          "\(report.raters[row]) and \(report.raters[column]): κ \(kappa < 0 ? "−" : "")\(shown), "
        #expect(text.contains(title), "\(title)")
      }
    }
    #expect(text.matches(of: #/class="cell/#).count == 12)
  }

  @Test
  func `the confusion matrix says of each label what the others said, in per cent of the row`()
    throws
  {
    var builder = RatingTable.Builder(categories: ["joy", "fear"])
    // Joy with joy twice, joy with fear once, fear with fear once.
    for (item, pair) in [("joy", "joy"), ("joy", "joy"), ("joy", "fear"), ("fear", "fear")]
      .enumerated()
    {
      try builder.add(item: "\(item)", rater: "ana", label: pair.0)
      try builder.add(item: "\(item)", rater: "ben", label: pair.1)
    }
    let report = try AgreementReport(
      builder.table(), title: "four", program: "p", resampling: Resampling(replicates: 0))
    let text = try section("confusion", of: report)
    for sentence in [
      "where one said joy, 80 % of the others said joy (4 pairs of ratings)",
      "where one said joy, 20 % of the others said fear (1 pair of ratings)",
      "where one said fear, 33 % of the others said joy (1 pair of ratings)",
      "where one said fear, 67 % of the others said fear (2 pairs of ratings)",
    ] {
      #expect(text.contains(sentence), "\(sentence)")
    }
    #expect(text.contains("where one said fear, 33 % of the others said joy. All pairs"))
  }

  @Test func `the bars of a rater are as wide as the labels are frequent`() throws {
    let report = try Samples.report()
    let text = try section("raters", of: report)
    let widths = try numbers(
      #"<rect class="part k\d" x="[0-9.]+%" y="\d+" width="([0-9.]+)%""#, in: text)
    let shares = report.raterRows.flatMap { row in
      row.answers.filter { $0 > 0 }.map { Double($0) / Double(row.answers.reduce(0, +)) }
    }
    #expect(widths.count == shares.count)
    for (width, share) in zip(widths, shares) { #expect(abs(width - 74 * share) < 0.02) }
  }

  @Test func `α over time goes from left to right, higher values higher`() throws {
    let report = try Samples.everything()
    let windows = try #require(report.breakdowns.first { $0.scope == "window" })
    let text = try section("by-window", of: report)
    let values = windows.parts.compactMap { $0.measures[0].estimate.statistic.value }
    let across = try numbers(#"<circle class="dot" cx="([0-9.]+)%""#, in: text)
    let down = try numbers(#"<circle class="dot" cx="[0-9.]+%" cy="(\d+)""#, in: text)
    #expect(values.count == across.count && values.count > 2)
    #expect(across == across.sorted())
    for one in values.indices {
      for other in values.indices where values[one] > values[other] + 0.02 {
        #expect(down[one] < down[other])
      }
    }
  }

  @Test
  func `the model is a square beside the people, whose mean is a line and their range a band`()
    throws
  {
    let report = try Samples.everything()
    let comparison = try #require(report.models.first?.comparison)
    let text = try section("model0-section", of: report)
    let square = try numbers(#"<svg x="([0-9.]+)%" y="\d+"><rect class="dot model""#, in: text)
    let dots = try numbers(#"<circle class="dot" cx="([0-9.]+)%""#, in: text)
    let line = try numbers(#"<line class="dashed" x1="([0-9.]+)%""#, in: text)
    let band = try numbers(#"<rect class="band" x="([0-9.]+)%""#, in: text)
    let mean = try #require(comparison.accuracy.people.statistic.value)
    let people = comparison.people.compactMap(\.own.accuracy.value)
    #expect(
      isLinear(
        square + dots + line,
        [try #require(comparison.accuracy.model.statistic.value), mean] + people + [mean]))
    #expect(band == [dots.dropFirst().min()])
  }

  @Test func `every plot of the design is there, with a name, a description and its numbers`()
    throws
  {
    let html = try Samples.everything().html()
    for title in [
      "Cohen’s κ of each pair of raters", "α of each label with its interval",
      "Confusion matrix of the labels", "α by window",
      "Model and people against the majority of the others", "Label distribution by rater",
      "Bias of suggestions by rater", "κ of each rater with themselves",
      "Turns by how their ratings agree", "Acceptance over the course of the work",
    ] {
      #expect(html.contains(">\(title)</title>"), "\(title)")
    }
    let plots = html.matches(of: #/<svg role="img" aria-labelledby="([^ "]+) ([^ "]+)"/#)
    for plot in plots {
      #expect(html.contains("<title id=\"\(plot.1)\">"))
      let description = try #require(html.range(of: "<desc id=\"\(plot.2)\">"))
      #expect(!html[description.upperBound...].hasPrefix("</desc>"))
    }
    #expect(html.matches(of: #/<caption>/#).count >= plots.count)
  }
}
