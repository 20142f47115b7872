@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
private func softmaxRows<T: NeuralScalar>(
  _ logits: UnsafePointer<T>, rows: Int, classes: Int, into p: UnsafeMutablePointer<T>,
  normalisers: UnsafeMutablePointer<T>
) {
  for row in 0..<rows {
    let line = logits + row * classes
    let to = p + row * classes
    var top = line[0]
    for i in 1..<max(1, classes) where line[i] > top { top = line[i] }
    var total: T = 0
    for i in 0..<classes {
      to[i] = T.exponential(line[i] - top)
      total += to[i]
    }
    for i in 0..<classes { to[i] /= total }
    normalisers[row] = top + T.logarithm(total)
  }
}

/// The softmax of one row of logits: probabilities that sum to 1.
public func softmax<T: NeuralScalar>(_ logits: [T]) -> [T] {
  guard !logits.isEmpty else { return [] }
  var p = filled(with: 0 as T, count: logits.count)
  var normaliser: T = 0
  softmaxRows(logits, rows: 1, classes: logits.count, into: &p, normalisers: &normaliser)
  return p
}

extension Tape {
  /// The weighted mean cross-entropy between target distributions and the softmax of logits.
  ///
  /// - Parameters:
  ///   - logits: rows × classes.
  ///   - targets: rows × classes; each row sums to 1, or to 0 for a row without a target.
  ///   - weights: one a row, not negative. The mean is over their sum.
  /// - Returns: 1 × 1, in nats; 0 if no row counts.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func crossEntropy(
    _ logits: Node<Scalar>, targets: Matrix<Scalar>, weights: [Scalar]
  ) -> Node<Scalar> {
    precondition(
      targets.rows == logits.rows && targets.columns == logits.columns
        && weights.count == logits.rows, "shapes differ")
    let (rows, classes) = (logits.rows, logits.columns)
    var probabilities = Matrix<Scalar>(rows: rows, columns: classes)
    var normalisers = filled(with: 0 as Scalar, count: rows)
    softmaxRows(
      logits.value.elements, rows: rows, classes: classes, into: &probabilities.elements,
      normalisers: &normalisers)
    var total: Scalar = 0
    var counted: Scalar = 0
    for row in 0..<rows {
      counted += weights[row]
      for i in 0..<classes where targets[row, i] > 0 {
        total += weights[row] * targets[row, i] * (normalisers[row] - logits.value[row, i])
      }
    }
    let mean = counted > 0 ? total / counted : 0
    return record(Matrix(row: [mean]), from: logits) { result in
      guard counted > 0 else { return }
      logits.accumulate { target in
        for row in 0..<rows {
          let scale = result.gradient[0] * weights[row] / counted
          var mass: Scalar = 0
          for i in 0..<classes { mass += targets[row, i] }
          for i in 0..<classes {
            target[row * classes + i] +=
              scale * (mass * probabilities[row, i] - targets[row, i])
          }
        }
      }
    }
  }

  /// The weighted mean of 1 − cos of the angle between each row and a given vector.
  ///
  /// - Parameters:
  ///   - x: rows × width.
  ///   - targets: rows × width.
  ///   - weights: one a row, not negative. The mean is over their sum.
  /// - Returns: 1 × 1, from 0 to 2; 0 if no row counts. A row or target of length 0 counts 1 and
  ///   moves nothing.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func cosineDistance(
    _ x: Node<Scalar>, to targets: Matrix<Scalar>, weights: [Scalar]
  ) -> Node<Scalar> {
    precondition(
      targets.rows == x.rows && targets.columns == x.columns && weights.count == x.rows,
      "shapes differ")
    let (rows, width) = (x.rows, x.columns)
    // Per row: 1 / |x|, 1 / |target|, and the cosine.
    var scales: [(x: Scalar, target: Scalar, cosine: Scalar)] = []
    scales.reserveCapacity(rows)
    var total: Scalar = 0
    var counted: Scalar = 0
    x.value.elements.withUnsafeBufferPointer { elements in
      targets.elements.withUnsafeBufferPointer { wanted in
        guard let a = elements.baseAddress, let b = wanted.baseAddress else { return }
        for row in 0..<rows {
          let (p, q) = (a + row * width, b + row * width)
          let lengths = (dot(p, p, width).squareRoot(), dot(q, q, width).squareRoot())
          let isDefined = lengths.0 > 0 && lengths.1 > 0
          let scale = isDefined ? (1 / lengths.0, 1 / lengths.1) : (0, 0)
          let cosine = dot(p, q, width) * scale.0 * scale.1
          scales.append((scale.0, scale.1, cosine))
          total += weights[row] * (1 - cosine)
          counted += weights[row]
        }
      }
    }
    let mean = counted > 0 ? total / counted : 0
    return record(Matrix(row: [mean]), from: x) { result in
      guard counted > 0 else { return }
      x.accumulate { target in
        for row in 0..<rows {
          let (own, wanted, cosine) = scales[row]
          let factor = -result.gradient[0] * weights[row] / counted * own
          for i in row * width..<(row + 1) * width {
            target[i] +=
              factor * (wanted * targets.elements[i] - cosine * own * x.value.elements[i])
          }
        }
      }
    }
  }

  /// A weighted sum of losses.
  public func weightedSum(_ losses: [(loss: Node<Scalar>, weight: Scalar)]) -> Node<Scalar> {
    losses.map { scale($0.loss, by: $0.weight) }.reduce(constant(Matrix(row: [0]))) { add($0, $1) }
  }
}
