/// A stack of ``MLSTMBlock``s for inference, where only the last step of each sequence is wanted:
/// the same numbers as the blocks' own `output`, to rounding, several times faster.
///
/// The matrix products are the same. What is saved is everything around them: the cell is computed
/// in its parallel form (arXiv:2405.04517, appendix A.3) as two small products a head instead of
/// step by step, exponentials are taken four at a time, steps that nobody looks at are left out of
/// the last block, and all buffers are made once.
///
/// Not safe to use from two threads at once.
public final class MLSTMStack {
  let shape: MLSTMBlock
  let blocks: [MLSTMInference]
  private var buffers = MLSTMBuffers()

  /// Prepares a stack.
  ///
  /// - Parameters:
  ///   - blocks: the blocks, all of one shape.
  ///   - weights: holds every parameter of the blocks.
  public init(_ blocks: [MLSTMBlock], _ weights: Weights<Float>) {
    precondition(!blocks.isEmpty, "a stack has at least one block")
    shape = blocks[0]
    self.blocks = blocks.map { MLSTMInference($0, weights) }
  }

  /// The stack's output at the last step of each sequence.
  ///
  /// - Parameters:
  ///   - x: (sequences · steps) × width, the steps of a sequence one after the other.
  ///   - steps: the length of every sequence.
  /// - Returns: sequences × width, before any normalisation that may follow the stack.
  public func lastSteps(of x: Matrix<Float>, steps: Int) -> Matrix<Float> {
    precondition(steps > 0 && x.rows % steps == 0 && x.columns == shape.width, "shapes differ")
    let sequences = x.rows / steps
    var last = Matrix<Float>(rows: sequences, columns: shape.width)
    buffers.prepare(for: shape, sequences: sequences, steps: steps)
    buffers.x.assign(x.elements)
    for block in blocks.dropLast() { block.run(buffers, sequences, steps, onlyLast: false) }
    blocks[blocks.count - 1].run(buffers, sequences, steps, onlyLast: true)
    for sequence in 0..<sequences {
      let from = buffers.x.base + ((sequence + 1) * steps - 1) * shape.width
      for column in 0..<shape.width {
        last.elements[sequence * shape.width + column] = from[column]
      }
    }
    return last
  }
}

/// Numbers that are kept from one call to the next.
final class FloatBuffer {
  private(set) var base: UnsafeMutablePointer<Float>
  private var capacity: Int

  init() {
    capacity = 1
    base = .allocate(capacity: 1)
  }

  deinit { base.deallocate() }

  /// Makes room for so many numbers; what was there is lost if there was less.
  func reserve(_ count: Int) {
    guard count > capacity else { return }
    base.deallocate()
    base = .allocate(capacity: count)
    capacity = count
  }

  func assign(_ numbers: [Float]) {
    reserve(numbers.count)
    numbers.withUnsafeBufferPointer { source in
      if let from = source.baseAddress { base.update(from: from, count: numbers.count) }
    }
  }
}

/// The intermediate results of a block.
struct MLSTMBuffers {
  /// Rows × width: what goes in and comes out.
  let x = FloatBuffer()
  /// Rows × width: its normal form.
  let normal = FloatBuffer()
  /// Rows × 2 · inner: values and output gate.
  let up = FloatBuffer()
  /// Rows × inner.
  let convolved = FloatBuffer()
  /// Rows × inner each.
  let q = FloatBuffer()
  let k = FloatBuffer()
  let v = FloatBuffer()
  /// Rows × 2 · heads: pre-activations of input and forget gates.
  let gates = FloatBuffer()
  /// Rows × inner: the cell's output.
  let cell = FloatBuffer()
  /// Steps × steps: what each step takes from those before it.
  let scores = FloatBuffer()
  /// Steps each: sums of ln σ(f), and the input gate's pre-activations.
  let decay = FloatBuffer()

  func prepare(for shape: MLSTMBlock, sequences: Int, steps: Int) {
    let rows = sequences * steps
    for buffer in [x, normal] { buffer.reserve(rows * shape.width) }
    for buffer in [convolved, q, k, v, cell] { buffer.reserve(rows * shape.inner) }
    up.reserve(rows * 2 * shape.inner)
    gates.reserve(rows * 2 * shape.heads)
    scores.reserve(steps * steps)
    decay.reserve(2 * steps)
  }
}
