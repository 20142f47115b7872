/// A function applied to each element.
public enum Activation: String, Sendable, Codable {
  /// 1 / (1 + e^−x).
  case sigmoid
  /// tanh x.
  case tanh
  /// x·σ(x) (Elfwing et al. 2018, arXiv:1702.03118).
  case silu
  /// x·Φ(x) with the exact normal distribution function (arXiv:1606.08415).
  case gelu
}

@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
private func apply<T: NeuralScalar>(
  _ activation: Activation, _ x: UnsafePointer<T>, into y: UnsafeMutablePointer<T>, _ count: Int
) {
  if let x = x as? UnsafePointer<Float>, let y = y as? UnsafeMutablePointer<Float> {
    return InferenceKernels.best.apply(activation, x, into: y, count)
  }
  switch activation {
  case .sigmoid: for i in 0..<count { y[i] = sigmoid(x[i]) }
  case .tanh: for i in 0..<count { y[i] = T.hyperbolicTangent(x[i]) }
  case .silu: for i in 0..<count { y[i] = x[i] * sigmoid(x[i]) }
  case .gelu:
    let root = T(0.5).squareRoot()
    for i in 0..<count { y[i] = x[i] / 2 * (1 + T.errorFunction(x[i] * root)) }
  }
}

@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
private func applyDerivative<T: NeuralScalar>(
  _ activation: Activation, _ x: UnsafePointer<T>, _ y: UnsafePointer<T>, _ dy: UnsafePointer<T>,
  into dx: UnsafeMutablePointer<T>, _ count: Int
) {
  switch activation {
  case .sigmoid: for i in 0..<count { dx[i] += dy[i] * y[i] * (1 - y[i]) }
  case .tanh: for i in 0..<count { dx[i] += dy[i] * (1 - y[i] * y[i]) }
  case .silu:
    for i in 0..<count {
      let s = sigmoid(x[i])
      dx[i] += dy[i] * s * (1 + x[i] * (1 - s))
    }
  case .gelu:
    if let x = x as? UnsafePointer<Float>, let dy = dy as? UnsafePointer<Float>,
      let dx = dx as? UnsafeMutablePointer<Float>
    {
      return withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { slopes in
        guard let slopes = slopes.baseAddress else { return }
        InferenceKernels.best.slopeOfGELU(x, into: slopes, count)
        for i in 0..<count { dx[i] += dy[i] * slopes[i] }
      }
    }
    let root = T(0.5).squareRoot()
    let density = 1 / (2 * T.pi).squareRoot()
    for i in 0..<count {
      let cumulative = (1 + T.errorFunction(x[i] * root)) / 2
      dx[i] += dy[i] * (cumulative + x[i] * density * T.exponential(-x[i] * x[i] / 2))
    }
  }
}

@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
private func glu<T: NeuralScalar>(
  _ x: UnsafePointer<T>, into y: UnsafeMutablePointer<T>, rows: Int, half: Int
) {
  for row in 0..<rows {
    let line = x + row * 2 * half
    for i in 0..<half { y[row * half + i] = line[i] * sigmoid(line[half + i]) }
  }
}

@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
private func gluDerivative<T: NeuralScalar>(
  _ x: UnsafePointer<T>, _ dy: UnsafePointer<T>, into dx: UnsafeMutablePointer<T>, rows: Int,
  half: Int
) {
  for row in 0..<rows {
    let line = x + row * 2 * half
    let to = dx + row * 2 * half
    for i in 0..<half {
      let gate = sigmoid(line[half + i])
      let change = dy[row * half + i]
      to[i] += change * gate
      to[half + i] += change * line[i] * gate * (1 - gate)
    }
  }
}

extension Tape {
  /// The sum of two matrices of one shape.
  public func add(_ a: Node<Scalar>, _ b: Node<Scalar>) -> Node<Scalar> {
    precondition(a.rows == b.rows && a.columns == b.columns, "shapes differ")
    var value = a.value
    addInto(&value.elements, b.value.elements, value.elements.count)
    return record(value, from: a, b) { result in
      let count = result.gradient.count
      a.accumulate { addInto($0, result.gradient, count) }
      b.accumulate { addInto($0, result.gradient, count) }
    }
  }

