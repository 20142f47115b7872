/// A stack of ``MLSTMBlock``s for inference, where only the last step of each sequence is wanted:
/// the same numbers as the blocks' own `output`, to rounding, many times faster.
///
/// The cell is computed in its parallel form (arXiv:2405.04517, appendix A.3) instead of step by
/// step, and what that allows is used: q and k meet only in a product, so that their maps become
/// one, and the gates' maps take what q, k and v come from. Steps that nobody looks at are left out
/// of the last block. A narrow map in front of the stack shortens the first block's. Large products
/// save an eighth of their multiplications as Strassen did. All buffers are made once.
///
/// Not safe to use from two threads at once; ``Prepared`` is.
public final class MLSTMStack {
  /// The weights of a stack, laid out for inference once and shared by as many stacks as there are
  /// threads.
  public struct Prepared: Sendable {
    let shape: MLSTMBlock
    let map: (weight: InferenceWeight, columns: Int)?
    let blocks: [MLSTMInference]

    /// Lays weights out.
    ///
    /// - Parameters:
    ///   - blocks: the blocks, all of one shape, which ``MLSTMStack/supports(_:)``.
    ///   - map: a map in front of them.
    ///   - weights: gives the parameter of a name.
    public init(
      _ blocks: [MLSTMBlock], after map: AffineMap? = nil, _ weights: (String) -> Matrix<Float>?
    ) {
      self.init(blocks, after: map, .best, weights)
    }

    init(
      _ blocks: [MLSTMBlock], after map: AffineMap? = nil, _ kernels: InferenceKernels,
      _ weights: (String) -> Matrix<Float>?
    ) {
      precondition(!blocks.isEmpty, "a stack has at least one block")
      precondition(MLSTMStack.supports(blocks[0]), "blocks of another shape")
      precondition(map.map { $0.weight.rows == blocks[0].width } ?? true, "shapes differ")
      shape = blocks[0]
      self.map = map.map { map in
        let weight = map.padded
        return (
          InferenceWeight(
            weight.elements, columns: weight.rows, depth: weight.columns, hasManyRows: false,
            kernels),
          map.weight.columns
        )
      }
      self.blocks = blocks.indices.map { place in
        MLSTMInference(
          blocks[place], after: place == 0 ? map : nil, isLast: place == blocks.count - 1, kernels,
          weights)
      }
    }
  }

  private let prepared: Prepared
  private var buffers = MLSTMBuffers()

  /// Creates a stack with buffers of its own.
  public init(_ prepared: Prepared) {
    self.prepared = prepared
  }

  /// Whether there can be a stack of blocks of this shape: heads a multiple of eight wide, maps to
  /// q, k and v with blocks of four.
  public static func supports(_ block: MLSTMBlock) -> Bool {
    block.projectionBlock == 4 && block.width % 8 == 0 && block.inner % (8 * block.heads) == 0
  }

  /// The stack's output at the last step of each sequence.
  ///
  /// Allocates nothing but its result once it has seen as many sequences of as many steps.
  ///
  /// - Parameters:
  ///   - x: (sequences · steps) × width, or × the width of what the map in front takes; the steps
  ///     of a sequence one after the other.
  ///   - steps: the length of every sequence.
  /// - Returns: sequences × width, before any normalisation that may follow the stack.
  public func lastSteps(of x: Matrix<Float>, steps: Int) -> Matrix<Float> {
    var last = Matrix<Float>(rows: x.rows / max(1, steps), columns: prepared.shape.width)
    lastSteps(of: x, steps: steps, into: &last)
    return last
  }

