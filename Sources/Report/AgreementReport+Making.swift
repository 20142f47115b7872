public import Agreement

extension AgreementReport {
  /// Computes the report on a table of ratings.
  ///
  /// - Parameters:
  ///   - table: the ratings. For ``Level/ordinal`` its categories must be declared in their order,
  ///     for ``Level/interval`` and ``Level/ratio`` they must be numbers.
  ///   - level: what answers are.
  ///   - program: the program and its version.
  ///   - truth: how much to estimate of true labels and of raters' skill.
  /// - Throws: ``RatingError`` where a label is not a number and the level needs numbers.
  public init(
    _ table: RatingTable, level: Level = .nominal, title: String, program: String,
    group: String? = nil, notes: [String] = [], resampling: Resampling = Resampling(),
    truth: TruthReport.Extent = .summary
  ) throws(RatingError) {
    self.title = title
    self.program = program
    self.group = group
    self.notes = notes
    self.level = level
    self.resampling = resampling
    counts = table.counts
    if resampling.replicates > 0, resampling.unit == .dialogues, counts.dialogues < 2 {
      // One dialogue drawn again and again is the same dialogue: its interval would have no width.
      self.resampling.replicates = 0
      self.notes.append(
        "No intervals: they are over dialogues, and there is only one. Over turns: --resample items."
      )
    }
    let resampling = self.resampling
    raters = table.raters
    headline = []
    others = []
    labels = []
    raterRows = []
    pairwise = nil
    answers = []
    breakdowns = []
    models = []
    parts = []
    repeats = []
    switch level {
    case .nominal:
      fillNominal(table.summary(resampling))
      fillTruth(table, truth)
    case .ordinal:
      fillOrdinal(table)
      fillTruth(table, truth)
    case .interval, .ratio: try fillScale(table, truth)
    case .sets: fillSets(table)
    }
  }

  /// The statistics to read first, of a part of the ratings as of the whole.
  static func headline(
    _ table: RatingTable, _ level: Level, _ resampling: Resampling
  ) -> [Measure] {
    let turns = table.counts.sharedItems
    switch level {
    case .nominal:
      let headline = table.headline(resampling)
      return [
        Measure(.alphaNominal, headline.alpha, turns: turns),
        Measure(.raw, headline.raw, turns: turns), Measure(.ac1, headline.ac1, turns: turns),
      ]
    case .ordinal:
      let positions = table.categories.indices.map(Double.init)
      return [
        Measure(.alphaOrdinal, table.alpha(.ordinal, resampling), turns: turns),
        Measure(.raw, table.headline(resampling).raw, turns: turns),
        Measure(
          .ac2, Estimate(table.weightedAgreement(.ordinal(positions: positions)).ac), turns: turns),
      ]
    case .interval:
      return [Measure(.alphaInterval, table.alpha(.interval, resampling), turns: turns)]
    case .ratio:
      return [Measure(.alphaRatio, table.alpha(.ratio, resampling), turns: turns)]
    case .sets:
      return [
        Measure(.alphaMASI, table.alpha(.masi, resampling), turns: turns),
        Measure(.raw, table.headline(resampling).raw, turns: turns),
        Measure(.alphaJaccard, table.alpha(.jaccard, resampling), turns: turns),
      ]
    }
  }

  private static func headline(_ summary: AgreementSummary) -> [Measure] {
    let turns = summary.counts.sharedItems
    return [
      Measure(.alphaNominal, summary.alpha, turns: turns),
      Measure(.raw, summary.raw, turns: turns), Measure(.ac1, summary.ac1, turns: turns),
    ]
  }

