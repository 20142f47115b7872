/// A matrix of numbers, row after row.
public struct Matrix<Scalar: NeuralScalar>: Equatable, Sendable {
  /// How many rows it has.
  public var rows: Int
  /// How many columns it has.
  public var columns: Int
  /// The elements, row after row; ``rows`` · ``columns`` of them.
  public var elements: [Scalar]

  /// Creates a matrix from its elements, row after row.
  ///
  /// - Precondition: there are `rows · columns` elements.
  public init(rows: Int, columns: Int, elements: [Scalar]) {
    precondition(elements.count == rows * columns, "a matrix needs rows times columns elements")
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  /// Creates a matrix that holds the same number everywhere.
  public init(rows: Int, columns: Int, repeating value: Scalar = 0) {
    self.init(
      rows: rows, columns: columns, elements: filled(with: value, count: rows * columns))
  }

  /// Creates a matrix whose elements somebody writes, all of them, and before that none is read: not
  /// to have them written twice.
  init(rows: Int, columns: Int, writtenBy write: (UnsafeMutablePointer<Scalar>) -> Void) {
    self.init(
      rows: rows, columns: columns,
      elements: [Scalar](unsafeUninitializedCapacity: rows * columns) { buffer, count in
        if let base = buffer.baseAddress { write(base) }
        count = rows * columns
      })
  }

  /// Creates a matrix of one row.
  public init(row elements: [Scalar]) {
    self.init(rows: 1, columns: elements.count, elements: elements)
  }

  /// Creates a matrix of numbers drawn from a normal distribution.
  public init(
    rows: Int, columns: Int, deviation: Double, using random: inout RandomSource
  ) {
    self.init(
      rows: rows, columns: columns,
      elements: (0..<rows * columns).map { _ in Scalar(random.normal() * deviation) })
  }

  /// The element in a row and a column.
  public subscript(row: Int, column: Int) -> Scalar {
    get { elements[row * columns + column] }
    set { elements[row * columns + column] = newValue }
  }

  /// Multiplies each row by a number of its own.
  ///
  /// - Precondition: there is one number a row.
  public mutating func scaleRows(by scales: [Scalar]) {
    precondition(scales.count == rows, "one scale a row is needed")
    scaleEachRow(&elements, scales, rows: rows, columns: columns)
  }

  /// The product with the transpose of some columns of another matrix.
  ///
  /// - Parameters:
  ///   - other: any number of rows.
  ///   - columns: as many of its columns as this matrix has.
  /// - Returns: rows × the other's rows.
  public func multiplied(byTransposed other: Matrix, columns range: Range<Int>) -> Matrix {
    precondition(range.count == columns && range.upperBound <= other.columns, "widths differ")
    var product = Matrix(rows: rows, columns: other.rows)
    let shape = MatrixProduct(
      rows: rows, columns: other.rows, inner: columns, first: (false, columns),
      second: (true, other.columns), resultStride: other.rows)
    elements.withUnsafeBufferPointer { a in
      other.elements.withUnsafeBufferPointer { b in
        product.elements.withUnsafeMutableBufferPointer { c in
          guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
          Scalar.multiply(shape, a, b + range.lowerBound, into: c, beta: 0)
        }
      }
    }
    return product
  }

  /// The product with another matrix, which has as many rows as this one columns.
  ///
  /// - Returns: rows × the other's columns.
  public func multiplied(by other: Matrix) -> Matrix {
    precondition(other.rows == columns, "shapes differ")
    var product = Matrix(rows: rows, columns: other.columns)
    let shape = MatrixProduct(
      rows: rows, columns: other.columns, inner: columns, first: (false, columns),
      second: (false, other.columns), resultStride: other.columns)
    Scalar.multiply(shape, elements, other.elements, into: &product.elements, beta: 0)
    return product
  }

  /// One row as an array.
  public func row(_ row: Int) -> [Scalar] {
    Array(elements[row * columns..<(row + 1) * columns])
  }
}

/// Which consecutive rows of a matrix belong together, such as the tokens of one turn.
public struct Segments: Equatable, Sendable {
  /// Where each segment starts, and at last where the final one ends.
  public var offsets: [Int]

  /// Creates segments from their lengths.
  public init(lengths: some Sequence<Int>) {
    offsets = [0]
    for length in lengths {
      offsets.append((offsets.last ?? 0) + length)
    }
  }

  /// How many segments there are.
  public var count: Int { offsets.count - 1 }
  /// How many rows they have together.
  public var rows: Int { offsets.last ?? 0 }

  /// The rows of a segment.
  public subscript(segment: Int) -> Range<Int> { offsets[segment]..<offsets[segment + 1] }
}
