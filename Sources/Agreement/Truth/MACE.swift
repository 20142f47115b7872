internal import Glibc

/// The true labels and how far each rater can be trusted, by Multi-Annotator Competence Estimation
/// (Hovy, Berg-Kirkpatrick, Vaswani and Hovy 2013, https://aclanthology.org/N13-1132).
///
/// A rater either knows the true label or guesses by a habit of their own. Estimated by variational
/// Bayes with the priors of the authors' program: ½ and ½ for knowing, 10 for each label a guess can
/// take. Only labels that somebody used are possible.
public struct MACE: Equatable, Sendable {
  /// The labels: ``RatingTable/categories``.
  public let labels: [String]
  /// The raters.
  public let raters: [String]
  /// How far each rater is trusted: the weight of knowing, from 0 to 1.
  public let competence: [Double]
  /// The natural logarithm of the marginal likelihood.
  public let logLikelihood: Double
  /// The probability of each label on each item, item after item; even over the labels that were
  /// used for an item without ratings.
  public let posteriors: [Double]
  /// Whether the best restart had stopped changing.
  public let converged: Bool

  /// The probabilities of an item's labels.
  public func posterior(of item: Int) -> [Double] {
    Array(posteriors[(item * labels.count)..<((item + 1) * labels.count)])
  }

  /// The most probable labels of an item, several where they are equally probable to 1e-9.
  public func labels(of item: Int) -> [Int] { winners(posterior(of: item)) }
}

extension RatingTable {
  /// Estimates true labels and raters' competence.
  ///
  /// The outcome is the same whenever, wherever and on however many threads it is computed: the
  /// starting points come from the seed, and the best of them is followed until it stops changing.
  ///
  /// - Parameters:
  ///   - restarts: how many starting points, at least one.
  ///   - iterations: how far each of them is followed before they are compared.
  ///   - seed: of the starting points.
  ///   - threads: how many to use at most; `nil` for as many as the machine has processors.
  public func mace(
    restarts: Int = 10, iterations: Int = 50, seed: UInt64 = 1, threads: Int? = nil
  ) -> MACE {
    precondition(restarts > 0 && iterations >= 0)
    let shape = MACEEstimation(self)
    let runs = inParallel(restarts, threads: threads) { restart in
      var model = shape
      model.begin(seed: seed, restart: restart)
      model.estimatePosteriors()
      for _ in 0..<iterations {
        model.estimateParameters()
        model.estimatePosteriors()
      }
      return model
    }
    var best = runs[0]
    for run in runs.dropFirst() where run.logLikelihood > best.logLikelihood { best = run }
    var change = Double.infinity
    var rounds = 0
    while change > 1e-13, rounds < 1000 {
      change = best.estimateParameters()
      best.estimatePosteriors()
      rounds += 1
    }
    return best.result(converged: change <= 1e-13)
  }
}

/// One restart while it runs.
///
/// With g the weight of a rater's guess of the label they gave and w that of knowing it, an item's
/// label l has the weight Π g · Π (g + w) / g, the second product over the ratings that gave l.
private struct MACEEstimation: Sendable {
  private let table: RatingTable
  private let labels: Int
  /// The labels that occur.
  private let used: [Int]
  /// Knowing, by rater.
  private var knowing: [Double]
  /// Guessing, by rater.
  private var guessing: [Double]
  /// What a guess takes: raters x labels.
  private var habits: [Double]
  private var knowingCounts: [Double]
  private var guessCounts: [Double]
  private(set) var logLikelihood = -Double.infinity

  init(_ table: RatingTable) {
    self.table = table
    labels = table.categories.count
    var isUsed = [Bool](repeating: false, count: labels)
    for category in table.ratingCategories { isUsed[Int(category)] = true }
    used = isUsed.indices.filter { isUsed[$0] }
    let raters = table.raters.count
    knowing = Array(repeating: 0, count: raters)
    guessing = knowing
    knowingCounts = knowing
    habits = Array(repeating: 0, count: raters * labels)
    guessCounts = habits
  }

  /// Random parameters near even ones, as the authors' program starts.
  mutating func begin(seed: UInt64, restart: Int) {
    let draws = table.raters.count * (2 + used.count)
    var generator = SplitMix64(seed: seed, skipping: UInt64(restart) &* UInt64(draws))
    func weight() -> Double { 1 + 0.5 * Double(generator.next() >> 11) * 0x1p-53 }
    for rater in table.raters.indices {
      let (guess, know) = (weight(), weight())
      guessing[rater] = guess / (guess + know)
      knowing[rater] = know / (guess + know)
      let own = used.map { _ in weight() }
      let total = own.reduce(0, +)
      for (place, label) in used.enumerated() {
        habits[rater * labels + label] = own[place] / total
      }
    }
  }

