import NeuralNet
import Testing

/// The largest difference between gradients of a computation and central differences in Float64,
/// relative to the size of the gradient.
///
/// - Parameters:
///   - shapes: inputs by name, rows and columns.
///   - isTable: whether an input's gradient is kept row by row.
///   - compute: the computation; its result is made one number with fixed random weights.
private func gradientError(
  _ shapes: [String: (Int, Int)], isTable: Bool = false, dropout: UInt64? = nil,
  _ compute: (Tape<Double>, ParameterSet<Double>) -> Node<Double>
) -> Double {
  var random = RandomSource(seed: 11)
  var weights = Weights<Double>()
  for (name, (rows, columns)) in shapes.sorted(by: { $0.key < $1.key }) {
    weights[name] = Matrix(rows: rows, columns: columns, deviation: 0.7, using: &random)
  }
  func loss(_ tape: Tape<Double>, _ parameters: ParameterSet<Double>) -> Node<Double> {
    let result = compute(tape, parameters)
    var fixed = RandomSource(seed: 5)
    let mix = tape.constant(
      Matrix(rows: 1, columns: result.value.elements.count, deviation: 1, using: &fixed))
    return tape.linear(tape.reshape(result, columns: result.value.elements.count), mix)
  }
  func tape() -> Tape<Double> {
    Tape(random: dropout.map { RandomSource(seed: $0) }, recording: true)
  }
  let parameters = ParameterSet(weights, isTrained: { _ in true }, isTable: { _ in isTable })
  let recording = tape()
  recording.backward(from: loss(recording, parameters))
  var worst = 0.0
  let step = 1e-5
  for name in weights.names {
    let gradient = parameters[name].gradient
    for place in weights[name]!.elements.indices {
      var moved = weights
      moved[name]!.elements[place] += step
      let above = loss(tape(), ParameterSet(moved)).value.elements[0]
      moved[name]!.elements[place] -= 2 * step
      let below = loss(tape(), ParameterSet(moved)).value.elements[0]
      let wanted = (above - below) / (2 * step)
      let got = gradient.isEmpty ? 0 : gradient[place]
      worst = max(worst, abs(got - wanted) / max(1, abs(wanted)))
    }
  }
  return worst
}

struct GradientTests {
  private let segments = Segments(lengths: [4, 0, 1, 3])

  @Test func `the gradient equals finite differences for a linear map with a bias`() {
    let error = gradientError(["x": (3, 4), "w": (2, 4), "b": (1, 2)]) {
      $0.linear($1["x"], $1["w"], bias: $1["b"])
    }
    #expect(error < 1e-7)
  }

  @Test func `the gradient equals finite differences for a linear map of each head`() {
    let error = gradientError(["x": (3, 6), "w": (4, 3), "b": (1, 4)]) {
      $0.headwiseLinear($1["x"], $1["w"], heads: 2, bias: $1["b"])
    }
    #expect(error < 1e-7)
  }

  @Test(arguments: [Activation.sigmoid, .tanh, .silu, .gelu])
  func `the gradient equals finite differences for an activation`(_ activation: Activation) {
    let error = gradientError(["x": (3, 5)]) { $0.activate($1["x"], activation) }
    #expect(error < 1e-7)
  }

  @Test func `the gradient equals finite differences for sums, products and gated linear units`() {
    let error = gradientError(["x": (3, 4), "y": (3, 4), "r": (1, 4)]) { tape, p in
      let sum = tape.addRow(tape.add(p["x"], tape.scale(p["y"], by: 3)), p["r"])
      let product = tape.scaleColumns(tape.multiply(sum, p["x"]), p["r"])
      return tape.gatedLinearUnit(product)
    }
    #expect(error < 1e-7)
  }

  @Test func `the gradient equals finite differences for a table of embeddings, row by row`() {
    var bags = Bags()
    bags.append([1, 3, 1])
    bags.append([])
    bags.append([0])
    let error = gradientError(["table": (5, 3)], isTable: true) { $0.embed($1["table"], bags) }
    #expect(error < 1e-7)
  }

  @Test func `the gradient equals finite differences for rows, columns and joins`() {
    let error = gradientError(["x": (3, 4), "y": (3, 2)]) { tape, p in
      let joined = tape.concatenate([p["x"], p["y"], p["x"]])
      return tape.reshape(
        tape.columns(tape.gatherRows(joined, [2, -1, 0, 2]), 1..<8), columns: 4)
    }
    #expect(error < 1e-7)
  }

