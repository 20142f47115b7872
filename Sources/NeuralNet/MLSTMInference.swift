internal import CKernels

/// One block of an ``MLSTMStack`` with its weights laid out for inference.
///
/// Its numbers are written once, before anybody else sees it.
struct MLSTMInference: @unchecked Sendable {
  let width: Int
  let inner: Int
  private let kernels: InferenceKernels
  private let norm: FloatBuffer
  private let values: InferenceWeight
  private let gate: InferenceWeight
  private let down: InferenceWeight
  /// Points into `parts`.
  private let block: undertone_mlstm
  private let parts: [FloatBuffer]
  private let isLast: Bool
  private let isAfterMap: Bool

  /// Lays a block out.
  ///
  /// - Parameters:
  ///   - map: what its input was mapped with, where that is worth knowing.
  ///   - isLast: whether only the last step of its output is wanted.
  init(
    _ block: MLSTMBlock, after map: AffineMap?, isLast: Bool, _ kernels: InferenceKernels,
    _ weights: (String) -> Matrix<Float>?
  ) {
    func weight(_ part: String) -> [Float] {
      guard let matrix = weights("\(block.name).\(part)") else {
        preconditionFailure("no parameter \(block.name).\(part)")
      }
      return matrix.elements
    }
    let (width, inner, heads, kernel) = (block.width, block.inner, block.heads, block.kernel)
    self.width = width
    self.inner = inner
    self.kernels = kernels
    self.isLast = isLast
    isAfterMap = map != nil
    let scale = weight("norm").map { 1 + $0 }
    norm = FloatBuffer(scale)
    var up = Matrix(rows: 2 * inner, columns: width, elements: weight("up"))
    if let map { up = map.normalised(scale, through: up) }
    let depth = up.columns
    func layOut(_ rows: Range<Int>, hasManyRows: Bool) -> InferenceWeight {
      up.elements.withUnsafeBufferPointer {
        InferenceWeight(
          $0.baseAddress! + rows.lowerBound * depth, columns: rows.count, depth: depth,
          hasManyRows: hasManyRows, kernels)
      }
    }
    values = layOut(0..<inner, hasManyRows: true)
    gate = layOut(inner..<2 * inner, hasManyRows: !isLast)
    down = InferenceWeight(
      weight("down"), columns: width, depth: inner, hasManyRows: !isLast, kernels)

    let convolution = weight("conv.weight")
    let maps = BlockMaps(q: weight("q"), k: weight("k"), v: weight("v"))
    let gates = GateMaps(
      heads: heads, inner: inner, weights: weight("input.weight") + weight("forget.weight"), maps)
    let biases = weight("input.bias") + weight("forget.bias")
    up.rows = inner
    up.elements.removeLast(inner * depth)
    parts = [
      (0..<kernel).flatMap { tap in (0..<inner).map { convolution[$0 * kernel + tap] } },
      weight("conv.bias"),
      maps.scores(dividedBy: Float(inner / heads).squareRoot()),
      maps.values,
      gates.laidOut(gates.ofValues.multiplied(by: up)),
      gates.laidOut(gates.ofConvolved),
      biases + [Float](repeating: 0, count: gates.padded - biases.count),
      weight("outnorm").map { 1 + $0 },
      weight("skip"),
    ].map { FloatBuffer($0) }
    self.block = undertone_mlstm(
      inner: inner, heads: heads, taps: kernel, tap_weights: parts[0].base, tap_bias: parts[1].base,
      scores: parts[2].base, values: parts[3].base, depth: depth, normal_gates: parts[4].base,
      convolved_gates: parts[5].base, gate_bias: parts[6].base, norm: parts[7].base,
      skip: parts[8].base)
  }

  /// How many numbers of scratch the cell needs for sequences of so many steps.
  static func scratch(steps: Int, _ block: MLSTMBlock) -> Int {
    undertone_cell_scratch(steps, block.inner, block.heads)
  }

