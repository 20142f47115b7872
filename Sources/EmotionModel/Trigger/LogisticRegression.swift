internal import Glibc

/// Logistic regression with a ridge penalty, by Newton's method: a few hundred sparse features and
/// some thousand rows, for which it converges in about eight steps.
struct LogisticRegression {
  /// A row: its features that are not zero, and the answer.
  struct Row {
    var features: [TriggerFeatures.Entry]
    var isPositive: Bool
  }

  /// The weights that minimise Σ −ln p(answer) + penalty/2 · Σ w².
  static func fit(_ rows: [Row], features count: Int, penalty: Double) -> [Double] {
    var weights = [Double](repeating: 0, count: count)
    for _ in 0..<50 {
      var gradient = weights.map { $0 * penalty }
      var curvature = [Double](repeating: 0, count: count * count)
      for place in 0..<count { curvature[place * count + place] = penalty }
      for row in rows {
        let p = probability(of: row.features, weights)
        let error = p - (row.isPositive ? 1 : 0)
        let weight = p * (1 - p)
        for a in row.features {
          gradient[a.place] += error * a.value
          for b in row.features where b.place <= a.place {
            curvature[a.place * count + b.place] += weight * a.value * b.value
          }
        }
      }
      let step = solve(curvature, gradient, count)
      for place in 0..<count { weights[place] -= step[place] }
      if step.allSatisfy({ abs($0) < 1e-9 }) { break }
    }
    return weights
  }

  /// The probability of a positive answer.
  static func probability(of features: [TriggerFeatures.Entry], _ weights: [Double]) -> Double {
    let score = features.reduce(0) { $0 + weights[$1.place] * $1.value }
    return 1 / (1 + exp(-score))
  }

  /// Solves a symmetric positive definite system by Cholesky's decomposition of its lower triangle.
  private static func solve(_ matrix: [Double], _ right: [Double], _ count: Int) -> [Double] {
    var l = matrix
    var x = right
    for column in 0..<count {
      for row in column..<count {
        var sum = l[row * count + column]
        for k in 0..<column { sum -= l[row * count + k] * l[column * count + k] }
        l[row * count + column] =
          row == column ? sum.squareRoot() : sum / l[column * count + column]
      }
    }
    for row in 0..<count {
      for k in 0..<row { x[row] -= l[row * count + k] * x[k] }
      x[row] /= l[row * count + row]
    }
    for row in stride(from: count - 1, through: 0, by: -1) {
      for k in (row + 1)..<count { x[row] -= l[k * count + row] * x[k] }
      x[row] /= l[row * count + row]
    }
    return x
  }
}