  @Test func `the gradient equals finite differences for a layer normalisation by heads`() {
    let error = gradientError(["x": (3, 8), "w": (1, 8)]) {
      $0.layerNorm($1["x"], $1["w"], heads: 2)
    }
    #expect(error < 1e-6)
  }

  @Test func `the gradient equals finite differences for a transformer's norms`() {
    let error = gradientError(["x": (3, 6), "w": (1, 6), "b": (1, 6)]) {
      $0.unitRows($0.layerNorm($1["x"], scale: $1["w"], shift: $1["b"], epsilon: 1e-12))
    }
    #expect(error < 1e-6)
  }

  @Test func `the gradient equals finite differences for attention within segments`() {
    let error = gradientError(["x": (8, 12)]) {
      $0.selfAttention($1["x"], heads: 2, in: segments)
    }
    #expect(error < 1e-7)
  }

  @Test func `the gradient equals finite differences for a causal convolution over sequences`() {
    let error = gradientError(["x": (8, 3), "w": (3, 4), "b": (1, 3)]) {
      $0.causalConvolution($1["x"], $1["w"], bias: $1["b"], in: segments)
    }
    #expect(error < 1e-7)
  }

  @Test func `the gradient equals finite differences for neighbours and the three poolings`() {
    let error = gradientError(["x": (8, 3), "s": (8, 2)]) { tape, p in
      tape.concatenate([
        tape.attentionPool(p["x"], scores: p["s"], in: segments),
        tape.maxPool(p["x"], in: segments), tape.meanPool(p["x"], in: segments),
        tape.maxPool(tape.neighbours(p["x"], in: segments, reach: 1), in: segments),
      ])
    }
    #expect(error < 1e-7)
  }

  @Test(arguments: [1, 3])
  func `the gradient equals finite differences for a gated slot`(_ gateWidth: Int) {
    let error = gradientError(["x": (4, 3), "n": (1, 3), "g": (4, gateWidth)]) { tape, p in
      tape.gate(
        p["x"], null: p["n"], by: tape.activate(p["g"], .sigmoid),
        present: [true, false, true, true])
    }
    #expect(error < 1e-7)
  }

  @Test func `the gradient equals finite differences for a soft cross-entropy`() {
    let targets = Matrix<Double>(
      rows: 3, columns: 3, elements: [0.7, 0.3, 0, 0, 0, 0, 0, 0, 1])
    let error = gradientError(["x": (3, 3)]) {
      $0.crossEntropy($1["x"], targets: targets, weights: [1, 1, 2.5])
    }
    #expect(error < 1e-7)
  }

  @Test func `the gradient equals finite differences for the angle to given vectors`() {
    let targets = Matrix<Double>(
      rows: 3, columns: 3, elements: [0.7, 0.3, -2, 0, 0, 0, 0.5, -1, 1])
    let error = gradientError(["x": (3, 3)]) {
      $0.cosineDistance($1["x"], to: targets, weights: [1, 1, 2.5])
    }
    #expect(error < 1e-7)
  }

  @Test func `the gradient equals finite differences for dropout with the same draws`() {
    let error = gradientError(["x": (5, 4)], dropout: 3) { $0.dropout($1["x"], rate: 0.4) }
    #expect(error < 1e-7)
  }

  @Test func `the gradient equals finite differences for an mLSTM block over several sequences`() {
    let block = MLSTMBlock(width: 4, heads: 2, name: "b")
    var shapes = Dictionary(
      uniqueKeysWithValues: block.parameters.map { ($0.name, ($0.rows, $0.columns)) })
    shapes["x"] = (8, 4)
    let error = gradientError(shapes) { block.output(of: $1["x"], in: segments, $0, $1) }
    // The 1e-6 in the cell's divisor is not followed through its stabiliser.
    #expect(error < 1e-5)
  }

  @Test func `the gradient equals finite differences for an sLSTM block over several sequences`() {
    let block = SLSTMBlock(width: 4, heads: 2, name: "b")
    var shapes = Dictionary(
      uniqueKeysWithValues: block.parameters.filter { !$0.name.contains("feed") }.map {
        ($0.name, ($0.rows, $0.columns))
      })
    shapes["b.feed.norm"] = (1, 4)
    shapes["b.feed.up"] = (128, 4)
    shapes["b.feed.down"] = (4, 64)
    shapes["x"] = (8, 4)
    let error = gradientError(shapes) { block.output(of: $1["x"], in: segments, $0, $1) }
    #expect(error < 1e-6)
  }
}