  /// Replaces `x` by the block's output; of the last block only the last step of each sequence.
  func run(_ b: MLSTMBuffers, _ sequences: Int, _ steps: Int) {
    let rows = sequences * steps
    let strides = b.strides
    let depth = values.depth
    // What the maps take: the normal form of x, or of what x was mapped from all but the map.
    let (input, stride) = isAfterMap ? (b.mapped, depth) : (b.normal, strides.width)
    if isAfterMap {
      kernels.functions.scale_rows(input.base, depth, rows, b.x.base, strides.width, width)
    } else {
      kernels.functions.normalise(
        b.x.base, strides.width, rows, width, norm.base, input.base, stride)
    }
    clearRow(rows, of: input, stride)
    // The output gate is wanted where somebody looks.
    let last = steps - 1
    let all = (rows: rows, step: 1, first: 0)
    let seen = isLast ? (rows: sequences, step: steps, first: last) : all
    values.multiply(
      input.base, stride: stride, rows: rows, into: b.up.base, stride: strides.up, adds: false,
      scratch: b.scratch.base)
    gate.multiply(
      input.base + seen.first * stride, stride: seen.step * stride, rows: seen.rows,
      into: b.up.base + seen.first * strides.up + inner, stride: seen.step * strides.up,
      adds: false, scratch: b.scratch.base)
    withUnsafePointer(to: block) { block in
      for sequence in 0..<sequences {
        let up = b.up.base + sequence * steps * strides.up
        kernels.functions.cell(
          block, steps, isLast ? last : 0, input.base + sequence * steps * stride, stride, up,
          up + inner, strides.up, b.scratch.base,
          b.cell.base + sequence * steps * strides.inner, strides.inner)
      }
    }
    clearRow(rows, of: b.cell, strides.inner)
    down.multiply(
      b.cell.base + seen.first * strides.inner, stride: seen.step * strides.inner, rows: seen.rows,
      into: b.x.base + seen.first * strides.width, stride: seen.step * strides.width, adds: true,
      scratch: b.scratch.base)
  }

  /// The row that products which take rows two by two read beyond an odd number.
  private func clearRow(_ row: Int, of buffer: FloatBuffer, _ stride: Int) {
    if row % 2 == 1 { (buffer.base + row * stride).update(repeating: 0, count: stride) }
  }
}

/// The block-diagonal maps to q, k and v: inner × 4 each, blocks of four.
private struct BlockMaps {
  let q: [Float]
  let k: [Float]
  let v: [Float]

  /// For each eight columns the four columns of both blocks, one after the other.
  private func laidOut(_ element: (_ block: Int, _ row: Int, _ column: Int) -> Float) -> [Float] {
    (0..<q.count / 32).flatMap { pair in
      (0..<4).flatMap { column in
        (0..<8).map { element(pair * 2 + $0 / 4, $0 % 4, column) }
      }
    }
  }

  /// Two steps only meet as q·k = c·Wqᵀ·Wk·c′, so that one map is enough.
  func scores(dividedBy root: Float) -> [Float] {
    laidOut { block, row, column in
      (0..<4).reduce(0) {
        $0 + q[(block * 4 + $1) * 4 + column] * k[(block * 4 + $1) * 4 + row]
      } / root
    }
  }

  var values: [Float] {
    laidOut { block, row, column in v[(block * 4 + row) * 4 + column] }
  }
}

/// The maps to the gates' pre-activations, of q, k and v as those come from the convolved and the
/// values: two maps a gate fewer, and none of q, which is then wanted only where somebody looks.
private struct GateMaps {
  let padded: Int
  /// Gates × inner each.
  let ofConvolved: Matrix<Float>
  let ofValues: Matrix<Float>

  init(heads: Int, inner: Int, weights: [Float], _ maps: BlockMaps) {
    let gates = 2 * heads
    padded = (gates + 7) / 8 * 8
    func through(_ map: [Float], _ part: Int) -> [Float] {
      (0..<gates).flatMap { gate in
        (0..<inner).map { column in
          (0..<4).reduce(0) {
            let row = column / 4 * 4 + $1
            return $0 + weights[(gate * 3 + part) * inner + row] * map[row * 4 + column % 4]
          }
        }
      }
    }
    ofConvolved = Matrix(
      rows: gates, columns: inner,
      elements: zip(through(maps.q, 0), through(maps.k, 1)).map { $0 + $1 })
    ofValues = Matrix(rows: gates, columns: inner, elements: through(maps.v, 2))
  }

  /// Eight gates at a time, each column's beside each other.
  func laidOut(_ map: Matrix<Float>) -> [Float] {
    (0..<padded / 8).flatMap { group in
      (0..<map.columns).flatMap { column in
        (0..<8).map { group * 8 + $0 < map.rows ? map[group * 8 + $0, column] : 0 }
      }
    }
  }
}
