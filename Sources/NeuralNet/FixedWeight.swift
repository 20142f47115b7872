/// A weight that never changes, laid out for products in place of its numbers.
///
/// BLAS lays a weight out anew for each product, which for the few rows of a dialogue takes as long as
/// the product itself. The numbers themselves are not kept: a program that is open all day should not
/// hold its model twice.
final class FixedWeight: Sendable {
  /// The width of the result.
  let rows: Int
  /// The width of what is multiplied.
  let columns: Int
  private let laidOut: InferenceWeight
  /// Whether rows go in two by two.
  private let isForPairs: Bool

  /// Lays out a weight.
  ///
  /// - Parameter hasManyRows: whether it is usually multiplied with so many rows that saving
  ///   multiplications is worth its additions, and 7/4 of the weight's memory.
  init(_ weight: Matrix<Float>, hasManyRows: Bool) {
    rows = weight.rows
    columns = weight.columns
    let kernels = InferenceKernels.best
    isForPairs =
      kernels.multiplies && hasManyRows
      && InferenceWeight.savesMultiplications(weight.rows, weight.columns)
    laidOut = InferenceWeight(
      weight.elements, columns: weight.rows, depth: weight.columns, hasManyRows: hasManyRows,
      kernels)
  }

  /// Adds `x·weightᵀ` to a result.
  ///
  /// - Parameter scratch: ``InferenceWeight/scratch`` numbers.
  func multiply(
    _ x: Matrix<Float>, into result: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    x.elements.withUnsafeBufferPointer { numbers in
      guard let numbers = numbers.baseAddress else { return }
      multiply(numbers, count: x.rows, into: result, scratch: scratch)
    }
  }

  /// Adds the products with some rows, one after the other.
  func multiply(
    _ x: UnsafePointer<Float>, count: Int, into result: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let paired = isForPairs ? count & ~1 : count
    if paired > 0 {
      laidOut.multiply(
        x, stride: columns, rows: paired, into: result, stride: rows, adds: true,
        scratch: scratch)
    }
    guard paired < count else { return }
    multiplyAlone(x + paired * columns, into: result + paired * rows, scratch: scratch)
  }

  /// Adds the product with one row, beside a row of zeros.
  private func multiplyAlone(
    _ row: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * (rows + columns)) { buffer in
      guard let pair = buffer.baseAddress else { return }
      pair.update(from: row, count: columns)
      (pair + columns).update(repeating: 0, count: columns + 2 * rows)
      let product = pair + 2 * columns
      laidOut.multiply(
        pair, stride: columns, rows: 2, into: product, stride: rows, adds: true, scratch: scratch)
      for column in 0..<rows { result[column] += product[column] }
    }
  }
}
