import Agreement
import Testing

/// What comes from files and hands, at the level of the module: an answer with a reason or an error.
@Suite struct `Bad input` {
  func table(_ rows: [(String, String, String)]) throws -> RatingTable {
    var builder = RatingTable.Builder()
    for (item, rater, label) in rows { try builder.add(item: item, rater: rater, label: label) }
    return try builder.table()
  }

  /// Asks a table for everything there is.
  func everything(of table: RatingTable) throws -> [Statistic] {
    let plan = Resampling(replicates: 20)
    let summary = table.summary(plan)
    let weights = AgreementWeights.linear(positions: table.categories.indices.map(Double.init))
    let weighted = table.weightedAgreement(weights)
    let errors = table.agreementErrors(weights)
    var all = [
      summary.alpha.statistic, summary.raw.statistic, summary.ac1.statistic,
      summary.fleiss.statistic, summary.brennanPrediger.statistic, summary.pooled.statistic,
      summary.fleiss1971, summary.conger, summary.light, summary.two.cohen, summary.two.scott,
      summary.two.maximum, weighted.raw, weighted.fleiss, weighted.conger,
      weighted.brennanPrediger, weighted.ac, errors.raw, errors.fleiss, errors.conger,
      errors.brennanPrediger, errors.ac, errors.alpha, table.fleissKappa.standardErrorByChance,
    ]
    for metric in [Metric.nominal, .ordinal, .interval, .ratio] {
      all.append(table.alpha(metric, plan).statistic)
    }
    for distance in SetDistance.allCases { all.append(table.alpha(distance, plan).statistic) }
    all += table.alphaOfLabels.map(\.alpha)
    all += summary.perLabel.flatMap {
      [$0.prevalence, $0.specific.statistic, $0.alpha.statistic, $0.kappa.statistic]
    }
    all += summary.perRater.flatMap {
      [
        $0.meanKappa, $0.alphaWithout, $0.againstMajority.table.rawAgreement,
        $0.againstMajority.table.cohenKappa, $0.againstMajority.table.cohenStandardError,
        $0.againstMajority.table.cohenStandardErrorByChance,
      ]
    }
    all += table.items.indices.map { table.votes(on: $0).entropy }
    let intraRater = table.intraRater()
    all += intraRater.flatMap { [$0.raw, $0.alpha] }
    for weighting in RaterWeighting.allCases {
      if let estimate = try? table.evaluatorWeightedEstimate(weighting) {
        all += estimate.weights + estimate.values
      }
    }
    if let raters = try? table.scaleRaters() {
      all += raters.flatMap { [$0.mean, $0.spread, $0.bias, $0.biasSpread, $0.correlation] }
    }
    if let icc = try? table.intraclassCorrelation() {
      all += [icc.single1, icc.single2, icc.single3, icc.mean1, icc.mean2, icc.mean3].map(\.value)
    }
    if let model = table.compare(model: table.raters.first ?? "", with: { _ in true }, plan) {
      all += [model.accuracy, model.recall, model.kappa].map(\.difference.statistic)
    }
    all += try table.dawidSkene(iterations: 20).posteriors.map { .value($0) }
    all += try table.mace(restarts: 2, iterations: 5).posteriors.map { .value($0) }
    return all
  }

  /// Every statistic of a table is a finite number or has a reason that can be read.
  func isSound(_ table: RatingTable) throws -> Bool {
    try everything(of: table).allSatisfy { statistic in
      switch statistic {
      case .value(let value): value.isFinite
      case .undefined(let reason): !"\(reason)".isEmpty
      }
    }
  }

  @Test func `an empty table`() throws {
    #expect(try isSound(table([])))
    #expect(try isSound(RatingTable.Builder(categories: ["joy", "fear"]).table()))
    let summary = try table([]).summary()
    #expect(summary.alpha.statistic == .undefined(.nothingShared))
    #expect(summary.alpha.percentile == nil)
    #expect(summary.counts.ratings == 0)
  }

  @Test func `one rating, one rater, one item`() throws {
    #expect(try isSound(table([("1", "ana", "joy")])))
    #expect(try isSound(table([("1", "ana", "1"), ("2", "ana", "2"), ("3", "ana", "1")])))
    #expect(try isSound(table([("1", "ana", "1"), ("1", "ben", "2"), ("1", "cleo", "3")])))
  }

  @Test func `no overlap`() throws {
    let table = try table([("1", "ana", "1"), ("2", "ben", "2"), ("3", "ana", "2")])
    #expect(try isSound(table))
    #expect(table.summary().raw.statistic == .undefined(.nothingShared))
    #expect(try table.evaluatorWeightedEstimate().weights[0] == .undefined(.nothingShared))
    #expect(try table.evaluatorWeightedEstimate().values[0] == .undefined(.noWeight))
  }

  @Test func `all the same`() throws {
    let rows = (0..<30).map { ("\($0 / 3)", "r\($0 % 3)", "4") }
    let table = try table(rows)
    #expect(try isSound(table))
    #expect(table.summary().raw.statistic == .value(1))
    #expect(table.summary().alpha.statistic == .undefined(.noVariation))
    #expect(table.alpha(.interval).alpha == .undefined(.noVariation))
    #expect(try table.dawidSkene().posterior(of: 0) == [1])
    #expect(try table.mace().labels(of: 0) == [0])
  }

