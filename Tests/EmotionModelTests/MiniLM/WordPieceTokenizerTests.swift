import Foundation
import Testing

@testable import EmotionModel

/// Expected pieces are those of Hugging Face tokenizers 0.23.3, `BertWordPieceTokenizer` with
/// `lowercase`, over this vocabulary.
private let vocabulary = """
  [PAD] [UNK] [CLS] [SEP] [MASK] you moved the box ##es ##s ! ? . , ' don t ca ##fe a ##a ##b 面 包 \
  i ##stanbul ##m 3 ##50 £ [ sep ] strasse stra ##ße ß σ ##ι ##σ é e ##cho ##o - … ガ カ ᄒ ##ᅡ ##ᆫ \
  in van
  """.split(separator: " ").map(String.init)

private func pieces(_ text: String, limit: Int = 256) throws -> String {
  let file = Array((vocabulary.joined(separator: "\n") + "\n").utf8)
  let tokenizer = try WordPieceTokenizer(vocabulary: file)
  let ids = tokenizer.ids(of: text, limit: limit)
  #expect(vocabulary[Int(ids.first ?? 0)] == "[CLS]" && vocabulary[Int(ids.last ?? 0)] == "[SEP]")
  return ids.dropFirst().dropLast().map { vocabulary[Int($0)] }.joined(separator: " ")
}

struct WordPieceTokenizerTests {
  @Test(arguments: [
    ("You moved the boxes!", "you moved the box ##es !"),
    ("you MOVED, the box?!", "you moved , the box ? !"),
    ("don't", "don ' t"),
    ("zzz in qqq van", "[UNK] in [UNK] van"),
    ("box…in-van", "box … in - van"),
    ("£350 £3,50", "[UNK] [UNK] , [UNK]"),
    ("", ""),
  ])
  func `words fall into the longest pieces there are, marks stand alone`(
    _ text: String, _ wanted: String
  ) throws {
    #expect(try pieces(text) == wanted)
  }

  @Test(arguments: [
    ("Cafe\u{301} CAFÉ café", "ca ##fe ca ##fe ca ##fe"),
    ("İstanbul'im", "i ##stanbul ' i ##m"),
    ("Straße", "stra ##ße"),
    ("ΣΙΣ σις", "σ ##ι ##σ [UNK]"),
    ("e\u{301}cho echoo", "e ##cho e ##cho ##o"),
    ("ガ カ", "カ カ"),
    ("한", "ᄒ ##ᅡ ##ᆫ"),
    ("面包ab", "面 包 a ##b"),
  ])
  func `accents and case go, ideographs stand alone`(_ text: String, _ wanted: String) throws {
    #expect(try pieces(text) == wanted)
  }

  @Test(arguments: [
    ("a\u{AD}b a\u{200B}b a\0b", "a ##b a ##b a ##b"),
    ("a\tb\r\nb\u{3000}a\u{A0}a", "a [UNK] [UNK] a a"),
    ("\u{1B}[3m", "[ 3 ##m"),
    ("[box]", "[ box ]"),
    // The reference takes this for its own mark; a text of a corpus must not be able to say that.
    ("in [SEP] van", "in [ sep ] van"),
  ])
  func `control characters and marks of the model in a text do nothing`(
    _ text: String, _ wanted: String
  ) throws {
    #expect(try pieces(text) == wanted)
  }

  @Test func `a word of more than a hundred characters is unknown`() throws {
    let hundred = String(repeating: "a", count: 100)
    #expect(try pieces(hundred).split(separator: " ").count == 100)
    #expect(try pieces(hundred + "a") == "[UNK]")
    #expect(try pieces("in \(String(repeating: "é", count: 3_000_000)) van") == "in [UNK] van")
  }

  @Test func `a long text is cut to the limit, its end mark included`() throws {
    let text = String(repeating: "the boxes ", count: 1_000_000)
    #expect(try pieces(text, limit: 6) == "the box ##es the")
    #expect(try pieces("the boxes", limit: 4) == "the box")
  }

  @Test(arguments: [
    ("[UNK]\n[CLS]\n[SEP]\na\na\n", "line 5 is a repetition"),
    ("[UNK]\n\n[CLS]\n[SEP]\n", "line 2 is empty"),
    ("[UNK]\n[CLS]\n", "no line [SEP]"),
    ("", "no line [UNK]"),
  ])
  func `a vocabulary that is none is refused with its line`(
    _ text: String, _ wanted: String
  ) throws {
    let error = #expect(throws: WordPieceTokenizer.Malformed.self) {
      try WordPieceTokenizer(vocabulary: Array(text.utf8))
    }
    #expect(error?.description.contains(wanted) == true)
    #expect(throws: WordPieceTokenizer.Malformed.self) {
      try WordPieceTokenizer(vocabulary: [0x61, 0xFF, 0x0A])
    }
  }

  @Test func `accents are stripped from every character as Foundation decomposes it`() {
    var wrong: [String] = []
    for value in UInt32(0)...0x3FFFF {
      guard let scalar = Unicode.Scalar(value),
        scalar.properties.generalCategory != .nonspacingMark,
        // The table knows the characters of Unicode 14; the pieces of later ones are unknown anyway.
        (scalar.properties.age?.major ?? 99) <= 14
      else { continue }
      let wanted = String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars.filter {
        $0.properties.generalCategory != .nonspacingMark
      }
      if AccentTable.stripped(scalar) ?? [scalar] != Array(wanted) {
        wrong.append(String(value, radix: 16))
      }
    }
    #expect(wrong.isEmpty)
  }
}
