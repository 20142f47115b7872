internal import CKernels

/// The loops in which inference spends its time, for a kind of processor.
struct InferenceKernels: @unchecked Sendable {
  /// Functions of C, and constant: nothing in it can be raced for.
  let functions: undertone_kernels
  /// Whether products are the kernels' own, with packed weights, and not BLAS's.
  let multiplies: Bool

  /// For any processor, with BLAS's products.
  static let portable = InferenceKernels(
    functions: undertone_portable_kernels().pointee, multiplies: false)

  /// With AVX2 and FMA; nothing where the processor lacks them.
  static let avx2 = undertone_avx2_kernels().map {
    InferenceKernels(functions: $0.pointee, multiplies: true)
  }

  /// The fastest for this processor. With AVX-512 BLAS's products are faster than kernels of half
  /// the width.
  static let best: InferenceKernels = {
    guard let avx2 else { return portable }
    return InferenceKernels(functions: avx2.functions, multiplies: !undertone_has_avx512())
  }()

  /// A function of each element, to 3e-7 of the result or of 1, whichever is more; GELU to 1e-6.
  ///
  /// A call of the C library for each number takes several times as long as the number needs.
  func apply(
    _ activation: Activation, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>,
    _ count: Int
  ) {
    switch activation {
    case .sigmoid: functions.sigmoid(x, count, y)
    case .tanh: functions.tanh(x, count, y)
    case .silu: functions.silu(x, count, y)
    case .gelu: functions.gelu(x, count, y)
    }
  }

  /// The derivative of GELU at each element.
  func slopeOfGELU(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    functions.gelu_slope(x, count, y)
  }

  /// LayerNorm with a scale and a shift; the width is a multiple of 8.
  func normalise(
    _ x: UnsafePointer<Float>, rows: Int, width: Int, epsilon: Float,
    scale: UnsafePointer<Float>, shift: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
  ) {
    functions.normalise_and_shift(x, rows, width, epsilon, scale, shift, y)
  }

  /// Each row becomes e^(scale·x) divided by its sum; the scale is positive.
  func softmax(_ x: UnsafeMutablePointer<Float>, rows: Int, columns: Int, scale: Float) {
    functions.softmax(x, rows, columns, scale)
  }
}

/// A weight laid out for products with many rows.
///
/// Its numbers are written once, before anybody else sees it.
struct InferenceWeight: @unchecked Sendable {
  private enum Layout {
    /// As it was, for BLAS.
    case plain
    /// Sixteen columns at a time.
    case packed
    /// Strassen's seven combinations of quarters, each packed.
    case sevens
  }

  /// The width of the result.
  let columns: Int
  /// The length summed over.
  let depth: Int
  private let layout: Layout
  private let numbers: FloatBuffer
  private let kernels: InferenceKernels

  /// Lays out a weight.
  ///
  /// - Parameters:
  ///   - weight: columns × depth, row after row.
  ///   - hasManyRows: whether it is worth it to save multiplications.
  init(
    _ weight: UnsafePointer<Float>, columns: Int, depth: Int, hasManyRows: Bool,
    _ kernels: InferenceKernels
  ) {
    self.columns = columns
    self.depth = depth
    self.kernels = kernels
    let isLarge = Self.savesMultiplications(columns, depth)
    layout = !kernels.multiplies ? .plain : hasManyRows && isLarge ? .sevens : .packed
    switch layout {
    case .plain:
      numbers = FloatBuffer(count: columns * depth)
      numbers.base.update(from: weight, count: columns * depth)
    case .packed:
      numbers = FloatBuffer(count: undertone_packed_size(depth, columns))
      undertone_pack(weight, depth, depth, columns, numbers.base)
    case .sevens:
      numbers = FloatBuffer(count: 7 * undertone_packed_size(depth / 2, columns / 2))
      undertone_pack_sevens(weight, depth, depth, columns, numbers.base)
    }
  }

  /// Whether it is worth it to save multiplications where there are many rows: in smaller weights the
  /// additions cost as much as they save.
  static func savesMultiplications(_ columns: Int, _ depth: Int) -> Bool {
    columns >= 256 && depth >= 256 && columns % 32 == 0 && depth % 2 == 0
  }

  /// How many numbers of scratch products need, whatever their size.
  static var scratch: Int { undertone_multiply_scratch() }

  /// `c = a·weightᵀ`, or `c += a·weightᵀ`.
  ///
  /// - Parameters:
  ///   - a: rows × ``depth``.
  ///   - c: rows × ``columns``. A weight for many rows takes them two by two: of an odd number
  ///     there is one more row of `a`, zeros, and room for one more in `c`.
  ///   - scratch: ``scratch`` numbers.
  func multiply(
    _ a: UnsafePointer<Float>, stride: Int, rows: Int, into c: UnsafeMutablePointer<Float>,
    stride resultStride: Int, adds: Bool, scratch: UnsafeMutablePointer<Float>
  ) {
    switch layout {
    case .plain:
      let product = MatrixProduct(
        rows: rows, columns: columns, inner: depth, first: (false, stride), second: (true, depth),
        resultStride: resultStride)
      Float.multiply(product, a, numbers.base, into: c, beta: adds ? 1 : 0)
    case .packed:
      kernels.functions.multiply(
        a, stride, rows, numbers.base, depth, columns, adds, c, resultStride, scratch)
    case .sevens:
      kernels.functions.multiply_by_seven(
        a, stride, rows + rows % 2, numbers.base, depth, columns, adds, c, resultStride, scratch)
    }
  }
}
