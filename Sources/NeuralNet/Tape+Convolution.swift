@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
private func convolve<T: NeuralScalar>(
  _ x: UnsafePointer<T>, _ weight: UnsafePointer<T>, _ bias: UnsafePointer<T>, columns: Int,
  kernel: Int, _ offsets: UnsafePointer<Int>, segments: Int, into y: UnsafeMutablePointer<T>
) {
  for segment in 0..<segments {
    let start = offsets[segment]
    for row in start..<offsets[segment + 1] {
      let to = y + row * columns
      for column in 0..<columns { to[column] = bias[column] }
      for tap in 0..<kernel {
        let source = row - (kernel - 1) + tap
        guard source >= start else { continue }
        let from = x + source * columns
        for column in 0..<columns { to[column] += weight[column * kernel + tap] * from[column] }
      }
    }
  }
}

@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
private func convolveDerivative<T: NeuralScalar>(
  _ x: UnsafePointer<T>, _ weight: UnsafePointer<T>, _ dy: UnsafePointer<T>, columns: Int,
  kernel: Int, _ offsets: UnsafePointer<Int>, segments: Int, input dx: UnsafeMutablePointer<T>,
  weight dw: UnsafeMutablePointer<T>
) {
  for segment in 0..<segments {
    let start = offsets[segment]
    for row in start..<offsets[segment + 1] {
      let change = dy + row * columns
      for tap in 0..<kernel {
        let source = row - (kernel - 1) + tap
        guard source >= start else { continue }
        let from = x + source * columns
        let to = dx + source * columns
        for column in 0..<columns {
          to[column] += weight[column * kernel + tap] * change[column]
          dw[column * kernel + tap] += from[column] * change[column]
        }
      }
    }
  }
}

extension Tape {
  /// A causal convolution of each column by itself: a row sees itself and the rows before it in
  /// its segment.
  ///
  /// - Parameters:
  ///   - x: rows × columns.
  ///   - weight: columns × kernel; the last tap is for the row itself.
  ///   - bias: 1 × columns.
  ///   - segments: the sequences.
  /// - Returns: rows × columns.
  public func causalConvolution(
    _ x: Node<Scalar>, _ weight: Node<Scalar>, bias: Node<Scalar>, in segments: Segments
  ) -> Node<Scalar> {
    precondition(segments.rows == x.rows, "the segments do not cover the rows")
    precondition(weight.rows == x.columns, "a depthwise convolution has one filter a column")
    let columns = x.columns
    let kernel = weight.columns
    var value = Matrix<Scalar>(rows: x.rows, columns: columns)
    convolve(
      x.value.elements, weight.value.elements, bias.value.elements, columns: columns,
      kernel: kernel, segments.offsets, segments: segments.count, into: &value.elements)
    return record(value, from: x, weight, bias) { result in
      var dx = filled(with: 0 as Scalar, count: x.value.elements.count)
      var dw = filled(with: 0 as Scalar, count: weight.value.elements.count)
      convolveDerivative(
        x.value.elements, weight.value.elements, result.gradient, columns: columns,
        kernel: kernel, segments.offsets, segments: segments.count, input: &dx, weight: &dw)
      x.accumulate { addInto($0, dx, dx.count) }
      weight.accumulate { addInto($0, dw, dw.count) }
      bias.accumulate {
        addColumnSumsInto($0, result.gradient, rows: x.rows, columns: columns)
      }
    }
  }
}
