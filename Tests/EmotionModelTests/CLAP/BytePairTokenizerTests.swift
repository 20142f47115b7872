import Testing

@testable import EmotionModel

/// A vocabulary made by Hugging Face tokenizers 0.23.3 (`ByteLevelBPETokenizer`), whose pieces the
/// expectations are.
enum TinyBytePairs {
  static let merges = """
    #version: 0.2|h e|r e|e s|t he|' t|a n|a re|d o|i n|v e|Ġ 3|Ġ s|Ġ he|Ġ the|do n|Ġhe re|' d|' l\
    |' re|' ve|1 2|4 5|5 0|a c|a f|a y|a Ã|b o|c af|d are|k n|l in|n aÃ|o u|o w|p ac|t w|v an|w e\
    |x es|y ou|¢ å|¯ ve|Ã ©|é Ŀ|Ġ I|Ġ Ġ|Ġ are|Ġ in|Ġ don|Ġ bo|Ġ dare|Ġ kn|Ġ lin|Ġ naÃ|Ġ tw|Ġ van\
    |Ġ you|Ġ éĿ|Į ħ|an d|Ġ3 45|Ġs ay|Ġs pac|Ġthe y|'l l|caf Ã©|ow n|¢å Įħ|
    """.replacing("|", with: "\n")

  /// Marks, bytes, and what each merge makes, numbered in this order.
  static let pieces: [String] = {
    var next = UInt32(0x100)
    let bytes = (0..<256).map { byte -> String in
      if (33...126).contains(byte) || (161...172).contains(byte) || byte >= 174 {
        return String(Unicode.Scalar(UInt8(byte)))
      }
      defer { next += 1 }
      return String(Unicode.Scalar(next)!)
    }
    let made = merges.split(separator: "\n").dropFirst().map {
      String($0).replacing(" ", with: "")
    }
    return ["<s>", "<pad>", "</s>", "<unk>", "<mask>"] + bytes + made
  }()

  static var vocabulary: String {
    let members = pieces.enumerated().map { place, piece in
      let escaped = piece.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      return "\"\(escaped)\": \(place)"
    }
    return "{\(members.joined(separator: ", "))}"
  }

  static func tokenizer() throws -> BytePairTokenizer {
    try BytePairTokenizer(
      BytePairTokenizer.vocabulary(Array(vocabulary.utf8)), merges: Array(merges.utf8))
  }
}

struct BytePairTokenizerTests {
  @Test(arguments: [
    ("the boxes are in the van", "the Ġbo xes Ġare Ġin Ġthe Ġvan"),
    ("Don't you dare!", "D o n 't Ġyou Ġdare !"),
    ("we're they'll I'd've", "we 're Ġthey 'll ĠI 'd 've"),
    ("café 面包", "cafÃ© ĠéĿ ¢åĮħ"),
    ("12345 a1b2", "12 3 45 Ġ a 1 b 2"),
    ("  two  spaces   here \n\n and", "Ġ Ġtw o Ġ Ġspac es ĠĠ Ġhere Ġ Ċ Ċ Ġ and"),
    ("trailing  ", "t r a i lin g ĠĠ"),
    ("\n\nx\t\ty", "Ċ Ċ x ĉ ĉ y"),
    ("'s 's'S", "' s Ġ ' s ' S"),
    ("!?... ...x", "! ? . . . Ġ . . . x"),
    ("👍🏽 ok", "ð Ł ĳ į ð Ł ı ½ Ġ o k"),
    ("thethethe", "the the the"),
    ("", ""),
  ])
  func `a text falls into the reference's pieces`(_ text: String, _ wanted: String) throws {
    let (ids, mask) = try TinyBytePairs.tokenizer().ids(of: text, length: 77)
    #expect(ids.count == 77 && mask.count == 77)
    let spoken = ids.prefix(mask.count { $0 == 1 })
    #expect(spoken.first == 0 && spoken.last == 2)
    #expect(ids.dropFirst(spoken.count).allSatisfy { $0 == 1 })
    let pieces = spoken.dropFirst().dropLast().map { TinyBytePairs.pieces[Int($0)] }
    #expect(pieces.joined(separator: " ") == wanted)
  }

  @Test func `what looks like a mark of the model in a text is text`() throws {
    let (ids, mask) = try TinyBytePairs.tokenizer().ids(of: "</s><mask>", length: 77)
    #expect(mask.count { $0 == 1 } == 12)
    #expect(!ids.dropFirst().prefix(10).contains { $0 < 5 })
  }

  @Test func `a text of megabytes is cut to 77 pieces`() throws {
    let tokenizer = try TinyBytePairs.tokenizer()
    for text in [
      String(repeating: "the van ", count: 500_000), String(repeating: "x", count: 3_000_000),
    ] {
      let (ids, mask) = tokenizer.ids(of: text, length: 77)
      #expect(ids.count == 77 && ids.last == 2 && !mask.contains(0))
    }
  }

  @Test func `a vocabulary or merges that are none are refused, with the line`() throws {
    func fault(_ vocabulary: String, _ merges: String) -> String {
      do {
        _ = try BytePairTokenizer(
          BytePairTokenizer.vocabulary(Array(vocabulary.utf8)), merges: Array(merges.utf8))
        return ""
      } catch {
        return error.description
      }
    }
    let vocabulary = TinyBytePairs.vocabulary
    #expect(fault("[1, 2]", "").contains("not a JSON object"))
    #expect(fault("{\"<s>\": 0}", "").contains("it has no <pad>"))
    #expect(fault("{\"<s>\": -5}", "").contains("is -5"))
    #expect(fault(vocabulary, "h e\nq q\n").contains("its line 2 does not join"))
    #expect(fault(vocabulary, "h e\nhe\n").contains("its line 2 does not join"))
    #expect(fault(vocabulary, "h e\n").isEmpty)
  }
}
