import Agreement
import Foundation
import Report
import Testing

@Suite struct `The agreement report` {
  @Test(arguments: [1, 2, 4, 11, 14])
  func `fits into 80 columns and sends no control character`(raters: Int) throws {
    let text = try Samples.report(raters: raters).text()
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      #expect(line.count <= 80, "\(line)")
    }
    let controls = text.unicodeScalars.filter { $0.value < 0x20 && $0 != "\n" }
    #expect(controls.isEmpty)
    #expect(text.hasSuffix("\n"))
    #expect(raters > 1 || text.contains("undefined: no item has two ratings"))
  }

  @Test func `with everything in it still fits into 80 columns`() throws {
    let text = try Samples.everything().text()
    for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    #expect(!text.unicodeScalars.contains { $0 == "\u{202E}" || $0 == "\u{1B}" })
    #expect(text.contains("by speaker"))
    #expect(text.contains("by window"))
    #expect(text.contains("gatedxlstm beside people"))
    #expect(text.contains("── valence"))
  }

  @Test func `opens with α and its interval, raw agreement and AC1`() throws {
    let report = try Samples.report()
    let lines = report.text().split(separator: "\n").map(String.init)
    let alpha = try #require(lines.firstIndex { $0.hasPrefix("Krippendorff's α") })
    #expect(lines[alpha + 1].hasPrefix("Raw agreement"))
    #expect(lines[alpha + 2].hasPrefix("Gwet's AC1"))
    let estimate = report.headline[0].estimate
    let value = String(format: "%.3f", estimate.statistic.value!)
    let low = String(format: "%.3f", estimate.percentile!.low)
    let high = String(format: "%.3f", estimate.percentile!.high)
    #expect(lines[alpha].contains(value) && lines[alpha].contains("[\(low), \(high)]"))
    #expect(lines.contains { $0.hasPrefix("8 dialogues, 40 turns, ") })
    #expect(report.text().contains("␛[2Jquarrel"))
  }

  @Test func `as JSON holds every statistic, and names survive`() throws {
    var report = try Samples.report()
    report.parts = [try Samples.report(raters: 1)]
    let text = report.json()
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(object["schema"] as? Int == 1)
    let alpha = try #require(object["alpha_nominal"] as? [String: Any])
    // Foundation's reader may miss the last bit.
    func close(_ key: String, _ wanted: Double?) -> Bool {
      guard let found = alpha[key] as? Double, let wanted else { return false }
      return abs(found - wanted) < 1e-15
    }
    let estimate = report.headline[0].estimate
    #expect(close("value", estimate.statistic.value))
    #expect(close("low", estimate.percentile?.low))
    #expect(close("high", estimate.percentile?.high))
    let labels = try #require(object["per_label"] as? [[String: Any]])
    #expect(labels.map { $0["label"] as? String } == Samples.labels)
    let pairs = try #require(object["pairs"] as? [[String: Any]])
    #expect(pairs.count == 6)
    #expect(pairs.contains { ($0["raters"] as? [String])?.contains(Nasty.rater) == true })
    let parts = try #require(object["parts"] as? [[String: Any]])
    let undefined = try #require(parts[0]["alpha_nominal"] as? [String: Any])
    #expect(undefined["value"] is NSNull)
    #expect(undefined["undefined"] as? String == "no item has two ratings")
  }

  @Test func `names the seed, the replicates and what was drawn in every format`() throws {
    let report = try Samples.everything()
    #expect(report.text().contains("200 bootstrap replicates over"))
    #expect(report.text().contains("seed 7"))
    #expect(report.json().contains(#""seed": "7""#))
    #expect(report.csv().contains("\nseed,all,7,"))
    for document in [report.html(), report.latex()] {
      #expect(document.contains("200 bootstrap replicates over dialogues, seed 7"))
      #expect(document.contains("undertone 9.9.9"))
    }
  }

  @Test func `is the same text every time`() throws {
    let (one, other) = (try Samples.everything(), try Samples.everything())
    #expect(one.text() == other.text())
    #expect(one.json() == other.json())
    #expect(one.csv() == other.csv())
    #expect(one.html() == other.html())
    #expect(one.latex() == other.latex())
  }

  /// Shrout and Fleiss 1979, tables 2 and 4.
  @Test func `gives Shrout and Fleiss's intraclass correlations for their example`() throws {
    let report = try AgreementReport(
      Samples.values(), level: .interval, title: "judges", program: "undertone 9.9.9")
    func value(_ quantity: Quantity) -> Double {
      report.others.first { $0.quantity == quantity }?.estimate.statistic.value ?? .nan
    }
    let wanted: [(Quantity, Double)] = [
      (.icc11, 0.17), (.icc21, 0.29), (.icc31, 0.71), (.icc1k, 0.44), (.icc2k, 0.62),
      (.icc3k, 0.91), (.cronbach, 0.91),
    ]
    for (quantity, printed) in wanted {
      #expect(abs(value(quantity) - printed) < 0.0051, "\(quantity.name)")
    }
    #expect(report.raterRows.map(\.rater) == ["judge 1", "judge 2", "judge 3", "judge 4"])
    #expect(report.text().contains("ICC(2,1)"))
  }

  /// Passonneau 2006: sets that are the same, a subset, an overlap, and none in common.
  @Test func `compares sets of labels, an empty one being an answer`() throws {
    var builder = RatingTable.Builder()
    let answers: [([String], [String])] = [
      (["joy"], ["joy"]), (["joy", "awe"], ["joy"]), ([], []), (["fear"], []),
    ]
    for (item, pair) in answers.enumerated() {
      try builder.add(item: "\(item)", rater: "ana", labels: pair.0)
      try builder.add(item: "\(item)", rater: "ben", labels: pair.1)
    }
    let report = try AgreementReport(
      builder.table(), level: .sets, title: "sets", program: "undertone 9.9.9",
      resampling: Resampling(replicates: 50))
    // Two of four turns have the very same sets.
    #expect(report.headline[1].estimate.statistic == .value(0.5))
    #expect(report.labels.map(\.label) == ["awe", "fear", "joy"])
    // D_o: the mean over the turns of 0, 1 − ½·⅔, 0 and 1. D_e by hand over the eight sets: three
    // {joy}, one {awe, joy}, three empty ones, one {fear}.
    let observed: Double = (2.0 / 3 + 1) / 4
    let apart: Double = 2 + 9 + 3 + 3 + 1 + 3
    let expected: Double = 2 * apart / 56
    let alpha = 1 - observed / expected
    let found = try #require(report.headline[0].estimate.statistic.value)
    #expect(abs(found - alpha) < 1e-12)
  }

  @Test func `has no interval over dialogues where there is one dialogue, and says so`() throws {
    var builder = RatingTable.Builder()
    for turn in 0..<6 {
      for rater in ["ana", "ben"] {
        try builder.add(
          item: "\(turn)", dialogue: "only", rater: rater,
          label: turn == 5 ? rater : turn % 2 == 0 ? "joy" : "awe")
      }
    }
    let table = try builder.table()
    let report = try AgreementReport(table, title: "one", program: "undertone 9.9.9")
    #expect(report.headline.allSatisfy { $0.estimate.percentile == nil })
    #expect(report.text().contains("No intervals: they are over dialogues"))
    let items = try AgreementReport(
      table, title: "one", program: "undertone 9.9.9", resampling: Resampling(unit: .items))
    #expect(items.headline[0].estimate.percentile != nil)
  }

  @Test func `of one part says how many turns it rests on`() throws {
    let report = try Samples.everything()
    let speakers = try #require(report.breakdowns.first { $0.scope == "speaker" })
    #expect(speakers.parts.map(\.counts.items).reduce(0, +) == report.counts.items)
    let windows = try #require(report.breakdowns.first { $0.scope == "window" })
    #expect(windows.parts.map(\.counts.items) == [8, 8, 8, 8, 8])
    // A part's numbers are those of a report on the part alone.
    let table = try Samples.table()
    var whole = try Samples.report()
    let halves = table.split { $0.item < 20 ? "first" : "second" }
    whole.addBreakdown(halves, by: "half", explanation: "Halves.")
    for (part, half) in zip(whole.breakdowns[0].parts, halves) {
      let alone = try AgreementReport(
        half.table, title: "half", program: "undertone 9.9.9", group: "person",
        resampling: Resampling(replicates: 100))
      #expect(part.measures == alone.headline && part.others == alone.others)
      #expect(part.labels == alone.labels)
    }
    #expect(whole.breakdowns[0].parts[0].measures != whole.breakdowns[0].parts[1].measures)
  }
}

