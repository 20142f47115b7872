internal import Synchronization

/// A weight that never changes, laid out for products when the first is asked for.
///
/// BLAS lays a weight out anew for each product, which for the few rows of a dialogue takes as long as
/// the product itself. Costs the weight's memory once more, and 7/4 of it for products of many rows.
final class FixedLayout: Sendable {
  private struct LaidOut {
    /// For few rows.
    var plain: InferenceWeight?
    /// For many, where saving multiplications is worth its additions.
    var sevens: InferenceWeight?
  }

  private let laidOut = Mutex(LaidOut())
  /// From so many rows on it is worth it.
  private static let manyRows = 96

  /// Nothing where BLAS's own products are the faster ones.
  init?() {
    guard InferenceKernels.best.multiplies else { return nil }
  }

  /// Adds `x·weightᵀ` to a result.
  ///
  /// Which layout serves depends on the number of rows alone: the same product always has the same
  /// rounding, whatever was computed before.
  ///
  /// - Parameters:
  ///   - weight: always the same.
  ///   - scratch: ``InferenceWeight/scratch`` numbers.
  func multiply(
    _ x: Matrix<Float>, _ weight: Matrix<Float>, into result: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let isMany =
      x.rows >= Self.manyRows && InferenceWeight.savesMultiplications(weight.rows, weight.columns)
    let laidOut = self.weight(of: weight, hasManyRows: isMany)
    // Two rows at a time: of an odd number the last one is left.
    let rows = isMany ? x.rows & ~1 : x.rows
    laidOut.multiply(
      x.elements, stride: x.columns, rows: rows, into: result, stride: weight.rows, adds: true,
      scratch: scratch)
    guard rows < x.rows else { return }
    x.elements.withUnsafeBufferPointer { numbers in
      guard let numbers = numbers.baseAddress else { return }
      let last = MatrixProduct(
        rows: 1, columns: weight.rows, inner: x.columns, first: (false, x.columns),
        second: (true, x.columns), resultStride: weight.rows)
      Float.multiply(
        last, numbers + rows * x.columns, weight.elements, into: result + rows * weight.rows,
        beta: 1)
    }
  }

  private func weight(of matrix: Matrix<Float>, hasManyRows: Bool) -> InferenceWeight {
    laidOut.withLock { laidOut in
      if let found = hasManyRows ? laidOut.sevens : laidOut.plain { return found }
      let made = InferenceWeight(
        matrix.elements, columns: matrix.rows, depth: matrix.columns, hasManyRows: hasManyRows,
        .best)
      if hasManyRows { laidOut.sevens = made } else { laidOut.plain = made }
      return made
    }
  }
}
