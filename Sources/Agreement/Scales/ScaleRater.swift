/// How a rater uses a scale.
public struct ScaleRater: Equatable, Sendable {
  /// The rater.
  public let rater: String
  /// Their ratings.
  public let ratings: Int
  /// The mean of their values.
  public let mean: Statistic
  /// The spread of their values: the standard deviation, over n − 1.
  public let spread: Statistic
  /// How much higher than the others' mean they rate, on average over the items that others have
  /// rated too.
  public let bias: Statistic
  /// The standard deviation of that difference, over n − 1.
  public let biasSpread: Statistic
  /// Pearson's correlation with the mean of the others.
  public let correlation: Statistic
}

extension RatingTable {
  /// How each rater uses the scale, in the order of ``raters``; categories must be numbers.
  public func scaleRaters() throws(RatingError) -> [ScaleRater] {
    let values = try valuesOrError()
    var own = [Moments](repeating: Moments(), count: raters.count)
    var differences = own
    var withOthers = own
    for (rater, category) in zip(ratingRaters, ratingCategories) {
      own[Int(rater)].add(values[Int(category)], 0)
    }
    forEachSharedValue(values) { rater, value, others, count in
      let reference = others / Double(count)
      differences[rater].add(value - reference, 0)
      withOthers[rater].add(value, reference)
    }
    return raters.indices.map { rater in
      let shares = differences[rater].count > 0
      return ScaleRater(
        rater: raters[rater], ratings: Int(own[rater].count),
        mean: own[rater].count > 0 ? .value(own[rater].mean.0) : .undefined(.notRated),
        spread: own[rater].deviation,
        bias: shares ? .value(differences[rater].mean.0) : .undefined(.nothingShared),
        biasSpread: shares ? differences[rater].deviation : .undefined(.nothingShared),
        correlation: withOthers[rater].correlation)
    }
  }
}
