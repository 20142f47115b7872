internal import NeuralNet

/// Text and sound as vectors by CLAP (arXiv:2211.06687), `laion/clap-htsat-unfused` as exported to
/// ONNX.
///
/// Front end and tokenizer are this package's; the two networks run in ONNX Runtime.
public struct Clap: Sendable {
  /// What it is and which weights it has, as checkpoints and caches remember it.
  public let identity: EncoderIdentity
  private let tokenizer: BytePairTokenizer
  private let audio: OnnxModel
  private let text: OnnxModel

  /// The width of both vectors.
  public static let width = 512
  /// Ids of a text, those of its ends and filling included.
  static let textLength = 77
  /// The files a folder must have; the networks may also be in its folder `onnx`.
  public static let files = ["audio_model.onnx", "text_model.onnx", "vocab.json", "merges.txt"]

  /// Loads the model from a folder with ``files``.
  ///
  /// - Throws: ``EncoderError`` that names the file and says what is wrong with it.
  public init(folder: String, runtime: OnnxRuntime) throws(EncoderError) {
    var hash = ContentHash()
    func path(_ name: String) throws(EncoderError) -> String {
      for path in ["\(folder)/\(name)", "\(folder)/onnx/\(name)"] where isFile(path) {
        return path
      }
      throw EncoderError("There is no \(folder)/\(name); \(EncoderKind.clap.howToGet).")
    }
    let (audioPath, textPath) = (try path(Self.files[0]), try path(Self.files[1]))
    let (vocabularyPath, mergesPath) = (try path(Self.files[2]), try path(Self.files[3]))
    do {
      for path in [audioPath, textPath, vocabularyPath, mergesPath] {
        try hash.add(fileAt: path)
      }
      let ids: [String: Int32]
      do {
        ids = try BytePairTokenizer.vocabulary(readFile(vocabularyPath, limit: 1 << 26))
      } catch let fault as BytePairTokenizer.Malformed {
        throw EncoderError("\(vocabularyPath) is no intact vocabulary: \(fault.description).")
      }
      do {
        tokenizer = try BytePairTokenizer(ids, merges: readFile(mergesPath, limit: 1 << 26))
      } catch let fault as BytePairTokenizer.Malformed {
        throw EncoderError("\(mergesPath) does not fit \(vocabularyPath): \(fault.description).")
      }
    } catch let error as EncoderError {
      throw error
    } catch {
      throw EncoderError("\(error)")
    }
    audio = try runtime.model(audioPath)
    text = try runtime.model(textPath)
    identity = EncoderIdentity(kind: .clap, version: "clap-htsat-unfused-\(hash.digits)")
    try audio.check(
      inputs: [.init(name: Self.features, type: 1, extents: [1, 1, 1001, 64])],
      output: Self.audioOutput)
    try text.check(
      inputs: Self.textInputs.map { .init(name: $0, type: 7, extents: [1, 77]) },
      output: Self.textOutput)
  }

  private static let features = "input_features"
  private static let audioOutput = "audio_embeds"
  private static let textInputs = ["input_ids", "attention_mask"]
  private static let textOutput = "text_embeds"

  /// The vector of a text, of length 1; `nil` for one without a character.
  public func textVector(of text: String) throws(EncoderError) -> [Float]? {
    guard !text.isEmpty else { return nil }
    let (ids, mask) = tokenizer.ids(of: text, length: Self.textLength)
    let inputs = zip(Self.textInputs, [ids, mask]).map {
      OnnxModel.Input(name: $0, extents: [1, Int64(Self.textLength)], values: .longs($1))
    }
    return try unit(
      self.text.run(inputs, output: Self.textOutput, count: Self.width), of: self.text)
  }

  /// The vector of a sound, of length 1; `nil` for one without a sample.
  ///
  /// - Parameter samples: one channel at 48 kHz, ±1; the first ten seconds are heard.
  public func audioVector(of samples: some Collection<Float>) throws(EncoderError) -> [Float]? {
    guard let features = ClapFrontEnd.features(of: samples) else { return nil }
    let input = OnnxModel.Input(
      name: Self.features,
      extents: [1, 1, Int64(ClapFrontEnd.frames), Int64(ClapFrontEnd.bands)],
      values: .floats(features))
    return try unit(audio.run([input], output: Self.audioOutput, count: Self.width), of: audio)
  }

  private func unit(_ vector: [Float], of model: OnnxModel) throws(EncoderError) -> [Float] {
    let length = vector.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    guard length.isFinite else {
      throw EncoderError("\(model.path) gave a vector with numbers that are none.")
    }
    return vector.map { Float(Double($0) / max(length, 1e-12)) }
  }
}

extension OnnxModel {
  /// Sees to it that a model takes exactly these inputs and gives an output of 512 numbers.
  fileprivate func check(inputs wanted: [Port], output: String) throws(EncoderError) {
    func fits(_ port: Port, _ wanted: Port) -> Bool {
      port.name == wanted.name && port.type == wanted.type
        && port.extents.count == wanted.extents.count
        && zip(port.extents, wanted.extents).allSatisfy { $0 < 0 || $0 == $1 }
    }
    func listed(_ ports: [Port]) -> String {
      ports.map { port in
        let extents = port.extents.map { $0 < 0 ? "any" : "\($0)" }.joined(separator: " x ")
        return "\(port.name) (type \(port.type), \(extents))"
      }.joined(separator: ", ")
    }
    guard inputs.count == wanted.count,
      wanted.allSatisfy({ wanted in inputs.contains { fits($0, wanted) } })
    else {
      throw EncoderError(
        "\(path) takes \(listed(inputs)) instead of \(listed(wanted)): it is no export of "
          + "laion/clap-htsat-unfused.")
    }
    guard let given = outputs.first(where: { $0.name == output }), given.type == 1,
      let last = given.extents.last, last < 0 || last == Int64(Clap.width)
    else {
      throw EncoderError(
        "\(path) gives \(listed(outputs)) instead of \(output) with \(Clap.width) numbers: it is no "
          + "export of laion/clap-htsat-unfused.")
    }
  }
}
