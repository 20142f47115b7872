/// Something in a file of the user's that could not be used, and what was expected there.
///
/// The rest of the file is used.
public struct ConfigurationWarning: Hashable, Sendable, CustomStringConvertible {
  /// The file, as it was named to the parser.
  public let file: String
  /// The key in the file, such as `scopes."emotion.joy".fg`; empty if it is about the whole file.
  public let key: String
  /// What is wrong and what was expected, as a sentence.
  public let message: String

  /// One line for a person: file, key and message.
  public var description: String {
    key.isEmpty ? "\(file): \(message)" : "\(file): \(key): \(message)"
  }
}