@Suite struct `The agreement report as CSV` {
  @Test func `is tidy: seven columns in every row, whatever names hold`() throws {
    let rows = records(try Samples.everything().csv())
    #expect(rows[0] == ["statistic", "scope", "value", "low", "high", "n", "note"])
    for row in rows { #expect(row.count == 7, "\(row)") }
    #expect(rows.contains { $0[0] == "alpha_nominal" && $0[1] == "label:joy & <b>glee</b>" })
    #expect(rows.contains { $0[0] == "ratings" && $0[1] == "rater:\(Nasty.tex)" })
    #expect(rows.contains { $0[0] == "icc_2_1" && $0[1] == "valence" && !$0[3].isEmpty })
    #expect(rows.contains { $0[0] == "difference_wa" && $0[1] == "model:gatedxlstm" })
  }

  @Test func `has value, low and high of each statistic in their columns`() throws {
    let report = try Samples.report()
    let rows = records(report.csv())
    for measure in report.headline {
      let row = try #require(rows.first { $0[0] == measure.quantity.rawValue && $0[1] == "all" })
      let bounds = try #require(measure.estimate.percentile)
      #expect(Double(row[2]) == measure.estimate.statistic.value)
      #expect(Double(row[3]) == bounds.low && Double(row[4]) == bounds.high)
      #expect(row[5] == "\(report.counts.sharedItems)")
    }
  }

  @Test func `has no value but a note where there is none`() throws {
    let rows = records(try Samples.report(raters: 1).csv())
    let alpha = try #require(rows.first { $0[0] == "alpha_nominal" && $0[1] == "all" })
    #expect(alpha[2] == "" && alpha[6] == "no item has two ratings")
  }

  /// The records of a CSV text, read as RFC 4180 says.
  private func records(_ text: String) -> [[String]] {
    var records: [[String]] = []
    var (record, cell, isQuoted) = ([String](), "", false)
    var scalars = Array(text.unicodeScalars)[...]
    while let scalar = scalars.popFirst() {
      switch (scalar, isQuoted) {
      case ("\"", true) where scalars.first == "\"":
        scalars.removeFirst()
        cell.unicodeScalars.append("\"")
      case ("\"", _): isQuoted.toggle()
      case (",", false):
        record.append(cell)
        cell = ""
      case ("\n", false):
        records.append(record + [cell])
        (record, cell) = ([], "")
      default: cell.unicodeScalars.append(scalar)
      }
    }
    return records
  }
}
