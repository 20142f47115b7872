/// A matrix in a computation, and the gradient of the loss with respect to it.
public final class Node<Scalar: NeuralScalar> {
  /// What was computed; empty for a parameter that is kept in another form, see
  /// ``ParameterSet/init(fixed:use:)``.
  public internal(set) var value: Matrix<Scalar>
  /// The gradient, element for element; empty stands for zero everywhere.
  public internal(set) var gradient: [Scalar] = []
  /// Whether a gradient is wanted here or further up.
  public let needsGradient: Bool
  /// For a table of embeddings: the rows the last step used, the only ones with a gradient.
  var touched: TouchedRows?
  /// For a parameter that never changes and serves one purpose: what is kept instead of its value,
  /// which is empty.
  let fixed: Fixed?
  /// How many rows the value has.
  public let rows: Int
  /// How many columns the value has.
  public let columns: Int

  /// What is kept of a parameter that serves one purpose.
  enum Fixed {
    /// For products with it.
    case weight(FixedWeight)
    /// For looking up its rows.
    case table(ByteTable)
  }

  init(_ value: Matrix<Scalar>, needsGradient: Bool, isTable: Bool = false) {
    self.value = value
    self.needsGradient = needsGradient
    fixed = nil
    rows = value.rows
    columns = value.columns
    touched = isTable ? TouchedRows(count: value.rows) : nil
  }

  init(fixed: Fixed) {
    value = Matrix(rows: 0, columns: 0)
    needsGradient = false
    self.fixed = fixed
    switch fixed {
    case .weight(let weight): (rows, columns) = (weight.rows, weight.columns)
    case .table(let table): (rows, columns) = (table.rows, table.columns)
    }
  }

  /// Adds to the gradient through a pointer to its elements; does nothing where none is wanted.
  func accumulate(_ add: (UnsafeMutablePointer<Scalar>) -> Void) {
    guard needsGradient else { return }
    if gradient.isEmpty {
      gradient = filled(with: 0 as Scalar, count: value.elements.count)
    }
    gradient.withUnsafeMutableBufferPointer { elements in
      if let base = elements.baseAddress { add(base) }
    }
  }
}

/// A set of rows that remembers the order in which rows were first added.
struct TouchedRows {
  private var isIn: [Bool]
  private(set) var rows: [Int] = []

  init(count: Int) {
    isIn = [Bool](repeating: false, count: count)
  }

  mutating func insert(_ row: Int) {
    guard !isIn[row] else { return }
    isIn[row] = true
    rows.append(row)
  }

  mutating func removeAll() {
    for row in rows { isIn[row] = false }
    rows.removeAll(keepingCapacity: true)
  }
}

/// Records a computation so that gradients can be taken through it backwards.
///
/// Operations are methods; each returns a ``Node``. All sequences of a batch lie one after the
/// other in the rows of one matrix, told apart by ``Segments``: nothing is padded, so a long turn
/// costs no one else anything.
public final class Tape<Scalar: NeuralScalar> {
  /// Whether gradients can be taken; if not, nothing is kept.
  public let isRecording: Bool
  private var steps: [(node: Node<Scalar>, backward: (Node<Scalar>) -> Void)] = []
  /// Where dropout takes its randomness from; `nil` outside training, where dropout does nothing.
  public var random: RandomSource?
  /// What products with weights that never change need to lay out their other factor.
  private(set) lazy var scratch = FloatBuffer(count: InferenceWeight.scratch)

  /// Creates a tape.
  ///
  /// - Parameter random: the randomness of dropout. Without it the tape is for inference: it
  ///   records nothing unless `recording` says so, and intermediate results are freed at once.
  public init(random: RandomSource? = nil, recording: Bool? = nil) {
    self.random = random
    isRecording = recording ?? (random != nil)
  }

  /// A matrix that takes part in a computation and has no gradient.
  public func constant(_ value: Matrix<Scalar>) -> Node<Scalar> {
    Node(value, needsGradient: false)
  }

  /// Adds the result of an operation.
  ///
  /// - Parameters:
  ///   - value: the result.
  ///   - parents: what it was computed from.
  ///   - backward: given the result with its gradient, adds to the gradients of the parents.
  func record(
    _ value: Matrix<Scalar>, from parents: Node<Scalar>?...,
    backward: @escaping (Node<Scalar>) -> Void
  ) -> Node<Scalar> {
    let needsGradient = isRecording && parents.contains { $0?.needsGradient ?? false }
    let node = Node(value, needsGradient: needsGradient)
    if needsGradient { steps.append((node, backward)) }
    return node
  }

  /// Computes the gradients of a loss (a 1 × 1 result) with respect to everything it depends on,
  /// and forgets the computation.
  ///
  /// Gradients of parameters add up over calls until they are cleared.
  public func backward(from loss: Node<Scalar>) {
    precondition(loss.value.elements.count == 1, "a loss is one number")
    guard loss.needsGradient else { return }
    loss.gradient = [1]
    while let (node, backward) = steps.popLast() {
      guard !node.gradient.isEmpty else { continue }
      backward(node)
      node.gradient = []
    }
  }
}