  /// Writes the stack's output at the last step of each sequence into a matrix of the result's
  /// shape; allocates nothing at all once it has seen as many sequences of as many steps.
  public func lastSteps(of x: Matrix<Float>, steps: Int, into last: inout Matrix<Float>) {
    let shape = prepared.shape
    precondition(steps > 0 && x.rows % steps == 0, "shapes differ")
    precondition(x.columns == prepared.map?.columns ?? shape.width, "shapes differ")
    let sequences = x.rows / steps
    precondition(last.rows == sequences && last.columns == shape.width, "shapes differ")
    buffers.prepare(
      for: shape, mapped: prepared.map?.weight.depth ?? 0, sequences: sequences, steps: steps)
    let stride = buffers.strides.width
    if let map = prepared.map {
      let padded = map.weight.depth
      copyRows(x, into: buffers.mapped, stride: padded)
      for row in 0..<x.rows {
        let rest = buffers.mapped.base + row * padded + map.columns
        rest[0] = 1
        (rest + 1).update(repeating: 0, count: padded - map.columns - 1)
      }
      map.weight.multiply(
        buffers.mapped.base, stride: padded, rows: x.rows, into: buffers.x.base, stride: stride,
        adds: false, scratch: buffers.scratch.base)
    } else {
      copyRows(x, into: buffers.x, stride: stride)
    }
    for block in prepared.blocks { block.run(buffers, sequences, steps) }
    last.elements.withUnsafeMutableBufferPointer { to in
      guard let to = to.baseAddress else { return }
      for sequence in 0..<sequences {
        let from = buffers.x.base + ((sequence + 1) * steps - 1) * stride
        (to + sequence * shape.width).update(from: from, count: shape.width)
      }
    }
  }

  private func copyRows(_ x: Matrix<Float>, into buffer: FloatBuffer, stride: Int) {
    x.elements.withUnsafeBufferPointer { from in
      guard let from = from.baseAddress else { return }
      for row in 0..<x.rows {
        (buffer.base + row * stride).update(from: from + row * x.columns, count: x.columns)
      }
    }
  }
}

/// An affine map, `x·weightᵀ + bias`.
public struct AffineMap: Sendable {
  /// Out × in.
  public var weight: Matrix<Float>
  /// 1 × out.
  public var bias: Matrix<Float>

  /// Creates a map.
  ///
  /// - Precondition: the bias is as wide as what comes out.
  public init(weight: Matrix<Float>, bias: Matrix<Float>) {
    precondition(bias.elements.count == weight.rows, "the bias's width is not the output's")
    self.weight = weight
    self.bias = bias
  }

  /// Weight and bias side by side, for rows [x, 1, 0 …] of a multiple of eight columns.
  var padded: Matrix<Float> {
    var padded = Matrix<Float>(rows: weight.rows, columns: (weight.columns + 8) / 8 * 8)
    for row in 0..<weight.rows {
      for column in 0..<weight.columns { padded[row, column] = weight[row, column] }
      padded[row, weight.columns] = bias.elements[row]
    }
    return padded
  }

  /// What is left of `up·LayerNorm(self(x))` once x's rows, padded, are divided by the standard
  /// deviation: taking the mean away is linear as well.
  ///
  /// - Parameters:
  ///   - scale: of the LayerNorm.
  ///   - up: rows × out.
  /// - Returns: rows × the width of a padded row.
  func normalised(_ scale: [Float], through up: Matrix<Float>) -> Matrix<Float> {
    var map = padded
    for column in 0..<map.columns {
      let mean = (0..<map.rows).reduce(0) { $0 + Double(map[$1, column]) } / Double(map.rows)
      for row in 0..<map.rows {
        map[row, column] = Float((Double(map[row, column]) - mean) * Double(scale[row]))
      }
    }
    return up.multiplied(by: map)
  }
}

/// The intermediate results of a block.
struct MLSTMBuffers {
  /// Rows × width: what goes in and comes out.
  let x = FloatBuffer()
  /// Rows × the padded width of what the map in front takes.
  let mapped = FloatBuffer()
  /// Rows × width: the normal form of x.
  let normal = FloatBuffer()
  /// Rows × 2 · inner: values and output gate.
  let up = FloatBuffer()
  /// Rows × inner: what the last map takes.
  let cell = FloatBuffer()
  /// What a kernel needs for itself.
  let scratch = FloatBuffer()
  /// The distance of two rows: a line of the cache more than they are wide, since rows that lie a
  /// multiple of 4 KiB apart get into each other's way there.
  private(set) var strides = (width: 0, inner: 0, up: 0)

  mutating func prepare(for shape: MLSTMBlock, mapped columns: Int, sequences: Int, steps: Int) {
    strides = (shape.width + 16, shape.inner + 16, 2 * shape.inner + 16)
    // Products that take rows two by two go one row beyond an odd number.
    let rows = sequences * steps + 1
    x.reserve(rows * strides.width)
    mapped.reserve(rows * columns)
    normal.reserve(rows * strides.width)
    cell.reserve(rows * strides.inner)
    up.reserve(rows * strides.up)
    scratch.reserve(
      max(InferenceWeight.scratch, MLSTMInference.scratch(steps: steps, shape)))
  }
}
