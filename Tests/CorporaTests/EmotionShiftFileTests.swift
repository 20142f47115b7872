import Corpora
import Foundation
import TestSupport
import Testing

private let emotions = ["neutral", "joy", "anger"]

private func read(_ text: String) throws -> EmotionShiftFile {
  let path = "/tmp/undertone-excerpts-\(UUID().uuidString).json"
  defer { unlink(path) }
  try text.write(toFile: path, atomically: true, encoding: .utf8)
  return try EmotionShiftFile(contentsOf: path, emotions: emotions)
}

private let good = """
  {"episode": "one", "speakers": ["Mara", "Theo"], "emotions": ["Joy", "anger"],
   "utterances": ["A \\"NaN\\", [she] said,", "No."], "triggers": [1.0, 0]}
  """

struct EmotionShiftFileTests {
  @Test func `excerpts are read under both names of their answers`() throws {
    let file = try read("[\(good), \(good.replacing("triggers", with: "labels"))]")
    #expect(file.excerpts.count == 2 && file.warnings == [])
    #expect(file.excerpts[0] == file.excerpts[1])
    #expect(file.excerpts[0].triggers == [true, false])
    #expect(file.excerpts[0].texts[0] == "A \"NaN\", [she] said,")
    #expect(file.excerpts[0].emotions == ["joy", "anger"])
  }

  @Test(arguments: ["NaN", "null"])
  func `an answer that is missing is left out and said`(_ word: String) throws {
    let file = try read("[\(good.replacing("[1.0,", with: "[\(word),"))]")
    #expect(file.excerpts[0].triggers == [nil, false])
    #expect(file.warnings.count == 1 && file.warnings[0].contains("one"))
  }

  @Test(arguments: [
    ("[1.0, 0]", "[1.0]", "one length"), ("[1.0, 0]", "[1.0, 2]", "neither 0 nor 1"),
    ("[1.0, 0]", "[1.0, \"0\"]", "neither 0 nor 1"), ("[1.0, 0]", "7", "not a list"),
    ("anger", "ire", "ire"), ("\"Theo\"", "4", "speakers"), ("triggers", "causes", "triggers"),
    ("\"No.\"]", "\"No.\"", "JSON"), ("[1.0, 0]", "[-NaN, 0]", "JSON"),
  ])
  func `a broken entry is named with its number`(
    _ part: String, _ broken: String, _ reason: String
  ) throws {
    let error = #expect(throws: CorpusError.self) {
      try read("[\(good), \(good.replacing(part, with: broken))]")
    }
    let text = error?.description ?? ""
    #expect(text.contains("entry 2") && text.contains(reason), "\(text)")
  }

  @Test(arguments: ["", "{}", "[]", "[", "]", "[1]", "[[]]", "nonsense", "[{\"a\":", "[,]"])
  func `what is no list of excerpts is refused`(_ text: String) {
    #expect(throws: CorpusError.self) { try read(text) }
  }
}