  private mutating func fillNominal(_ summary: AgreementSummary) {
    let turns = counts.sharedItems
    func plain(_ quantity: Quantity, _ statistic: Statistic) -> Measure {
      Measure(quantity, Estimate(statistic), turns: turns)
    }
    headline = Self.headline(summary)
    others = [
      Measure(.fleiss, summary.fleiss, turns: turns),
      Measure(.brennanPrediger, summary.brennanPrediger, turns: turns),
      plain(.conger, summary.conger), plain(.light, summary.light),
      Measure(.pooled, summary.pooled, turns: turns), plain(.fleiss1971, summary.fleiss1971),
      plain(.cohen, summary.two.cohen), plain(.maximumKappa, summary.two.maximum),
      plain(.scott, summary.two.scott),
    ]
    labels = summary.perLabel.map {
      LabelRow(
        label: $0.label, ratings: $0.ratings, prevalence: $0.prevalence, specific: $0.specific,
        kappa: $0.kappa, alpha: $0.alpha)
    }
    fillRaters(summary)
  }

  /// Pairs and raters, which treat every answer as a name.
  private mutating func fillRaters(_ summary: AgreementSummary) {
    answers = summary.labels
    pairwise = summary.pairwise
    raterRows = summary.perRater.map {
      RaterRow(
        rater: $0.rater, ratings: $0.ratings, answers: $0.labels,
        measures: [
          Measure(.meanKappa, Estimate($0.meanKappa), turns: $0.ratings),
          Measure(
            .withMajority, Estimate($0.againstMajority.table.rawAgreement),
            turns: $0.againstMajority.table.shared),
          Measure(.alphaWithout, Estimate($0.alphaWithout), turns: $0.ratings),
        ], againstMajority: $0.againstMajority.table.counts)
    }
  }

  private mutating func fillOrdinal(_ table: RatingTable) {
    let summary = table.summary(resampling)
    let turns = counts.sharedItems
    fillNominal(summary)
    others =
      headline.filter { $0.quantity != .raw } + others.filter { $0.quantity != .cohen }
    headline = Self.headline(table, .ordinal, resampling)
    let pair = raters.count == 2 ? summary.pairwise.tables.first : nil
    let none = Statistic.undefined(.notTwoRaters)
    let positions = table.categories.indices.map(Double.init)
    others += [
      Measure(.cohen, Estimate(summary.two.cohen), turns: turns),
      Measure(
        .cohenLinear,
        Estimate(pair?.cohenKappa(.linear(positions: positions)) ?? none), turns: turns),
      Measure(
        .cohenQuadratic,
        Estimate(pair?.cohenKappa(.quadratic(positions: positions)) ?? none), turns: turns),
    ]
  }

  private mutating func fillScale(
    _ table: RatingTable, _ truth: TruthReport.Extent
  ) throws(RatingError) {
    let icc = try table.intraclassCorrelation(confidence: resampling.confidence)
    headline = Self.headline(table, level, resampling)
    if level == .ratio {
      others.append(
        Measure(.alphaInterval, table.alpha(.interval, resampling), turns: counts.sharedItems))
    }
    let forms: [(Quantity, IntraclassCorrelation.Form)] = [
      (.icc11, icc.single1), (.icc21, icc.single2), (.icc31, icc.single3), (.icc1k, icc.mean1),
      (.icc2k, icc.mean2), (.icc3k, icc.mean3),
    ]
    others += forms.map { quantity, form in
      Measure(quantity, Estimate(form.value, percentile: form.interval), turns: icc.items)
    }
    others.append(Measure(.cronbach, Estimate(icc.mean3.value), turns: icc.items))
    if icc.leftOut > 0 {
      notes.append(
        "ICC and Cronbach's α need turns that all rated: \(Plain.count(icc.leftOut, "turn")) left out."
      )
    }
    others.append(try concordance(table))
    let ewe = try table.evaluatorWeightedEstimate(.meanOfOthers)
    let eweOfAll = try table.evaluatorWeightedEstimate(.meanOfAll)
    if truth == .turns { fillEstimates(table, ewe, eweOfAll) }
    let weights = zip(ewe.weights, eweOfAll.weights)
    raterRows = zip(try table.scaleRaters(), weights).map { own, weights in
      RaterRow(
        rater: own.rater, ratings: own.ratings, answers: [],
        measures: [
          Measure(.mean, Estimate(own.mean), turns: own.ratings),
          Measure(.spread, Estimate(own.spread), turns: own.ratings),
          Measure(.bias, Estimate(own.bias), turns: own.ratings),
          Measure(.eweWeight, Estimate(weights.0), turns: own.ratings),
          Measure(.eweWeightOfAll, Estimate(weights.1), turns: own.ratings),
        ])
    }
  }

