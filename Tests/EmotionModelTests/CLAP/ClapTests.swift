import NeuralNet
import TestSupport
import Testing

@testable import EmotionModel

extension EncoderPlaces {
  /// The folder of ONNX Runtime's library: `$UNDERTONE_ONNXRUNTIME`, or the Python package's.
  static let onnxRuntime = place("UNDERTONE_ONNXRUNTIME", "onnxruntime/capi") {
    $0.hasPrefix("libonnxruntime.so")
  }
}

/// A folder with a model of CLAP's outside: what goes in and comes out has the same names, types and
/// sizes; inside is one map, so that the test can say what must come out.
private struct TinyClap {
  let path: String
  let audioWeights: [Float]
  let textWeights: [Float]

  init() throws {
    path = try EncoderPlaces.temporaryFolder()
    var random = RandomSource(seed: 9)
    audioWeights = (0..<64 * 512).map { _ in Float(random.normal()) }
    textWeights = (0..<77 * 512).map { _ in Float(random.normal()) }
    try write("vocab.json", Array(TinyBytePairs.vocabulary.utf8))
    try write("merges.txt", Array(TinyBytePairs.merges.utf8))
    try write("audio_model.onnx", audio())
    try write("text_model.onnx", text())
  }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    try writeFileAtomically("\(path)/\(name)", bytes)
  }

  /// The mean over frames, mapped to 512 numbers.
  func audio(
    input: String = "input_features", output: String = "audio_embeds", width: Int = 512,
    told: Int? = nil
  ) -> [UInt8] {
    OnnxFile.model(
      nodes: [
        OnnxFile.node("ReduceMean", [input], "mean", ["axes": [1, 2], "keepdims": [0]]),
        OnnxFile.node("MatMul", ["mean", "w"], output),
      ],
      weights: [
        OnnxFile.weights(
          "w", rows: 64, columns: width, Array(audioWeights.prefix(64 * width)))
      ],
      inputs: [OnnxFile.port(input, OnnxFile.float, [-1, 1, 1001, 64])],
      outputs: [OnnxFile.port(output, OnnxFile.float, [-1, told ?? width])])
  }

  /// The ids that are no filling, mapped to 512 numbers.
  func text() -> [UInt8] {
    OnnxFile.model(
      nodes: [
        OnnxFile.node("Cast", ["input_ids"], "ids", ["to": [1]]),
        OnnxFile.node("Cast", ["attention_mask"], "mask", ["to": [1]]),
        OnnxFile.node("Mul", ["ids", "mask"], "spoken"),
        OnnxFile.node("MatMul", ["spoken", "w"], "text_embeds"),
      ],
      weights: [OnnxFile.weights("w", rows: 77, columns: 512, textWeights)],
      inputs: ["input_ids", "attention_mask"].map {
        OnnxFile.port($0, OnnxFile.long, [-1, 77])
      },
      outputs: [OnnxFile.port("text_embeds", OnnxFile.float, [-1, 512])])
  }

  func load() throws -> Clap {
    try Clap(folder: path, runtime: .find(at: EncoderPlaces.onnxRuntime))
  }

  func fault() -> String {
    do {
      _ = try load()
      return ""
    } catch {
      return "\(error)"
    }
  }
}

private func unit(_ values: [Float], times weights: [Float]) -> [Float] {
  var sums = [Double](repeating: 0, count: 512)
  for (row, value) in values.enumerated() {
    for column in 0..<512 { sums[column] += Double(value) * Double(weights[row * 512 + column]) }
  }
  let length = sums.reduce(0) { $0 + $1 * $1 }.squareRoot()
  return sums.map { Float($0 / length) }
}

private func distance(_ a: [Float], _ b: [Float]) -> Float {
  a.count == b.count ? zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) } : .infinity
}

@Suite(
  .enabled(
    if: EncoderPlaces.onnxRuntime != nil,
    "needs ONNX Runtime: run scripts/fetch-encoders, or name its folder in $UNDERTONE_ONNXRUNTIME"))
struct ClapTests {
  @Test func `text and sound go through a model of CLAP's shape and come out with length 1`() throws
  {
    let folder = try TinyClap()
    let clap = try folder.load()
    let (ids, mask) = try TinyBytePairs.tokenizer().ids(of: "the boxes are in", length: 77)
    let text = try #require(try clap.textVector(of: "the boxes are in"))
    let spoken = zip(ids, mask).map { Float($0 * $1) }
    #expect(distance(text, unit(spoken, times: folder.textWeights)) < 1e-5)
    #expect(try clap.textVector(of: "") == nil)

    let sound = (0..<30_000).map { Float($0 % 97) / 97 - 0.5 }
    let features = try #require(ClapFrontEnd.features(of: sound))
    let mean = (0..<64).map { band -> Float in
      let sum = (0..<1001).reduce(0.0) { sum, frame in sum + Double(features[frame * 64 + band]) }
      return Float(sum / 1001)
    }
    let heard = try #require(try clap.audioVector(of: sound))
    #expect(distance(heard, unit(mean, times: folder.audioWeights)) < 1e-4)
    #expect(try clap.audioVector(of: [Float]()) == nil)
  }

