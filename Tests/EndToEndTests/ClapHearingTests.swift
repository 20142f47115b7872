import Dialogues
import Foundation
import NeuralNet
import TestSupport
import Testing

@testable import EmotionModel

/// A folder with a model of CLAP's outside, whose inside is one map of the mean spectrum.
private struct SmallClap {
  let path: String

  /// The folder of ONNX Runtime's library, as the tests of the encoders find it.
  static let runtime: String? = {
    if let named = ProcessInfo.processInfo.environment["UNDERTONE_ONNXRUNTIME"] { return named }
    let libraries = "\(Home.checkout)/.venv/encoders/lib"
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: libraries)) ?? []
    return versions.map { "\(libraries)/\($0)/site-packages/onnxruntime/capi" }.first {
      FileManager.default.fileExists(atPath: $0)
    }
  }()

  init(in folder: String) throws {
    path = folder
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var random = RandomSource(seed: 9)
    func weights(rows: Int) -> [UInt8] {
      OnnxFile.weights(
        "w", rows: rows, columns: 512, (0..<rows * 512).map { _ in Float(random.normal()) })
    }
    let audio = OnnxFile.model(
      nodes: [
        OnnxFile.node(
          "ReduceMean", ["input_features"], "mean", ["axes": [1, 2], "keepdims": [0]]),
        OnnxFile.node("MatMul", ["mean", "w"], "audio_embeds"),
      ],
      weights: [weights(rows: 64)],
      inputs: [OnnxFile.port("input_features", OnnxFile.float, [-1, 1, 1001, 64])],
      outputs: [OnnxFile.port("audio_embeds", OnnxFile.float, [-1, 512])])
    let text = OnnxFile.model(
      nodes: [
        OnnxFile.node("Cast", ["input_ids"], "ids", ["to": [1]]),
        OnnxFile.node("Cast", ["attention_mask"], "mask", ["to": [1]]),
        OnnxFile.node("Mul", ["ids", "mask"], "spoken"),
        OnnxFile.node("MatMul", ["spoken", "w"], "text_embeds"),
      ],
      weights: [weights(rows: 77)],
      inputs: ["input_ids", "attention_mask"].map { OnnxFile.port($0, OnnxFile.long, [-1, 77]) },
      outputs: [OnnxFile.port("text_embeds", OnnxFile.float, [-1, 512])])
    // Letters alone, as CLAP writes bytes (GPT-2's table: a space is Ġ).
    let pieces =
      ["<s>", "<pad>", "</s>", "<unk>", "<mask>", "Ġ"]
      + "abcdefghijklmnopqrstuvwxyz."
      .map(String.init)
    let members = pieces.enumerated().map { "\"\($1)\": \($0)" }
    for (name, bytes) in [
      ("audio_model.onnx", audio), ("text_model.onnx", text),
      ("vocab.json", Array("{\(members.joined(separator: ", "))}".utf8)),
      ("merges.txt", Array("#version: 0.2\n".utf8)),
    ] {
      try writeFileAtomically("\(path)/\(name)", bytes)
    }
  }

  func load() throws -> Clap { try Clap(folder: path, runtime: .find(at: Self.runtime)) }

  /// A model of three labels with random weights that only listens.
  func checkpoint(over clap: Clap) -> Checkpoint {
    var architecture = Architecture(
      textEncoder: nil, textWidth: 0, audioWidth: Clap.width, slots: [.init(.back, 0, .audio)],
      slotEncoder: .init(width: 8), gate: .contentAware, gatesEachColumn: true, sharesHead: true,
      dropout: 0)
    architecture.external = ExternalEncoder(identity: clap.identity)
    var checkpoint = Checkpoint(
      name: "listener", labels: ["joy", "anger", "neutral"], architecture: architecture,
      details: "", vocabulary: Vocabulary(countingWordsOf: []), weights: Weights())
    var random = RandomSource(seed: 3)
    for shape in checkpoint.parameterShapes {
      checkpoint.weights[shape.name] = Matrix(
        rows: shape.rows, columns: shape.columns, deviation: 3, using: &random)
    }
    return checkpoint
  }
}

