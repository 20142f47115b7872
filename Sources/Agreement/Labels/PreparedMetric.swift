/// A metric made ready for one table: what is asked for often is computed once.
enum PreparedMetric: Sendable {
  case nominal
  /// Squared distances between places on a line; sums of squares about means say all.
  case line([Double])
  case matrix(DistanceMatrix)

  /// A metric that is ready, or why the table has none.
  enum Preparation {
    case ready(PreparedMetric)
    case impossible(Statistic.Reason)
  }

  /// Makes a metric ready.
  ///
  /// - Parameters:
  ///   - pairable: how often each category was given on items with at least two ratings.
  ///   - values: the categories as numbers, if they are.
  static func prepare(
    _ metric: Metric, pairable: [Double], values: [Double]?
  ) -> Preparation {
    switch metric {
    case .nominal:
      return .ready(.nominal)
    case .ordinal:
      return .ready(.line(middles(pairable)))
    case .interval:
      guard let values else { return .impossible(.notNumeric) }
      let ratings = pairable.reduce(0, +)
      // About their mean, so that no digits go to a level far from 0.
      let mean = zip(pairable, values).reduce(0) { $0 + $1.0 * $1.1 } / max(ratings, 1)
      return .ready(.line(values.map { $0 - mean }))
    case .ratio:
      guard let values else { return .impossible(.notNumeric) }
      guard !zip(values, pairable).contains(where: { $0 < 0 && $1 > 0 }) else {
        return .impossible(.negativeValue)
      }
      return matrix(pairable) {
        let sum = values[$0] + values[$1]
        let share = sum == 0 ? 0 : (values[$0] - values[$1]) / sum
        return share * share
      }
    case .distance(let distance):
      return matrix(pairable, distance)
    }
  }

  private static func matrix(
    _ pairable: [Double], _ distance: (Int, Int) -> Double
  ) -> Preparation {
    guard let matrix = DistanceMatrix(pairable, distance) else {
      return .impossible(.tooManyValues)
    }
    return .ready(.matrix(matrix))
  }

  /// Where categories lie in Krippendorff's ordinal metric.
  ///
  /// δ(c, k) = (n_c / 2 + Σ between + n_k / 2)² is the squared distance of the middles of the two
  /// categories' stretches when all ratings are laid out in order.
  static func middles(_ pairable: [Double]) -> [Double] {
    let half = pairable.reduce(0, +) / 2
    var before = -half
    return pairable.map { count in
      defer { before += count }
      return before + count / 2
    }
  }

  /// Σ n_c n_k δ(c, k) over ordered pairs of categories given so often.
  func spread(_ counts: [Double]) -> Double {
    switch self {
    case .nominal:
      let all = counts.reduce(0, +)
      return counts.reduce(0) { $0 + $1 * (all - $1) }
    case .line(let places):
      let all = counts.reduce(0, +)
      let mean = zip(counts, places).reduce(0) { $0 + $1.0 * $1.1 } / all
      return 2 * all
        * zip(counts, places).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) }
    case .matrix(let matrix):
      return matrix.spread(counts)
    }
  }

  /// What an item of a pattern adds to the observed disagreement: Σ δ over its ordered pairs of
  /// ratings, over the others each rating has.
  func split(_ patterns: ItemPatterns, _ pattern: Int) -> Double {
    let entries = patterns.starts[pattern]..<patterns.starts[pattern + 1]
    let size = Double(patterns.sizes[pattern])
    guard entries.count > 1 else { return 0 }
    switch self {
    case .nominal:
      return entries.reduce(0) {
        let count = Double(patterns.counts[$1])
        return $0 + count * (size - count)
      } / (size - 1)
    case .line(let places):
      let mean =
        entries.reduce(0) {
          $0 + Double(patterns.counts[$1]) * places[Int(patterns.categories[$1])]
        } / size
      return 2 * size
        * entries.reduce(0) {
          let deviation = places[Int(patterns.categories[$1])] - mean
          return $0 + Double(patterns.counts[$1]) * deviation * deviation
        } / (size - 1)
    case .matrix(let matrix):
      var sum = 0.0
      for entry in entries {
        for other in entries.lowerBound..<entry {
          sum +=
            Double(patterns.counts[entry]) * Double(patterns.counts[other])
            * matrix.distance(patterns.categories[entry], patterns.categories[other])
        }
      }
      return 2 * sum / (size - 1)
    }
  }
}

/// The distances of the categories that are used, each asked for once.
struct DistanceMatrix: Sendable {
  /// The most categories whose distances are kept, 128 MiB of them.
  static let mostUsed = 4096

  /// The place of each category among those that are used.
  private let rank: [Int32]
  /// Those that are used.
  private let used: [Int]
  private let distances: [Double]

  /// Asks for the distances; `nil` where too many categories are used.
  init?(_ pairable: [Double], _ distance: (Int, Int) -> Double) {
    used = pairable.indices.filter { pairable[$0] > 0 }
    guard used.count <= Self.mostUsed else { return nil }
    var rank = [Int32](repeating: 0, count: pairable.count)
    var distances = [Double](repeating: 0, count: used.count * used.count)
    for (place, category) in used.enumerated() {
      rank[category] = Int32(place)
      for (other, second) in used[..<place].enumerated() {
        let apart = distance(category, second)
        distances[place * used.count + other] = apart
        distances[other * used.count + place] = apart
      }
    }
    self.rank = rank
    self.distances = distances
  }

  /// The distance of two categories that are used.
  func distance(_ one: Int32, _ other: Int32) -> Double {
    distances[Int(rank[Int(one)]) * used.count + Int(rank[Int(other)])]
  }

  /// Σ n_c n_k δ(c, k).
  func spread(_ counts: [Double]) -> Double {
    used.reduce(0) { $0 + counts[$1] * weighted(counts, from: $1) }
  }

  /// Σ_k n_k δ(c, k) for one category.
  func weighted(_ counts: [Double], from category: Int) -> Double {
    let row = Int(rank[category]) * used.count
    var sum = 0.0
    for (place, category) in used.enumerated() { sum += counts[category] * distances[row + place] }
    return sum
  }
}
