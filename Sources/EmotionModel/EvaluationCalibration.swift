internal import Glibc

/// Whether a source's probabilities can be taken at their word.
public struct Calibration: Equatable, Sendable {
  /// The mean of −ln p(true label), in nats; a probability of 0 counts as the smallest positive
  /// normal number, so that one turn cannot make it infinite.
  public let logLoss: Double
  /// The mean over turns of Σ (p − truth)² over the labels, 0 to 2 (Brier 1950).
  public let brier: Double
  /// Expected calibration error: the mean distance of accuracy and confidence over ``bins``,
  /// weighted by turns.
  ///
  /// The bins are by the probability of the chosen label (Guo et al. 2017, arXiv:1706.04599).
  public let expectedCalibrationError: Double
  /// Ten bins of equal width.
  public let bins: [Bin]

  /// The turns whose best label had a probability in one tenth of the scale.
  public struct Bin: Equatable, Sendable {
    /// The turns.
    public var turns = 0
    /// Of them, those whose best label was right.
    public var right = 0
    /// The sum of the best labels' probabilities.
    public var confidence = 0.0
  }

  /// Measures probabilities against true labels; `nil` without a turn.
  ///
  /// - Parameters:
  ///   - posteriors: for each turn a probability a label, summing to 1.
  ///   - truth: the place of the true label of each turn.
  public init?(posteriors: [[Double]], truth: [Int]) {
    precondition(posteriors.count == truth.count)
    guard !truth.isEmpty else { return nil }
    var bins = [Bin](repeating: Bin(), count: 10)
    var loss = 0.0
    var squares = 0.0
    for (posterior, truth) in zip(posteriors, truth) {
      loss -= log(max(posterior[truth], .leastNormalMagnitude))
      for (label, probability) in posterior.enumerated() {
        let error = probability - (label == truth ? 1 : 0)
        squares += error * error
      }
      let best = bestPlace(posterior)
      // The bins are (0, .1], (.1, .2], ... as in the paper; a probability of 0 joins the first.
      let bin = min(max(Int((posterior[best] * 10).rounded(.up)) - 1, 0), 9)
      bins[bin].turns += 1
      bins[bin].right += best == truth ? 1 : 0
      bins[bin].confidence += posterior[best]
    }
    let count = Double(truth.count)
    logLoss = loss / count
    brier = squares / count
    expectedCalibrationError =
      bins.reduce(0) { $0 + abs(Double($1.right) - $1.confidence) } / count
    self.bins = bins
  }
}

/// The probabilities of logits, by the softmax function; any constant added to all is of no effect.
public func softmax(_ logits: [Double]) -> [Double] {
  let top = logits.max() ?? 0
  let powers = logits.map { exp($0 - top) }
  let sum = powers.reduce(0, +)
  return powers.map { $0 / sum }
}

/// The place of the largest number, the earlier one on a tie.
func bestPlace(_ scores: [Double]) -> Int {
  scores.indices.reduce(0) { scores[$1] > scores[$0] ? $1 : $0 }
}
