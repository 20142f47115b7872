internal import CBLAS
internal import Glibc

/// A number type the networks can be computed in: `Float` for work, `Double` for proofs.
///
/// Everything is written once for both, so that a gradient check in `Double` and a comparison with
/// a reference to 1e-10 say something about the `Float` code that ships.
public protocol NeuralScalar: BinaryFloatingPoint, Sendable {
  /// e to the power of a number.
  static func exponential(_ x: Self) -> Self
  /// The natural logarithm.
  static func logarithm(_ x: Self) -> Self
  /// The hyperbolic tangent.
  static func hyperbolicTangent(_ x: Self) -> Self
  /// The error function.
  static func errorFunction(_ x: Self) -> Self
  /// `c = a·b + beta·c`, row-major, as BLAS's `gemm` with alpha 1: `a` is m × k, `b` is k × n after
  /// their optional transposition; `leading…` are the row strides in elements.
  static func multiply(
    _ product: MatrixProduct, _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>,
    into c: UnsafeMutablePointer<Self>, beta: Self)
}

/// The shape of one call of BLAS's `gemm`.
public struct MatrixProduct: Sendable {
  /// Rows of the result.
  public var rows: Int
  /// Columns of the result.
  public var columns: Int
  /// The length summed over.
  public var inner: Int
  /// Whether the first factor is stored transposed, and its row stride.
  public var first: (transposed: Bool, stride: Int)
  /// Whether the second factor is stored transposed, and its row stride.
  public var second: (transposed: Bool, stride: Int)
  /// The row stride of the result.
  public var resultStride: Int

  /// Creates the shape of a call.
  public init(
    rows: Int, columns: Int, inner: Int, first: (transposed: Bool, stride: Int),
    second: (transposed: Bool, stride: Int), resultStride: Int
  ) {
    self.rows = rows
    self.columns = columns
    self.inner = inner
    self.first = first
    self.second = second
    self.resultStride = resultStride
  }
}

/// Sets how many threads the matrix products use, for the whole process.
///
/// The order in which a product is summed depends on it, so results are reproducible to the last
/// bit only for the same number. One is also fastest for this package's small products.
///
/// - Parameter count: at least 1.
public func setMatrixThreads(_ count: Int) {
  undertone_set_blas_threads(Int32(clamping: max(1, count)))
}

extension MatrixProduct {
  fileprivate var isEmpty: Bool { rows == 0 || columns == 0 }
}

extension Float: NeuralScalar {
  /// e to the power of a number.
  public static func exponential(_ x: Float) -> Float { expf(x) }
  /// The natural logarithm.
  public static func logarithm(_ x: Float) -> Float { logf(x) }
  /// The hyperbolic tangent.
  public static func hyperbolicTangent(_ x: Float) -> Float { tanhf(x) }
  /// The error function.
  public static func errorFunction(_ x: Float) -> Float { erff(x) }

  /// See ``NeuralScalar/multiply(_:_:_:into:beta:)``.
  public static func multiply(
    _ product: MatrixProduct, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    into c: UnsafeMutablePointer<Float>, beta: Float
  ) {
    guard !product.isEmpty else { return }
    undertone_sgemm(
      product.first.transposed, product.second.transposed, Int32(product.rows),
      Int32(product.columns), Int32(product.inner), a, Int32(product.first.stride), b,
      Int32(product.second.stride), beta, c, Int32(product.resultStride))
  }
}

extension Double: NeuralScalar {
  /// e to the power of a number.
  public static func exponential(_ x: Double) -> Double { exp(x) }
  /// The natural logarithm.
  public static func logarithm(_ x: Double) -> Double { log(x) }
  /// The hyperbolic tangent.
  public static func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
  /// The error function.
  public static func errorFunction(_ x: Double) -> Double { erf(x) }

  /// See ``NeuralScalar/multiply(_:_:_:into:beta:)``.
  public static func multiply(
    _ product: MatrixProduct, _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>,
    into c: UnsafeMutablePointer<Double>, beta: Double
  ) {
    guard !product.isEmpty else { return }
    undertone_dgemm(
      product.first.transposed, product.second.transposed, Int32(product.rows),
      Int32(product.columns), Int32(product.inner), a, Int32(product.first.stride), b,
      Int32(product.second.stride), beta, c, Int32(product.resultStride))
  }
}
