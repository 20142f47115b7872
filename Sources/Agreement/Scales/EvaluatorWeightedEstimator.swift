/// What a rater's weight is the correlation with.
public enum RaterWeighting: String, Sendable, CaseIterable {
  /// The mean of all raters, the rater included: Grimm and Kroschel 2005,
  /// doi 10.1109/ASRU.2005.1566530.
  case meanOfAll = "mean_of_all"
  /// The mean of the other raters, so that nobody is weighted by agreement with themselves: what
  /// audpsychometric computes.
  case meanOfOthers = "mean_of_others"
}

/// The evaluator weighted estimate of values on a scale: a mean in which a rater who goes with the
/// others counts more.
public struct EvaluatorWeightedEstimate: Equatable, Sendable {
  /// Which definition the weights are of.
  public let weighting: RaterWeighting
  /// The weight of each rater, Pearson's correlation; undefined where it is, and the rater has no
  /// say.
  ///
  /// A negative weight is kept: it is part of the definition, and tells of a reversed scale.
  public let weights: [Statistic]
  /// The estimate of each item, over the raters who rated it, whose weights are made to add up to 1;
  /// undefined where they add up to nothing or less.
  public let values: [Statistic]
}

extension RatingTable {
  /// The evaluator weighted estimate; categories must be numbers.
  ///
  /// A rater's correlation is over the items that somebody else has rated as well.
  public func evaluatorWeightedEstimate(
    _ weighting: RaterWeighting = .meanOfAll
  ) throws(RatingError) -> EvaluatorWeightedEstimate {
    let values = try valuesOrError()
    var moments = [Moments](repeating: Moments(), count: raters.count)
    forEachSharedValue(values) { rater, value, others, count in
      let reference =
        weighting == .meanOfOthers
        ? others / Double(count) : (others + value) / Double(count + 1)
      moments[rater].add(value, reference)
    }
    let weights = moments.map(\.correlation)
    let estimates = items.indices.map { item -> Statistic in
      guard starts[item + 1] > starts[item] else { return .undefined(.notRated) }
      var (sum, total) = (0.0, 0.0)
      for place in starts[item]..<starts[item + 1] {
        let weight = weights[Int(ratingRaters[place])].value ?? 0
        sum += weight * values[Int(ratingCategories[place])]
        total += weight
      }
      return total > 0 ? .value(sum / total) : .undefined(.noWeight)
    }
    return EvaluatorWeightedEstimate(weighting: weighting, weights: weights, values: estimates)
  }

  /// Calls back for every rating of an item that others have rated, with the sum and number of the
  /// others' values.
  func forEachSharedValue(
    _ values: [Double], _ body: (_ rater: Int, Double, _ others: Double, _ count: Int) -> Void
  ) {
    func value(_ place: Int) -> Double { values[Int(ratingCategories[place])] }
    var after: [Double] = []
    for item in items.indices {
      let range = starts[item]..<starts[item + 1]
      guard range.count > 1 else { continue }
      // Sums of those before and after, not the sum of all less one: a difference loses digits.
      after.removeAll(keepingCapacity: true)
      after.append(0)
      for place in range.reversed() { after.append(after[after.count - 1] + value(place)) }
      var before = 0.0
      for (left, place) in zip(after.dropLast().reversed(), range) {
        let own = value(place)
        body(Int(ratingRaters[place]), own, before + left, range.count - 1)
        before += own
      }
    }
  }

  /// The categories as numbers.
  func valuesOrError() throws(RatingError) -> [Double] {
    for name in categories where Self.value(of: name) == nil { throw .notNumeric(label: name) }
    return numericValues ?? []
  }
}

/// Running means and squared deviations of pairs (Welford 1962, doi 10.2307/1266577), which lose no
/// digits to a mean far from 0.
struct Moments {
  private(set) var count = 0.0
  private(set) var mean = (0.0, 0.0)
  private var squares = (0.0, 0.0)
  private var products = 0.0

  mutating func add(_ one: Double, _ other: Double) {
    count += 1
    let before = (one - mean.0, other - mean.1)
    mean.0 += before.0 / count
    mean.1 += before.1 / count
    squares.0 += before.0 * (one - mean.0)
    squares.1 += before.1 * (other - mean.1)
    products += before.0 * (other - mean.1)
  }

  /// Pearson's correlation.
  var correlation: Statistic {
    guard count > 0 else { return .undefined(.nothingShared) }
    guard count > 1 else { return .undefined(.tooFewItems) }
    return .quotient(
      products, squares.0.squareRoot() * squares.1.squareRoot(), else: .noVariance)
  }

  /// The standard deviation of the first of each pair, over count − 1.
  var deviation: Statistic {
    count > 1 ? .value((squares.0 / (count - 1)).squareRoot()) : .undefined(.tooFewItems)
  }
}