  @Test func `a label of one letter, of none, with quotes, commas, bars and newlines`() throws {
    let labels = ["a", "", "\"", ",", "|", "a|b", "\n", "\r\n", "é", "e\u{301}x", "😀"]
    let rows = labels.enumerated().flatMap { item, label in
      ["ana", "ben"].map { ("\(item)", $0, label) }
    }
    let table = try table(rows)
    #expect(table.categories == labels)
    #expect(try isSound(table))
    #expect(table.alpha(.nominal).alpha == .value(1))
    #expect(throws: RatingError.notNumeric(label: "a")) { try table.scaleRaters() }
  }

  @Test func `a label that was not declared is one more, after those that were`() throws {
    var builder = RatingTable.Builder(categories: ["joy", "fear"])
    try builder.add(item: "1", rater: "ana", label: "hunger")
    try builder.add(item: "1", rater: "ben", label: "joy")
    let table = try builder.table()
    #expect(table.categories == ["joy", "fear", "hunger"])
    #expect(try isSound(table))
    #expect(table.summary().perLabel[1].alpha.statistic == .undefined(.labelNotUsed))
  }

  @Test func `values that are not a number, infinite, huge or tiny`() throws {
    for value in [Double.nan, .infinity, -.infinity, .signalingNaN] {
      var builder = RatingTable.Builder()
      #expect(throws: RatingError.notFinite(item: "1", rater: "ana")) {
        try builder.add(item: "1", rater: "ana", value: value)
      }
    }
    // As words they are labels, but no numbers.
    let words = try table([("1", "ana", "nan"), ("1", "ben", "inf"), ("2", "ana", "-inf")])
    #expect(try isSound(words))
    #expect(words.alpha(.interval).alpha == .undefined(.notNumeric))
    var builder = RatingTable.Builder()
    for (item, value) in [1e50, -1e50, 1e-300, 0, -0.0, 1e15].enumerated() {
      try builder.add(item: "\(item)", rater: "ana", value: value)
      try builder.add(item: "\(item)", rater: "ben", value: value / 3)
      try builder.add(item: "\(item)", rater: "cleo", value: 1)
    }
    #expect(try isSound(builder.table()))
    try builder.add(item: "more", rater: "ana", value: 1e300)
    #expect(throws: RatingError.notNumeric(label: "1e+300")) { try builder.table().scaleRaters() }
    #expect("\(RatingError.notNumeric(label: "1e+300"))".contains("too large"))
    #expect(try isSound(builder.table()))
  }

  @Test func `two ratings of an item by one rater, where they are kept`() throws {
    var builder = RatingTable.Builder()
    for (item, label) in [("1", "1"), ("1", "2"), ("2", "2"), ("2", "2"), ("3", "1")] {
      try builder.add(item: item, rater: "ana", label: label)
      try? builder.add(item: item, rater: "ben", label: label)
    }
    #expect(try isSound(builder.table(repeats: .keep)))
    #expect(try isSound(builder.table(repeats: .first)))
    #expect(try isSound(builder.table(repeats: .last)))
    #expect(throws: RatingError.repeated(item: "1", rater: "ana", rating: 3)) {
      try builder.table()
    }
  }

  /// One rating of each of so many raters, a thousand of them to an item where there are enough.
  private func crowd(_ count: Int) throws -> RatingTable {
    var builder = RatingTable.Builder(categories: ["joy", "fear", "anger"])
    let items = try (0..<1000).map { try builder.place(of: "\($0)") }
    for rater in 0..<count {
      let place = builder.place(ofRater: String(rater))
      builder.append(
        item: items[rater % 1000], rater: place, category: (rater / 1000 + rater % 7) % 3)
    }
    return try builder.table()
  }

  @Test func `a million raters`() throws {
    let table = try crowd(1_000_000)
    let summary = table.summary(Resampling(replicates: 5))
    #expect(summary.counts.raters == 1_000_000 && summary.counts.sharedItems == 1000)
    #expect(summary.alpha.statistic.value.map { abs($0) < 0.01 } ?? false)
    #expect(summary.perRater.count == 64)
    #expect(summary.light == .undefined(.tooManyRaters))
    #expect(summary.conger.value != nil)
  }

  /// A tenth of a million says as much of models that keep a table for each rater, and sooner.
  @Test func `a hundred thousand raters, each with a model of their own`() throws {
    let table = try crowd(100_000)
    #expect(table.intraRater().isEmpty)
    #expect(try table.dawidSkene(iterations: 2).posteriors.allSatisfy { $0.isFinite })
    #expect(try table.mace(restarts: 1, iterations: 0).posteriors.allSatisfy { $0.isFinite })
  }

  @Test func `more raters and labels than a model of each rater can hold`() throws {
    var builder = RatingTable.Builder()
    for rater in 0..<20_000 {
      try builder.add(item: "\(rater % 50)", rater: "r\(rater)", label: "l\(rater)")
    }
    let table = try builder.table()
    let refusal = RatingError.tooManyParameters(raters: 20_000, labels: 20_000)
    #expect(throws: refusal) { try table.dawidSkene() }
    #expect(throws: refusal) { try table.mace() }
    #expect("\(refusal)".contains("Take fewer raters"))
    let summary = table.summary(Resampling(replicates: 5))
    #expect(summary.alpha.statistic.value != nil)
    #expect(summary.light == .undefined(.tooManyValues) && summary.perRater.isEmpty)
    #expect(table.alpha(.ratio).alpha == .undefined(.notNumeric))
    #expect(table.alpha(SetDistance.masi).alpha == .undefined(.tooManyValues))
  }
}