  /// A matrix with a row added to each of its rows.
  public func addRow(_ x: Node<Scalar>, _ row: Node<Scalar>) -> Node<Scalar> {
    precondition(row.value.elements.count == x.columns, "the row's width is not the matrix's")
    var value = x.value
    addRowInto(&value.elements, row.value.elements, rows: x.rows, columns: x.columns)
    return record(value, from: x, row) { result in
      x.accumulate { addInto($0, result.gradient, result.gradient.count) }
      row.accumulate {
        addColumnSumsInto($0, result.gradient, rows: x.rows, columns: x.columns)
      }
    }
  }

  /// The product of two matrices of one shape, element by element.
  public func multiply(_ a: Node<Scalar>, _ b: Node<Scalar>) -> Node<Scalar> {
    precondition(a.rows == b.rows && a.columns == b.columns, "shapes differ")
    var value = Matrix<Scalar>(rows: a.rows, columns: a.columns)
    addProductInto(&value.elements, a.value.elements, b.value.elements, value.elements.count)
    return record(value, from: a, b) { result in
      let count = result.gradient.count
      a.accumulate { addProductInto($0, result.gradient, b.value.elements, count) }
      b.accumulate { addProductInto($0, result.gradient, a.value.elements, count) }
    }
  }

  /// A matrix times a number.
  public func scale(_ a: Node<Scalar>, by factor: Scalar) -> Node<Scalar> {
    var value = Matrix<Scalar>(rows: a.rows, columns: a.columns)
    addInto(&value.elements, a.value.elements, value.elements.count, scale: factor)
    return record(value, from: a) { result in
      a.accumulate { addInto($0, result.gradient, result.gradient.count, scale: factor) }
    }
  }

  /// A function of each element.
  public func activate(_ x: Node<Scalar>, _ activation: Activation) -> Node<Scalar> {
    let value = Matrix<Scalar>(rows: x.rows, columns: x.columns) {
      apply(activation, x.value.elements, into: $0, x.value.elements.count)
    }
    return record(value, from: x) { result in
      x.accumulate {
        applyDerivative(
          activation, x.value.elements, result.value.elements, result.gradient, into: $0,
          result.gradient.count)
      }
    }
  }

  /// The gated linear unit: the first half of the columns times the sigmoid of the second
  /// (arXiv:1612.08083).
  public func gatedLinearUnit(_ x: Node<Scalar>) -> Node<Scalar> {
    precondition(x.columns % 2 == 0, "a gated linear unit halves an even number of columns")
    let half = x.columns / 2
    var value = Matrix<Scalar>(rows: x.rows, columns: half)
    glu(x.value.elements, into: &value.elements, rows: x.rows, half: half)
    return record(value, from: x) { result in
      x.accumulate {
        gluDerivative(x.value.elements, result.gradient, into: $0, rows: x.rows, half: half)
      }
    }
  }

  /// In training, sets a share of the elements to zero and scales the others up by as much
  /// (Srivastava and others 2014); otherwise the matrix itself.
  public func dropout(_ x: Node<Scalar>, rate: Double) -> Node<Scalar> {
    guard rate > 0, var source = random else { return x }
    let keep = Scalar(1 / (1 - rate))
    let threshold = UInt64(rate * 4_294_967_296)
    var mask = Matrix<Scalar>(rows: x.rows, columns: x.columns)
    fillMask(&mask.elements, mask.elements.count, keep: keep, threshold: threshold, &source)
    random = source
    return multiply(x, constant(mask))
  }
}

@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
private func fillMask<T: NeuralScalar>(
  _ mask: UnsafeMutablePointer<T>, _ count: Int, keep: T, threshold: UInt64,
  _ source: inout RandomSource
) {
  var bits: UInt64 = 0
  for place in 0..<count {
    // Two decisions from each draw: 32 bits resolve a rate to four billionths.
    bits = place & 1 == 0 ? source.next() : bits >> 32
    if bits & 0xFFFF_FFFF >= threshold { mask[place] = keep }
  }
}
