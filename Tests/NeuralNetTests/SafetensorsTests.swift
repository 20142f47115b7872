import NeuralNet
import Testing

/// A file with a given header and so many bytes of tensors.
private func file(_ header: String, data: Int = 0, claimedLength: UInt64? = nil) -> [UInt8] {
  let text = Array(header.utf8)
  let length = claimedLength ?? UInt64(text.count)
  return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + text
    + [UInt8](repeating: 7, count: data)
}

private func tensor(_ name: String, _ type: String, _ shape: String, _ offsets: String) -> String {
  "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}"
}

struct SafetensorsTests {
  @Test func `what is written is read back, texts and all number types`() throws {
    var content = Safetensors()
    content.metadata = ["a \"quoted\"\n\u{1}key": "émotion 感情 😀"]
    let matrix = Matrix<Float>(rows: 2, columns: 2, elements: [1, -0.5, 65504, 6.1e-5])
    content.tensors["half"] = .half(matrix)
    content.tensors["single"] = .single(matrix)
    content.tensors["text"] = .init(type: .unsignedByte, shape: [3], bytes: [1, 2, 255])
    content.tensors["bytes"] = .init(type: .byte, shape: [2], bytes: [0xFF, 0x80])
    content.tensors["long"] = .init(
      type: .long, shape: [], bytes: [0xFE, 255, 255, 255, 255, 255, 255, 255])
    content.tensors["double"] = .init(
      type: .double, shape: [1], bytes: [0, 0, 0, 0, 0, 0, 0xF8, 0x3F])
    let read = try Safetensors(content.encoded())
    #expect(read == content)
    #expect(read.tensors["single"]?.numbers(as: Float.self) == matrix.elements)
    #expect(read.tensors["half"]?.numbers(as: Double.self)[2] == 65504)
    #expect(read.tensors["text"]?.numbers(as: Float.self) == [1, 2, 255])
    #expect(read.tensors["bytes"]?.numbers(as: Float.self) == [-1, -128])
    #expect(read.tensors["long"]?.numbers(as: Float.self) == [-2])
    #expect(read.tensors["double"]?.numbers(as: Float.self) == [1.5])
  }

  @Test func `a number too large for half precision is not stored as infinity`() {
    #expect(Safetensors.Tensor.half(Matrix(row: [1e6])) == nil)
  }

  @Test func `a file made by the format's own writer can be read`() throws {
    // The layout of huggingface/safetensors' README, spelled out by hand.
    let header =
      "{\"__metadata__\":{\"format\":\"pt\"},"
      + tensor("b", "F32", "[1,1]", "[0,4]") + "," + tensor("a", "U8", "[2]", "[4,6]") + "}   "
    let read = try Safetensors(file(header, data: 6))
    #expect(read.metadata == ["format": "pt"])
    #expect(read.tensors["a"]?.bytes == [7, 7])
  }

  @Test func `a file cut off anywhere is refused`() throws {
    var content = Safetensors(metadata: ["k": "v"])
    content.tensors["x"] = .single(Matrix(row: [1, 2, 3]))
    let whole = content.encoded()
    for length in 0..<whole.count {
      #expect(throws: Safetensors.Malformed.self) { try Safetensors(Array(whole[..<length])) }
    }
  }

  @Test(arguments: [
    ("a header longer than the file", file("{}", claimedLength: 1000)),
    ("a header of absurd length", file("{}", claimedLength: .max)),
    ("no JSON", file("nonsense")),
    ("an array for a header", file("[]")),
    ("text after the header", file("{} x")),
    ("a header nested without end", file(String(repeating: "{\"a\":", count: 100_000))),
    ("an unknown type", file("{" + tensor("x", "Q4", "[1]", "[0,1]") + "}", data: 1)),
    ("a negative extent", file("{" + tensor("x", "U8", "[-1]", "[0,1]") + "}", data: 1)),
    (
      "extents whose product overflows",
      file("{" + tensor("x", "F32", "[4611686018427387904,4]", "[0,0]") + "}")
    ),
    ("an extent that is no whole number", file("{" + tensor("x", "U8", "[1.5]", "[0,1]") + "}")),
    ("an end before its start", file("{" + tensor("x", "U8", "[1]", "[1,0]") + "}", data: 1)),
    ("an end beyond the file", file("{" + tensor("x", "U8", "[9]", "[0,9]") + "}", data: 1)),
    ("too few bytes for a shape", file("{" + tensor("x", "F32", "[2]", "[0,4]") + "}", data: 4)),
    (
      "tensors that overlap",
      file(
        "{" + tensor("x", "U8", "[2]", "[0,2]") + "," + tensor("y", "U8", "[2]", "[1,3]") + "}",
        data: 3)
    ),
    ("a hole", file("{" + tensor("x", "U8", "[1]", "[1,2]") + "}", data: 2)),
    ("bytes after the last tensor", file("{" + tensor("x", "U8", "[1]", "[0,1]") + "}", data: 2)),
    (
      "a name that occurs twice",
      file(
        "{" + tensor("x", "U8", "[1]", "[0,1]") + "," + tensor("x", "U8", "[1]", "[1,2]") + "}",
        data: 2)
    ),
    ("metadata that is no text", file("{\"__metadata__\":{\"a\":1}}")),
    ("metadata twice", file("{\"__metadata__\":{},\"__metadata__\":{}}")),
    ("a text that is not UTF-8", Array(file("{\"")) + [0xFF]),
    ("half a surrogate pair", file("{\"__metadata__\":{\"a\":\"\\ud800\"}}")),
  ])
  func `a hostile file is refused`(_ what: String, _ bytes: [UInt8]) {
    #expect(throws: Safetensors.Malformed.self, "\(what)") { try Safetensors(bytes) }
  }

  @Test func `random damage never does more than throw`() throws {
    var content = Safetensors(metadata: ["k": "v"])
    content.tensors["x"] = .single(Matrix(row: [1, 2, 3]))
    content.tensors["y"] = .half(Matrix(row: [1, 2, 3]))
    let whole = content.encoded()
    var random = RandomSource(seed: 4)
    var refused = 0
    for _ in 0..<3000 {
      var bytes = whole
      for _ in 0...random.below(3) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
      if (try? Safetensors(bytes)) == nil { refused += 1 }
    }
    #expect(refused > 1000)
  }
}
