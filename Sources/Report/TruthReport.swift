public import Agreement

/// What the votes on turns say of their labels: majorities, ties, soft labels, and the estimates of Dawid
/// and Skene and of MACE.
public struct TruthReport: Equatable, Sendable {
  /// How much of it to compute.
  public enum Extent: Sendable {
    /// Nothing.
    case none
    /// Counts and raters' skill.
    case summary
    /// Each turn as well.
    case turns
  }

  /// Turns with at least two ratings that are all the same label.
  public var unanimous = 0
  /// Turns with at least two ratings, not all the same, and one label ahead.
  public var majority = 0
  /// Turns with at least two ratings and no label ahead: ties stay ties.
  public var ties = 0
  /// The mean entropy of the soft labels of turns with at least two ratings, in bits.
  public var meanEntropy = Statistic.undefined(.nothingShared)
  /// Of the turns with one label ahead, those to which Dawid and Skene's most probable label is another.
  public var overruled: Int?
  /// How common each label is by Dawid and Skene; empty where there is no estimate.
  public var priors: [Double] = []
  /// How the estimate went, or why there is none, in a sentence.
  public var estimation = ""
  /// Each turn that was rated, where asked for.
  public var turns: [Turn] = []

  /// One turn.
  public struct Turn: Equatable, Sendable {
    /// The turn.
    public var item: String
    /// Its votes by label; empty for values.
    public var votes: [Int] = []
    /// The entropy of its soft label in bits.
    public var entropy: Statistic?
    /// The labels with the most votes: one, or several where they tie.
    public var majority: [String] = []
    /// The probabilities of the labels by Dawid and Skene; empty without an estimate.
    public var dawidSkene: [Double] = []
    /// The probabilities of the labels by MACE; empty without an estimate.
    public var mace: [Double] = []
    /// The evaluator weighted estimate of a value, weights by the mean of the others.
    public var estimate: Statistic?
    /// The same with weights by the mean of all.
    public var estimateOfAll: Statistic?
  }
}

extension AgreementReport {
  /// Models of each rater are made of at most so many numbers; 100,000 raters of seven labels are beyond.
  private static let mostParameters = 1 << 22
  private static let iterations = 1000

  mutating func fillTruth(_ table: RatingTable, _ extent: TruthReport.Extent) {
    guard extent != .none, counts.ratings > 0 else { return }
    var truth = TruthReport()
    var (entropy, shared) = (0.0, 0)
    for item in table.items.indices {
      let votes = table.votes(on: item)
      guard votes.ratings > 1 else { continue }
      shared += 1
      entropy += votes.entropy.value ?? 0
      switch (votes.majority.count, votes.counts[votes.majority[0]]) {
      case (1, votes.ratings): truth.unanimous += 1
      case (1, _): truth.majority += 1
      default: truth.ties += 1
      }
    }
    if shared > 0 { truth.meanEntropy = .value(entropy / Double(shared)) }
    let labels = table.categories.count
    let isSmall = table.raters.count * labels * labels <= Self.mostParameters
    // Both refuse only what is larger than this.
    let skene = isSmall ? try? table.dawidSkene(iterations: Self.iterations, tolerance: 1e-6) : nil
    let mace = isSmall ? try? table.mace() : nil
    guard let skene, let mace else {
      truth.estimation =
        "There are too many raters and labels to estimate what each rater is worth."
      self.truth = truth
      return
    }
    truth.priors = skene.priors
    truth.overruled = table.items.indices.count { item in
      let votes = table.votes(on: item)
      return votes.ratings > 1 && votes.majority.count == 1
        && !skene.labels(of: item).contains(votes.majority[0])
    }
    truth.estimation =
      "Dawid and Skene's estimate "
      + (skene.converged
        ? "converged in \(Plain.count(skene.iterations, "iteration"))"
        : "had not converged in \(Plain.count(skene.iterations, "iteration")) and may still move")
      + ", log-likelihood \(Plain.fixed(skene.logLikelihood, 1)); MACE's best of 10 restarts "
      + (mace.converged ? "converged" : "had not converged")
      + ", log-likelihood \(Plain.fixed(mace.logLikelihood, 1))."
    for place in raterRows.indices {
      guard let rater = table.raters.firstIndex(of: raterRows[place].rater) else { continue }
      let ratings = raterRows[place].ratings
      raterRows[place].measures += [
        Measure(.skill, Estimate(.value(skene.accuracy(of: rater))), turns: ratings),
        Measure(.competence, Estimate(.value(mace.competence[rater])), turns: ratings),
      ]
    }
    if extent == .turns { truth.turns = Self.turns(table, skene, mace) }
    self.truth = truth
  }

  private static func turns(
    _ table: RatingTable, _ skene: DawidSkene, _ mace: MACE
  ) -> [TruthReport.Turn] {
    table.items.indices.compactMap { item in
      let votes = table.votes(on: item)
      guard votes.ratings > 0 else { return nil }
      return TruthReport.Turn(
        item: table.items[item], votes: votes.counts, entropy: votes.entropy,
        majority: votes.majority.map { table.categories[$0] },
        dawidSkene: skene.posterior(of: item), mace: mace.posterior(of: item))
    }
  }

  /// The evaluator weighted estimate of each turn.
  mutating func fillEstimates(
    _ table: RatingTable, _ others: EvaluatorWeightedEstimate, _ all: EvaluatorWeightedEstimate
  ) {
    var truth = TruthReport()
    truth.turns = table.items.indices.map { item in
      TruthReport.Turn(
        item: table.items[item], estimate: others.values[item], estimateOfAll: all.values[item])
    }
    self.truth = truth
  }
}
