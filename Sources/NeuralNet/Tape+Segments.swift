extension Tape {
  /// Each row together with its neighbours in the same segment, side by side; zeros beyond its
  /// ends.
  ///
  /// A linear map of the result is a convolution.
  ///
  /// - Parameters:
  ///   - x: rows × width.
  ///   - segments: which rows are neighbours.
  ///   - reach: how many neighbours on each side.
  /// - Returns: rows × ((2 · reach + 1) · width).
  public func neighbours(_ x: Node<Scalar>, in segments: Segments, reach: Int) -> Node<Scalar> {
    precondition(segments.rows == x.rows, "the segments do not cover the rows")
    var rows: [Int] = []
    rows.reserveCapacity(x.rows * (2 * reach + 1))
    for segment in 0..<segments.count {
      let range = segments[segment]
      for row in range {
        for other in row - reach...row + reach {
          rows.append(range.contains(other) ? other : -1)
        }
      }
    }
    return reshape(gatherRows(x, rows), columns: x.columns * (2 * reach + 1))
  }

  /// Attention pooling: for each head, the mean of a segment's rows weighted by the softmax of the
  /// head's scores over the segment.
  ///
  /// - Parameters:
  ///   - x: rows × width.
  ///   - scores: rows × heads.
  ///   - segments: which rows are pooled together; an empty one gives zeros.
  /// - Returns: segments × (heads · width).
  public func attentionPool(
    _ x: Node<Scalar>, scores: Node<Scalar>, in segments: Segments
  ) -> Node<Scalar> {
    precondition(segments.rows == x.rows && scores.rows == x.rows, "numbers of rows differ")
    let heads = scores.columns
    let shape = PoolShape(width: x.columns, heads: heads, segments: segments.count)
    var weights = Matrix<Scalar>(rows: x.rows, columns: heads)
    segmentSoftmax(scores.value.elements, shape, segments.offsets, into: &weights.elements)
    var value = Matrix<Scalar>(rows: segments.count, columns: heads * x.columns)
    pool(
      x.value.elements, weights.elements, shape, segments.offsets, into: &value.elements)
    return record(value, from: x, scores) { result in
      var scoreGradient = Matrix<Scalar>(rows: x.rows, columns: heads)
      var rowGradient = Matrix<Scalar>(rows: x.rows, columns: x.columns)
      unpool(
        x.value.elements, weights.elements, result.gradient, shape, segments.offsets,
        rows: &rowGradient.elements, scores: &scoreGradient.elements)
      x.accumulate { addInto($0, rowGradient.elements, rowGradient.elements.count) }
      scores.accumulate { addInto($0, scoreGradient.elements, scoreGradient.elements.count) }
    }
  }

  /// The mean of each segment's rows; zeros for an empty one.
  public func meanPool(_ x: Node<Scalar>, in segments: Segments) -> Node<Scalar> {
    attentionPool(
      x, scores: constant(Matrix(rows: x.rows, columns: 1)), in: segments)
  }

  /// The largest element of each column in each segment; zeros for an empty one.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func maxPool(_ x: Node<Scalar>, in segments: Segments) -> Node<Scalar> {
    precondition(segments.rows == x.rows, "the segments do not cover the rows")
    let width = x.columns
    var value = Matrix<Scalar>(rows: segments.count, columns: width)
    var chosen = [Int32](repeating: -1, count: segments.count * width)
    largest(
      x.value.elements, width: width, segments.offsets, count: segments.count,
      into: &value.elements, chosen: &chosen)
    return record(value, from: x) { result in
      x.accumulate { target in
        for (place, row) in chosen.enumerated() where row >= 0 {
          target[Int(row) * width + place % width] += result.gradient[place]
        }
      }
    }
  }
}

/// The sizes of a pooling.
private struct PoolShape {
  var width: Int
  var heads: Int
  var segments: Int
}

@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
private func segmentSoftmax<T: NeuralScalar>(
  _ scores: UnsafePointer<T>, _ shape: PoolShape, _ offsets: UnsafePointer<Int>,
  into weights: UnsafeMutablePointer<T>
) {
  let heads = shape.heads
  for segment in 0..<shape.segments {
    let range = offsets[segment]..<offsets[segment + 1]
    for head in 0..<heads {
      var top = -T.infinity
      for row in range { top = max(top, scores[row * heads + head]) }
      var total: T = 0
      for row in range {
        let e = T.exponential(scores[row * heads + head] - top)
        weights[row * heads + head] = e
        total += e
      }
      for row in range { weights[row * heads + head] /= total }
    }
  }
}

@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
private func pool<T: NeuralScalar>(
  _ x: UnsafePointer<T>, _ weights: UnsafePointer<T>, _ shape: PoolShape,
  _ offsets: UnsafePointer<Int>, into y: UnsafeMutablePointer<T>
) {
  let width = shape.width
  for segment in 0..<shape.segments {
    for row in offsets[segment]..<offsets[segment + 1] {
      let from = x + row * width
      for head in 0..<shape.heads {
        let weight = weights[row * shape.heads + head]
        let to = y + (segment * shape.heads + head) * width
        for column in 0..<width { to[column] += weight * from[column] }
      }
    }
  }
}

@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
private func unpool<T: NeuralScalar>(
  _ x: UnsafePointer<T>, _ weights: UnsafePointer<T>, _ dy: UnsafePointer<T>, _ shape: PoolShape,
  _ offsets: UnsafePointer<Int>, rows dx: UnsafeMutablePointer<T>,
  scores dscores: UnsafeMutablePointer<T>
) {
  let width = shape.width
  let heads = shape.heads
  for segment in 0..<shape.segments {
    let range = offsets[segment]..<offsets[segment + 1]
    for head in 0..<heads {
      let change = dy + (segment * heads + head) * width
      var mean: T = 0
      for row in range {
        let weight = weights[row * heads + head]
        let to = dx + row * width
        for column in 0..<width { to[column] += weight * change[column] }
        let slope = dot(x + row * width, change, width)
        dscores[row * heads + head] = slope
        mean += weight * slope
      }
      for row in range {
        let place = row * heads + head
        dscores[place] = weights[place] * (dscores[place] - mean)
      }
    }
  }
}

@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
private func largest<T: NeuralScalar>(
  _ x: UnsafePointer<T>, width: Int, _ offsets: UnsafePointer<Int>, count: Int,
  into y: UnsafeMutablePointer<T>, chosen: UnsafeMutablePointer<Int32>
) {
  for segment in 0..<count {
    let to = y + segment * width
    let from = chosen + segment * width
    for row in offsets[segment]..<offsets[segment + 1] {
      let line = x + row * width
      for column in 0..<width where from[column] < 0 || line[column] > to[column] {
        to[column] = line[column]
        from[column] = Int32(row)
      }
    }
  }
}
