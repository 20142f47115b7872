internal import Agreement

// What several formats read off a report.

extension AgreementReport {
  /// Two raters and their table.
  struct Pair {
    var one: String
    var other: String
    var table: PairTable
  }

  /// The pairs of raters compared, in order.
  var pairs: [Pair] {
    guard let pairwise else { return [] }
    let names = pairwise.raters.map { raters[$0] }
    return names.indices.flatMap { one in
      names.indices.filter { $0 > one }.map { other in
        Pair(one: names[one], other: names[other], table: pairwise.table(one, other))
      }
    }
  }

  /// The other statistics that say something about these ratings: those of exactly two raters only
  /// where there are two.
  var tellingOthers: [Measure] {
    others.filter {
      if case .undefined(.notTwoRaters) = $0.estimate.statistic { return false }
      switch $0.quantity {
      case .light: return raters.count != 2
      case .fleiss1971: return $0.estimate.statistic.value != nil
      default: return true
      }
    }
  }

  /// Every kind of statistic in the report, in the order of ``Quantity``.
  var quantities: [Quantity] {
    var held = Set((headline + others).map(\.quantity))
    held.formUnion(raterRows.flatMap(\.measures).map(\.quantity))
    if !labels.isEmpty { held.formUnion([.prevalence, .alphaNominal]) }
    if labels.contains(where: { $0.specific != nil }) { held.insert(.specific) }
    if pairwise != nil { held.formUnion([.cohen, .maximumKappa, .scott]) }
    held.formUnion(repeats.flatMap(\.measures).map(\.quantity))
    if let study { held.formUnion(study.summary.all.tellingMeasures.map(\.quantity)) }
    for part in parts { held.formUnion(part.quantities) }
    return Quantity.allCases.filter(held.contains)
  }

  /// Pairs of ratings of the same turn by their two answers, over all pairs of raters compared, both
  /// ways round; `nil` where nothing is shared.
  var confusion: [[Int]]? {
    guard let pairwise, !pairwise.tables.isEmpty else { return nil }
    let count = answers.count
    var together = [[Int]](repeating: [Int](repeating: 0, count: count), count: count)
    for table in pairwise.tables {
      for row in 0..<count {
        for column in 0..<count {
          together[row][column] += table.counts[row * count + column]
          together[column][row] += table.counts[row * count + column]
        }
      }
    }
    return together.contains { $0.contains { $0 > 0 } } ? together : nil
  }

  /// The counts as a sentence part, such as `2 dialogues, 20 turns, 40 ratings, 2 raters`.
  static func sentence(_ counts: RatingCounts) -> String {
    [
      Plain.count(counts.dialogues, "dialogue"), Plain.count(counts.items, "turn"),
      Plain.count(counts.ratings, "rating"), Plain.count(counts.raters, "rater"),
    ].joined(separator: ", ")
  }

  /// How the intervals were made, in sentences; `nil` where there are none.
  var intervalSentence: String? {
    guard resampling.replicates > 0 else { return nil }
    let share = Plain.fixed(100 * resampling.confidence, 0)
    return
      "\(share) % percentile interval, \(Plain.count(resampling.replicates)) bootstrap replicates "
      + "over \(resampling.unit == .items ? "turns" : "dialogues"), seed \(resampling.seed)"
  }

  /// What readers must be told about replicates without a value.
  var undefinedReplicatesSentence: String? {
    let undefined = headline.first?.estimate.undefinedReplicates ?? 0
    return undefined > 0
      ? "α was undefined in \(Plain.count(undefined, "replicate")), left out." : nil
  }

  /// The title of the α of this level, for headings and axes.
  var alphaName: String { headline.first?.quantity.name ?? "α" }
}

extension Estimate {
  /// The reason as a person reads it; empty where there is a value.
  var reasonText: String { statistic.reason.map { "\($0)" } ?? "" }
}

extension ModelBesidePeople {
  /// The scores by their short names, as other commands print them.
  var scores: [(name: String, score: ModelComparison.Difference)] {
    [("wa", comparison.accuracy), ("ua", comparison.recall), ("cohen_kappa", comparison.kappa)]
  }

  /// What is compared, in sentences.
  static let explanation =
    "Each person is held against the majority of the other people, and the model against the same "
    + "majorities on the same turns; WA is the share of the same label, UA the mean of that share over "
    + "labels. What people reach is the ceiling: more cannot be measured with these labels."
}