  @Test func `vectors are remembered, and other weights are another version`() throws {
    let folder = try TinyClap()
    let cache = try EncoderPlaces.temporaryFolder()
    let places = EncoderFolders(
      folders: [.clap: folder.path], onnxRuntime: EncoderPlaces.onnxRuntime)
    let first = try ExternalVectors(.clap, in: places, cache: cache)
    let text = try first.vectors(of: ["in the van", ""])
    let sound = try first.vector(ofSound: [0.1, 0.2])
    #expect(text[0]?.count == 512 && text[1] == nil && sound?.count == 512)
    #expect(FeatureCache.size(of: cache) > 2 * 512 * 4)
    let again = try ExternalVectors(.clap, in: places, cache: cache)
    #expect(try again.vectors(of: ["in the van", ""]) == text)
    #expect(try again.vector(ofSound: [0.1, 0.2]) == sound)
    try folder.write("text_model.onnx", folder.text() + [])
    #expect(try ExternalVectors(.clap, in: places, cache: nil).identity == first.identity)
    try folder.write("merges.txt", Array(TinyBytePairs.merges.utf8.dropLast(2)))
    #expect(folder.fault().contains("merges.txt does not fit"))
    try folder.write("merges.txt", Array("#version: 0.2\nh e\n".utf8))
    #expect(try ExternalVectors(.clap, in: places, cache: nil).identity != first.identity)
  }

  @Test func `a file that is no such model is named, with what is wrong`() throws {
    let folder = try TinyClap()
    #expect(folder.fault().isEmpty)
    try folder.write("audio_model.onnx", Array("not a model".utf8))
    #expect(folder.fault().hasPrefix("\(folder.path)/audio_model.onnx is no model that ONNX"))
    try folder.write("audio_model.onnx", Array(folder.audio().prefix(1000)))
    #expect(folder.fault().contains("audio_model.onnx is no model that ONNX"))
    try folder.write("audio_model.onnx", folder.audio(input: "pixels"))
    #expect(folder.fault().contains("takes pixels (type 1, any x 1 x 1001 x 64) instead of"))
    try folder.write("audio_model.onnx", folder.audio(output: "classes"))
    #expect(folder.fault().contains("gives classes (type 1, any x 512) instead of audio_embeds"))
    try folder.write("audio_model.onnx", folder.audio(width: 500))
    #expect(folder.fault().contains("instead of audio_embeds with 512 numbers"))
    // A model that does not tell its width is found out when it runs, or sooner where ONNX Runtime
    // works the width out by itself.
    try folder.write("audio_model.onnx", folder.audio(width: 500, told: -1))
    let error = #expect(throws: EncoderError.self) {
      try folder.load().audioVector(of: [0.5])
    }
    let reason = error?.description ?? ""
    #expect(
      reason.contains("has 500 numbers instead of 512")
        || reason.contains("instead of audio_embeds with 512 numbers"), "\(reason)")
  }

  @Test func `a library that is not there, or is another one, is named`() throws {
    let folder = try EncoderPlaces.temporaryFolder()
    let absent = #expect(throws: EncoderError.self) { try OnnxRuntime.find(at: folder) }
    #expect(absent?.description.hasPrefix("There is no libonnxruntime.so in \(folder).") == true)
    try writeFileAtomically("\(folder)/libonnxruntime.so.1.9.9", Array("no library".utf8))
    let broken = #expect(throws: EncoderError.self) { try OnnxRuntime.find(at: folder) }
    #expect(broken?.description.contains("cannot be used as ONNX Runtime") == true)
    let other = #expect(throws: EncoderError.self) { try OnnxRuntime(path: "libm.so.6") }
    #expect(other?.description.contains("it is not ONNX Runtime") == true)
  }
}

struct ClapFolderTests {
  @Test func `a folder without the model says how to get it`() throws {
    let folder = try EncoderPlaces.temporaryFolder()
    let places = EncoderFolders(folders: [:])
    let error = #expect(throws: EncoderError.self) {
      try ExternalVectors(.clap, in: places, cache: folder)
    }
    #expect(
      error?.description
        == "The encoder clap is not at hand: export laion/clap-htsat-unfused to ONNX and give its "
        + "folder with --encoder clap=FOLDER.")
  }
}
