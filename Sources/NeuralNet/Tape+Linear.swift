extension Tape {
  /// `x·weightᵀ + bias`.
  ///
  /// - Parameters:
  ///   - x: rows × in.
  ///   - weight: out × in.
  ///   - bias: 1 × out.
  /// - Returns: rows × out.
  public func linear(
    _ x: Node<Scalar>, _ weight: Node<Scalar>, bias: Node<Scalar>? = nil
  ) -> Node<Scalar> {
    headwiseLinear(x, weight, heads: 1, bias: bias)
  }

  /// A linear map of each head's columns by themselves: a block-diagonal matrix.
  ///
  /// - Parameters:
  ///   - x: rows × (heads · in).
  ///   - weight: (heads · out) × in, one head's block after the other.
  ///   - heads: how many blocks.
  ///   - bias: 1 × (heads · out).
  /// - Returns: rows × (heads · out).
  public func headwiseLinear(
    _ x: Node<Scalar>, _ weight: Node<Scalar>, heads: Int, bias: Node<Scalar>? = nil
  ) -> Node<Scalar> {
    precondition(x.columns == heads * weight.columns, "the input's width is not the weight's")
    precondition(weight.rows % heads == 0, "the output does not divide into heads")
    let rows = x.rows
    let width = (in: weight.columns, out: weight.rows / heads)
    let stride = (in: x.columns, out: weight.rows)
    precondition(
      bias.map { $0.value.elements.count == stride.out } ?? true,
      "the bias's width is not the output's")
    var value =
      bias.map { bias in
        Matrix<Scalar>(rows: rows, columns: stride.out) { elements in
          for row in 0..<rows {
            (elements + row * stride.out).initialize(
              from: bias.value.elements, count: stride.out)
          }
        }
      } ?? Matrix<Scalar>(rows: rows, columns: stride.out)
    if case .weight(let fixed) = weight.fixed {
      precondition(heads == 1 && !isRecording, "a weight that is laid out serves for inference")
      multiplyFixed(x.value, fixed, scratch, into: &value)
      return record(value, from: x, weight, bias) { _ in }
    }
    let forward = MatrixProduct(
      rows: rows, columns: width.out, inner: width.in, first: (false, stride.in),
      second: (true, width.in), resultStride: stride.out)
    multiplyHeads(
      heads, forward, x.value.elements, step: width.in, weight.value.elements,
      step: width.out * width.in, into: &value.elements, step: width.out)
    return record(value, from: x, weight, bias) { result in
      x.accumulate {
        let product = MatrixProduct(
          rows: rows, columns: width.in, inner: width.out, first: (false, stride.out),
          second: (false, width.in), resultStride: stride.in)
        multiplyHeads(
          heads, product, result.gradient, step: width.out, weight.value.elements,
          step: width.out * width.in, into: $0, step: width.in)
      }
      weight.accumulate {
        let product = MatrixProduct(
          rows: width.out, columns: width.in, inner: rows, first: (true, stride.out),
          second: (false, stride.in), resultStride: width.in)
        multiplyHeads(
          heads, product, result.gradient, step: width.out, x.value.elements, step: width.in,
          into: $0, step: width.out * width.in)
      }
      bias?.accumulate {
        addColumnSumsInto($0, result.gradient, rows: rows, columns: stride.out)
      }
    }
  }
}

/// Adds the product with a weight that never changes.
private func multiplyFixed<T: NeuralScalar>(
  _ x: Matrix<T>, _ weight: FixedWeight, _ scratch: FloatBuffer, into result: inout Matrix<T>
) {
  guard let x = x as? Matrix<Float> else {
    preconditionFailure("weights are laid out in single precision only")
  }
  result.elements.withUnsafeMutableBytes { bytes in
    guard let base = bytes.baseAddress else { return }
    weight.multiply(x, into: base.assumingMemoryBound(to: Float.self), scratch: scratch.base)
  }
}

/// One product a head, added to the result, each operand moving on by its own step.
private func multiplyHeads<T: NeuralScalar>(
  _ heads: Int, _ product: MatrixProduct, _ a: UnsafePointer<T>, step aStep: Int,
  _ b: UnsafePointer<T>, step bStep: Int, into c: UnsafeMutablePointer<T>, step cStep: Int
) {
  for head in 0..<heads {
    T.multiply(product, a + head * aStep, b + head * bStep, into: c + head * cStep, beta: 1)
  }
}
