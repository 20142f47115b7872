/// The sizes of an xLSTM cell: how many heads, and how wide each is.
struct CellShape {
  var heads: Int
  var width: Int
  /// All heads together.
  var columns: Int { heads * width }
}

/// The inputs of an mLSTM cell: rows × (heads · width) for q, k and v, rows × heads for the
/// pre-activations of the input and forget gates.
struct MLSTMInputs<T> {
  var q: UnsafePointer<T>
  var k: UnsafePointer<T>
  var v: UnsafePointer<T>
  var i: UnsafePointer<T>
  var f: UnsafePointer<T>
}

/// One head of one sequence, step by step (arXiv:2405.04517, equations 19 to 27, stabilised as in
/// their package `xlstm`).
///
/// `m` starts at −∞, as their parallel form does; starting at 0, as their step form does, gives
/// other numbers on the first steps.
@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
func mLSTMForward<T: NeuralScalar>(
  _ x: MLSTMInputs<T>, _ shape: CellShape, head: Int, rows: Range<Int>,
  memory: UnsafeMutablePointer<T>, normaliser n: UnsafeMutablePointer<T>,
  into y: UnsafeMutablePointer<T>
) {
  let d = shape.width
  for place in 0..<d * d { memory[place] = 0 }
  for place in 0..<d { n[place] = 0 }
  let root = T(d).squareRoot()
  var m = -T.infinity
  for row in rows {
    let at = row * shape.columns + head * d
    let (q, k, v, h) = (x.q + at, x.k + at, x.v + at, y + at)
    let input = x.i[row * shape.heads + head]
    let forget = logSigmoid(x.f[row * shape.heads + head])
    let next = max(forget + m, input)
    let f = T.exponential(forget + m - next)
    let i = T.exponential(input - next)
    m = next
    for column in 0..<d { h[column] = 0 }
    var product: T = 0
    for a in 0..<d {
      let key = i * k[a] / root
      n[a] = f * n[a] + key
      product += q[a] * n[a]
      let line = memory + a * d
      for b in 0..<d {
        line[b] = f * line[b] + key * v[b]
        h[b] += q[a] * line[b]
      }
    }
    let divisor = max(abs(product), T.exponential(-m)) + 1e-6
    for column in 0..<d { h[column] /= divisor }
  }
}

/// Gradients of one head of one sequence through the parallel form of the cell, in which every
/// output is a weighted sum over the steps before it.
///
/// `m` cancels out of the result except for the 1e-6 in the divisor, so it counts as a constant.
@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
func mLSTMBackward<T: NeuralScalar>(
  _ x: MLSTMInputs<T>, _ shape: CellShape, head: Int, rows: Range<Int>, output y: UnsafePointer<T>,
  gradient dy: UnsafePointer<T>, q dq: UnsafeMutablePointer<T>, k dk: UnsafeMutablePointer<T>,
  v dv: UnsafeMutablePointer<T>, i di: UnsafeMutablePointer<T>, f df: UnsafeMutablePointer<T>
) {
  let d = shape.width
  let heads = shape.heads
  let count = rows.count
  let root = T(d).squareRoot()
  var decay = filled(with: 0 as T, count: count)
  var decayGradient = filled(with: 0 as T, count: count)
  var weights = filled(with: 0 as T, count: count)
  var products = filled(with: 0 as T, count: count)
  var sum: T = 0
  var m = -T.infinity
  for t in 0..<count {
    let row = rows.lowerBound + t
    let forget = logSigmoid(x.f[row * heads + head])
    sum += forget
    decay[t] = sum
    m = max(forget + m, x.i[row * heads + head])
    let at = row * shape.columns + head * d
    var product: T = 0
    for s in 0...t {
      let other = rows.lowerBound + s
      let exponent = sum - decay[s] + x.i[other * heads + head] - m
      weights[s] = T.exponential(exponent)
      products[s] = dot(x.q + at, x.k + other * shape.columns + head * d, d) / root
      product += products[s] * weights[s]
    }
    let floor = T.exponential(-m)
    let divisor = max(abs(product), floor) + 1e-6
    let slope = dot(dy + at, y + at, d) / divisor
    let correction: T = abs(product) > floor ? (product > 0 ? slope : -slope) : 0
    for s in 0...t {
      let other = rows.lowerBound + s
      let from = other * shape.columns + head * d
      let change = dot(dy + at, x.v + from, d) / divisor - correction
      let share = products[s] * weights[s] / divisor
      let through = change * weights[s] / root
      for c in 0..<d {
        dv[from + c] += share * dy[at + c]
        dq[at + c] += through * x.k[from + c]
        dk[from + c] += through * x.q[at + c]
      }
      let exponentGradient = change * products[s] * weights[s]
      di[other * heads + head] += exponentGradient
      decayGradient[t] += exponentGradient
      decayGradient[s] -= exponentGradient
    }
  }
  var later: T = 0
  for t in stride(from: count - 1, through: 0, by: -1) {
    later += decayGradient[t]
    let place = (rows.lowerBound + t) * heads + head
    df[place] += later * (1 - sigmoid(x.f[place]))
  }
}

