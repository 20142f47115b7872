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
