/// How a source's labels compare with a rater's, counted over turns.
///
/// All rates are fractions. A rate whose denominator is 0 is `nil`, never 0 or 1: a label nobody
/// expressed has no recall.
public struct Evaluation: Equatable, Sendable {
  /// The labels, in the order of ``confusion``.
  public let labels: [String]
  /// Turns by true label (row) and predicted label (column).
  public let confusion: [[Int]]

  /// Evaluates a confusion matrix; square, with one row a label.
  public init(labels: [String], confusion: [[Int]]) {
    precondition(confusion.count == labels.count)
    precondition(confusion.allSatisfy { $0.count == labels.count })
    self.labels = labels
    self.confusion = confusion
  }

  /// Evaluates pairs of true and predicted label, both as places in `labels`.
  public init(labels: [String], truth: [Int], predicted: [Int]) {
    var confusion = [[Int]](
      repeating: [Int](repeating: 0, count: labels.count), count: labels.count)
    for (truth, predicted) in zip(truth, predicted) { confusion[truth][predicted] += 1 }
    self.init(labels: labels, confusion: confusion)
  }

  /// How well one label was found.
  public struct LabelScore: Equatable, Sendable {
    /// The label.
    public var label: String
    /// Turns that have it.
    public var support: Int
    /// Turns that were given it.
    public var predicted: Int
    /// Of the turns given it, the share that have it.
    public var precision: Double?
    /// Of the turns that have it, the share that were given it.
    public var recall: Double?
    /// The harmonic mean of precision and recall, 2 TP / (2 TP + FP + FN).
    public var f1: Double?
  }

  /// The turns that were scored.
  public var turns: Int { confusion.reduce(0) { $0 + $1.reduce(0, +) } }

  /// Precision, recall and F1 of each label.
  public var perLabel: [LabelScore] {
    labels.indices.map { place in
      let support = confusion[place].reduce(0, +)
      let predicted = confusion.reduce(0) { $0 + $1[place] }
      let right = confusion[place][place]
      return LabelScore(
        label: labels[place], support: support, predicted: predicted,
        precision: ratio(right, predicted), recall: ratio(right, support),
        f1: ratio(2 * right, support + predicted))
    }
  }

  /// Weighted accuracy: the share of turns with the right label.
  public var weightedAccuracy: Double? {
    ratio(labels.indices.reduce(0) { $0 + confusion[$1][$1] }, turns)
  }

  /// Unweighted accuracy: the mean recall of the labels that occur.
  public var unweightedAccuracy: Double? { mean(perLabel.compactMap(\.recall)) }

  /// The mean F1 of the labels that occur or were predicted.
  public var macroF1: Double? { mean(perLabel.compactMap(\.f1)) }

  /// The mean F1 of the labels, each weighted by how often it occurs.
  public var weightedF1: Double? {
    let total = turns
    guard total > 0 else { return nil }
    return perLabel.reduce(0) { $0 + ($1.f1 ?? 0) * Double($1.support) } / Double(total)
  }

  /// What always answering the commonest label would score, the earlier label on a tie.
  public var majority: Evaluation {
    let supports = confusion.map { $0.reduce(0, +) }
    let best = supports.indices.reduce(0) { supports[$1] > supports[$0] ? $1 : $0 }
    var always = confusion.map { [Int](repeating: 0, count: $0.count) }
    for (row, support) in supports.enumerated() { always[row][best] = support }
    return Evaluation(labels: labels, confusion: always)
  }

  /// What drawing each label as often as it occurs would score on average.
  public var chance: Chance {
    let supports = confusion.map { Double($0.reduce(0, +)) }
    let total = supports.reduce(0, +)
    let present = supports.filter { $0 > 0 }
    guard total > 0 else { return Chance(unweightedAccuracy: nil, weightedAccuracy: nil) }
    return Chance(
      unweightedAccuracy: 1 / Double(present.count),
      weightedAccuracy: present.reduce(0) { $0 + ($1 / total) * ($1 / total) })
  }

  /// Expected scores of answers drawn at random from the distribution of the true labels.
  public struct Chance: Equatable, Sendable {
    /// One over the number of labels that occur.
    public var unweightedAccuracy: Double?
    /// The sum of the squared shares of the labels.
    public var weightedAccuracy: Double?

    /// A label's expected precision and recall are both its share, so its F1 is, too: weighted by how
    /// often each occurs they sum to ``weightedAccuracy``.
    public var weightedF1: Double? { weightedAccuracy }
    /// And their mean is ``unweightedAccuracy``.
    public var macroF1: Double? { unweightedAccuracy }
  }
}

func ratio(_ part: Int, _ whole: Int) -> Double? {
  whole == 0 ? nil : Double(part) / Double(whole)
}

func mean(_ values: [Double]) -> Double? {
  values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
}
