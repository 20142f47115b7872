/// A stack of ``MLSTMBlock``s for inference, where only the last step of each sequence is wanted:
/// the same numbers as the blocks' own `output`, to rounding, several times faster.
///
/// The matrix products are the same. What is saved is everything around them: the cell is computed
/// in its parallel form (arXiv:2405.04517, appendix A.3) as two small products a head instead of
/// step by step, exponentials are taken four at a time, steps that nobody looks at are left out of
/// the last block, and all buffers are made once.
///
/// Not safe to use from two threads at once; ``Prepared`` is.
public final class MLSTMStack {
  /// The weights of a stack, laid out for inference once and shared by as many stacks as there are
  /// threads.
  public struct Prepared: Sendable {
    let shape: MLSTMBlock
    let blocks: [MLSTMInference]

    /// Lays weights out.
    ///
    /// - Parameters:
    ///   - blocks: the blocks, all of one shape.
    ///   - weights: gives the parameter of a name.
    public init(_ blocks: [MLSTMBlock], _ weights: (String) -> Matrix<Float>?) {
      precondition(!blocks.isEmpty, "a stack has at least one block")
      shape = blocks[0]
      self.blocks = blocks.map { MLSTMInference($0, weights) }
    }
  }

  private let prepared: Prepared
  private let buffers = MLSTMBuffers()

  /// Creates a stack with buffers of its own.
  public init(_ prepared: Prepared) {
    self.prepared = prepared
  }

  /// The stack's output at the last step of each sequence.
  ///
  /// Allocates nothing but its result once it has seen as many sequences of as many steps.
  ///
  /// - Parameters:
  ///   - x: (sequences · steps) × width, the steps of a sequence one after the other.
  ///   - steps: the length of every sequence.
  /// - Returns: sequences × width, before any normalisation that may follow the stack.
  public func lastSteps(of x: Matrix<Float>, steps: Int) -> Matrix<Float> {
    var last = Matrix<Float>(rows: x.rows / max(1, steps), columns: prepared.shape.width)
    lastSteps(of: x, steps: steps, into: &last)
    return last
  }

  /// Writes the stack's output at the last step of each sequence into a matrix of the result's shape;
  /// allocates nothing at all once it has seen as many sequences of as many steps.
  public func lastSteps(of x: Matrix<Float>, steps: Int, into last: inout Matrix<Float>) {
    let shape = prepared.shape
    precondition(steps > 0 && x.rows % steps == 0 && x.columns == shape.width, "shapes differ")
    let sequences = x.rows / steps
    precondition(last.rows == sequences && last.columns == shape.width, "shapes differ")
    buffers.prepare(for: shape, sequences: sequences, steps: steps)
    buffers.x.assign(x.elements)
    let final = prepared.blocks.count - 1
    for place in 0...final {
      prepared.blocks[place].run(buffers, sequences, steps, onlyLast: place == final)
    }
    for sequence in 0..<sequences {
      let from = buffers.x.base + ((sequence + 1) * steps - 1) * shape.width
      for column in 0..<shape.width {
        last.elements[sequence * shape.width + column] = from[column]
      }
    }
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
    x.reserve(rows * shape.width)
    normal.reserve(rows * shape.width)
    convolved.reserve(rows * shape.inner)
    q.reserve(rows * shape.inner)
    k.reserve(rows * shape.inner)
    v.reserve(rows * shape.inner)
    cell.reserve(rows * shape.inner)
    up.reserve(rows * 2 * shape.inner)
    gates.reserve(rows * 2 * shape.heads)
    scores.reserve(steps * steps)
    decay.reserve(2 * steps)
  }
}
