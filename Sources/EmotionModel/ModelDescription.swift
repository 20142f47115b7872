/// What a trained model is, without its weights: as it is stored in a ``Checkpoint``, and what is left of
/// one in a program that only uses it.
public struct ModelDescription: Equatable, Sendable, Codable {
  /// What it is called, such as `bundled-1`.
  public var name: String
  /// The labels its posteriors speak of, in their order.
  public var labels: [String]
  /// How the network is built.
  public var architecture: Architecture
  /// What it was trained on and with, in words.
  public var details: String
  /// See ``Checkpoint/shiftProbability``.
  public var shiftProbability: Double?
}
