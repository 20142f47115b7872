/// How far a rater agrees with themselves on what they rated more than once.
public struct IntraRater: Equatable, Sendable {
  /// The rater.
  public let rater: String
  /// Items they rated at least twice.
  public let items: Int
  /// The first answer (rows) against the second (columns).
  public let firstBySecond: PairTable
  /// The mean over items of the share of pairs of answers that are the same.
  public let raw: Statistic
  /// Krippendorff's α, nominal, over all of the rater's answers to those items.
  public let alpha: Statistic
  /// Cohen's κ of the first answers with the second.
  public let kappa: Estimate
}

extension RatingTable {
  /// How far each rater agrees with themselves, of those who rated something more than once, in the
  /// order of ``raters``.
  ///
  /// Repeated ratings are in a table that was made with `repeats: .keep`; other statistics of such a
  /// table would take agreement with oneself for agreement.
  ///
  /// - Parameter resampling: how κ's interval is made.
  public func intraRater(_ resampling: Resampling = Resampling(replicates: 0)) -> [IntraRater] {
    let labels = categories.count
    var repeats: [Int: (sums: LabelSums, first: [Int], pairs: [(unit: Int32, entry: Int)])] = [:]
    var counts = [Int](repeating: 0, count: labels)
    for item in items.indices {
      var place = starts[item]
      while place < starts[item + 1] {
        let rater = ratingRaters[place]
        var end = place + 1
        while end < starts[item + 1], ratingRaters[end] == rater { end += 1 }
        defer { place = end }
        guard end - place > 1 else { continue }
        let answers = ratingCategories[place..<end]
        for answer in answers { counts[Int(answer)] += 1 }
        let (first, second) = (Int(ratingCategories[place]), Int(ratingCategories[place + 1]))
        repeats[
          Int(rater),
          default: (LabelSums(labels: labels), Array(repeating: 0, count: labels * labels), [])
        ].first[first * labels + second] += 1
        repeats[Int(rater)]?.pairs.append(
          (resampling.unit == .items ? Int32(item) : dialogueOf[item], first * labels + second))
        repeats[Int(rater)]?.sums.add(counts, size: end - place, of: answers)
        for answer in answers { counts[Int(answer)] = 0 }
      }
    }
    return repeats.sorted { $0.key < $1.key }.map { rater, found in
      let statistics = LabelStatistics(found.sums)
      return IntraRater(
        rater: raters[rater], items: Int(found.sums.shared),
        firstBySecond: PairTable(labels: labels, counts: found.first),
        raw: statistics.rawAgreement, alpha: statistics.alphaNominal,
        kappa: Self.kappa(of: found.pairs, labels: labels, resampling))
    }
  }

  /// Cohen's κ of pairs of answers, units being drawn.
  private static func kappa(
    of pairs: [(unit: Int32, entry: Int)], labels: Int, _ resampling: Resampling
  ) -> Estimate {
    var bootstrap = ClusterBootstrap(width: labels * labels)
    for (_, own) in Dictionary(grouping: pairs, by: \.unit).sorted(by: { $0.key < $1.key }) {
      bootstrap.add(own.map { ($0.entry, 1) }, stratum: 0)
    }
    let found = bootstrap.estimates(resampling) { [cohenKappa($0, labels: labels)] }
    return found[0]
  }

  /// Cohen's κ of counts by the first answer (row) and the second (column), which may be scaled.
  private static func cohenKappa(_ counts: [Double], labels: Int) -> Statistic {
    let total = counts.reduce(0, +)
    guard total > 0 else { return .undefined(.nothingShared) }
    var (same, expected, isConstant) = (0.0, 0.0, false)
    for label in 0..<labels {
      let row = (0..<labels).reduce(0) { $0 + counts[label * labels + $1] } / total
      let column = (0..<labels).reduce(0) { $0 + counts[$1 * labels + label] } / total
      same += counts[label * labels + label] / total
      expected += row * column
      isConstant = isConstant || row * column >= 1 - 1e-13
    }
    return isConstant
      ? .undefined(.noVariation) : .corrected(observed: same, expected: expected)
  }
}
