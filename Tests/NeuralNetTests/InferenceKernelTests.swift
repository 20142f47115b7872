import Glibc
import Testing

@testable import NeuralNet

/// Every kind of loops this processor can run, each with products of its own and with BLAS's: what runs
/// on another machine is tested on this one.
private let kinds = ([.portable] + (InferenceKernels.avx2.map { [$0] } ?? [])).flatMap {
  kernels -> [InferenceKernels] in
  [false, true].map { InferenceKernels(functions: kernels.functions, multiplies: $0) }
}

private func random(_ rows: Int, _ columns: Int, _ seed: UInt64) -> Matrix<Float> {
  var random = RandomSource(seed: seed)
  return Matrix(rows: rows, columns: columns, deviation: 1, using: &random)
}

/// The largest difference of `a·weightᵀ`, or what was there and that, from BLAS's in double precision,
/// with rows that lie apart as they do in a stack.
private func productDifference(
  rows: Int, _ weight: Matrix<Float>, hasManyRows: Bool, adds: Bool, _ kernels: InferenceKernels
) -> Double {
  let a = random(rows, weight.columns, 2)
  let start = random(rows, weight.rows, 3)
  let strides = (a: weight.columns + 5, c: weight.rows + 3)
  // A row more than there are, as the weight may ask for.
  var from = [Float](repeating: 0, count: (rows + 1) * strides.a)
  var into = [Float](repeating: 0, count: (rows + 1) * strides.c)
  for row in 0..<rows {
    for column in 0..<a.columns { from[row * strides.a + column] = a[row, column] }
    for column in 0..<weight.rows { into[row * strides.c + column] = start[row, column] }
  }
  var scratch = [Float](repeating: 0, count: InferenceWeight.scratch)
  let laidOut = InferenceWeight(
    weight.elements, columns: weight.rows, depth: weight.columns, hasManyRows: hasManyRows, kernels)
  laidOut.multiply(
    from, stride: strides.a, rows: rows, into: &into, stride: strides.c, adds: adds,
    scratch: &scratch)
  let product = doubled(a).multiplied(byTransposed: doubled(weight), columns: 0..<a.columns)
  var largest = 0.0
  for row in 0..<rows {
    for column in 0..<weight.rows {
      let wanted = product[row, column] + (adds ? Double(start[row, column]) : 0)
      // Not a number is a difference too.
      let difference = abs(wanted - Double(into[row * strides.c + column]))
      largest = difference <= largest ? largest : difference
    }
    // What lies between the rows is somebody else's.
    for column in weight.rows..<strides.c where into[row * strides.c + column] != 0 {
      largest = .infinity
    }
  }
  return largest
}

private func doubled(_ matrix: Matrix<Float>) -> Matrix<Double> {
  Matrix(rows: matrix.rows, columns: matrix.columns, elements: matrix.elements.map { Double($0) })
}

/// A stack and the same blocks in double precision, step by step.
private struct Comparison {
  var width = 32
  var heads = 4
  var blocks = 2
  var turns = 3
  var steps = 16
  /// The width in front of a map, if there is one.
  var mapped: Int?
  /// What all weights and inputs are multiplied by.
  var scale: Float = 1

  /// The largest difference at the last steps, as a share of the largest number there.
  func difference(_ kernels: InferenceKernels) -> Double {
    let shapes = (0..<blocks).map { MLSTMBlock(width: width, heads: heads, name: "\($0)") }
    var source = RandomSource(seed: 4)
    var weights = Weights<Float>(startingFrom: shapes.flatMap(\.parameters), &source)
    for name in weights.names {
      guard let matrix = weights[name] else { continue }
      // None that happen to be 0 or 1, so that one forgotten would show.
      var noise = RandomSource(seed: UInt64(name.utf8.reduce(0) { $0 + Int($1) }))
      weights[name]?.elements = matrix.elements.map {
        ($0 + Float(noise.normal() * 0.1)) * scale
      }
    }
    let x = random(turns * steps, mapped ?? width, 5)
    let map = mapped.map { AffineMap(weight: random(width, $0, 6), bias: random(1, width, 7)) }
    let stack = MLSTMStack(MLSTMStack.Prepared(shapes, after: map, kernels) { weights[$0] })
    // Twice: nothing may be left over from the time before.
    _ = stack.lastSteps(of: random(turns * steps, x.columns, 8), steps: steps)
    let last = stack.lastSteps(of: x, steps: steps)

    let tape = Tape<Double>()
    let parameters = ParameterSet(Weights(weights.matrices.mapValues(doubled)))
    let segments = Segments(lengths: [Int](repeating: steps, count: turns))
    var y = tape.constant(doubled(x))
    if let map {
      y = tape.linear(
        y, tape.constant(doubled(map.weight)), bias: tape.constant(doubled(map.bias)))
    }
    for shape in shapes { y = shape.output(of: y, in: segments, tape, parameters) }
    var (largest, size) = (0.0, 0.0)
    for turn in 0..<turns {
      for column in 0..<width {
        let wanted = y.value[turn * steps + steps - 1, column]
        size = max(size, abs(wanted))
        // Not a number is a difference too.
        let difference = abs(Double(last[turn, column]) - wanted)
        largest = difference <= largest ? largest : difference
      }
    }
    return largest / size
  }
}

