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
  ///   - iterations: how far each of them is followed before they are compared; the best is then
  ///     followed for at most twenty times as many.
  ///   - seed: of the starting points.
  ///   - threads: how many to use at most; `nil` for as many as the machine has processors.
  /// - Throws: ``RatingError/tooManyParameters(raters:labels:)`` where raters x labels do not fit
  ///   into half a gigabyte.
  public func mace(
    restarts: Int = 10, iterations: Int = 50, seed: UInt64 = 1, threads: Int? = nil
  ) throws(RatingError) -> MACE {
    precondition(restarts > 0 && iterations >= 0)
    try checkParameters(raters.count, categories.count)
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
    while change > 1e-13, rounds < 20 * iterations {
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
  /// For each rating the place of its rater and label in ``habits``.
  private let entries: [Int32]
  /// How often each rater gave each label.
  private let given: [Double]
  /// Knowing, by rater.
  private var knowing: [Double]
  /// Guessing, by rater.
  private var guessing: [Double]
  /// What a guess takes: raters x labels.
  private var habits: [Double]
  /// How often a rater seems to have known the label they gave.
  private var known: [Double]
  private(set) var logLikelihood = -Double.infinity

  init(_ table: RatingTable) {
    self.table = table
    let labels = table.categories.count
    self.labels = labels
    entries = zip(table.ratingRaters, table.ratingCategories).map { $0 * Int32(labels) + $1 }
    var given = [Double](repeating: 0, count: table.raters.count * labels)
    for entry in entries { given[Int(entry)] += 1 }
    self.given = given
    used = (0..<labels).filter { label in
      table.raters.indices.contains { given[$0 * labels + label] > 0 }
    }
    knowing = Array(repeating: 0, count: table.raters.count)
    guessing = knowing
    habits = Array(repeating: 0, count: given.count)
    known = habits
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

  /// ln ((g + w) / g) by rater and label: what a rating adds to the logarithm of its label's weight.
  private var gains: [Double] {
    var gains = [Double](repeating: 0, count: habits.count)
    for rater in table.raters.indices {
      for label in used {
        let entry = rater * labels + label
        // Above 0, by which a label that was given is told from one that was not.
        gains[entry] = max(log1p(knowing[rater] / (guessing[rater] * habits[entry])), 1e-300)
      }
    }
    return gains
  }

  /// Calls back for every item that was rated with its labels' probabilities.
  ///
  /// - Parameter body: takes the item, its ratings, the labels it was given, the probabilities of
  ///   those (by label; others hold 0) and that of each label it was not given.
  /// - Returns: Σ ln of the items' total weight, less that of all guesses.
  private func forEachItem(
    _ body: (
      _ item: Int, _ ratings: Range<Int>, _ given: UnsafeBufferPointer<Int>,
      _ posterior: UnsafeMutableBufferPointer<Double>, _ rest: Double
    ) -> Void
  ) -> Double {
    let gains = gains
    var likelihood = 0.0
    var posterior = [Double](repeating: 0, count: labels)
    var given = [Int](repeating: 0, count: labels)
    // Entries, labels and raters come from the table and are inside these buffers; the loop runs
    // over all ratings hundreds of times.
    posterior.withUnsafeMutableBufferPointer { posterior in
      given.withUnsafeMutableBufferPointer { given in
        gains.withUnsafeBufferPointer { gains in
          entries.withUnsafeBufferPointer { entries in
            table.ratingCategories.withUnsafeBufferPointer { categories in
              for item in table.items.indices {
                let range = table.starts[item]..<table.starts[item + 1]
                guard !range.isEmpty else { continue }
                var count = 0
                for place in range {
                  let label = Int(categories[place])
                  if posterior[label] == 0 {
                    given[count] = label
                    count &+= 1
                  }
                  posterior[label] += gains[Int(entries[place])]
                }
                var top = 0.0
                for place in 0..<count { top = max(top, posterior[given[place]]) }
                var total = Double(used.count &- count) * exp(-top)
                for place in 0..<count {
                  let weight = exp(posterior[given[place]] - top)
                  posterior[given[place]] = weight
                  total += weight
                }
                likelihood += top + log(total)
                for place in 0..<count { posterior[given[place]] /= total }
                body(
                  item, range, UnsafeBufferPointer(rebasing: given[..<count]), posterior,
                  exp(-top) / total)
                for place in 0..<count { posterior[given[place]] = 0 }
              }
            }
          }
        }
      }
    }
    return likelihood - Double(table.counts.items) * log(Double(max(used.count, 1)))
  }

  /// The E step: how often each rater seems to have known and to have guessed.
  mutating func estimatePosteriors() {
    var known = [Double](repeating: 0, count: habits.count)
    var likelihood = known.withUnsafeMutableBufferPointer { known in
      entries.withUnsafeBufferPointer { entries in
        table.ratingCategories.withUnsafeBufferPointer { categories in
          forEachItem { _, ratings, _, posterior, _ in
            for place in ratings {
              known[Int(entries[place])] += posterior[Int(categories[place])]
            }
          }
        }
      }
    }
    for rater in table.raters.indices {
      for label in used {
        let entry = rater * labels + label
        let guess = guessing[rater] * habits[entry]
        // The share of knowing where the label is the true one.
        known[entry] *= knowing[rater] / (guess + knowing[rater])
        if given[entry] > 0 { likelihood += given[entry] * log(guess) }
      }
    }
    self.known = known
    logLikelihood = likelihood
  }

  /// The M step.
  ///
  /// - Returns: the largest change of a rater's weight of knowing.
  @discardableResult
  mutating func estimateParameters() -> Double {
    var change = 0.0
    for rater in table.raters.indices {
      var (knew, guessed) = (0.0, 0.0)
      for label in used {
        knew += known[rater * labels + label]
        guessed += given[rater * labels + label] - known[rater * labels + label]
      }
      let both = digamma(knew + guessed + 1)
      let weight = exp(digamma(knew + 0.5) - both)
      change = max(change, abs(weight - knowing[rater]))
      knowing[rater] = weight
      guessing[rater] = exp(digamma(guessed + 0.5) - both)
      let all = digamma(guessed + 10 * Double(used.count))
      for label in used {
        let entry = rater * labels + label
        habits[entry] = exp(digamma(given[entry] - known[entry] + 10) - all)
      }
    }
    return change
  }

  func result(converged: Bool) -> MACE {
    var posteriors = [Double](repeating: 0, count: table.items.count * labels)
    for item in table.items.indices where table.starts[item] == table.starts[item + 1] {
      for label in used { posteriors[item * labels + label] = 1 / Double(used.count) }
    }
    _ = forEachItem { item, _, given, posterior, rest in
      for label in used { posteriors[item * labels + label] = rest }
      for label in given { posteriors[item * labels + label] = posterior[label] }
    }
    return MACE(
      labels: table.categories, raters: table.raters, competence: knowing,
      logLikelihood: logLikelihood, posteriors: posteriors, converged: converged)
  }
}
