/// A layer of long short-term memory (Hochreiter and Schmidhuber 1997, with forget gates; the gates in
/// PyTorch's order: input, forget, cell, output) whose weights do not change.
///
/// Reads many sequences at once, step by step, so that a step is a product of many rows. A value that
/// never changes: safe to use from several threads at once.
public struct LSTM: Sendable {
  /// The width of a state.
  public let width: Int
  /// The width of an input.
  public let inputWidth: Int
  private let input: FixedWeight
  private let recurrent: FixedWeight
  private let bias: [Float]

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - input: 4·width × input width.
  ///   - recurrent: 4·width × width.
  ///   - bias: 4·width numbers; where there are two biases, their sum.
  /// - Precondition: the sizes fit each other.
  public init(input: Matrix<Float>, recurrent: Matrix<Float>, bias: [Float]) {
    width = recurrent.columns
    inputWidth = input.columns
    precondition(
      recurrent.rows == 4 * width && input.rows == 4 * width && bias.count == 4 * width,
      "the weights of a layer have other sizes")
    self.input = FixedWeight(input, hasManyRows: true)
    self.recurrent = FixedWeight(recurrent, hasManyRows: false)
    self.bias = bias
  }

  /// The states after each step.
  ///
  /// - Parameter sequences: inputs, a row a step, as ``StepwiseRows`` orders them.
  /// - Returns: as many rows, in the same order.
  public func states(of sequences: StepwiseRows) -> StepwiseRows {
    let gateWidth = 4 * width
    let scratch = FloatBuffer(count: InferenceWeight.scratch)
    let kernels = InferenceKernels.best
    var gates = Matrix<Float>(rows: sequences.rows.rows, columns: gateWidth) { elements in
      for row in 0..<sequences.rows.rows {
        (elements + row * gateWidth).initialize(from: bias, count: gateWidth)
      }
    }
    gates.elements.withUnsafeMutableBufferPointer {
      guard let base = $0.baseAddress else { return }
      input.multiply(sequences.rows, into: base, scratch: scratch.base)
    }
    var states = Matrix<Float>(rows: sequences.rows.rows, columns: width)
    var cells = [Float](repeating: 0, count: (sequences.starts.first?.count ?? 0) * width)
    states.elements.withUnsafeMutableBufferPointer { states in
      gates.elements.withUnsafeMutableBufferPointer { gates in
        cells.withUnsafeMutableBufferPointer { cells in
          guard let states = states.baseAddress, let gates = gates.baseAddress,
            let cells = cells.baseAddress
          else { return }
          for (step, now) in sequences.starts.enumerated() {
            if step > 0 {
              // Sequences are in order of length: those that go on are the first rows of the step
              // before.
              recurrent.multiply(
                states + sequences.starts[step - 1].row * width, count: now.count,
                into: gates + now.row * gateWidth, scratch: scratch.base)
            }
            for row in 0..<now.count {
              take(
                gates + (now.row + row) * gateWidth, cell: cells + row * width,
                state: states + (now.row + row) * width, kernels)
            }
          }
        }
      }
    }
    return StepwiseRows(rows: states, like: sequences)
  }

  /// One step of one sequence.
  private func take(
    _ gates: UnsafeMutablePointer<Float>, cell: UnsafeMutablePointer<Float>,
    state: UnsafeMutablePointer<Float>, _ kernels: InferenceKernels
  ) {
    let (forget, candidate, output) = (gates + width, gates + 2 * width, gates + 3 * width)
    // Input and forget gates lie side by side.
    kernels.apply(.sigmoid, gates, into: gates, 2 * width)
    kernels.apply(.tanh, candidate, into: candidate, width)
    kernels.apply(.sigmoid, output, into: output, width)
    for place in 0..<width {
      cell[place] = forget[place] * cell[place] + gates[place] * candidate[place]
    }
    kernels.apply(.tanh, cell, into: state, width)
    for place in 0..<width { state[place] *= output[place] }
  }
}

/// Sequences of rows, all first rows before all second ones, the longest sequence first: so the rows of a
/// step lie together.
public struct StepwiseRows: Sendable {
  /// The rows.
  public let rows: Matrix<Float>
  /// For each step the first of its rows and how many sequences have got so far.
  public let starts: [(row: Int, count: Int)]
  /// For each sequence, as it was given, its place among those of a step, and its length.
  public let sequences: [(place: Int, length: Int)]

  /// Orders sequences.
  ///
  /// - Parameter sequences: matrices of the same width, a row a step.
  public init(_ sequences: [Matrix<Float>]) {
    let order = sequences.indices.sorted {
      (sequences[$1].rows, $0) < (sequences[$0].rows, $1)
    }
    var places = [(place: Int, length: Int)](
      repeating: (0, 0), count: sequences.count)
    for (place, sequence) in order.enumerated() {
      places[sequence] = (place, sequences[sequence].rows)
    }
    var starts: [(row: Int, count: Int)] = []
    var total = 0
    var count = sequences.count
    for step in 0..<(order.first.map { sequences[$0].rows } ?? 0) {
      while count > 0, sequences[order[count - 1]].rows <= step { count -= 1 }
      starts.append((total, count))
      total += count
    }
    let width = sequences.first?.columns ?? 0
    rows = Matrix(rows: total, columns: width) { elements in
      for (step, start) in starts.enumerated() {
        for place in 0..<start.count {
          sequences[order[place]].elements.withUnsafeBufferPointer { source in
            guard let source = source.baseAddress else { return }
            (elements + (start.row + place) * width).initialize(
              from: source + step * width, count: width)
          }
        }
      }
    }
    self.starts = starts
    self.sequences = places
  }

  init(rows: Matrix<Float>, like other: StepwiseRows) {
    self.rows = rows
    starts = other.starts
    sequences = other.sequences
  }

  /// Mean and standard deviation of each column over a sequence's rows; zeros for an empty one.
  public func summary(of sequence: Int) -> (means: [Float], deviations: [Float]) {
    let width = rows.columns
    let (place, length) = sequences[sequence]
    var sums = [Double](repeating: 0, count: width)
    var squares = [Double](repeating: 0, count: width)
    for step in 0..<length {
      let start = (starts[step].row + place) * width
      for column in 0..<width {
        let value = Double(rows.elements[start + column])
        sums[column] += value
        squares[column] += value * value
      }
    }
    let count = Double(max(1, length))
    let means = sums.map { $0 / count }
    return (
      means.map { Float($0) },
      zip(means, squares).map { Float(max(0, $1 / count - $0 * $0).squareRoot()) }
    )
  }
}