  /// The weights of a guess, g, and of the label's being the true one, ln ((g + w) / g).
  private func parameters() -> (guesses: [Double], gains: [Double]) {
    var guesses = [Double](repeating: 0, count: habits.count)
    var gains = guesses
    for rater in table.raters.indices {
      for label in used {
        let guess = guessing[rater] * habits[rater * labels + label]
        guesses[rater * labels + label] = guess
        gains[rater * labels + label] = log1p(knowing[rater] / guess)
      }
    }
    return (guesses, gains)
  }

  /// The labels an item was given, and how much each weighs beside a label it was not given.
  ///
  /// - Parameters:
  ///   - weights: takes the weights of the given labels, up to the factor e^−`top`.
  ///   - given: takes the labels.
  /// - Returns: the logarithm of the factor, the weights' sum over all labels that are used, and the
  ///   weight of one that was not given.
  private func weigh(
    _ range: Range<Int>, gains: [Double], weights: inout [Double], given: inout [Int]
  ) -> (top: Double, total: Double, rest: Double) {
    given.removeAll(keepingCapacity: true)
    for place in range {
      let label = Int(table.ratingCategories[place])
      if !given.contains(label) {
        given.append(label)
        weights[label] = 0
      }
      weights[label] += gains[Int(table.ratingRaters[place]) * labels + label]
    }
    let top = given.reduce(0) { max($0, weights[$1]) }
    let rest = exp(-top)
    var total = Double(used.count - given.count) * rest
    for label in given {
      weights[label] = exp(weights[label] - top)
      total += weights[label]
    }
    return (top, total, rest)
  }

  /// The E step: how often each rater seems to have known and to have guessed.
  mutating func estimatePosteriors() {
    let (guesses, gains) = parameters()
    let logs = guesses.map { $0 > 0 ? log($0) : 0 }
    // (w / (g + w)), the share of knowing where the label is the true one.
    let shares = gains.map { -expm1(-$0) }
    for place in knowingCounts.indices { knowingCounts[place] = 0 }
    for place in guessCounts.indices { guessCounts[place] = 0 }
    var likelihood = 0.0
    var weights = [Double](repeating: 0, count: labels)
    var given: [Int] = []
    let even = log(Double(max(used.count, 1)))
    for item in table.items.indices {
      let range = table.starts[item]..<table.starts[item + 1]
      guard !range.isEmpty else { continue }
      let (top, total, _) = weigh(range, gains: gains, weights: &weights, given: &given)
      likelihood += top + log(total) - even
      for place in range {
        let label = Int(table.ratingCategories[place])
        let rater = Int(table.ratingRaters[place])
        let entry = rater * labels + label
        likelihood += logs[entry]
        let known = weights[label] / total * shares[entry]
        knowingCounts[rater] += known
        guessCounts[entry] += 1 - known
      }
    }
    logLikelihood = likelihood
  }

  /// The M step.
  ///
  /// - Returns: the largest change of a rater's weight of knowing.
  @discardableResult
  mutating func estimateParameters() -> Double {
    var change = 0.0
    for rater in table.raters.indices {
      let known = knowingCounts[rater]
      let guessed = used.reduce(0) { $0 + guessCounts[rater * labels + $1] }
      let both = digamma(known + guessed + 1)
      let weight = exp(digamma(known + 0.5) - both)
      change = max(change, abs(weight - knowing[rater]))
      knowing[rater] = weight
      guessing[rater] = exp(digamma(guessed + 0.5) - both)
      let all = digamma(guessed + 10 * Double(used.count))
      for label in used {
        let entry = rater * labels + label
        habits[entry] = exp(digamma(guessCounts[entry] + 10) - all)
      }
    }
    return change
  }

  func result(converged: Bool) -> MACE {
    let (_, gains) = parameters()
    var posteriors = [Double](repeating: 0, count: table.items.count * labels)
    var weights = [Double](repeating: 0, count: labels)
    var given: [Int] = []
    for item in table.items.indices {
      let range = table.starts[item]..<table.starts[item + 1]
      let (_, total, rest) = weigh(range, gains: gains, weights: &weights, given: &given)
      for label in used { posteriors[item * labels + label] = rest / total }
      for label in given { posteriors[item * labels + label] = weights[label] / total }
    }
    return MACE(
      labels: table.categories, raters: table.raters, competence: knowing,
      logLikelihood: logLikelihood, posteriors: posteriors, converged: converged)
  }
}
