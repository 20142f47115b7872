/// For each row of a result, the rows of a table that are averaged into it.
public struct Bags: Equatable, Sendable {
  /// Where each bag starts in ``ids``, and at last where the final one ends.
  public private(set) var offsets: [Int] = [0]
  /// The table's rows, bag after bag.
  public private(set) var ids: [Int32] = []

  /// Creates an empty list of bags.
  public init() {}

  /// How many bags there are.
  public var count: Int { offsets.count - 1 }

  /// Adds a bag; an empty one stands for a row of zeros.
  public mutating func append(_ bag: some Sequence<Int32>) {
    ids.append(contentsOf: bag)
    offsets.append(ids.count)
  }
}

@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
private func average<T: NeuralScalar>(
  _ table: UnsafePointer<T>, width: Int, offsets: UnsafePointer<Int>, ids: UnsafePointer<Int32>,
  bags: Int, into y: UnsafeMutablePointer<T>
) {
  for bag in 0..<bags {
    let line = y + bag * width
    let range = offsets[bag]..<offsets[bag + 1]
    guard !range.isEmpty else { continue }
    let weight = 1 / T(range.count)
    for place in range {
      let row = table + Int(ids[place]) * width
      for column in 0..<width { line[column] += row[column] * weight }
    }
  }
}

@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
private func spread<T: NeuralScalar>(
  _ dy: UnsafePointer<T>, width: Int, offsets: UnsafePointer<Int>, ids: UnsafePointer<Int32>,
  bags: Int, into table: UnsafeMutablePointer<T>
) {
  for bag in 0..<bags {
    let line = dy + bag * width
    let range = offsets[bag]..<offsets[bag + 1]
    guard !range.isEmpty else { continue }
    let weight = 1 / T(range.count)
    for place in range {
      let row = table + Int(ids[place]) * width
      for column in 0..<width { row[column] += line[column] * weight }
    }
  }
}

/// Rows of a table that never changes.
private func gatherFixed<T: NeuralScalar>(
  _ table: ByteTable, _ rows: [Int], into result: inout Matrix<T>
) {
  result.elements.withUnsafeMutableBytes { bytes in
    guard T.self == Float.self, let base = bytes.baseAddress else { return }
    table.gather(rows, into: base.assumingMemoryBound(to: Float.self))
  }
}

@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
private func gather<T: NeuralScalar>(
  _ x: UnsafePointer<T>, width: Int, _ rows: UnsafePointer<Int>, count: Int,
  into y: UnsafeMutablePointer<T>
) {
  for place in 0..<count where rows[place] >= 0 {
    let from = x + rows[place] * width
    let to = y + place * width
    for column in 0..<width { to[column] = from[column] }
  }
}

@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
private func scatter<T: NeuralScalar>(
  _ dy: UnsafePointer<T>, width: Int, _ rows: UnsafePointer<Int>, count: Int,
  into dx: UnsafeMutablePointer<T>
) {
  for place in 0..<count where rows[place] >= 0 {
    let from = dy + place * width
    let to = dx + rows[place] * width
    for column in 0..<width { to[column] += from[column] }
  }
}

extension Tape {
  /// The mean of a table's rows for each bag.
  ///
  /// - Parameters:
  ///   - table: entries × width. If it is a table in a ``ParameterSet``, only the rows used get a
  ///     gradient, and only they are visited by the optimiser.
  ///   - bags: rows of the table.
  /// - Returns: bags × width.
  public func embed(_ table: Node<Scalar>, _ bags: Bags) -> Node<Scalar> {
    let entries = Int32(clamping: table.rows)
    precondition(bags.ids.allSatisfy { $0 >= 0 && $0 < entries }, "the table has no such row")
    let width = table.columns
    var value = Matrix<Scalar>(rows: bags.count, columns: width)
    average(
      table.value.elements, width: width, offsets: bags.offsets, ids: bags.ids, bags: bags.count,
      into: &value.elements)
    return record(value, from: table) { result in
      for id in bags.ids { table.touched?.insert(Int(id)) }
      table.accumulate {
        spread(
          result.gradient, width: width, offsets: bags.offsets, ids: bags.ids, bags: bags.count,
          into: $0)
      }
    }
  }

  /// Rows of a matrix in a given order; a negative index gives a row of zeros.
  public func gatherRows(_ x: Node<Scalar>, _ rows: [Int]) -> Node<Scalar> {
    precondition((rows.max() ?? -1) < x.rows, "the matrix has no such row")
    let width = x.columns
    var value = Matrix<Scalar>(rows: rows.count, columns: width)
    if case .table(let table) = x.fixed {
      gatherFixed(table, rows, into: &value)
      return record(value, from: x) { _ in }
    }
    gather(x.value.elements, width: width, rows, count: rows.count, into: &value.elements)
    return record(value, from: x) { result in
      x.accumulate {
        scatter(result.gradient, width: width, rows, count: rows.count, into: $0)
      }
    }
  }

  /// Matrices of equally many rows side by side.
  public func concatenate(_ parts: [Node<Scalar>]) -> Node<Scalar> {
    let rows = parts.first?.rows ?? 0
    precondition(parts.allSatisfy { $0.rows == rows }, "numbers of rows differ")
    let columns = parts.reduce(0) { $0 + $1.columns }
    var value = Matrix<Scalar>(rows: rows, columns: columns)
    var places: [Int] = []
    var place = 0
    for part in parts {
      places.append(place)
      value.elements.withUnsafeMutableBufferPointer { elements in
        guard let base = elements.baseAddress else { return }
        addBlockInto(
          base + place, targetStride: columns, part.value.elements, sourceStride: part.columns,
          rows: rows, columns: part.columns)
      }
      place += part.columns
    }
    // One step a part: a node that appears twice simply collects twice.
    let needsGradient = parts.contains { $0.needsGradient }
    return record(value, from: needsGradient ? parts.first { $0.needsGradient } : nil) { result in
      for (part, place) in zip(parts, places) {
        part.accumulate { target in
          result.gradient.withUnsafeBufferPointer { gradient in
            guard let base = gradient.baseAddress else { return }
            addBlockInto(
              target, targetStride: part.columns, base + place, sourceStride: columns, rows: rows,
              columns: part.columns)
          }
        }
      }
    }
  }

  /// Some consecutive columns of a matrix.
  public func columns(_ x: Node<Scalar>, _ range: Range<Int>) -> Node<Scalar> {
    precondition(range.lowerBound >= 0 && range.upperBound <= x.columns, "no such columns")
    var value = Matrix<Scalar>(rows: x.rows, columns: range.count)
    x.value.elements.withUnsafeBufferPointer { elements in
      guard let base = elements.baseAddress else { return }
      addBlockInto(
        &value.elements, targetStride: range.count, base + range.lowerBound,
        sourceStride: x.columns, rows: x.rows, columns: range.count)
    }
    return record(value, from: x) { result in
      x.accumulate {
        addBlockInto(
          $0 + range.lowerBound, targetStride: x.columns, result.gradient,
          sourceStride: range.count, rows: x.rows, columns: range.count)
      }
    }
  }

  /// The same elements in rows of another length.
  public func reshape(_ x: Node<Scalar>, columns: Int) -> Node<Scalar> {
    let count = x.value.elements.count
    let value = Matrix(rows: count / max(1, columns), columns: columns, elements: x.value.elements)
    return record(value, from: x) { result in
      x.accumulate { addInto($0, result.gradient, count) }
    }
  }
}