extension Tape {
  /// The mLSTM cell over each segment.
  ///
  /// - Parameters:
  ///   - q: queries, rows × (heads · width).
  ///   - k: keys, of the same shape; divided by √width here.
  ///   - v: values, of the same shape.
  ///   - input: pre-activations of the input gate, rows × heads.
  ///   - forget: pre-activations of the forget gate, rows × heads.
  ///   - segments: the sequences.
  /// - Returns: rows × (heads · width), before the head-wise normalisation.
  public func mLSTMCell(
    q: Node<Scalar>, k: Node<Scalar>, v: Node<Scalar>, input: Node<Scalar>,
    forget: Node<Scalar>, in segments: Segments
  ) -> Node<Scalar> {
    let shape = CellShape(heads: input.columns, width: q.columns / max(1, input.columns))
    precondition(q.columns == shape.columns && segments.rows == q.rows, "shapes differ")
    var value = Matrix<Scalar>(rows: q.rows, columns: q.columns)
    var memory = filled(with: 0 as Scalar, count: shape.width * shape.width)
    var normaliser = filled(with: 0 as Scalar, count: shape.width)
    Self.withInputs(q, k, v, input, forget) { inputs in
      for segment in 0..<segments.count {
        for head in 0..<shape.heads {
          mLSTMForward(
            inputs, shape, head: head, rows: segments[segment], memory: &memory,
            normaliser: &normaliser, into: &value.elements)
        }
      }
    }
    return record(value, from: q, k, v, input, forget) { result in
      var dq = filled(with: 0 as Scalar, count: q.value.elements.count)
      var (dk, dv) = (dq, dq)
      var di = filled(with: 0 as Scalar, count: input.value.elements.count)
      var df = di
      Self.withInputs(q, k, v, input, forget) { inputs in
        for segment in 0..<segments.count {
          for head in 0..<shape.heads {
            mLSTMBackward(
              inputs, shape, head: head, rows: segments[segment], output: result.value.elements,
              gradient: result.gradient, q: &dq, k: &dk, v: &dv, i: &di, f: &df)
          }
        }
      }
      for (node, gradient) in [(q, dq), (k, dk), (v, dv), (input, di), (forget, df)] {
        node.accumulate { addInto($0, gradient, gradient.count) }
      }
    }
  }

  private static func withInputs(
    _ q: Node<Scalar>, _ k: Node<Scalar>, _ v: Node<Scalar>, _ input: Node<Scalar>,
    _ forget: Node<Scalar>, _ body: (MLSTMInputs<Scalar>) -> Void
  ) {
    q.withValues { q in
      k.withValues { k in
        v.withValues { v in
          input.withValues { i in
            forget.withValues { f in body(MLSTMInputs(q: q, k: k, v: v, i: i, f: f)) }
          }
        }
      }
    }
  }
}

extension Node {
  /// A pointer to the elements; the body does not run where there are none.
  func withValues(_ body: (UnsafePointer<Scalar>) -> Void) {
    value.elements.withUnsafeBufferPointer { elements in
      if let base = elements.baseAddress, !elements.isEmpty { body(base) }
    }
  }
}
