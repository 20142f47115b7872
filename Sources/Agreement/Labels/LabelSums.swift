/// The sums over items that all statistics of one label rest on.
///
/// With n ratings on an item and n_k of them for label k, an item adds the terms below; each
/// statistic is a formula of the sums. Units (items or dialogues) can therefore be resampled by
/// adding their sums up again.
struct LabelSums: Equatable, Sendable {
  /// The places of a label's six sums.
  enum Term: Int, CaseIterable {
    /// n_k, where n ≥ 2: what Krippendorff calls pairable values.
    case pairable
    /// n_k / n, where n ≥ 1: Gwet's share of the label.
    case share
    /// n_k (n − n_k) / (n (n − 1)): the share of the item's ordered pairs that begin with the
    /// label and end with another.
    case splitShare
    /// n_k (n − n_k) / (n − 1): the same in Krippendorff's weighting by ratings.
    case split
    /// n_k (n_k − 1): ordered pairs that agree on the label.
    case agreeing
    /// n_k (n − 1): ordered pairs that begin with the label.
    case beginning
  }

  static let width = Term.allCases.count

  /// The sums, ``width`` of them for each label.
  var terms: [Double]
  /// Items with at least one rating.
  var rated = 0.0
  /// Items with at least two.
  var shared = 0.0

  init(labels: Int) {
    terms = Array(repeating: 0, count: labels * Self.width)
  }

  var labels: Int { terms.count / Self.width }

  subscript(term: Term, label: Int) -> Double {
    terms[label * Self.width + term.rawValue]
  }

  func total(_ term: Term) -> Double {
    stride(from: term.rawValue, to: terms.count, by: Self.width).reduce(0) { $0 + terms[$1] }
  }

  /// A label's six sums on an item with `size` ratings, `count` of them for the label.
  static func terms(count: Int, size: Int) -> SIMD8<Double> {
    let (label, all) = (Double(count), Double(size))
    guard size > 1 else { return SIMD8(0, label / all, 0, 0, 0, 0, 0, 0) }
    let split = label * (all - label)
    return SIMD8(
      label, label / all, split / (all * (all - 1)), split / (all - 1), label * (label - 1),
      label * (all - 1), 0, 0)
  }

  /// Adds an item with `size` ratings: the counts of all labels, and which labels to look at.
  mutating func add(_ counts: [Int], size: Int, of answers: ArraySlice<Int32>) {
    rated += 1
    shared += size > 1 ? 1 : 0
    for (place, answer) in answers.enumerated() {
      let label = Int(answer)
      guard !answers.prefix(place).contains(answer) else { continue }
      let own = Self.terms(count: counts[label], size: size)
      for term in 0..<Self.width { terms[label * Self.width + term] += own[term] }
    }
  }

  /// The sums over all items.
  init(_ patterns: ItemPatterns, labels: Int) {
    self.init(labels: labels)
    for pattern in 0..<patterns.count {
      let size = Int(patterns.sizes[pattern])
      let times = Double(patterns.multiplicity[pattern])
      rated += size > 0 ? times : 0
      shared += size > 1 ? times : 0
      for entry in patterns.starts[pattern]..<patterns.starts[pattern + 1] {
        let own = times * Self.terms(count: Int(patterns.counts[entry]), size: size)
        let base = Int(patterns.categories[entry]) * Self.width
        for term in 0..<Self.width { terms[base + term] += own[term] }
      }
    }
  }
}
