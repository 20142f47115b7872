internal import Glibc
internal import NeuralNet

extension OnnxRuntime {
  /// Loads the library from where a person said it is, or else from where the system keeps
  /// libraries.
  ///
  /// - Parameter place: the library, or the folder it is in; `nil` to ask the system's loader.
  /// - Throws: ``EncoderError`` that says where it was looked for and how to get it.
  public static func find(at place: String?) throws(EncoderError) -> OnnxRuntime {
    if let place {
      guard let file = isFile(place) ? place : library(inFolder: place) else {
        throw EncoderError(
          "There is no \(names[0]) in \(place). \(Self.howToGet)")
      }
      return try OnnxRuntime(path: file)
    }
    for name in names {
      if let runtime = try? OnnxRuntime(path: name) { return runtime }
    }
    throw EncoderError("ONNX Runtime is not among the system's libraries. \(Self.howToGet)")
  }

  /// How to get it, as a sentence.
  static let howToGet =
    "The Python package onnxruntime carries it: give its folder onnxruntime/capi in "
    + "UNDERTONE_ONNXRUNTIME."

  /// The library in a folder, under any version.
  private static func library(inFolder folder: String) -> String? {
    guard let stream = opendir(folder) else { return nil }
    defer { closedir(stream) }
    var found: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasPrefix(names[0]) { found.append("\(folder)/\(name)") }
    }
    return found.sorted().first(where: isFile)
  }
}
