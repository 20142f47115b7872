import Foundation
import NeuralNet
import TestSupport
import Testing

/// Two-block stacks computed in Float64 by the authors' Python package `xlstm`.
///
/// The file may not be redistributed; see ``sharedData(_:)``.
private let fixturePath = sharedData("xlstm/xlstm_fixture.json")

private struct Fixture: Decodable {
  struct Stack: Decodable {
    struct Tensor: Decodable {
      var shape: [Int]
      var data: [Double]
    }
    struct Meta: Decodable {
      var dim: Int
      var heads: Int
      var blocks: Int
    }
    var meta: Meta
    var params: [String: Tensor]
    var input: [[Double]]
    var output: [[Double]]
  }
  var mlstm: Stack
  var slstm: Stack
}

/// What the package calls a block's weights, and what they are called here.
///
/// In its sLSTM the weights named `fgate` feed the input gate and those named `igate` the forget
/// gate.
private let mLSTMNames = [
  "xlstm_norm.weight": "norm", "xlstm.learnable_skip": "skip", "xlstm.proj_up.weight": "up",
  "xlstm.q_proj.weight": "q", "xlstm.k_proj.weight": "k", "xlstm.v_proj.weight": "v",
  "xlstm.conv1d.conv.weight": "conv.weight", "xlstm.conv1d.conv.bias": "conv.bias",
  "xlstm.mlstm_cell.igate.weight": "input.weight", "xlstm.mlstm_cell.igate.bias": "input.bias",
  "xlstm.mlstm_cell.fgate.weight": "forget.weight", "xlstm.mlstm_cell.fgate.bias": "forget.bias",
  "xlstm.mlstm_cell.outnorm.weight": "outnorm", "xlstm.proj_down.weight": "down",
]
private let sLSTMNames = [
  "xlstm_norm.weight": "norm", "xlstm.conv1d.conv.weight": "conv.weight",
  "xlstm.conv1d.conv.bias": "conv.bias", "xlstm.fgate.weight": "input",
  "xlstm.igate.weight": "forget", "xlstm.zgate.weight": "cell", "xlstm.ogate.weight": "output",
  "xlstm.slstm_cell._recurrent_kernel_": "recurrent", "xlstm.slstm_cell._bias_": "bias",
  "xlstm.group_norm.weight": "outnorm", "ffn_norm.weight": "feed.norm",
  "ffn.proj_up.weight": "feed.up", "ffn.proj_down.weight": "feed.down",
]

private func weights<T: NeuralScalar>(
  _ stack: Fixture.Stack, _ names: [String: String], _ shapes: (Int) -> [ParameterShape]
) throws -> Weights<T> {
  var weights = Weights<T>()
  for block in 0..<stack.meta.blocks {
    for (theirs, ours) in names {
      let tensor = try #require(stack.params["blocks.\(block).\(theirs)"])
      let shape = try #require(shapes(block).first { $0.name == "\(block).\(ours)" })
      weights["\(block).\(ours)"] = Matrix(
        rows: shape.rows, columns: shape.columns, elements: tensor.data.map { T($0) })
    }
  }
  let norm = try #require(stack.params["post_blocks_norm.weight"])
  weights["norm"] = Matrix(row: norm.data.map { T($0) })
  return weights
}

private func largestDifference<T: NeuralScalar>(
  _ stack: Fixture.Stack, _ weights: Weights<T>,
  block: (Int, Node<T>, Segments, Tape<T>, ParameterSet<T>) -> Node<T>
) -> Double {
  let tape = Tape<T>()
  let parameters = ParameterSet(weights)
  // The sequence twice: a second one beside it must not change the first.
  let rows = stack.input + stack.input
  let segments = Segments(lengths: [stack.input.count, stack.input.count])
  var x = tape.constant(
    Matrix(
      rows: rows.count, columns: stack.meta.dim, elements: rows.flatMap { $0.map { T($0) } }))
  for place in 0..<stack.meta.blocks { x = block(place, x, segments, tape, parameters) }
  x = tape.layerNorm(x, parameters["norm"])
  let wanted = (stack.output + stack.output).flatMap(\.self)
  return zip(x.value.elements, wanted).map { abs(Double($0) - $1) }.max() ?? .infinity
}