struct InferenceKernelTests {
  @Test(arguments: kinds.indices)
  func `a product is the sum of products, whatever its size`(_ kind: Int) {
    let sizes = [
      (1, 1), (3, 7), (8, 8), (16, 16), (24, 33), (40, 321), (17, 640), (272, 40), (48, 1000),
    ]
    for (columns, depth) in sizes {
      let weight = random(columns, depth, 1)
      for rows in [1, 2, 3, 4, 5, 6, 7, 8, 13, 193] {
        for adds in [false, true] {
          let difference = productDifference(
            rows: rows, weight, hasManyRows: false, adds: adds, kinds[kind])
          #expect(difference < 2e-4, "\(rows) × \(depth) × \(columns), adds \(adds)")
        }
      }
    }
  }

  @Test(arguments: kinds.indices)
  func `a product that saves multiplications is the same to rounding`(_ kind: Int) {
    for (columns, depth) in [(256, 256), (288, 514), (512, 1024)] {
      let weight = random(columns, depth, 1)
      for rows in [1, 2, 9, 48] {
        for adds in [false, true] {
          let difference = productDifference(
            rows: rows, weight, hasManyRows: true, adds: adds, kinds[kind])
          #expect(difference < 1e-3, "\(rows) × \(depth) × \(columns), adds \(adds)")
        }
      }
    }
  }

