/// A residual block around an mLSTM cell (arXiv:2405.04517, figure 11; the authors' package
/// `xlstm`).
///
/// With D the width, the inner width I is 2 D:
/// `[xm, z] = W_up LN(x)`, `c = SiLU(conv(xm))`, q and k from c, v from xm,
/// `x + W_down[(norm(cell) + skip ∘ c) ∘ SiLU(z)]`.
public struct MLSTMBlock: Sendable {
  /// The width of input and output.
  public var width: Int
  /// Heads of the cell.
  public var heads: Int
  /// Taps of the causal convolution.
  public var kernel = 4
  /// The width of the blocks of the maps to q, k and v.
  public var projectionBlock = 4
  /// What its weights' names begin with.
  public var name: String

  /// Creates a block.
  ///
  /// - Precondition: twice the width is a multiple of 4 and of the number of heads.
  public init(width: Int, heads: Int, name: String) {
    self.width = width
    self.heads = heads
    self.name = name
  }

  /// The width inside.
  public var inner: Int { 2 * width }

  /// Its parameters: small random maps, forget gates mostly open (biases from 3 to 6 over the
  /// heads), as in the authors' package.
  public var parameters: [ParameterShape] {
    let small = (2 / (5 * Double(width))).squareRoot()
    let square = (2 / (5 * Double(inner))).squareRoot()
    let taps = 1 / Double(kernel).squareRoot()
    return [
      ParameterShape("\(name).norm", columns: width),
      ParameterShape("\(name).up", rows: 2 * inner, columns: width, .normal(small)),
      ParameterShape("\(name).conv.weight", rows: inner, columns: kernel, .normal(taps)),
      ParameterShape("\(name).conv.bias", columns: inner),
      ParameterShape("\(name).q", rows: inner, columns: projectionBlock, .normal(square)),
      ParameterShape("\(name).k", rows: inner, columns: projectionBlock, .normal(square)),
      ParameterShape("\(name).v", rows: inner, columns: projectionBlock, .normal(square)),
      ParameterShape("\(name).input.weight", rows: heads, columns: 3 * inner),
      ParameterShape("\(name).input.bias", columns: heads, .normal(0.1)),
      ParameterShape("\(name).forget.weight", rows: heads, columns: 3 * inner),
      ParameterShape("\(name).forget.bias", columns: heads, .ramp(3, 6)),
      ParameterShape("\(name).outnorm", columns: inner),
      ParameterShape("\(name).skip", columns: inner, .constant(1)),
      ParameterShape(
        "\(name).down", rows: width, columns: inner, .normal(2 / Double(inner).squareRoot())),
    ]
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
    let up = tape.linear(tape.layerNorm(x, weight("norm")), weight("up"))
    let values = tape.columns(up, 0..<inner)
    let gate = tape.columns(up, inner..<2 * inner)
    let convolved = tape.activate(
      tape.causalConvolution(
        values, weight("conv.weight"), bias: weight("conv.bias"), in: segments), .silu)
    let blocks = inner / projectionBlock
    let q = tape.headwiseLinear(convolved, weight("q"), heads: blocks)
    let k = tape.headwiseLinear(convolved, weight("k"), heads: blocks)
    let v = tape.headwiseLinear(values, weight("v"), heads: blocks)
    let all = tape.concatenate([q, k, v])
    let cell = tape.mLSTMCell(
      q: q, k: k, v: v,
      input: tape.linear(all, weight("input.weight"), bias: weight("input.bias")),
      forget: tape.linear(all, weight("forget.weight"), bias: weight("forget.bias")),
      in: segments)
    let normal = tape.layerNorm(cell, weight("outnorm"), heads: heads)
    let skipped = tape.add(normal, tape.scaleColumns(convolved, weight("skip")))
    let gated = tape.multiply(skipped, tape.activate(gate, .silu))
    return tape.add(x, tape.linear(gated, weight("down")))
  }
}
