internal import NeuralNet

/// Weights that never change, laid out for what they are used for, so that this is not done for every
/// dialogue anew.
///
/// Safe to use from several threads at once: nothing is trained here, and a computation without
/// gradients only reads its parameters.
struct FixedParameters: @unchecked Sendable {
  let set: ParameterSet<Float>

  /// - Parameters: as of ``NeuralNet/ParameterSet/init(fixed:use:)``.
  init(_ weights: consuming Weights<Float>, use: (String) -> ParameterSet<Float>.FixedUse) {
    set = ParameterSet(fixed: weights, use: use)
  }
}