  @Test(arguments: kinds.indices)
  func `functions of elements are the C library's, for any number of them`(_ kind: Int) {
    let kernels = kinds[kind]
    let density = 1 / (2 * Double.pi).squareRoot()
    func normal(_ x: Double) -> Double { (1 + erf(x / 2.0.squareRoot())) / 2 }
    typealias Elements = (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void
    func function(_ activation: Activation) -> Elements {
      { kernels.apply(activation, $0, into: $1, $2) }
    }
    let pairs: [(name: String, elements: Elements, error: Double, exact: (Double) -> Double)] = [
      ("sigmoid", function(.sigmoid), 3e-7, { 1 / (1 + exp(-$0)) }),
      ("tanh", function(.tanh), 3e-7, { tanh($0) }),
      ("silu", function(.silu), 3e-7, { $0 / (1 + exp(-$0)) }),
      ("gelu", function(.gelu), 1e-6, { $0 * normal($0) }),
      (
        "gelu's slope", { kernels.slopeOfGELU($0, into: $1, $2) }, 1e-6,
        { normal($0) + $0 * density * exp(-$0 * $0 / 2) }
      ),
    ]
    let range = (-3000...3000).map { Float($0) / 300 }
    let inputs = range + [0, -0.0, 1e-20, -1e-20, 0.624999, 0.625, 100, -100, 1e30, -1e30]
    for (name, function, error, exact) in pairs {
      var outputs = [Float](repeating: .nan, count: inputs.count)
      function(inputs, &outputs, inputs.count)
      for (x, y) in zip(inputs, outputs) {
        let wanted = exact(Double(x))
        let difference = abs(Double(y) - wanted) / max(1, abs(wanted))
        #expect(difference < error, "\(name) of \(x) is \(y), not \(wanted)")
      }
      for count in 0...17 {
        var some = [Float](repeating: 7, count: 18)
        function(Array(inputs.prefix(count)), &some, count)
        #expect(some.prefix(count) == outputs.prefix(count), "\(name) of \(count) numbers")
        #expect(some.dropFirst(count).allSatisfy { $0 == 7 }, "\(name) writes behind the last")
      }
    }
    // Near 0 nothing is lost: the result is as exact as the number itself.
    let near: [Float] = [1e-3, -1e-3, 1e-6, -1e-6, 1e-10, 0.1, -0.1, 0.3]
    var small = near
    kernels.apply(.tanh, near, into: &small, near.count)
    for (x, y) in zip(near, small) {
      #expect(abs(Double(y) / tanh(Double(x)) - 1) < 3e-7)
    }
  }

  @Test(arguments: kinds.indices)
  func `a softmax is the C library's, for any number of columns`(_ kind: Int) {
    for columns in Array(1...17) + [100] {
      let x = random(3, columns, 8)
      var shares = x.elements.map { $0 * 20 }
      kinds[kind].softmax(&shares, rows: 3, columns: columns, scale: 0.7)
      for row in 0..<3 {
        let powers = (0..<columns).map { exp(Double(x[row, $0] * 20) * 0.7) }
        let total = powers.reduce(0, +)
        for column in 0..<columns {
          let difference = abs(Double(shares[row * columns + column]) - powers[column] / total)
          #expect(difference < 2e-6, "column \(column) of \(columns)")
        }
      }
    }
  }

  @Test(arguments: kinds.indices)
  func `a normal form is that of double precision`(_ kind: Int) {
    for width in [8, 16, 24, 384] {
      let (x, scale, shift) = (random(5, width, 9), random(1, width, 10), random(1, width, 11))
      let tape = Tape<Double>()
      let exact = tape.layerNorm(
        tape.constant(doubled(x)), scale: tape.constant(doubled(scale)),
        shift: tape.constant(doubled(shift)), epsilon: 0.5)
      var found = [Float](repeating: .nan, count: 5 * width)
      kinds[kind].normalise(
        x.elements, rows: 5, width: width, epsilon: 0.5, scale: scale.elements,
        shift: shift.elements, into: &found)
      for (one, other) in zip(found, exact.value.elements) {
        #expect(abs(Double(one) - other) < 5e-6, "\(width) wide")
      }
    }
  }

  @Test func `weights that never change give the products of any others`() {
    for (rows, columns, depth) in [
      (1, 7, 384), (20, 384, 384), (241, 96, 30), (3, 1, 5), (96, 384, 384), (97, 384, 768),
      (241, 768, 384),
    ] {
      let weights = Weights(["w": random(columns, depth, 5), "b": random(1, columns, 6)])
      let x = random(rows, depth, 7)
      func product(_ parameters: ParameterSet<Float>, _ bias: Bool) -> Matrix<Float> {
        let tape = Tape<Float>()
        return tape.linear(
          tape.constant(x), parameters["w"], bias: bias ? parameters["b"] : nil
        ).value
      }
      let others = ParameterSet(weights)
      for use in [ParameterSet<Float>.FixedUse.anything, .weight, .weightOfManyRows] {
        let fixed = ParameterSet(fixed: weights) { $0 == "w" ? use : .anything }
        #expect(fixed["w"].rows == columns && fixed["w"].columns == depth)
        for bias in [false, true] {
          let (one, other) = (product(fixed, bias), product(others, bias))
          let largest = zip(one.elements, other.elements).map { abs($0 - $1) }.max() ?? .nan
          // The sums are up to a hundred: a few units in the last place.
          #expect(largest < 3e-4, "\(rows) × \(depth) × \(columns), \(use)")
        }
      }
    }
  }

  @Test func `a table that stays in bytes gives the rows it would have as numbers`() {
    let bytes = (0..<40 * 96).map { Int8(truncatingIfNeeded: $0 * 37) }
    let scales = (0..<40).map { row in row == 7 ? Float(0) : 0.001 + 0.0137 * Float(row * row) }
    let table = ByteTable(rows: 40, columns: 96, bytes: bytes, scales: scales)
    var matrix = Matrix<Float>(rows: 40, columns: 96, elements: bytes.map { Float($0) })
    matrix.scaleRows(by: scales)
    #expect(table.matrix == matrix)
    var weights = Weights<Float>(["numbers": matrix])
    weights.tables["bytes"] = table
    #expect(weights.names == ["bytes", "numbers"] && weights["bytes"] == matrix)
    let fixed = ParameterSet(fixed: weights) { _ in .table }
    #expect(fixed["bytes"].rows == 40 && fixed["bytes"].columns == 96)
    let tape = Tape<Float>()
    let rows = [3, -1, 39, 7, 3]
    let wanted = tape.gatherRows(tape.constant(matrix), rows).value
    for name in weights.names {
      #expect(tape.gatherRows(fixed[name], rows).value == wanted, "\(name)")
      // For anything else it is numbers again.
      #expect(ParameterSet(fixed: weights)[name].value == matrix)
    }
    weights.tables["bytes"] = ByteTable(rows: 1, columns: 1, bytes: [1], scales: [.infinity])
    #expect(!weights.areFinite)
  }

  @Test(arguments: kinds.indices)
  func `a stack computes what its blocks compute step by step`(_ kind: Int) {
    let cases = [
      Comparison(), Comparison(blocks: 1), Comparison(blocks: 1, mapped: 5),
      Comparison(mapped: 7), Comparison(mapped: 8), Comparison(width: 8, heads: 2),
      Comparison(width: 24, heads: 3), Comparison(width: 40, heads: 1),
      Comparison(width: 48, heads: 6, turns: 1),
      // Products that save multiplications, over an odd number of rows.
      Comparison(width: 256, heads: 4, blocks: 3, turns: 3, steps: 5, mapped: 16),
    ]
    for value in cases {
      #expect(value.difference(kinds[kind]) < 1e-4, "\(value)")
    }
    for steps in Array(1...10) + [15, 17, 24, 33] {
      let value = Comparison(turns: 2, steps: steps)
      #expect(value.difference(kinds[kind]) < 1e-4, "\(value)")
    }
  }

  @Test(arguments: kinds.indices)
  func `gates far open or shut overflow nowhere`(_ kind: Int) {
    for scale: Float in [8, 30] {
      let value = Comparison(blocks: 1, scale: scale)
      #expect(value.difference(kinds[kind]) < 1e-3, "\(value)")
    }
  }

  @Test func `a stack says which blocks it can be made of`() {
    #expect(MLSTMStack.supports(MLSTMBlock(width: 512, heads: 4, name: "")))
    #expect(!MLSTMStack.supports(MLSTMBlock(width: 12, heads: 4, name: "")))
    #expect(!MLSTMStack.supports(MLSTMBlock(width: 16, heads: 8, name: "")))
  }
}
