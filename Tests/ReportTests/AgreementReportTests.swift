import Agreement
import Foundation
import Report
import Testing

@Suite struct `The agreement report` {
  /// Four raters, 40 turns in 8 dialogues, a label and a rater with names that want to do harm.
  static func report(raters: Int = 4, nasty: Bool = true) throws -> AgreementReport {
    var builder = RatingTable.Builder(categories: ["neutral", "joy", "fear", "\u{1B}[2Jquarrel"])
    for turn in 0..<40 {
      for rater in 0..<raters where (turn + rater) % 7 != 0 {
        let name = rater == 0 && nasty ? "ana\u{7}\"\n" : "rater-\(rater)"
        let label = (turn / 5 + (turn % (rater + 3) == 0 ? 1 : 0)) % 4
        try builder.add(
          item: "\(turn)", dialogue: "\(turn / 5)", rater: name,
          label: ["neutral", "joy", "fear", "\u{1B}[2Jquarrel"][label])
      }
    }
    return AgreementReport(
      title: "friends", group: "person",
      summary: try builder.table().summary(Resampling(replicates: 100)))
  }

  @Test(arguments: [1, 2, 4, 11, 14])
  func `fits into 80 columns and sends no control character`(raters: Int) throws {
    let text = try Self.report(raters: raters).text()
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      #expect(line.count <= 80, "\(line)")
    }
    let controls = text.unicodeScalars.filter { $0.value < 0x20 && $0 != "\n" }
    #expect(controls.isEmpty)
    #expect(text.hasSuffix("\n"))
    #expect(raters > 1 || text.contains("undefined: no item has two ratings"))
  }

  @Test func `opens with α and its interval, raw agreement and AC1`() throws {
    let report = try Self.report()
    let lines = report.text().split(separator: "\n").map(String.init)
    let alpha = try #require(lines.firstIndex { $0.hasPrefix("Krippendorff's α") })
    #expect(lines[alpha + 1].hasPrefix("raw agreement"))
    #expect(lines[alpha + 2].hasPrefix("Gwet's AC1"))
    let value = String(format: "%.3f", report.summary.alpha.statistic.value!)
    let low = String(format: "%.3f", report.summary.alpha.percentile!.low)
    #expect(lines[alpha].contains(value) && lines[alpha].contains("[\(low), "))
    #expect(lines.contains { $0.hasPrefix("8 dialogues, 40 turns, ") })
    #expect(report.text().contains("␛[2Jquarrel"))
  }

  @Test func `as JSON holds every statistic, and names survive`() throws {
    let report = try Self.report()
    let text = report.json(others: [try Self.report(raters: 1)])
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(object["schema"] as? Int == 1)
    let alpha = try #require(object["alpha_nominal"] as? [String: Any])
    // Foundation's reader may miss the last bit.
    func close(_ key: String, _ wanted: Double?) -> Bool {
      guard let found = alpha[key] as? Double, let wanted else { return false }
      return abs(found - wanted) < 1e-15
    }
    #expect(close("value", report.summary.alpha.statistic.value))
    #expect(close("low", report.summary.alpha.percentile?.low))
    #expect(close("high", report.summary.alpha.percentile?.high))
    let labels = try #require(object["per_label"] as? [[String: Any]])
    #expect(labels.map { $0["label"] as? String } == report.summary.labels)
    let pairs = try #require(object["pairs"] as? [[String: Any]])
    #expect(pairs.count == 6)
    #expect(pairs.contains { ($0["raters"] as? [String])?.contains("ana\u{7}\"\n") == true })
    let others = try #require(object["other_groups"] as? [[String: Any]])
    let undefined = try #require(others[0]["alpha_nominal"] as? [String: Any])
    #expect(undefined["value"] is NSNull)
    #expect(undefined["undefined"] as? String == "no item has two ratings")
  }
}
