internal import Synchronization

/// A weight that never changes, laid out for products when the first is asked for.
///
/// BLAS lays a weight out anew for each product, which for the few rows of a dialogue takes as long as
/// the product itself. Costs the weight's memory once more.
final class FixedLayout: Sendable {
  private let laidOut = Mutex<InferenceWeight?>(nil)

  /// Nothing where BLAS's own products are the faster ones.
  init?() {
    guard InferenceKernels.best.multiplies else { return nil }
  }

  /// The weight, laid out; always the same weight.
  func weight(of matrix: Matrix<Float>) -> InferenceWeight {
    laidOut.withLock { laidOut in
      if let laidOut { return laidOut }
      let made = InferenceWeight(
        matrix.elements, columns: matrix.rows, depth: matrix.columns, hasManyRows: false, .best)
      laidOut = made
      return made
    }
  }
}
