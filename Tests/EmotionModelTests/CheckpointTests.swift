import Foundation
import NeuralNet
import Testing

@testable import EmotionModel

private func temporaryPath() -> String {
  NSTemporaryDirectory() + "/\(UUID().uuidString).safetensors"
}

private func message(_ file: Safetensors) -> String {
  do throws(CheckpointError) {
    _ = try Checkpoint(file, path: "model.safetensors")
    return "no error"
  } catch { return error.description }
}

struct CheckpointTests {
  @Test func `a checkpoint survives being written and read`() throws {
    let checkpoint = Samples.checkpoint()
    let path = temporaryPath()
    defer { unlink(path) }
    try checkpoint.write(to: path, precision: .single)
    #expect(try Checkpoint(contentsOf: path) == checkpoint)
    try checkpoint.write(to: path)
    let dialogue = Samples.data(dialogues: 1).dialogues[0]
    let exact = EmotionClassifier(checkpoint).analyse(dialogue)
    let rounded = try EmotionClassifier(contentsOf: path).analyse(dialogue)
    for (a, b) in zip(exact, rounded) {
      #expect(zip(a.posterior, b.posterior).allSatisfy { abs($0 - $1) < 5e-3 })
    }
  }

  @Test func `weights in bytes judge nearly the same, and nothing of them may be missing`() throws {
    // Wide enough for its matrices to be worth bytes.
    let tower = Architecture.Tower(width: 64, embedding: 32, convolutions: 1, reach: 1)
    let checkpoint = Samples.checkpoint(
      .contextual(.init(buckets: 512, towers: [tower, tower])))
    let dialogue = Samples.data(dialogues: 1).dialogues[0]
    let exact = EmotionClassifier(checkpoint).analyse(dialogue)
    let file = try checkpoint.encoded(precision: .byte)
    #expect(file.tensors["text.1.grams"]?.type == .byte)
    let rounded = EmotionClassifier(try Checkpoint(file, path: "m")).analyse(dialogue)
    for (a, b) in zip(exact, rounded) {
      #expect(zip(a.posterior, b.posterior).allSatisfy { abs($0 - $1) < 2e-2 })
    }
    for name in file.tensors.keys where name.hasSuffix(".row_scales") {
      var damaged = file
      damaged.tensors[name] = nil
      #expect(message(damaged).contains("scales"), "without \(name)")
      damaged.tensors[name] = .single(Matrix(rows: 1, columns: 1))
      #expect(message(damaged).contains("scales"), "\(name) of another shape")
    }
  }

  @Test func `a file that is not there is named`() {
    #expect(throws: CheckpointError.self) { try Checkpoint(contentsOf: "/nowhere/x") }
    do throws(CheckpointError) {
      _ = try Checkpoint(contentsOf: "/nowhere/x")
    } catch { #expect(error.description.contains("/nowhere/x")) }
  }

  @Test func `a file cut off is told from a good one`() throws {
    let path = temporaryPath()
    defer { unlink(path) }
    let bytes = try Samples.checkpoint().encoded(precision: .half).encoded()
    try writeFileAtomically(path, Array(bytes.dropLast(100)))
    do throws(CheckpointError) {
      _ = try Checkpoint(contentsOf: path)
      Issue.record("was read")
    } catch { #expect(error.description.contains("cut off")) }
  }

  @Test func `another program's file and a newer version are told so`() throws {
    var file = try Samples.checkpoint().encoded(precision: .half)
    file.metadata["undertone"] = "1"
    #expect(message(file).contains("older version"))
    file.metadata["undertone"] = "3"
    #expect(message(file).contains("newer version"))
    file.metadata["undertone"] = "zero"
    #expect(message(file).contains("damaged"))
    file.metadata["undertone"] = nil
    #expect(message(file).contains("not a checkpoint of Undertone"))
  }

  @Test func `a file that contradicts itself is refused`() throws {
    let good = try Samples.checkpoint().encoded(precision: .single)
    #expect(message(good) == "no error")
    for name in good.tensors.keys {
      var file = good
      file.tensors[name] = nil
      #expect(message(file).contains("does not fit"), "without \(name)")
    }
    var file = good
    file.tensors["head.bias"] = .single(Matrix(row: [1, .nan, 2]))
    #expect(message(file).contains("not a number"))
    file = good
    file.tensors["vocabulary"] = .init(type: .unsignedByte, shape: [3], bytes: Array("a\na".utf8))
    #expect(message(file).contains("vocabulary"))
    let description = try #require(good.metadata["description"])
    for (old, new) in [
      ("\"joy\"", "\"anger\""), ("\"joy\"", "\"\\u001b[2Jjoy\""),
      ("\"textWidth\":8", "\"textWidth\":99999999999"),
      ("\"textWidth\":8", "\"textWidth\":16"), ("\"heads\":4", "\"heads\":0"),
      ("\"distance\":1", "\"distance\":-1"), ("{", "["),
    ] {
      file = good
      file.metadata["description"] = description.replacingOccurrences(of: old, with: new)
      #expect(file.metadata["description"] != description)
      #expect(message(file).contains("does not fit"), "\(old) to \(new)")
    }
  }
}