  /// Lin's coefficient of two raters with its interval, or its mean over pairs of a few.
  private func concordance(_ table: RatingTable) throws(RatingError) -> Measure {
    guard raters.count > 1 else {
      return Measure(.ccc, Estimate(.undefined(.nothingShared)), turns: 0)
    }
    guard raters.count <= 32 else {
      return Measure(.ccc, Estimate(.undefined(.tooManyRaters)), turns: 0)
    }
    if raters.count == 2 {
      let pair = try table.concordance(0, 1)
      return Measure(.ccc, Estimate(pair.ccc, percentile: pair.interval), turns: pair.shared)
    }
    var values: [Double] = []
    var reason = Statistic.Reason.nothingShared
    for one in raters.indices {
      for other in raters.indices where other > one {
        switch try table.concordance(one, other).ccc {
        case .value(let value): values.append(value)
        case .undefined(let why): reason = why
        }
      }
    }
    let mean = values.reduce(0, +) / Double(max(values.count, 1))
    return Measure(
      .ccc, Estimate(values.isEmpty ? .undefined(reason) : .value(mean)),
      turns: counts.sharedItems)
  }

  private mutating func fillSets(_ table: RatingTable) {
    headline = Self.headline(table, .sets, resampling)
    let turns = counts.sharedItems
    let exact = table.headline(resampling)
    others = [Measure(.alphaNominal, exact.alpha, turns: turns)]
    labels = table.setLabels.map {
      LabelRow(
        label: $0.label, ratings: $0.ratings, prevalence: $0.prevalence,
        alpha: Estimate($0.alpha))
    }
    notes.append(
      "Raw agreement and Krippendorff's α without a distance are of exact sets; a label's α is of "
        + "whether it is in the set.")
    let summary = table.summary(Resampling(replicates: 0))
    fillRaters(summary)
  }

  /// Adds the headline of each part the ratings fall into.
  ///
  /// - Parameters:
  ///   - parts: the parts, such as ``RatingTable/split(by:)`` gives them.
  ///   - scope: what they are parts by, such as `speaker`.
  ///   - explanation: what a part is, in a sentence.
  ///   - isOrdered: whether the parts follow one another, as in time.
  public mutating func addBreakdown(
    _ parts: [Scope], by scope: String, explanation: String, isOrdered: Bool = false
  ) {
    let (level, resampling) = (level, resampling)
    breakdowns.append(
      Breakdown(
        scope: scope, explanation: explanation, isOrdered: isOrdered,
        parts: parts.map { part in
          // Values were checked with the whole, so that no part can refuse them.
          let whole = try? AgreementReport(
            part.table, level: level, title: part.name, program: program, resampling: resampling,
            truth: .none)
          return Breakdown.Part(
            name: part.name, counts: part.table.counts,
            measures: whole?.headline ?? Self.headline(part.table, level, resampling),
            others: whole?.others ?? [], labels: whole?.labels ?? [])
        }))
  }

  /// Adds how far raters agree with themselves.
  ///
  /// - Parameter repeats: the ratings of those who rated something again, made with `repeats: .keep`.
  public mutating func addRepeats(_ repeats: RatingTable) {
    self.repeats = repeats.intraRater(resampling).map { own in
      RepeatRow(
        rater: own.rater, turns: own.items,
        measures: [
          Measure(.repeatKappa, own.kappa, turns: own.items),
          Measure(.repeatRaw, Estimate(own.raw), turns: own.items),
          Measure(.repeatAlpha, Estimate(own.alpha), turns: own.items),
        ])
    }
  }

  /// Adds how long raters took.
  ///
  /// - Parameter seconds: the median seconds from first hearing a turn to the answer, by rater.
  public mutating func addSeconds(_ seconds: [String: Double]) {
    for place in raterRows.indices {
      guard let median = seconds[raterRows[place].rater] else { continue }
      raterRows[place].measures.append(
        Measure(.seconds, Estimate(.value(median)), turns: raterRows[place].ratings))
    }
  }
}
