/// Named weights, as they are stored and shared between threads.
public struct Weights<Scalar: NeuralScalar>: Equatable, Sendable {
  /// The matrices by name, but for ``tables``.
  public var matrices: [String: Matrix<Scalar>]
  /// Tables that are in bytes still.
  public var tables: [String: ByteTable] = [:]

  /// Creates weights from matrices by name.
  public init(_ matrices: [String: Matrix<Scalar>] = [:]) {
    self.matrices = matrices
  }

  /// The matrix of a name; of a table in bytes a new one.
  public subscript(name: String) -> Matrix<Scalar>? {
    get { matrices[name] ?? tables[name].map(Self.matrix) }
    set {
      matrices[name] = newValue
      tables[name] = nil
    }
  }

  private static func matrix(of table: ByteTable) -> Matrix<Scalar> {
    let matrix = table.matrix
    return matrix as? Matrix<Scalar>
      ?? Matrix(
        rows: table.rows, columns: table.columns, elements: matrix.elements.map { Scalar($0) })
  }

  /// Whether there is something of a name.
  public func has(_ name: String) -> Bool { matrices[name] != nil || tables[name] != nil }

  /// Moves what has a name, in the form it has, to other weights.
  public mutating func move(_ name: String, to other: inout Weights) {
    other.matrices[name] = matrices.removeValue(forKey: name)
    other.tables[name] = tables.removeValue(forKey: name)
  }

  /// The names in alphabetical order: the order in which everything visits them, so that results
  /// do not depend on hashing.
  public var names: [String] { (Array(matrices.keys) + tables.keys).sorted() }

  /// Whether every element is a finite number.
  public var areFinite: Bool {
    matrices.values.allSatisfy { areAllFinite($0.elements, $0.elements.count) }
      && tables.values.allSatisfy { areAllFinite($0.scales, $0.scales.count) }
  }
}

/// Weights taking part in a computation.
public final class ParameterSet<Scalar: NeuralScalar> {
  private var nodes: [String: Node<Scalar>] = [:]
  /// The names in alphabetical order.
  public private(set) var names: [String] = []

  /// Creates parameters from weights.
  ///
  /// - Parameters:
  ///   - weights: where they start.
  ///   - isTrained: whether gradients are wanted for the parameter of a name.
  ///   - isTable: whether the parameter of a name is a table of embeddings, of which a step uses
  ///     few rows.
  public init(
    _ weights: Weights<Scalar>, isTrained: (String) -> Bool = { _ in false },
    isTable: (String) -> Bool = { _ in false }
  ) {
    for name in weights.names {
      guard let matrix = weights[name] else { continue }
      nodes[name] = Node(matrix, needsGradient: isTrained(name), isTable: isTable(name))
      names.append(name)
    }
  }

  /// What a parameter that never changes is needed for.
  public enum FixedUse: Sendable {
    /// Anything: its value is kept.
    case anything
    /// As the weight of ``Tape/linear(_:_:bias:)``, and nothing else.
    case weight
    /// As the weight of ``Tape/linear(_:_:bias:)`` for what is usually hundreds of rows, and nothing
    /// else.
    case weightOfManyRows
    /// As the table of ``Tape/gatherRows(_:_:)``, and nothing else: may stay in bytes.
    case table
  }

  /// Creates parameters that never change, for inference: each in the form in which it is used, without
  /// a value where it has another.
  ///
  /// - Parameters:
  ///   - weights: let go one by one, so that whoever gives their last copy never holds all of them
  ///     twice.
  ///   - use: what the parameter of a name is needed for.
  public init(
    fixed weights: consuming Weights<Scalar>, use: (String) -> FixedUse = { _ in .anything }
  ) where Scalar == Float {
    names = weights.names
    for name in names {
      if case .table = use(name), let table = weights.tables.removeValue(forKey: name) {
        nodes[name] = Node(fixed: .table(table))
      } else if let matrix = weights[name] {
        weights[name] = nil
        nodes[name] = Self.node(of: consume matrix, for: use(name))
      }
    }
  }

  private static func node(
    of matrix: consuming Matrix<Float>, for use: FixedUse
  ) -> Node<Float> where Scalar == Float {
    switch use {
    case .weight, .weightOfManyRows:
      Node(fixed: .weight(FixedWeight(matrix, hasManyRows: use == .weightOfManyRows)))
    case .anything, .table:
      Node(matrix, needsGradient: false)
    }
  }

  /// The parameter of a name.
  ///
  /// - Precondition: there is one. Whoever reads weights from a file checks their names and shapes
  ///   before they get here.
  public subscript(name: String) -> Node<Scalar> {
    guard let node = nodes[name] else { preconditionFailure("no parameter \(name)") }
    return node
  }

  /// Whether there is a parameter of a name.
  public func has(_ name: String) -> Bool { nodes[name] != nil }

  /// The present values.
  public var weights: Weights<Scalar> {
    get { Weights(nodes.mapValues(\.value)) }
    set {
      for (name, matrix) in newValue.matrices { nodes[name]?.value = matrix }
    }
  }

  /// The present values of those that are trained.
  public var trained: Weights<Scalar> {
    Weights(nodes.filter { $0.value.needsGradient }.mapValues(\.value))
  }

  /// Sets all gradients to zero.
  public func clearGradients() {
    for name in names {
      let node = self[name]
      guard !node.gradient.isEmpty else { continue }
      let places = node.places
      clear(
        &node.gradient, starts: places.starts, count: places.starts.count, length: places.length)
      node.touched?.removeAll()
    }
  }

  /// The length of all gradients taken as one vector; not finite where one of them is not.
  public func gradientNorm() -> Scalar {
    var total: Scalar = 0
    for name in names {
      let node = self[name]
      guard !node.gradient.isEmpty else { continue }
      let places = node.places
      total += squaredLength(
        node.gradient, starts: places.starts, count: places.starts.count, length: places.length)
    }
    return total.squareRoot()
  }
}

extension Node {
  /// Where in the elements there may be a gradient: stretches of one length.
  var places: (starts: [Int], length: Int) {
    guard let touched else { return ([0], value.elements.count) }
    return (touched.rows.map { $0 * columns }, columns)
  }
}

@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
private func squaredLength<T: NeuralScalar>(
  _ x: UnsafePointer<T>, starts: UnsafePointer<Int>, count: Int, length: Int
) -> T {
  var total: T = 0
  for index in 0..<count { total += dot(x + starts[index], x + starts[index], length) }
  return total
}

@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
private func clear<T: NeuralScalar>(
  _ x: UnsafeMutablePointer<T>, starts: UnsafePointer<Int>, count: Int, length: Int
) {
  for index in 0..<count {
    for place in starts[index]..<starts[index] + length { x[place] = 0 }
  }
}

@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
private func areAllFinite<T: NeuralScalar>(_ x: UnsafePointer<T>, _ count: Int) -> Bool {
  for place in 0..<count where !x[place].isFinite { return false }
  return true
}
