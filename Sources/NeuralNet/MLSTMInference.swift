/// One block of an ``MLSTMStack`` with its weights laid out for inference.
struct MLSTMInference: Sendable {
  let width: Int
  let inner: Int
  let heads: Int
  let kernel: Int
  let norm: [Float]
  let up: [Float]
  /// Taps of the convolution, tap after tap: kernel × inner.
  let taps: [Float]
  let tapBias: [Float]
  /// Block-diagonal maps: for each block of four, its columns one after the other.
  let q: [Float]
  let k: [Float]
  let v: [Float]
  /// Input gates, then forget gates: 2 · heads × 3 · inner.
  let gates: [Float]
  let gateBias: [Float]
  let outputNorm: [Float]
  let skip: [Float]
  let down: [Float]

  init(_ block: MLSTMBlock, _ weights: (String) -> Matrix<Float>?) {
    precondition(block.projectionBlock == 4, "maps to q, k and v have blocks of four")
    func weight(_ part: String) -> [Float] {
      guard let matrix = weights("\(block.name).\(part)") else {
        preconditionFailure("no parameter \(block.name).\(part)")
      }
      return matrix.elements
    }
    width = block.width
    inner = block.inner
    heads = block.heads
    kernel = block.kernel
    norm = weight("norm").map { 1 + $0 }
    up = weight("up")
    let convolution = weight("conv.weight")
    let (inner, kernel) = (block.inner, block.kernel)
    taps = (0..<kernel).flatMap { tap in (0..<inner).map { convolution[$0 * kernel + tap] } }
    tapBias = weight("conv.bias")
    func columns(_ part: String) -> [Float] {
      let rows = weight(part)
      return (0..<inner / 4).flatMap { place in
        (0..<4).flatMap { column in (0..<4).map { rows[(place * 4 + $0) * 4 + column] } }
      }
    }
    q = columns("q")
    k = columns("k")
    v = columns("v")
    gates = weight("input.weight") + weight("forget.weight")
    gateBias = weight("input.bias") + weight("forget.bias")
    outputNorm = weight("outnorm").map { 1 + $0 }
    skip = weight("skip")
    down = weight("down")
  }

  /// Replaces `x` by the block's output; with `onlyLast` only the last step of each sequence.
  func run(_ b: MLSTMBuffers, _ sequences: Int, _ steps: Int, onlyLast: Bool) {
    let rows = sequences * steps
    normalise(b.x.base, norm, into: b.normal.base, rows: rows, width: width)
    let last = (rows: sequences, stride: steps, first: steps - 1)
    let all = (rows: rows, stride: 1, first: 0)
    let seen = onlyLast ? last : all
    // Values for all steps; the output gate where somebody looks.
    multiply(b.normal.base, up, into: b.up.base, rows: all, inner, width, (width, 2 * inner))
    up.withUnsafeBufferPointer { up in
      guard let up = up.baseAddress else { return }
      multiply(
        b.normal.base, up + inner * width, into: b.up.base + inner, rows: seen, inner, width,
        (width, 2 * inner))
    }
    convolve(b.up.base, into: b.convolved.base, sequences, steps)
    project(b.convolved.base, stride: inner, q, into: b.q.base, rows: rows)
    project(b.convolved.base, stride: inner, k, into: b.k.base, rows: rows)
    project(b.up.base, stride: 2 * inner, v, into: b.v.base, rows: rows)
    for row in 0..<rows {
      for gate in 0..<2 * heads { b.gates.base[row * 2 * heads + gate] = gateBias[gate] }
    }
    gates.withUnsafeBufferPointer { gates in
      guard let gates = gates.baseAddress else { return }
      let product = MatrixProduct(
        rows: rows, columns: 2 * heads, inner: inner, first: (false, inner),
        second: (true, 3 * inner), resultStride: 2 * heads)
      Float.multiply(product, b.q.base, gates, into: b.gates.base, beta: 1)
      Float.multiply(product, b.k.base, gates + inner, into: b.gates.base, beta: 1)
      Float.multiply(product, b.v.base, gates + 2 * inner, into: b.gates.base, beta: 1)
    }
    for sequence in 0..<sequences {
      for head in 0..<heads { cell(b, sequence, head, steps, onlyLast: onlyLast) }
    }
    for place in 0..<seen.rows { finish(b, row: place * seen.stride + seen.first) }
    down.withUnsafeBufferPointer { down in
      guard let down = down.baseAddress else { return }
      let product = MatrixProduct(
        rows: seen.rows, columns: width, inner: inner, first: (false, seen.stride * inner),
        second: (true, inner), resultStride: seen.stride * width)
      Float.multiply(
        product, b.cell.base + seen.first * inner, down, into: b.x.base + seen.first * width,
        beta: 1)
    }
  }

