internal import Glibc

/// The true labels and the raters' confusions that make the ratings most likely, after Dawid and
/// Skene 1979, doi 10.2307/2346806.
///
/// Found by expectation maximisation from the items' vote shares, without smoothing; ratings by one
/// rater of one item more than once count as often.
public struct DawidSkene: Equatable, Sendable {
  /// The labels: ``RatingTable/categories``.
  public let labels: [String]
  /// The raters.
  public let raters: [String]
  /// How common each label is.
  public let priors: [Double]
  /// How often the parameters were estimated again after the first time.
  public let iterations: Int
  /// Whether they had stopped changing by then.
  public let converged: Bool
  /// The natural logarithm of the probability of all ratings.
  public let logLikelihood: Double
  /// The probability of each label on each item, item after item; ``priors`` for an item without
  /// ratings.
  public let posteriors: [Double]
  /// For each rater and each true label the probability of each answer: raters x labels x labels; a
  /// row of zeros for a label that no item of the rater can have.
  public let confusions: [Double]

  /// The probabilities of an item's labels.
  public func posterior(of item: Int) -> [Double] {
    Array(posteriors[(item * labels.count)..<((item + 1) * labels.count)])
  }

  /// The most probable labels of an item, several where they are equally probable to 1e-9.
  public func labels(of item: Int) -> [Int] { winners(posterior(of: item)) }

  /// The probability that a rater names the true label `truth` as `answer`.
  public func confusion(_ rater: Int, truth: Int, answer: Int) -> Double {
    confusions[(rater * labels.count + truth) * labels.count + answer]
  }

  /// The probability that a rater names the true label, over labels as common as ``priors``.
  public func accuracy(of rater: Int) -> Double {
    labels.indices.reduce(0) { $0 + priors[$1] * confusion(rater, truth: $1, answer: $1) }
  }
}

/// The places of the largest probability, several where they are the same to 1e-9.
func winners(_ probabilities: [Double]) -> [Int] {
  let most = probabilities.max() ?? 0
  return probabilities.indices.filter { probabilities[$0] >= most - 1e-9 }
}

extension RatingTable {
  /// Estimates true labels and raters' confusions.
  ///
  /// - Parameters:
  ///   - iterations: how often to estimate again at most.
  ///   - tolerance: the change of the most changed probability of a label below which the estimate
  ///     has converged.
  /// - Throws: ``RatingError/tooManyParameters(raters:labels:)`` where raters x labels² do not fit
  ///   into half a gigabyte.
  public func dawidSkene(
    iterations: Int = 2000, tolerance: Double = 1e-12
  ) throws(RatingError) -> DawidSkene {
    try checkParameters(raters.count, categories.count, categories.count)
    var model = DawidSkeneEstimation(self)
    model.estimateParameters()
    var done = 0
    var change = Double.infinity
    while done < iterations, change > tolerance {
      change = model.estimatePosteriors()
      model.estimateParameters()
      done += 1
    }
    return model.result(iterations: done, converged: change <= tolerance)
  }
}

extension RatingTable {
  /// Refuses models of more than half a gigabyte of parameters.
  func checkParameters(_ counts: Int...) throws(RatingError) {
    var product = 1
    for count in counts {
      let (next, overflow) = product.multipliedReportingOverflow(by: count)
      guard !overflow, next <= 1 << 26 else {
        throw .tooManyParameters(raters: raters.count, labels: categories.count)
      }
      product = next
    }
  }
}

/// The estimation while it runs, with labels padded to whole vectors.
private struct DawidSkeneEstimation {
  private typealias Lane = SIMD4<Double>

  /// What is less probable than this is impossible: what the estimate rules out dwindles for ever,
  /// and processors are slow with the last numbers above 0.
  private static let least = Lane(repeating: 1e-250)

  private let table: RatingTable
  private let labels: Int
  /// Vectors of labels an item or a confusion row takes.
  private let lanes: Int
  private let ratedItems: Double
  private var priors: [Lane]
  /// Items x lanes.
  private var posteriors: [Lane]
  /// (Rater, answer) x lanes of true labels: what a rating multiplies the posterior by.
  private var answers: [Lane]
  private var logLikelihood = 0.0

  init(_ table: RatingTable) {
    self.table = table
    labels = table.categories.count
    lanes = (labels + 3) / 4
    ratedItems = Double(table.counts.items)
    priors = Array(repeating: .zero, count: lanes)
    posteriors = Array(repeating: .zero, count: table.items.count * lanes)
    answers = Array(repeating: .zero, count: table.raters.count * labels * lanes)
    for item in table.items.indices {
      let range = table.starts[item]..<table.starts[item + 1]
      for place in range {
        let label = Int(table.ratingCategories[place])
        posteriors[item * lanes + label / 4][label % 4] += 1 / Double(range.count)
      }
    }
  }