extension EndToEndTests {
  @Suite("A model that listens by itself") struct ClapHearing {
    /// A second of a tone at 48 kHz in 16 bits, as a file and as the numbers in it.
    private func tone(_ frequency: Double) -> (file: [UInt8], samples: [Float]) {
      let values = (0..<48_000).map {
        Int16(8000 * sin(2 * .pi * frequency * Double($0) / 48_000))
      }
      func bytes<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
      }
      let data = values.flatMap { bytes($0) }
      var file = Array("RIFF".utf8) + bytes(UInt32(36 + data.count)) + Array("WAVEfmt ".utf8)
      file += bytes(UInt32(16)) + bytes(UInt16(1)) + bytes(UInt16(1)) + bytes(UInt32(48_000))
      file += bytes(UInt32(96_000)) + bytes(UInt16(2)) + bytes(UInt16(16))
      file += Array("data".utf8) + bytes(UInt32(data.count)) + data
      return (file, values.map { Float($0) / 32_768 })
    }

    @Test(
      .enabled(if: Home.sqlite != nil, "sqlite3 is not installed"),
      .enabled(if: SmallClap.runtime != nil, "needs ONNX Runtime: run scripts/fetch-encoders"))
    func `a checkpoint over CLAP hears each turn's own sound when it suggests`() throws {
      let home = try Home(
        settings: "[encoders]\nonnxruntime = \"\(try #require(SmallClap.runtime))\"\n")
      let folder = try SmallClap(in: home.path("clap"))
      let clap = try folder.load()
      let checkpoint = folder.checkpoint(over: clap)
      try checkpoint.write(to: home.path("listener.safetensors"), precision: .single)
      let (low, high) = (tone(150), tone(3000))
      try writeFileAtomically(home.path("low.wav"), low.file)
      try writeFileAtomically(home.path("high.wav"), high.file)
      try home.write(
        """
        dialogue,turn,speaker,text,audio
        a,1,Ada,it is here.,low.wav
        a,2,Bo,it is here.,high.wav
        a,3,Ada,it is here.,
        a,4,Bo,not the same.,low.wav

        """, to: "turns.csv")
      let project = home.path("heard.undertone")
      let imported = try home.run(
        "import", "manifest", "turns.csv", "--into", project, "--labels", "joy,anger,neutral")
      try #require(imported.status == 0, "\(imported.text)")
      let result = try home.run(
        "suggest", project, "--checkpoint", "listener.safetensors", "--encoder", "clap=clap")
      try #require(result.status == 0, "\(result.text)")

      let stored = try home.rows(
        "SELECT label, probability FROM suggestion ORDER BY turn", in: project
      ).map { $0.split(separator: "|") }
      let key = DialogueKey(corpus: "x", dialogue: "a")
      let sounds = [low.samples, high.samples, [], low.samples]
      let turns = sounds.indices.map {
        Turn(key: TurnKey(dialogue: key, turn: "\($0)"), speaker: "Ada", text: "")
      }
      let heard = try sounds.map { try clap.audioVector(of: $0) }
      let expected = EmotionClassifier(checkpoint).analyse(
        Dialogue(key: key, turns: turns), audio: { heard[Int($0.key.turn) ?? 0] })
      #expect(stored.count == 4)
      for (row, analysis) in zip(stored, expected) {
        #expect(row[0] == checkpoint.labels[analysis.best])
        let probability = try #require(Double(row[1]))
        #expect(abs(probability - analysis.posterior[analysis.best]) < 1e-4)
      }
      #expect(stored[0] == stored[3])
      #expect(stored[0] != stored[1] && stored[1] != stored[2] && stored[0] != stored[2])
    }
  }
}
