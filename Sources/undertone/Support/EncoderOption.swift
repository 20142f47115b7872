import ArgumentParser
import EmotionModel
import Terminal

/// `--encoder`, for the commands that use encoders that are not part of Undertone.
struct EncoderOption: ParsableArguments {
  @Option(
    name: .long,
    help: """
      An encoder and its folder, e.g. minilm=FOLDER or clap=FOLDER; “undertone doctor” lists them. \
      Else the settings or UNDERTONE_MINILM and UNDERTONE_CLAP say where they are.
      """)
  var encoder: [String] = []

  func validate() throws {
    for text in encoder { _ = try Self.parse(text) }
  }

  /// The encoders named on the command line.
  var kinds: [EncoderKind] { encoder.compactMap { (try? Self.parse($0))?.kind } }

  /// Where everything is: the command line before the environment before the settings.
  func places(
    _ settings: Settings, environment: (String) -> String? = environmentVariable
  ) -> EncoderFolders {
    var places = settings.encoders(environment: environment)
    for (kind, folder) in encoder.compactMap({ try? Self.parse($0) }) {
      places.folders[kind] = folder
    }
    return places
  }

  private static func parse(_ text: String) throws -> (kind: EncoderKind, folder: String) {
    let names = EncoderKind.allCases.map(\.rawValue).joined(separator: " or ")
    guard let sign = text.firstIndex(of: "="),
      let kind = EncoderKind(rawValue: String(text[..<sign]))
    else {
      throw ValidationError("--encoder needs \(names), “=” and a folder, not “\(text)”.")
    }
    return (kind, String(text[text.index(after: sign)...]))
  }
}

extension EncoderKind {
  /// The environment variable that names its folder.
  var variable: String { "UNDERTONE_\(rawValue.uppercased())" }
}

extension Settings {
  /// Where encoders are by the environment, else by the settings' table `encoders`.
  func encoders(environment: (String) -> String? = environmentVariable) -> EncoderFolders {
    var places = EncoderFolders()
    for kind in EncoderKind.allCases {
      places.folders[kind] = environment(kind.variable) ?? encoderFolders[kind.rawValue]
    }
    places.onnxRuntime = environment("UNDERTONE_ONNXRUNTIME") ?? encoderFolders["onnxruntime"]
    return places
  }
}
