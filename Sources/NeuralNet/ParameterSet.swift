/// Named weights, as they are stored and shared between threads.
public struct Weights<Scalar: NeuralScalar>: Equatable, Sendable {
  /// The matrices by name.
  public var matrices: [String: Matrix<Scalar>]

  /// Creates weights from matrices by name.
  public init(_ matrices: [String: Matrix<Scalar>] = [:]) {
    self.matrices = matrices
  }

  /// The matrix of a name.
  public subscript(name: String) -> Matrix<Scalar>? {
    get { matrices[name] }
    set { matrices[name] = newValue }
  }

  /// The names in alphabetical order: the order in which everything visits them, so that results
  /// do not depend on hashing.
  public var names: [String] { matrices.keys.sorted() }

  /// Whether every element is a finite number.
  public var areFinite: Bool {
    matrices.values.allSatisfy { areAllFinite($0.elements, $0.elements.count) }
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

  /// Creates parameters that never change, for inference.
  public init(fixed weights: Weights<Scalar>) where Scalar == Float {
    names = weights.names
    nodes = weights.matrices.mapValues {
      Node($0, needsGradient: false, layout: $0.rows > 1 ? FixedLayout() : nil)
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
