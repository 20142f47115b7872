extension Tape {
  /// Scaled dot-product attention of each row to all rows of its segment, in several heads
  /// (arXiv:1706.03762, section 3.2).
  ///
  /// Each segment is computed by itself: nothing is padded and nothing is masked.
  ///
  /// - Parameters:
  ///   - projected: rows × (3 · width): queries, keys and values side by side.
  ///   - heads: how many parts the width falls into.
  ///   - segments: which rows see each other.
  /// - Returns: rows × width.
  public func selfAttention(
    _ projected: Node<Scalar>, heads: Int, in segments: Segments
  ) -> Node<Scalar> {
    precondition(segments.rows == projected.rows, "the segments do not cover the rows")
    precondition(projected.columns % (3 * heads) == 0, "the columns do not divide into heads")
    let shape = AttentionShape(width: projected.columns / 3, heads: heads)
    // The weights are kept only where a gradient will need them.
    let isKept = projected.needsGradient
    let largest = (0..<segments.count).map { segments[$0].count }.max() ?? 0
    let squares = (0..<segments.count).reduce(0) { $0 + segments[$1].count * segments[$1].count }
    var weights = filled(
      with: 0 as Scalar, count: isKept ? heads * squares : largest * largest)
    var value = Matrix<Scalar>(rows: projected.rows, columns: shape.width)
    projected.value.elements.withUnsafeBufferPointer { input in
      weights.withUnsafeMutableBufferPointer { weights in
        value.elements.withUnsafeMutableBufferPointer { output in
          guard let input = input.baseAddress, let weights = weights.baseAddress,
            let output = output.baseAddress
          else { return }
          var place = 0
          for segment in 0..<segments.count {
            let rows = segments[segment]
            for head in 0..<heads {
              shape.attend(
                input + rows.lowerBound * 3 * shape.width, weights + place,
                into: output + rows.lowerBound * shape.width, head: head, count: rows.count)
              if isKept { place += rows.count * rows.count }
            }
          }
        }
      }
    }
    return record(value, from: projected) { result in
      var changes = filled(with: 0 as Scalar, count: largest * largest)
      projected.accumulate { target in
        var place = 0
        for segment in 0..<segments.count {
          let rows = segments[segment]
          for head in 0..<heads {
            shape.attendDerivative(
              projected.value.elements, weights, result.gradient, &changes, into: target,
              head: head, rows: rows, place: place)
            place += rows.count * rows.count
          }
        }
      }
    }
  }
}

/// The sizes of an attention.
private struct AttentionShape {
  var width: Int
  var heads: Int

  private var headWidth: Int { width / heads }
  private func scale<T: NeuralScalar>(_: T.Type) -> T { 1 / T(headWidth).squareRoot() }

  /// One head over one segment.
  func attend<T: NeuralScalar>(
    _ input: UnsafePointer<T>, _ weights: UnsafeMutablePointer<T>,
    into output: UnsafeMutablePointer<T>, head: Int, count: Int
  ) {
    let stride = 3 * width
    let query = input + head * headWidth
    T.multiply(
      MatrixProduct(
        rows: count, columns: count, inner: headWidth, first: (false, stride),
        second: (true, stride), resultStride: count),
      query, query + width, into: weights, beta: 0)
    scaledSoftmax(weights, count: count, scale: scale(T.self))
    T.multiply(
      MatrixProduct(
        rows: count, columns: headWidth, inner: count, first: (false, count),
        second: (false, stride), resultStride: width),
      weights, query + 2 * width, into: output + head * headWidth, beta: 0)
  }

  /// The gradient of one head over one segment, added to that of queries, keys and values.
  func attendDerivative<T: NeuralScalar>(
    _ input: UnsafePointer<T>, _ weights: UnsafePointer<T>, _ gradient: UnsafePointer<T>,
    _ changes: UnsafeMutablePointer<T>, into target: UnsafeMutablePointer<T>, head: Int,
    rows: Range<Int>, place: Int
  ) {
    let count = rows.count
    let stride = 3 * width
    let query = input + rows.lowerBound * stride + head * headWidth
    let queryChange = target + rows.lowerBound * stride + head * headWidth
    let change = gradient + rows.lowerBound * width + head * headWidth
    let weights = weights + place
    T.multiply(
      MatrixProduct(
        rows: count, columns: count, inner: headWidth, first: (false, width),
        second: (true, stride), resultStride: count),
      change, query + 2 * width, into: changes, beta: 0)
    T.multiply(
      MatrixProduct(
        rows: count, columns: headWidth, inner: count, first: (true, count),
        second: (false, width), resultStride: stride),
      weights, change, into: queryChange + 2 * width, beta: 1)
    scaledSoftmaxDerivative(weights, changes, count: count, scale: scale(T.self))
    T.multiply(
      MatrixProduct(
        rows: count, columns: headWidth, inner: count, first: (false, count),
        second: (false, stride), resultStride: stride),
      changes, query + width, into: queryChange, beta: 1)
    T.multiply(
      MatrixProduct(
        rows: count, columns: headWidth, inner: count, first: (true, count),
        second: (false, stride), resultStride: stride),
      changes, query, into: queryChange + width, beta: 1)
  }
}

@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
private func scaledSoftmax<T: NeuralScalar>(
  _ scores: UnsafeMutablePointer<T>, count: Int, scale: T
) {
  if let scores = scores as? UnsafeMutablePointer<Float>, let scale = scale as? Float {
    return InferenceKernels.best.softmax(scores, rows: count, columns: count, scale: scale)
  }
  for row in 0..<count {
    let line = scores + row * count
    var top = line[0]
    for i in 1..<max(1, count) where line[i] > top { top = line[i] }
    var total: T = 0
    for i in 0..<count {
      line[i] = T.exponential((line[i] - top) * scale)
      total += line[i]
    }
    for i in 0..<count { line[i] /= total }
  }
}

/// Turns gradients of the weights into gradients of the unscaled scores, in place.
@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
private func scaledSoftmaxDerivative<T: NeuralScalar>(
  _ weights: UnsafePointer<T>, _ changes: UnsafeMutablePointer<T>, count: Int, scale: T
) {
  for row in 0..<count {
    let line = weights + row * count
    let to = changes + row * count
    let mean = dot(line, to, count)
    for i in 0..<count { to[i] = scale * line[i] * (to[i] - mean) }
  }
}
