/// How much two different labels agree, from 0 for not at all to 1 for the same.
public struct AgreementWeights: Equatable, Sendable {
  /// The weights, one row a label.
  public let rows: [[Double]]

  /// Weights as given: square, 1 on the diagonal.
  public init(_ rows: [[Double]]) {
    precondition(rows.allSatisfy { $0.count == rows.count })
    self.rows = rows
  }

  /// Only the same label agrees.
  public static func identity(_ labels: Int) -> AgreementWeights {
    weights(labels) { $0 == $1 ? 1 : 0 }
  }

  /// 1 − |a − b| / range (Cicchetti and Allison 1971).
  ///
  /// - Parameter positions: where each label lies on the scale: its rank among the declared labels
  ///   (0, 1, 2 …) or its numeric value. The two differ where values leave a gap, and tools differ
  ///   in which they take.
  public static func linear(positions: [Double]) -> AgreementWeights {
    let range = span(positions)
    return weights(positions.count) {
      range == 0 ? 1 : 1 - abs(positions[$0] - positions[$1]) / range
    }
  }

  /// 1 − (a − b)² / range² (Fleiss and Cohen 1973).
  public static func quadratic(positions: [Double]) -> AgreementWeights {
    let range = span(positions)
    return weights(positions.count) {
      let distance = range == 0 ? 0 : (positions[$0] - positions[$1]) / range
      return 1 - distance * distance
    }
  }

  /// Gwet's ordinal weights, 1 − C(|a − b| + 1, 2) / C(range + 1, 2) by position.
  ///
  /// They are fixed, unlike Krippendorff's ordinal distance, which depends on how often labels are used.
  public static func ordinal(positions: [Double]) -> AgreementWeights {
    let range = span(positions)
    func pairs(_ distance: Double) -> Double { (distance + 1) * distance / 2 }
    return weights(positions.count) {
      range == 0 ? 1 : 1 - pairs(abs(positions[$0] - positions[$1])) / pairs(range)
    }
  }

  private static func span(_ positions: [Double]) -> Double {
    (positions.max() ?? 0) - (positions.min() ?? 0)
  }

  private static func weights(
    _ labels: Int, _ weight: (Int, Int) -> Double
  ) -> AgreementWeights {
    AgreementWeights((0..<labels).map { row in (0..<labels).map { weight(row, $0) } })
  }

  /// The sum of all weights.
  var total: Double { rows.reduce(0) { $0 + $1.reduce(0, +) } }

  /// The mean weight of two labels drawn from two distributions.
  func expected(_ one: [Double], _ other: [Double]) -> Double {
    zip(rows, one).reduce(0) { sum, row in
      row.1 == 0 ? sum : sum + row.1 * zip(row.0, other).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }
}
