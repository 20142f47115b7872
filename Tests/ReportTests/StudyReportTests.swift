import Agreement
import Foundation
import Report
import Testing

@Suite struct `What a report says of truth, repeats and studies` {
  private func object(_ report: AgreementReport) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(report.json().utf8)) as? [String: Any])
  }

  /// Three raters on four turns: all agree, two of three, all apart, one rating alone.
  private func votes(_ extent: TruthReport.Extent) throws -> AgreementReport {
    var builder = RatingTable.Builder(categories: ["joy", "fear", "awe"])
    for (item, labels) in [
      ["joy", "joy", "joy"], ["joy", "fear", "joy"], ["awe", "fear", "joy"], ["awe"],
    ]
    .enumerated() {
      for (rater, label) in labels.enumerated() {
        try builder.add(item: "turn \(item)", rater: "r\(rater)", label: label)
      }
    }
    return try AgreementReport(
      builder.table(), title: "votes", program: "undertone 9.9.9",
      resampling: Resampling(replicates: 0), truth: extent)
  }

  @Test func `counts unanimous turns, majorities and ties, and the entropy of soft labels`() throws
  {
    let report = try votes(.summary)
    let truth = try #require(report.truth)
    #expect(truth.unanimous == 1 && truth.majority == 1 && truth.ties == 1)
    // 0, the entropy of 2/3 and 1/3, and log₂ 3, over three turns.
    let third = 1.0 / 3
    let split = -(2 * third * Foundation.log2(2 * third) + third * Foundation.log2(third))
    let expected = (0 + split + Foundation.log2(3)) / 3
    #expect(abs(truth.meanEntropy.value! - expected) < 1e-12)
    #expect(report.text().contains("of 3 turns with two or more ratings 1 are unanimous, 1 have"))
    let members = try #require(try object(report)["truth"] as? [String: Any])
    #expect(members["tied_turns"] as? Int == 1)
    #expect(members["turns"] == nil)
  }

  @Test func `has each turn's votes and estimates where they are asked for`() throws {
    let report = try votes(.turns)
    let members = try #require(try object(report)["truth"] as? [String: Any])
    let turns = try #require(members["turns"] as? [[String: Any]])
    #expect(turns.map { $0["turn"] as? String } == ["turn 0", "turn 1", "turn 2", "turn 3"])
    #expect(turns[1]["votes"] as? [Int] == [2, 1, 0])
    #expect(turns[2]["majority"] as? [String] == ["joy", "fear", "awe"])
    for model in ["dawid_skene", "mace"] {
      let shares = try #require(turns[0][model] as? [Double])
      #expect(abs(shares.reduce(0, +) - 1) < 1e-9 && shares[0] > 0.9)
    }
    #expect(report.csv().contains("soft_label,turn:turn 1|label:fear,0.333"))
  }

  /// Dawid and Skene's and MACE's numbers in the table are those of the module.
  @Test func `gives each rater the skill that Dawid and Skene and MACE find`() throws {
    let table = try Samples.table()
    let report = try Samples.report()
    let skene = try table.dawidSkene(iterations: 1000, tolerance: 1e-10)
    let mace = try table.mace()
    for row in report.raterRows {
      let rater = try #require(table.raters.firstIndex(of: row.rater))
      func value(_ quantity: Quantity) -> Double? {
        row.measures.first { $0.quantity == quantity }?.estimate.statistic.value
      }
      #expect(value(.skill) == skene.accuracy(of: rater))
      #expect(value(.competence) == mace.competence[rater])
    }
    #expect(report.text().contains("D-S") && report.text().contains("MACE"))
    #expect(report.truth?.estimation.contains("converged in") == true)
  }

  @Test func `leaves skill out where nobody asked, or where raters are too many`() throws {
    let table = try Samples.table()
    let without = try AgreementReport(
      table, title: "x", program: "p", resampling: Resampling(replicates: 0), truth: .none)
    #expect(without.truth == nil && !without.text().contains("MACE"))
    var builder = RatingTable.Builder(categories: (0..<65).map { "l\($0)" })
    for rater in 0..<1000 {
      try builder.add(item: "\(rater % 20)", rater: "r\(rater)", label: "l\(rater % 65)")
    }
    let many = try AgreementReport(
      builder.table(), title: "x", program: "p", resampling: Resampling(replicates: 0))
    #expect(many.text().contains("too many raters and labels to estimate"))
  }

  @Test func `shows both weights of the evaluator weighted estimate, and its values when asked`()
    throws
  {
    let report = try AgreementReport(
      Samples.values(), level: .interval, title: "judges", program: "p",
      resampling: Resampling(replicates: 0), truth: .turns)
    let table = try Samples.values()
    let (others, all) = (
      try table.evaluatorWeightedEstimate(.meanOfOthers), try table.evaluatorWeightedEstimate()
    )
    for (row, weights) in zip(report.raterRows, zip(others.weights, all.weights)) {
      let found = row.measures.filter {
        [.eweWeight, .eweWeightOfAll].contains($0.quantity)
      }.map(\.estimate.statistic)
      #expect(found == [weights.0, weights.1])
    }
    let truth = try #require(try object(report)["truth"] as? [String: Any])
    let turns = try #require(truth["turns"] as? [[String: Any]])
    let first = try #require((turns[0]["ewe"] as? [String: Any])?["value"] as? Double)
    #expect(abs(first - others.values[0].value!) < 1e-12)
    #expect(report.csv().contains("ewe_mean_of_all,turn:target 1,"))
  }

  @Test func `has agreement with oneself in every format`() throws {
    let report = try Samples.everything()
    #expect(report.repeats.count == 2)
    let row = report.repeats[0]
    let kappa = try #require(row.measures.first { $0.quantity == .repeatKappa })
    #expect(row.turns == 10)
    // Three of ten turns were answered otherwise, 0, 4 and 8: κ from the table by hand.
    let raw = try #require(row.measures.first { $0.quantity == .repeatRaw })
    #expect(raw.estimate.statistic == .value(0.7))
    let (first, second) = ([4.0, 3, 3], [4.0, 3, 3])
    let chance = zip(first, second).map { $0 * $1 / 100 }.reduce(0, +)
    #expect(abs(kappa.estimate.statistic.value! - (0.7 - chance) / (1 - chance)) < 1e-12)
    let bounds = try #require(kappa.estimate.percentile)
    #expect(bounds.low < kappa.estimate.statistic.value! && bounds.high <= 1)
    #expect(report.text().contains("with oneself, again"))
    #expect(report.html().contains("With oneself"))
    #expect(report.latex().contains("tab:repeats"))
    #expect((try object(report)["repeats"] as? [Any])?.count == 2)
    #expect(report.csv().contains("repeat_kappa,"))
  }

  @Test func `names who is flagged, by which rule, in every format`() throws {
    let report = try Samples.everything()
    let study = try #require(report.study)
    let flagged = study.summary.raters.filter { $0.rates.isRubberStamp }
    #expect(flagged.map(\.rater) == [Nasty.markup])
    let text = report.text().replacing("\n", with: " ")
    #expect(text.contains("Flagged as taking suggestions without looking: <script>"))
    #expect(text.contains("at least 95 % of at least 20 suggestions in view"))
    #expect(report.html().contains("(flagged)"))
    #expect(report.html().contains("at least 95 % of at least 20 suggestions"))
    #expect(report.latex().contains("Flagged as taking suggestions"))
    let members = try #require(try object(report)["study"] as? [String: Any])
    let raters = try #require(members["per_rater"] as? [[String: Any]])
    #expect(
      raters.filter { $0["rubber_stamp"] as? Bool == true }.map { $0["rater"] as? String }
        == [Nasty.markup])
    #expect(report.csv().contains("rubber_stamp,"))
  }

  @Test func `has the study's numbers, its drift and its source the same in JSON and CSV`() throws {
    let report = try Samples.everything()
    let study = try #require(report.study)
    let members = try #require(try object(report)["study"] as? [String: Any])
    let all = try #require(members["all"] as? [String: Any])
    let wanted: [(String, Estimate)] = [
      ("suggestion_pull", study.summary.all.pull), ("acceptance", study.summary.all.acceptance),
      ("changed_towards_suggestion", study.summary.all.towards),
      ("changed_away_from_suggestion", study.summary.all.away),
      ("faster_than_sound", study.summary.all.faster),
      ("labelled_unheard", study.summary.all.unheard),
      ("fleiss_kappa_difference", study.summary.all.kappaDifference),
    ]
    for (key, estimate) in wanted {
      let found = try #require((all[key] as? [String: Any])?["value"] as? Double, "\(key)")
      #expect(abs(found - estimate.statistic.value!) < 1e-12, "\(key)")
      let low = try #require((all[key] as? [String: Any])?["low"] as? Double, "\(key)")
      #expect(abs(low - estimate.percentile!.low) < 1e-12, "\(key)")
      #expect(report.csv().contains("\(key),study,\(estimate.statistic.value!),"), "\(key)")
    }
    #expect((members["windows"] as? [Any])?.count == 5)
    #expect(members["source"] as? String == "sage \(Nasty.markup)")
    #expect(report.csv().contains("acceptance,study|window:5,"))
    for work in ["rao1988", "schroeder2025", "sheps1958", "dawid1979", "hovy2013"] {
      #expect(report.latex().contains("\\bibitem{\(work)}"))
    }
    #expect(report.html().contains("arXiv:2507.15821"))
  }
}
