import Agreement
import Foundation
import Testing

/// Correlations of values on a scale against R's psych and epiR, audmetric and pingouin, which agree
/// with one another on all of these (vectors.json).
@Suite(.enabled(if: Vectors.path != nil, "needs ../shared/data/agreement"))
struct `Ratings on a scale` {
  static let names = ["shrout_fleiss1979", "bland_altman1986_pefr", "random_real_complete_6x500"]

  func close(_ found: Double?, _ wanted: Double, _ tolerance: Double = 1e-9) -> Bool {
    found.map { abs($0 - wanted) <= tolerance } ?? false
  }

  @Test(arguments: names)
  func `intraclass correlations and their intervals are those of psych`(name: String) throws {
    let vectors = try Vectors(#require(Vectors.path))
    let one = try #require(vectors.cases().first { $0.name == name })
    let icc = try one.table.intraclassCorrelation()
    let forms = [
      "ICC1": icc.single1, "ICC2": icc.single2, "ICC3": icc.single3, "ICC1k": icc.mean1,
      "ICC2k": icc.mean2, "ICC3k": icc.mean3,
    ]
    for (key, form) in forms {
      let libraries = one.expected["icc_\(key)"]!["libs"] as! [String: [String: Any]]
      let psych = libraries["R psych 2.2.9"]!
      let ends = psych["CI95"] as! [Double]
      #expect(close(form.value.value, psych["ICC"] as! Double), "\(key)")
      #expect(close(form.interval?.low, ends[0], 1e-8), "\(key)")
      #expect(close(form.interval?.high, ends[1], 1e-8), "\(key)")
    }
    let libraries = one.expected["cronbach_alpha"]!["libs"] as! [String: Any]
    let alpha = (libraries["pingouin 0.6.1"] as! [String: Any])["alpha"] as! Double
    #expect(close(try one.table.cronbachAlpha().value, alpha))
  }

  @Test(arguments: names)
  func `concordance and Pearson's correlation are those of audmetric and epiR`(name: String) throws
  {
    let vectors = try Vectors(#require(Vectors.path))
    let one = try #require(vectors.cases().first { $0.name == name })
    var compared = 0
    for (key, expected) in one.expected {
      guard let open = key.firstIndex(of: "["), key.hasPrefix("ccc") || key.hasPrefix("pearson")
      else { continue }
      let pair = key[key.index(after: open)...].dropLast().split(separator: ",").map { Int($0)! }
      let found = try one.table.concordance(pair[0], pair[1])
      let libraries = expected["libs"] as! [String: Any]
      let wanted = libraries["audmetric 1.4.2"] as! Double
      #expect(close((key.hasPrefix("ccc") ? found.ccc : found.pearson).value, wanted))
      compared += 1
      if let epiR = libraries["R epiR 2.0.57"] as? [String: Any],
        let ends = epiR["ci_z"] as? [Double]
      {
        #expect(close(found.interval?.low, ends[0], 1e-8), "\(key)")
        #expect(close(found.interval?.high, ends[1], 1e-8), "\(key)")
      }
    }
    #expect(compared > 1)
  }

  @Test(arguments: ["shrout_fleiss1979", "random_real_complete_6x500"])
  func `the evaluator weighted estimate is that of both definitions`(name: String) throws {
    let vectors = try Vectors(#require(Vectors.path))
    let expected = (vectors.root["ewe"] as! [String: [String: Any]])[name]!
    let table = try vectors.table(name)
    var compared = 0
    for (weighting, weights, values) in [
      (RaterWeighting.meanOfAll, "weights_grimm_kroschel_mean_of_all", "ewe_grimm_kroschel"),
      (.meanOfOthers, "weights_leave_one_out", "ewe_leave_one_out"),
    ] {
      let found = try table.evaluatorWeightedEstimate(weighting)
      for (ours, theirs) in [(found.weights, weights), (found.values, values)] {
        for (value, wanted) in zip(ours, expected[theirs] as! [Double]) {
          #expect(close(value.value, wanted), "\(name) \(theirs)")
          compared += 1
        }
      }
    }
    print("EWE \(name): \(compared) weights and estimates")
  }

  @Test func `the estimate makes do with whoever rated an item`() throws {
    // audpsychometric cannot do this; by hand from the definition.
    var builder = RatingTable.Builder()
    let rows: [[Double?]] = [[1, 2, nil], [2, 3, 3], [4, 4, 5], [1, 2, 1], [nil, 7, nil]]
    for (item, row) in rows.enumerated() {
      for (rater, value) in row.enumerated() {
        guard let value else { continue }
        try builder.add(item: "\(item)", rater: "\(rater)", value: value)
      }
    }
    let found = try builder.table().evaluatorWeightedEstimate(.meanOfOthers)
    let weights = found.weights.compactMap(\.value)
    #expect(weights.count == 3)
    let first = (weights[0] * 1 + weights[1] * 2) / (weights[0] + weights[1])
    #expect(close(found.values[0].value, first))
    #expect(close(found.values[4].value, 7))
    // Rater 2: 3, 5, 1 with the others' means 2.5, 4, 1.5: r = 5 / √(8 · 19/6).
    #expect(close(weights[2], 5 / (8 * 19.0 / 6).squareRoot()))
  }

  @Test func `a rater who is always higher has a bias and no other weight`() throws {
    var builder = RatingTable.Builder()
    for item in 0..<10 {
      let value = Double((item * 3) % 7)
      try builder.add(item: "\(item)", rater: "a", value: value)
      try builder.add(item: "\(item)", rater: "b", value: value)
      try builder.add(item: "\(item)", rater: "high", value: value + 2)
      try builder.add(item: "\(item)", rater: "same", value: 3)
    }
    let table = try builder.table()
    let raters = try table.keeping(raters: { $0 != "same" }).scaleRaters()
    #expect(raters.map(\.rater) == ["a", "b", "high"])
    #expect(close(raters[2].bias.value, 2) && close(raters[0].bias.value, -1))
    #expect(close(raters[2].biasSpread.value, 0))
    #expect(close(raters[2].correlation.value, 1))
    #expect(raters[0].spread == raters[2].spread)
    let weights = try table.evaluatorWeightedEstimate().weights
    #expect(weights[3] == .undefined(.noVariance))
  }

  @Test func `no variation, a single item and words are no correlation`() throws {
    var builder = RatingTable.Builder()
    for item in 0..<3 {
      try builder.add(item: "\(item)", rater: "a", value: 2)
      try builder.add(item: "\(item)", rater: "b", value: 2)
    }
    #expect(try builder.table().intraclassCorrelation().single2.value == .undefined(.noVariance))
    #expect(try builder.table().concordance(0, 1).ccc == .undefined(.noVariance))
    var words = RatingTable.Builder()
    try words.add(item: "t", rater: "a", label: "joy")
    #expect(throws: RatingError.notNumeric(label: "joy")) {
      try words.table().intraclassCorrelation()
    }
    #expect(Concordance([(1, 1)]).ccc == .undefined(.tooFewItems))
    #expect(Concordance([]).ccc == .undefined(.nothingShared))
  }
}
