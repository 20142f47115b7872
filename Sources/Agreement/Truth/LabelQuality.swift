internal import Glibc

/// How well a given label fits a model's probabilities, from 0 for not at all to 1: what a queue of
/// labels to look at again is sorted by.
///
/// After Northcutt, Jiang and Chuang 2021, doi 10.1613/jair.1.12125, and Kuan and Mueller 2022,
/// https://arxiv.org/abs/2207.03061; the numbers are cleanlab's.
public enum LabelQuality: String, Sendable, CaseIterable {
  /// The probability p of the given label.
  case selfConfidence = "self_confidence"
  /// (p − the largest probability of another label + 1) / 2.
  case normalizedMargin = "normalized_margin"
  /// ln(1 + x) / x with x the entropy of all probabilities, as a share of the largest possible one,
  /// over p: low where the model is sure of something else.
  case confidenceWeightedEntropy = "confidence_weighted_entropy"

  /// The score of a label.
  ///
  /// - Parameters:
  ///   - label: the given label, a place in `probabilities`.
  ///   - probabilities: the model's, at least two, each from 0 to 1.
  public func score(label: Int, probabilities: [Double]) -> Double {
    let given = probabilities[label]
    switch self {
    case .selfConfidence:
      return given
    case .normalizedMargin:
      var other = 0.0
      for (place, probability) in probabilities.enumerated() where place != label {
        other = max(other, probability)
      }
      return (given - other + 1) / 2
    case .confidenceWeightedEntropy:
      let entropy = probabilities.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
      // cleanlab's lower bound, so that a label the model rules out still has a score.
      let least = 1e-6
      let surprise = entropy / log(Double(probabilities.count)) / max(given, least)
      return log(surprise + 1) / max(surprise, least)
    }
  }

  /// The scores of many labels.
  ///
  /// - Parameters:
  ///   - labels: the given labels.
  ///   - probabilities: the model's, one row a label, all equally long.
  ///   - adjusted: whether each probability is first seen against the mean one of items given that
  ///     label, so that a label the model is always unsure of does not fill the queue.
  public func scores(
    labels: [Int], probabilities: [[Double]], adjusted: Bool = false
  ) -> [Double] {
    precondition(labels.count == probabilities.count, "one row of probabilities a label")
    guard adjusted else {
      return zip(labels, probabilities).map { score(label: $0, probabilities: $1) }
    }
    let thresholds = Self.thresholds(labels: labels, probabilities: probabilities)
    let most = thresholds.max() ?? 0
    return zip(labels, probabilities).map { label, row in
      let shifted = zip(row, thresholds).map { $0 - $1 + most }
      let total = shifted.reduce(0, +)
      return score(label: label, probabilities: shifted.map { $0 / total })
    }
  }

  /// The mean probability of each label over the items that were given it; 2, which no probability
  /// reaches, for a label that was not given.
  public static func thresholds(labels: [Int], probabilities: [[Double]]) -> [Double] {
    let count = probabilities.first?.count ?? 0
    var sums = [Double](repeating: 0, count: count)
    var given = [Int](repeating: 0, count: count)
    for (label, row) in zip(labels, probabilities) {
      precondition(row.count == count, "rows of probabilities are equally long")
      sums[label] += row[label]
      given[label] += 1
    }
    return zip(sums, given).map { $1 == 0 ? 2 : max($0 / Double($1), 2e-6) }
  }
}