  /// The M step: priors and confusions from the posteriors.
  mutating func estimateParameters() {
    for place in priors.indices { priors[place] = .zero }
    for place in answers.indices { answers[place] = .zero }
    let (lanes, labels) = (lanes, labels)
    // Places come from the table and are inside these buffers; the loop runs over all ratings in
    // every iteration.
    answers.withUnsafeMutableBufferPointer { answers in
      posteriors.withUnsafeBufferPointer { posteriors in
        table.ratingRaters.withUnsafeBufferPointer { raters in
          table.ratingCategories.withUnsafeBufferPointer { categories in
            for item in table.items.indices {
              let own = item * lanes
              for place in table.starts[item]..<table.starts[item + 1] {
                let row = (Int(raters[place]) &* labels &+ Int(categories[place])) &* lanes
                for lane in 0..<lanes { answers[row &+ lane] += posteriors[own &+ lane] }
              }
              if table.starts[item + 1] > table.starts[item] {
                for lane in 0..<lanes { priors[lane] += posteriors[own + lane] }
              }
            }
          }
        }
      }
    }
    for lane in 0..<lanes { priors[lane] /= max(ratedItems, 1) }
    for rater in table.raters.indices {
      for lane in 0..<lanes {
        var total = Lane.zero
        for label in 0..<labels { total += answers[(rater * labels + label) * lanes + lane] }
        total.replace(with: 1, where: total .== 0)
        for label in 0..<labels {
          let place = (rater * labels + label) * lanes + lane
          answers[place] /= total
          answers[place].replace(with: 0, where: answers[place] .< Self.least)
        }
      }
    }
  }

  /// The E step: posteriors from priors and confusions.
  ///
  /// - Returns: the largest change of a posterior.
  mutating func estimatePosteriors() -> Double {
    let (lanes, labels) = (lanes, labels)
    var change = Lane.zero
    var likelihood = 0.0
    var own = [Lane](repeating: .zero, count: lanes)
    posteriors.withUnsafeMutableBufferPointer { posteriors in
      answers.withUnsafeBufferPointer { answers in
        own.withUnsafeMutableBufferPointer { own in
          for item in table.items.indices {
            let range = table.starts[item]..<table.starts[item + 1]
            guard !range.isEmpty else { continue }
            for lane in 0..<lanes { own[lane] = priors[lane] }
            var scaled = 0.0
            for place in range {
              let rater = Int(table.ratingRaters[place])
              let row = (rater &* labels &+ Int(table.ratingCategories[place])) &* lanes
              for lane in 0..<lanes { own[lane] *= answers[row &+ lane] }
              // Hundreds of ratings would underflow.
              if (place &- range.lowerBound) & 15 == 15 {
                let total = own.reduce(Lane.zero, +).sum()
                if total > 0, total < 1e-100 {
                  for lane in 0..<lanes { own[lane] /= total }
                  scaled += log(total)
                }
              }
            }
            let total = own.reduce(Lane.zero, +).sum()
            // Impossible only by underflow; the item then keeps what it had.
            guard total > 0 else { continue }
            likelihood += scaled + log(total)
            for lane in 0..<lanes {
              var new = own[lane] / total
              new.replace(with: 0, where: new .< Self.least)
              let difference = new - posteriors[item * lanes + lane]
              change = pointwiseMax(change, pointwiseMax(difference, -difference))
              posteriors[item * lanes + lane] = new
            }
          }
        }
      }
    }
    logLikelihood = likelihood
    return change.max()
  }

  func result(iterations: Int, converged: Bool) -> DawidSkene {
    var final = self
    // The likelihood of the parameters that are returned, not of those before.
    _ = final.estimatePosteriors()
    let priors = (0..<labels).map { self.priors[$0 / 4][$0 % 4] }
    var posteriors = [Double](repeating: 0, count: table.items.count * labels)
    for item in table.items.indices {
      let isRated = table.starts[item] < table.starts[item + 1]
      for label in 0..<labels {
        posteriors[item * labels + label] =
          isRated ? self.posteriors[item * lanes + label / 4][label % 4] : priors[label]
      }
    }
    var confusions = [Double](repeating: 0, count: table.raters.count * labels * labels)
    for rater in table.raters.indices {
      for answer in 0..<labels {
        let row = (rater * labels + answer) * lanes
        for truth in 0..<labels {
          confusions[(rater * labels + truth) * labels + answer] =
            answers[row + truth / 4][truth % 4]
        }
      }
    }
    return DawidSkene(
      labels: table.categories, raters: table.raters, priors: priors, iterations: iterations,
      converged: converged, logLikelihood: final.logLikelihood, posteriors: posteriors,
      confusions: confusions)
  }
}
