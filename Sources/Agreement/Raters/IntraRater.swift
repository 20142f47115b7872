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
}

extension RatingTable {
  /// How far each rater agrees with themselves, of those who rated something more than once, in the
  /// order of ``raters``.
  ///
  /// Repeated ratings are in a table that was made with `repeats: .keep`; other statistics of such a
  /// table would take agreement with oneself for agreement.
  public func intraRater() -> [IntraRater] {
    let labels = categories.count
    var repeats: [Int: (sums: LabelSums, first: [Int])] = [:]
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
          default: (LabelSums(labels: labels), Array(repeating: 0, count: labels * labels))
        ].first[first * labels + second] += 1
        repeats[Int(rater)]?.sums.add(counts, size: end - place, of: answers)
        for answer in answers { counts[Int(answer)] = 0 }
      }
    }
    return repeats.sorted { $0.key < $1.key }.map { rater, found in
      let statistics = LabelStatistics(found.sums)
      return IntraRater(
        rater: raters[rater], items: Int(found.sums.shared),
        firstBySecond: PairTable(labels: labels, counts: found.first),
        raw: statistics.rawAgreement, alpha: statistics.alphaNominal)
    }
  }
}