  private func multiply(
    _ a: UnsafePointer<Float>, _ weight: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Float>, rows: (rows: Int, stride: Int, first: Int),
    _ columns: Int, _ depth: Int, _ strides: (in: Int, out: Int)
  ) {
    let product = MatrixProduct(
      rows: rows.rows, columns: columns, inner: depth, first: (false, rows.stride * strides.in),
      second: (true, depth), resultStride: rows.stride * strides.out)
    Float.multiply(
      product, a + rows.first * strides.in, weight, into: result + rows.first * strides.out,
      beta: 0)
  }

  /// The parallel form of the cell for one head of one sequence.
  private func cell(
    _ b: MLSTMBuffers, _ sequence: Int, _ head: Int, _ steps: Int, onlyLast: Bool
  ) {
    let d = inner / heads
    let start = sequence * steps
    let (decay, input) = (b.decay.base, b.decay.base + steps)
    var sum: Float = 0
    for step in 0..<steps {
      let gate = b.gates.base + (start + step) * 2 * heads
      sum += logSigmoid(gate[heads + head])
      decay[step] = sum
      input[step] = gate[head]
    }
    let first = onlyLast ? steps - 1 : 0
    let at = start * inner + head * d
    let root = Float(d).squareRoot()
    var product = MatrixProduct(
      rows: steps - first, columns: steps, inner: d, first: (false, inner),
      second: (true, inner), resultStride: steps)
    Float.multiply(
      product, b.q.base + at + first * inner, b.k.base + at,
      into: b.scores.base + first * steps, beta: 0)
    for step in first..<steps {
      let scores = b.scores.base + step * steps
      var m = -Float.infinity
      for other in 0...step { m = max(m, decay[step] - decay[other] + input[other]) }
      var total: Float = 0
      for other in 0...step {
        let weight = Float.exponential(decay[step] - decay[other] + input[other] - m)
        scores[other] *= weight / root
        total += scores[other]
      }
      let divisor = max(abs(total), Float.exponential(-m)) + 1e-6
      for other in 0...step { scores[other] /= divisor }
      for other in step + 1..<max(step + 1, steps) { scores[other] = 0 }
    }
    product = MatrixProduct(
      rows: steps - first, columns: d, inner: steps, first: (false, steps),
      second: (false, inner), resultStride: inner)
    Float.multiply(
      product, b.scores.base + first * steps, b.v.base + at,
      into: b.cell.base + at + first * inner, beta: 0)
  }

  /// Head-wise normal form, skip and output gate of one step, in place of the cell's output.
  private func finish(_ b: MLSTMBuffers, row: Int) {
    let d = inner / heads
    let cell = b.cell.base + row * inner
    let convolved = b.convolved.base + row * inner
    let gate = b.up.base + row * 2 * inner + inner
    applySiLU(gate, inner)
    for head in 0..<heads {
      let line = cell + head * d
      let (mean, scale) = moments(line, d)
      outputNorm.withUnsafeBufferPointer { norm in
        skip.withUnsafeBufferPointer { skip in
          for column in 0..<d {
            let place = head * d + column
            let normal = (line[column] - mean) * scale * norm[place]
            line[column] = (normal + skip[place] * convolved[place]) * gate[place]
          }
        }
      }
    }
  }

  /// SiLU of the causal convolution of each column with its taps.
  private func convolve(
    _ values: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>, _ sequences: Int,
    _ steps: Int
  ) {
    taps.withUnsafeBufferPointer { taps in
      tapBias.withUnsafeBufferPointer { bias in
        guard let taps = taps.baseAddress else { return }
        for sequence in 0..<sequences {
          for step in 0..<steps {
            let row = sequence * steps + step
            let line = result + row * inner
            for column in 0..<inner { line[column] = bias[column] }
            // The last tap belongs to the step itself.
            for tap in max(0, kernel - 1 - step)..<kernel {
              addProductInto(
                line, taps + tap * inner, values + (row - (kernel - 1 - tap)) * 2 * inner, inner)
            }
            applySiLU(line, inner)
          }
        }
      }
    }
  }

