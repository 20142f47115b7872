internal import NeuralNet

/// Weights that never change, ready to take part in computations, so that they are not laid out for
/// every dialogue anew.
///
/// Safe to use from several threads at once: nothing is trained here, and a computation without
/// gradients only reads its parameters.
struct FixedParameters: @unchecked Sendable {
  let set: ParameterSet<Float>

  init(_ weights: Weights<Float>) { set = ParameterSet(fixed: weights) }
}
