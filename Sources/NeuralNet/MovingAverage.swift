/// A running mean of weights that is steadier than the weights (Polyak averaging).
public struct MovingAverage<Scalar: NeuralScalar>: Sendable {
  /// How much of the past is kept a step.
  public var decay: Scalar
  /// The mean.
  public var weights: Weights<Scalar>

  /// Creates an average that starts at weights.
  public init(of weights: Weights<Scalar>, decay: Scalar) {
    self.weights = weights
    self.decay = decay
  }

  /// Takes the present weights in.
  public mutating func include(_ parameters: ParameterSet<Scalar>) {
    for name in parameters.names where parameters[name].needsGradient {
      guard var mean = weights.matrices.removeValue(forKey: name) else { continue }
      blend(
        &mean.elements, parameters[name].value.elements, mean.elements.count, keep: decay)
      weights[name] = mean
    }
  }
}

@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
private func blend<T: NeuralScalar>(
  _ mean: UnsafeMutablePointer<T>, _ present: UnsafePointer<T>, _ count: Int, keep: T
) {
  for place in 0..<count { mean[place] = keep * mean[place] + (1 - keep) * present[place] }
}
