@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
func normalise<T: NeuralScalar>(
  _ x: UnsafePointer<T>, groups: Int, width: Int, epsilon: T,
  into y: UnsafeMutablePointer<T>, scales: UnsafeMutablePointer<T>
) {
  for group in 0..<groups {
    let line = x + group * width
    let to = y + group * width
    var mean: T = 0
    for i in 0..<width { mean += line[i] }
    mean /= T(width)
    for i in 0..<width { to[i] = line[i] - mean }
    let variance = dot(to, to, width) / T(width)
    let scale = 1 / (variance + epsilon).squareRoot()
    scales[group] = scale
    for i in 0..<width { to[i] *= scale }
  }
}

@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
func normaliseDerivative<T: NeuralScalar>(
  _ y: UnsafePointer<T>, _ scales: UnsafePointer<T>, _ dy: UnsafePointer<T>, groups: Int,
  width: Int, into dx: UnsafeMutablePointer<T>
) {
  for group in 0..<groups {
    let line = y + group * width
    let change = dy + group * width
    let to = dx + group * width
    var mean: T = 0
    for i in 0..<width { mean += change[i] }
    mean /= T(width)
    let slope = dot(line, change, width) / T(width)
    for i in 0..<width { to[i] += scales[group] * (change[i] - mean - line[i] * slope) }
  }
}

/// Adds `x[r, c] · (1 + w[c])` to each element `y[r, c]`.
@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
private func addScaledColumns<T: NeuralScalar>(
  _ x: UnsafePointer<T>, _ weight: UnsafePointer<T>, rows: Int, columns: Int,
  into y: UnsafeMutablePointer<T>
) {
  for row in 0..<rows {
    for i in 0..<columns { y[row * columns + i] += x[row * columns + i] * (1 + weight[i]) }
  }
}

@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
func addColumnProducts<T: NeuralScalar>(
  _ a: UnsafePointer<T>, _ b: UnsafePointer<T>, rows: Int, columns: Int,
  into y: UnsafeMutablePointer<T>
) {
  for row in 0..<rows {
    for i in 0..<columns { y[i] += a[row * columns + i] * b[row * columns + i] }
  }
}

extension Tape {
  /// Layer normalisation as xLSTM has it: no bias, scale 1 + weight, and, with more than one head,
  /// each head's columns by themselves.
  ///
  /// - Parameters:
  ///   - x: rows × columns.
  ///   - weight: 1 × columns; 0 leaves the normalised values as they are.
  ///   - heads: how many parts the columns fall into.
  ///   - epsilon: added to the variance.
  /// - Returns: rows × columns.
  public func layerNorm(
    _ x: Node<Scalar>, _ weight: Node<Scalar>, heads: Int = 1, epsilon: Scalar = 1e-5
  ) -> Node<Scalar> {
    precondition(weight.value.elements.count == x.columns, "the weight's width is not the input's")
    precondition(x.columns % heads == 0, "the columns do not divide into heads")
    let groups = x.rows * heads
    let width = x.columns / heads
    var normal = Matrix<Scalar>(rows: x.rows, columns: x.columns)
    var scales = filled(with: 0 as Scalar, count: groups)
    normalise(
      x.value.elements, groups: groups, width: width, epsilon: epsilon, into: &normal.elements,
      scales: &scales)
    var value = Matrix<Scalar>(rows: x.rows, columns: x.columns)
    addScaledColumns(
      normal.elements, weight.value.elements, rows: x.rows, columns: x.columns,
      into: &value.elements)
    return record(value, from: x, weight) { result in
      weight.accumulate {
        addColumnProducts(
          normal.elements, result.gradient, rows: x.rows, columns: x.columns, into: $0)
      }
      x.accumulate {
        var scaled = Matrix<Scalar>(rows: x.rows, columns: x.columns)
        addScaledColumns(
          result.gradient, weight.value.elements, rows: x.rows, columns: x.columns,
          into: &scaled.elements)
        normaliseDerivative(
          normal.elements, scales, scaled.elements, groups: groups, width: width, into: $0)
      }
    }
  }

  /// Each row times the row of weights, column by column.
  public func scaleColumns(_ x: Node<Scalar>, _ weight: Node<Scalar>) -> Node<Scalar> {
    precondition(weight.value.elements.count == x.columns, "the weight's width is not the input's")
    return multiply(x, gatherRows(weight, [Int](repeating: 0, count: x.rows)))
  }
}
