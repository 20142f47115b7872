extension Tape {
  /// Layer normalisation with a scale and a shift of each column (arXiv:1607.06450), as transformers
  /// have it.
  ///
  /// - Parameters:
  ///   - x: rows × columns.
  ///   - scale: 1 × columns.
  ///   - shift: 1 × columns.
  ///   - epsilon: added to the variance.
  /// - Returns: rows × columns.
  public func layerNorm(
    _ x: Node<Scalar>, scale: Node<Scalar>, shift: Node<Scalar>, epsilon: Scalar
  ) -> Node<Scalar> {
    let (rows, columns) = (x.rows, x.columns)
    precondition(
      scale.value.elements.count == columns && shift.value.elements.count == columns,
      "the scale's or the shift's width is not the input's")
    if !isRecording, columns % 8 == 0,
      let fast = normalisedAtOnce(x.value, scale.value, shift.value, epsilon: epsilon)
    {
      return record(fast, from: x, scale, shift) { _ in }
    }
    var scales = filled(with: 0 as Scalar, count: rows)
    let normal = Matrix<Scalar>(rows: rows, columns: columns) {
      normalise(
        x.value.elements, groups: rows, width: columns, epsilon: epsilon, into: $0,
        scales: &scales)
    }
    let value = Matrix<Scalar>(rows: rows, columns: columns) {
      scaleAndShift(
        normal.elements, scale.value.elements, shift.value.elements, rows: rows, columns: columns,
        into: $0)
    }
    return record(value, from: x, scale, shift) { result in
      scale.accumulate {
        addColumnProducts(normal.elements, result.gradient, rows: rows, columns: columns, into: $0)
      }
      shift.accumulate { addColumnSumsInto($0, result.gradient, rows: rows, columns: columns) }
      x.accumulate {
        var scaled = Matrix<Scalar>(rows: rows, columns: columns)
        scaleAndShift(
          result.gradient, scale.value.elements, nil, rows: rows, columns: columns,
          into: &scaled.elements)
        normaliseDerivative(
          normal.elements, scales, scaled.elements, groups: rows, width: columns, into: $0)
      }
    }
  }

  /// Each row divided by its length; a row of zeros stays one.
  ///
  /// - Parameter epsilon: the length a shorter row is taken to have.
  /// - Returns: rows × columns.
  public func unitRows(_ x: Node<Scalar>, epsilon: Scalar = 1e-12) -> Node<Scalar> {
    let (rows, columns) = (x.rows, x.columns)
    var value = Matrix<Scalar>(rows: rows, columns: columns)
    var lengths = filled(with: 0 as Scalar, count: rows)
    divideByLength(
      x.value.elements, rows: rows, columns: columns, epsilon: epsilon, into: &value.elements,
      lengths: &lengths)
    return record(value, from: x) { result in
      x.accumulate {
        divideByLengthDerivative(
          result.value.elements, lengths, result.gradient, rows: rows, columns: columns, into: $0)
      }
    }
  }
}

/// LayerNorm in single precision where nothing of it will be needed again; otherwise `nil`.
private func normalisedAtOnce<T: NeuralScalar>(
  _ x: Matrix<T>, _ scale: Matrix<T>, _ shift: Matrix<T>, epsilon: T
) -> Matrix<T>? {
  guard let x = x as? Matrix<Float>, let scale = scale as? Matrix<Float>,
    let shift = shift as? Matrix<Float>, let epsilon = epsilon as? Float
  else { return nil }
  return Matrix<Float>(rows: x.rows, columns: x.columns) {
    InferenceKernels.best.normalise(
      x.elements, rows: x.rows, width: x.columns, epsilon: epsilon, scale: scale.elements,
      shift: shift.elements, into: $0)
  } as? Matrix<T>
}

@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
private func scaleAndShift<T: NeuralScalar>(
  _ x: UnsafePointer<T>, _ scale: UnsafePointer<T>, _ shift: UnsafePointer<T>?, rows: Int,
  columns: Int, into y: UnsafeMutablePointer<T>
) {
  for row in 0..<rows {
    let line = x + row * columns
    let to = y + row * columns
    if let shift {
      for i in 0..<columns { to[i] = line[i] * scale[i] + shift[i] }
    } else {
      for i in 0..<columns { to[i] = line[i] * scale[i] }
    }
  }
}

@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
private func divideByLength<T: NeuralScalar>(
  _ x: UnsafePointer<T>, rows: Int, columns: Int, epsilon: T, into y: UnsafeMutablePointer<T>,
  lengths: UnsafeMutablePointer<T>
) {
  for row in 0..<rows {
    let line = x + row * columns
    lengths[row] = max(epsilon, dot(line, line, columns).squareRoot())
    for i in 0..<columns { y[row * columns + i] = line[i] / lengths[row] }
  }
}

@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
private func divideByLengthDerivative<T: NeuralScalar>(
  _ y: UnsafePointer<T>, _ lengths: UnsafePointer<T>, _ dy: UnsafePointer<T>, rows: Int,
  columns: Int, into dx: UnsafeMutablePointer<T>
) {
  for row in 0..<rows {
    let line = y + row * columns
    let change = dy + row * columns
    let along = dot(line, change, columns)
    for i in 0..<columns {
      dx[row * columns + i] += (change[i] - line[i] * along) / lengths[row]
    }
  }
}
