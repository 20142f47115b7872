/// Two raters' labels on the items both rated, and what they agree on.
public struct PairTable: Equatable, Sendable {
  /// The number of labels.
  public let labels: Int
  /// Items by the first rater's label (row) and the second's (column), row after row.
  public let counts: [Int]

  /// The items both rated.
  public let shared: Int
  private let rowShares: [Double]
  private let columnShares: [Double]
  /// Whether both raters gave one and the same label throughout.
  private let isConstant: Bool

  /// Creates a table; `counts` has labels x labels numbers.
  public init(labels: Int, counts: [Int]) {
    precondition(counts.count == labels * labels)
    self.labels = labels
    self.counts = counts
    var rows = [Int](repeating: 0, count: labels)
    var columns = rows
    for row in 0..<labels {
      for column in 0..<labels {
        rows[row] += counts[row * labels + column]
        columns[column] += counts[row * labels + column]
      }
    }
    let shared = rows.reduce(0, +)
    self.shared = shared
    rowShares = rows.map { Double($0) / Double(shared) }
    columnShares = columns.map { Double($0) / Double(shared) }
    isConstant = (0..<labels).contains { counts[$0 * labels + $0] == shared }
  }

  /// The share of shared items with the same label.
  public var rawAgreement: Statistic {
    let same = (0..<labels).reduce(0) { $0 + counts[$1 * labels + $1] }
    return .quotient(Double(same), Double(shared), else: .nothingShared)
  }

  /// Chance agreement by the two raters' own labels, Σ p_k q_k.
  public var cohenExpected: Double {
    zip(rowShares, columnShares).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// Chance agreement by the pooled labels, Σ ((p_k + q_k) / 2)².
  public var scottExpected: Double {
    zip(rowShares, columnShares).reduce(0) { $0 + ($1.0 + $1.1) * ($1.0 + $1.1) / 4 }
  }

  /// Cohen's κ, Cohen 1960, doi 10.1177/001316446002000104.
  public var cohenKappa: Statistic {
    guard let raw = rawAgreement.value else { return .undefined(.nothingShared) }
    return isConstant
      ? .undefined(.noVariation) : .corrected(observed: raw, expected: cohenExpected)
  }

  /// Cohen's weighted κ, Cohen 1968, doi 10.1037/h0026256.
  public func cohenKappa(_ weights: AgreementWeights) -> Statistic {
    precondition(weights.rows.count == labels)
    guard shared > 0 else { return .undefined(.nothingShared) }
    guard !isConstant else { return .undefined(.noVariation) }
    var observed = 0.0
    for row in 0..<labels {
      for column in 0..<labels {
        observed += weights.rows[row][column] * Double(counts[row * labels + column])
      }
    }
    return .corrected(
      observed: observed / Double(shared), expected: weights.expected(rowShares, columnShares))
  }

  /// The largest κ the two raters could have with the label frequencies they have (Cohen 1960).
  public var maximumKappa: Statistic {
    guard shared > 0 else { return .undefined(.nothingShared) }
    guard !isConstant else { return .undefined(.noVariation) }
    return .corrected(
      observed: zip(rowShares, columnShares).reduce(0) { $0 + min($1.0, $1.1) },
      expected: cohenExpected)
  }

  /// Scott's π, Scott 1955, doi 10.1086/266577.
  public var scottPi: Statistic {
    guard let raw = rawAgreement.value else { return .undefined(.nothingShared) }
    return isConstant
      ? .undefined(.noVariation) : .corrected(observed: raw, expected: scottExpected)
  }

  /// The large-sample standard error of ``cohenKappa``, Fleiss, Cohen and Everitt 1969,
  /// doi 10.1037/h0028106: for intervals.
  public var cohenStandardError: Statistic {
    standardError(cohenKappa) { $0 == $1 ? 1 : 0 }
  }

  /// The standard error of ``cohenKappa`` if the raters agreed by chance alone: for tests of that.
  public var cohenStandardErrorByChance: Statistic {
    guard cohenKappa.value != nil else { return cohenKappa }
    let (near, expected) = nearness { $0 == $1 ? 1 : 0 }
    var sum = 0.0
    for row in 0..<labels {
      for column in 0..<labels {
        let factor = (row == column ? 1 : 0) - near.rows[row] - near.columns[column]
        sum += rowShares[row] * columnShares[column] * factor * factor
      }
    }
    return error(sum - expected * expected, expected)
  }

  /// The large-sample standard error of the weighted κ, from the same source.
  public func cohenStandardError(_ weights: AgreementWeights) -> Statistic {
    standardError(cohenKappa(weights)) { weights.rows[$0][$1] }
  }

  /// κ's interval by its large-sample standard error; `nil` where κ is not defined.
  public func cohenInterval(confidence: Double = 0.95) -> Bounds? {
    guard let kappa = cohenKappa.value, let error = cohenStandardError.value else { return nil }
    let half = Normal.quantile(1 - (1 - confidence) / 2) * error
    return Bounds(low: kappa - half, high: kappa + half)
  }

  private func standardError(_ kappa: Statistic, _ weight: (Int, Int) -> Double) -> Statistic {
    guard let value = kappa.value else { return kappa }
    let (near, expected) = nearness(weight)
    var sum = 0.0
    for row in 0..<labels {
      for column in 0..<labels where counts[row * labels + column] > 0 {
        let share = Double(counts[row * labels + column]) / Double(shared)
        let factor = weight(row, column) - (near.rows[row] + near.columns[column]) * (1 - value)
        sum += share * factor * factor
      }
    }
    let mean = value - expected * (1 - value)
    return error(sum - mean * mean, expected)
  }

  private func error(_ variance: Double, _ expected: Double) -> Statistic {
    let rest = 1 - expected
    return .value((max(variance, 0) / Double(shared)).squareRoot() / rest)
  }

  /// The mean weight of each label with the other rater's labels, and of any two labels.
  private func nearness(
    _ weight: (Int, Int) -> Double
  ) -> (near: (rows: [Double], columns: [Double]), expected: Double) {
    let rows = (0..<labels).map { row in
      (0..<labels).reduce(0) { $0 + weight(row, $1) * columnShares[$1] }
    }
    let columns = (0..<labels).map { column in
      (0..<labels).reduce(0) { $0 + weight($1, column) * rowShares[$1] }
    }
    return ((rows, columns), zip(rows, rowShares).reduce(0) { $0 + $1.0 * $1.1 })
  }
}
