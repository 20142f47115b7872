/// A residual block around an sLSTM cell, followed by a gated feed-forward layer (arXiv:2405.04517,
/// figure 10; the authors' package `xlstm`).
public struct SLSTMBlock: Sendable {
  /// The width of input and output.
  public var width: Int
  /// Heads of the cell.
  public var heads: Int
  /// Taps of the causal convolution.
  public var kernel = 4
  /// What its weights' names begin with.
  public var name: String

  /// Creates a block.
  ///
  /// - Precondition: the width is a multiple of the number of heads.
  public init(width: Int, heads: Int, name: String) {
    self.width = width
    self.heads = heads
    self.name = name
  }

  /// The width of the feed-forward layer: 1.3 times the block's, rounded up to a multiple of 64.
  public var inner: Int { (13 * width + 639) / 640 * 64 }

  /// Its parameters.
  public var parameters: [ParameterShape] {
    let small = (2 / (5 * Double(width))).squareRoot()
    let taps = 1 / Double(kernel).squareRoot()
    let head = width / heads
    let maps = ["input", "forget", "cell", "output"].map {
      ParameterShape("\(name).\($0)", rows: width, columns: head, .normal(small))
    }
    return [
      ParameterShape("\(name).norm", columns: width),
      ParameterShape("\(name).conv.weight", rows: width, columns: kernel, .normal(taps)),
      ParameterShape("\(name).conv.bias", columns: width),
      ParameterShape("\(name).recurrent", rows: 4 * width, columns: head),
      ParameterShape("\(name).bias", columns: 4 * width),
      ParameterShape("\(name).outnorm", columns: width),
      ParameterShape("\(name).feed.norm", columns: width),
      ParameterShape("\(name).feed.up", rows: 2 * inner, columns: width, .normal(small)),
      ParameterShape(
        "\(name).feed.down", rows: width, columns: inner,
        .normal(2 / Double(inner).squareRoot())),
    ] + maps
  }

  /// The block's output.
  ///
  /// - Parameters:
  ///   - x: rows × ``width``.
  ///   - segments: the sequences.
  /// - Returns: rows × ``width``.
  public func output<T: NeuralScalar>(
    of x: Node<T>, in segments: Segments, _ tape: Tape<T>, _ parameters: ParameterSet<T>
  ) -> Node<T> {
    func weight(_ part: String) -> Node<T> { parameters["\(name).\(part)"] }
    let normal = tape.layerNorm(x, weight("norm"))
    let convolved = tape.activate(
      tape.causalConvolution(
        normal, weight("conv.weight"), bias: weight("conv.bias"), in: segments), .silu)
    let gates = tape.concatenate([
      tape.headwiseLinear(convolved, weight("input"), heads: heads),
      tape.headwiseLinear(convolved, weight("forget"), heads: heads),
      tape.headwiseLinear(normal, weight("cell"), heads: heads),
      tape.headwiseLinear(normal, weight("output"), heads: heads),
    ])
    let cell = tape.sLSTMCell(
      tape.addRow(gates, weight("bias")), kernel: weight("recurrent"), heads: heads, in: segments)
    let mixed = tape.add(x, tape.layerNorm(cell, weight("outnorm"), heads: heads))
    let up = tape.linear(tape.layerNorm(mixed, weight("feed.norm")), weight("feed.up"))
    let fed = tape.multiply(
      tape.activate(tape.columns(up, 0..<inner), .gelu), tape.columns(up, inner..<2 * inner))
    return tape.add(mixed, tape.linear(fed, weight("feed.down")))
  }
}
