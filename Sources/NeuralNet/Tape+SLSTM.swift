/// What each step of an sLSTM sequence leaves behind for its gradients; rows × columns each.
struct SLSTMTrace<T> {
  var input: [T]
  var forget: [T]
  var cell: [T]
  var output: [T]
  var c: [T]
  var n: [T]
  /// The sigmoid of the forget gate's pre-activation, before stabilisation.
  var remembered: [T]
}

/// One sequence, step by step (arXiv:2405.04517, equations 8 to 18, stabilised).
///
/// `x` holds the pre-activations of the gates i, f, z and o side by side; `kernel` maps a head's
/// last output to the same four, (heads · 4 · width) × width.
@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
private func sLSTMForward<T: NeuralScalar>(
  _ x: UnsafePointer<T>, _ kernel: UnsafePointer<T>, _ shape: CellShape, rows: Range<Int>,
  into y: UnsafeMutablePointer<T>, trace: inout SLSTMTrace<T>
) {
  let columns = shape.columns
  let d = shape.width
  var m = filled(with: 0 as T, count: columns)
  for row in rows {
    let isFirst = row == rows.lowerBound
    for column in 0..<columns {
      let head = column / d
      let line = x + row * 4 * columns
      var (i, f) = (line[column], line[columns + column])
      var (z, o) = (line[2 * columns + column], line[3 * columns + column])
      if !isFirst {
        let last = UnsafePointer(y) + (row - 1) * columns + head * d
        let own = kernel + (head * 4 * d + column % d) * d
        i += dot(own, last, d)
        f += dot(own + d * d, last, d)
        z += dot(own + 2 * d * d, last, d)
        o += dot(own + 3 * d * d, last, d)
      }
      let at = row * columns + column
      let kept = logSigmoid(f) + m[column]
      let next = isFirst ? i : max(kept, i)
      let input = min(T.exponential(i - next), 1)
      let forget = isFirst ? 0 : min(T.exponential(kept - next), 1)
      m[column] = next
      trace.input[at] = input
      trace.forget[at] = forget
      trace.cell[at] = T.hyperbolicTangent(z)
      trace.output[at] = sigmoid(o)
      trace.remembered[at] = sigmoid(f)
      trace.c[at] = (isFirst ? 0 : forget * trace.c[at - columns]) + input * trace.cell[at]
      trace.n[at] = (isFirst ? 0 : forget * trace.n[at - columns]) + input
      y[at] = trace.output[at] * trace.c[at] / trace.n[at]
    }
  }
}

/// Gradients through time.
///
/// `m` scales c and n alike and so cancels out: it counts as a constant.
@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
private func sLSTMBackward<T: NeuralScalar>(
  _ kernel: UnsafePointer<T>, _ shape: CellShape, rows: Range<Int>, output y: UnsafePointer<T>,
  gradient dy: UnsafePointer<T>, trace: SLSTMTrace<T>, input dx: UnsafeMutablePointer<T>,
  kernel dkernel: UnsafeMutablePointer<T>
) {
  let columns = shape.columns
  let d = shape.width
  var dc = filled(with: 0 as T, count: columns)
  var dn = filled(with: 0 as T, count: columns)
  var dh = filled(with: 0 as T, count: columns)
  for row in rows.reversed() {
    let isFirst = row == rows.lowerBound
    let line = dx + row * 4 * columns
    for column in 0..<columns {
      let at = row * columns + column
      let change = dy[at] + dh[column]
      let (o, c, n) = (trace.output[at], trace.c[at], trace.n[at])
      let (i, f, z) = (trace.input[at], trace.forget[at], trace.cell[at])
      line[3 * columns + column] = change * c / n * o * (1 - o)
      let cell = change * o / n + dc[column]
      let norm = -change * o * c / (n * n) + dn[column]
      line[column] = (cell * z + norm) * i
      line[2 * columns + column] = cell * i * (1 - z * z)
      let kept = isFirst ? 0 : cell * trace.c[at - columns] + norm * trace.n[at - columns]
      line[columns + column] = kept * f * (1 - trace.remembered[at])
      dc[column] = cell * f
      dn[column] = norm * f
    }
    for column in 0..<columns { dh[column] = 0 }
    guard !isFirst else { continue }
    let last = y + (row - 1) * columns
    for column in 0..<columns {
      let head = column / d
      for gate in 0..<4 {
        let change = line[gate * columns + column]
        let own = ((head * 4 + gate) * d + column % d) * d
        for b in 0..<d {
          dh[head * d + b] += change * kernel[own + b]
          dkernel[own + b] += change * last[head * d + b]
        }
      }
    }
  }
}

extension Tape {
  /// The sLSTM cell over each segment.
  ///
  /// - Parameters:
  ///   - x: pre-activations of the gates i, f, z and o with their biases, rows × (4 · columns).
  ///   - kernel: the recurrent weights, (heads · 4 · width) × width: for each head the gates i, f,
  ///     z and o, for each of these the head's columns.
  ///   - heads: how many heads.
  ///   - segments: the sequences.
  /// - Returns: rows × columns, before the head-wise normalisation.
  public func sLSTMCell(
    _ x: Node<Scalar>, kernel: Node<Scalar>, heads: Int, in segments: Segments
  ) -> Node<Scalar> {
    let shape = CellShape(heads: heads, width: x.columns / 4 / heads)
    precondition(
      x.columns == 4 * shape.columns && kernel.columns == shape.width
        && kernel.rows == 4 * shape.columns && segments.rows == x.rows, "shapes differ")
    var value = Matrix<Scalar>(rows: x.rows, columns: shape.columns)
    let zeros = filled(with: 0 as Scalar, count: value.elements.count)
    var trace = SLSTMTrace(
      input: zeros, forget: zeros, cell: zeros, output: zeros, c: zeros, n: zeros,
      remembered: zeros)
    for segment in 0..<segments.count {
      sLSTMForward(
        x.value.elements, kernel.value.elements, shape, rows: segments[segment],
        into: &value.elements, trace: &trace)
    }
    let kept = trace
    return record(value, from: x, kernel) { result in
      var dx = filled(with: 0 as Scalar, count: x.value.elements.count)
      var dkernel = filled(with: 0 as Scalar, count: kernel.value.elements.count)
      for segment in 0..<segments.count {
        sLSTMBackward(
          kernel.value.elements, shape, rows: segments[segment], output: result.value.elements,
          gradient: result.gradient, trace: kept, input: &dx, kernel: &dkernel)
      }
      x.accumulate { addInto($0, dx, dx.count) }
      kernel.accumulate { addInto($0, dkernel, dkernel.count) }
    }
  }
}