  /// A block-diagonal map of four columns at a time.
  private func project(
    _ x: UnsafePointer<Float>, stride: Int, _ columns: [Float],
    into result: UnsafeMutablePointer<Float>, rows: Int
  ) {
    columns.withUnsafeBytes { raw in
      let weight = raw.bindMemory(to: SIMD4<Float>.self)
      for row in 0..<rows {
        let from = x + row * stride
        let to = UnsafeMutableRawPointer(result + row * inner)
        for place in 0..<inner / 4 {
          let four = from + place * 4
          let sum =
            weight[place * 4] * four[0] + weight[place * 4 + 1] * four[1]
            + (weight[place * 4 + 2] * four[2] + weight[place * 4 + 3] * four[3])
          to.storeBytes(of: sum, toByteOffset: place * 16, as: SIMD4<Float>.self)
        }
      }
    }
  }
}

/// LayerNorm without bias, eps 1e-5.
private func normalise(
  _ x: UnsafePointer<Float>, _ weight: [Float], into result: UnsafeMutablePointer<Float>,
  rows: Int, width: Int
) {
  weight.withUnsafeBufferPointer { weight in
    for row in 0..<rows {
      let (from, to) = (x + row * width, result + row * width)
      let (mean, scale) = moments(from, width)
      for column in 0..<width { to[column] = (from[column] - mean) * scale * weight[column] }
    }
  }
}

/// Mean, and one over the standard deviation.
private func moments(_ x: UnsafePointer<Float>, _ count: Int) -> (mean: Float, scale: Float) {
  var sum = SIMD8<Float>.zero
  let raw = UnsafeRawPointer(x)
  let whole = count / 8
  for place in 0..<whole {
    sum += raw.loadUnaligned(fromByteOffset: place * 32, as: SIMD8<Float>.self)
  }
  var total = sum.sum()
  for place in whole * 8..<count { total += x[place] }
  let mean = total / Float(count)
  var squares = SIMD8<Float>.zero
  for place in 0..<whole {
    let gap = raw.loadUnaligned(fromByteOffset: place * 32, as: SIMD8<Float>.self) - mean
    squares += gap * gap
  }
  var square = squares.sum()
  for place in whole * 8..<count { square += (x[place] - mean) * (x[place] - mean) }
  return (mean, 1 / (square / Float(count) + 1e-5).squareRoot())
}

/// x · σ(x) in place.
private func applySiLU(_ x: UnsafeMutablePointer<Float>, _ count: Int) {
  let raw = UnsafeMutableRawPointer(x)
  for place in 0..<count / 8 {
    let value = raw.loadUnaligned(fromByteOffset: place * 32, as: SIMD8<Float>.self)
    raw.storeBytes(
      of: value / (1 + exponential(-value)), toByteOffset: place * 32, as: SIMD8<Float>.self)
  }
  for place in count / 8 * 8..<count { x[place] = x[place] * sigmoid(x[place]) }
}

/// e to the power of eight numbers, to two units in the last place; beyond ±87 as at ±87.
///
/// Cephes' `expf` (S. Moshier, netlib.org/cephes): x = n ln 2 + r with |r| ≤ ½ ln 2, and a
/// polynomial for e^r.
@inline(__always)
func exponential(_ argument: SIMD8<Float>) -> SIMD8<Float> {
  let x = pointwiseMax(pointwiseMin(argument, .init(repeating: 87)), .init(repeating: -87))
  // Adding 1.5 · 2²³ rounds to a whole number, which then stands in the lowest bits.
  let shifted = x * 1.442_695_04 + 12_582_912
  let n = shifted - 12_582_912
  let r = x - n * 0.693_359_375 + n * 2.121_944_4e-4
  var p = r * 1.987_569_15e-4 + 1.398_199_95e-3
  p = p * r + 8.333_451_9e-3
  p = p * r + 4.166_579_6e-2
  p = p * r + 1.666_666_55e-1
  p = p * r + 5.000_000_1e-1
  let power = p * r * r + r + 1
  let exponent = unsafeBitCast(shifted, to: SIMD8<UInt32>.self)
  let bits = (exponent &- 0x4B40_0000 &+ 127) &<< 23
  return power * unsafeBitCast(bits, to: SIMD8<Float>.self)
}
