/// Adam with decoupled weight decay (Loshchilov and Hutter 2019, arXiv:1711.05101).
///
/// Tables of embeddings are updated only in the rows a step used; rows at rest neither move nor
/// decay. That is the usual "lazy" variant, and what makes a step independent of the size of a
/// vocabulary.
public struct AdamW<Scalar: NeuralScalar>: Sendable {
  /// How fast the mean of the gradients forgets.
  public var beta1: Scalar = 0.9
  /// How fast the mean of their squares forgets.
  public var beta2: Scalar = 0.999
  /// Keeps the division finite.
  public var epsilon: Scalar = 1e-8
  /// The share of a weight, times the learning rate, that decays in a step.
  ///
  /// Rows (biases, scales of normalisations, learned nulls) do not decay.
  public var weightDecay: Scalar
  /// Steps done.
  public var step = 0
  /// Running means of gradients by parameter.
  public var means = Weights<Scalar>()
  /// Running means of squared gradients by parameter.
  public var squares = Weights<Scalar>()

  /// Creates an optimiser that has not stepped yet.
  public init(weightDecay: Scalar) {
    self.weightDecay = weightDecay
  }

  /// Moves the parameters against their gradients and clears these.
  ///
  /// - Parameters:
  ///   - parameters: what is trained.
  ///   - clip: gradients whose joint length is above this are scaled down to it.
  ///   - rate: the learning rate of the parameter of a name; 0 leaves it alone.
  /// - Returns: whether the step was made. It is not if a gradient is not finite, so that one bad
  ///   example cannot poison the weights.
  @discardableResult
  public mutating func update(
    _ parameters: ParameterSet<Scalar>, clip: Scalar, rate: (String) -> Scalar
  ) -> Bool {
    defer { parameters.clearGradients() }
    let norm = parameters.gradientNorm()
    guard norm.isFinite else { return false }
    step += 1
    var rule = AdamRule(
      beta1: beta1, beta2: beta2, epsilon: epsilon, decay: 0, rate: 0,
      scale: norm > clip ? clip / norm : 1, correction1: 1 - power(beta1, step),
      correction2: 1 - power(beta2, step))
    for name in parameters.names {
      let node = parameters[name]
      rule.rate = rate(name)
      guard !node.gradient.isEmpty, rule.rate != 0 else { continue }
      rule.decay = node.rows > 1 ? weightDecay : 0
      // Taken out of the dictionaries, so that they are changed in place and not copied.
      let zero = { Matrix<Scalar>(rows: node.rows, columns: node.columns) }
      var mean = means.matrices.removeValue(forKey: name) ?? zero()
      var square = squares.matrices.removeValue(forKey: name) ?? zero()
      let places = node.places
      adamStep(
        rule, &node.value.elements, node.gradient, &mean.elements, &square.elements,
        starts: places.starts, count: places.starts.count, length: places.length)
      means[name] = mean
      squares[name] = square
    }
    return true
  }
}

private func power<T: NeuralScalar>(_ base: T, _ exponent: Int) -> T {
  T.exponential(T(exponent) * T.logarithm(base))
}

private struct AdamRule<T: NeuralScalar> {
  var beta1: T
  var beta2: T
  var epsilon: T
  var decay: T
  var rate: T
  var scale: T
  var correction1: T
  var correction2: T
}

@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
private func adamStep<T: NeuralScalar>(
  _ rule: AdamRule<T>, _ weight: UnsafeMutablePointer<T>, _ gradient: UnsafePointer<T>,
  _ mean: UnsafeMutablePointer<T>, _ square: UnsafeMutablePointer<T>,
  starts: UnsafePointer<Int>, count: Int, length: Int
) {
  for index in 0..<count {
    for place in starts[index]..<starts[index] + length {
      let slope = gradient[place] * rule.scale
      mean[place] = rule.beta1 * mean[place] + (1 - rule.beta1) * slope
      square[place] = rule.beta2 * square[place] + (1 - rule.beta2) * slope * slope
      let direction =
        (mean[place] / rule.correction1)
        / ((square[place] / rule.correction2).squareRoot() + rule.epsilon)
      weight[place] -= rule.rate * (direction + rule.decay * weight[place])
    }
  }
}