private func mLSTMDifference<T: NeuralScalar>(_ fixture: Fixture, as _: T.Type) throws -> Double {
  let meta = fixture.mlstm.meta
  func block(_ place: Int) -> MLSTMBlock {
    MLSTMBlock(width: meta.dim, heads: meta.heads, name: "\(place)")
  }
  let weights: Weights<T> = try weights(fixture.mlstm, mLSTMNames) { block($0).parameters }
  return largestDifference(fixture.mlstm, weights) { block($0).output(of: $1, in: $2, $3, $4) }
}

private func sLSTMDifference<T: NeuralScalar>(_ fixture: Fixture, as _: T.Type) throws -> Double {
  let meta = fixture.slstm.meta
  func block(_ place: Int) -> SLSTMBlock {
    SLSTMBlock(width: meta.dim, heads: meta.heads, name: "\(place)")
  }
  let weights: Weights<T> = try weights(fixture.slstm, sLSTMNames) { block($0).parameters }
  return largestDifference(fixture.slstm, weights) { block($0).output(of: $1, in: $2, $3, $4) }
}

private func fixture() throws -> Fixture {
  let data = try Data(contentsOf: URL(fileURLWithPath: #require(fixturePath)))
  return try JSONDecoder().decode(Fixture.self, from: data)
}

/// Skipped, saying so, where the shared data is not there.
private let needsFixture: ConditionTrait = .enabled(
  if: fixturePath != nil, "needs the xLSTM fixture in $UNDERTONE_DATA")

struct XLSTMFixtureTests {
  @Test(needsFixture)
  func `an mLSTM stack in double precision equals the authors' to ten digits`() throws {
    #expect(try mLSTMDifference(fixture(), as: Double.self) < 1e-10)
  }

  @Test(needsFixture)
  func `an mLSTM stack in single precision equals the authors' to four digits`() throws {
    #expect(try mLSTMDifference(fixture(), as: Float.self) < 1e-4)
  }

  @Test(needsFixture)
  func `a stack made for inference equals the authors' to four digits`() throws {
    let stack = try fixture().mlstm
    let blocks = (0..<stack.meta.blocks).map {
      MLSTMBlock(width: stack.meta.dim, heads: stack.meta.heads, name: "\($0)")
    }
    let weights: Weights<Float> = try weights(stack, mLSTMNames) { blocks[$0].parameters }
    // The first five steps beside the whole sequence would be of another length: each by itself.
    let runner = MLSTMStack(MLSTMStack.Prepared(blocks) { weights[$0] })
    for length in [stack.input.count, 1, 5] {
      let rows = stack.input.prefix(length) + stack.input.prefix(length)
      let x = Matrix(
        rows: 2 * length, columns: stack.meta.dim, elements: rows.flatMap { $0.map { Float($0) } })
      let last = runner.lastSteps(of: x, steps: length)
      let tape = Tape<Float>()
      let normal = tape.layerNorm(tape.constant(last), tape.constant(try #require(weights["norm"])))
      let wanted = stack.output[length - 1] + stack.output[length - 1]
      #expect(zip(normal.value.elements, wanted).allSatisfy { abs(Double($0) - $1) < 1e-4 })
    }
  }

  @Test(needsFixture)
  func `an sLSTM stack in double precision equals the authors' to ten digits`() throws {
    #expect(try sLSTMDifference(fixture(), as: Double.self) < 1e-10)
  }

  @Test(needsFixture)
  func `an sLSTM stack in single precision equals the authors' to four digits`() throws {
    #expect(try sLSTMDifference(fixture(), as: Float.self) < 1e-4)
  }
}
