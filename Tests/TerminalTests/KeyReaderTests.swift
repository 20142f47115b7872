import CTerminal
import Screen
import Testing

@testable import Terminal

@Suite("Keys from a terminal")
struct KeyReaderTests {
  /// The keys that a terminal's bytes give, if curses recognises none of their sequences.
  private func keys(_ inputs: [KeyReader.Input]) -> [Key] {
    var rest = inputs[...]
    var reader = KeyReader { _ in rest.popFirst() ?? .nothing }
    return reader.readKeys()
  }

  private func keys(_ text: String) -> [Key] {
    keys(text.unicodeScalars.map { .scalar($0.value) })
  }

  @Test func `what is typed is what is read`() {
    #expect(keys("aÄ日 ") == ["a", "Ä", "日", " "].map { .character($0) })
    #expect(keys("\r\n\t\u{7F}\u{8}") == [.enter, .enter, .tab, .backspace, .backspace])
    #expect(keys("\u{12}\u{0}\u{1F}") == [.control("r"), .control("@"), .control("_")])
  }

  @Test func `Escape alone is Escape, with a key it is Alt`() {
    #expect(keys("\u{1B}") == [.escape])
    #expect(keys("\u{1B}x") == [.alt(.character("x"))])
    #expect(keys("\u{1B}\u{1B}") == [.escape, .escape])
    #expect(keys("\u{1B}\u{12}") == [.alt(.control("r"))])
    #expect(keys("\u{1B}[") == [.alt(.character("["))])
    #expect(keys([.scalar(0x1B), .key(Int(CT_UP))]) == [.alt(.up)])
    #expect(keys([.key(Int(CT_UP) | Int(CT_ALT))]) == [.alt(.up)])
  }

  @Test func `sequences that terminfo does not list are keys too`() {
    #expect(keys("\u{1B}[A\u{1B}OB\u{1B}[5~\u{1B}[Z") == [.up, .down, .pageUp, .backTab])
    #expect(keys("\u{1B}[1;3C\u{1B}[15~\u{1B}OP") == [.alt(.right), .function(5), .function(1)])
    #expect(keys("\u{9B}H\u{1B}OM") == [.home, .enter])
  }

  @Test func `a sequence that means nothing here labels no turn`() {
    #expect(keys("\u{1B}[1;5Cx") == [.character("x")])
    #expect(keys("\u{1B}[<0;33;12Mx\u{1B}[I") == [.character("x")])
    #expect(keys("\u{1B}[99~\u{1B}[97;5u") == [])
    #expect(keys("\u{1B}]11;rgb:0000/0000/0000\u{7}x") == [.character("x")])
    #expect(keys("\u{1B}P1+r544e\u{1B}\\x") == [.character("x")])
    #expect(keys("\u{1B}[1;") == [])
    #expect(keys("\u{1B}[" + String(repeating: "1", count: 10_000)).count < 10_000)
  }

  @Test func `pasted text is one event and no key press`() {
    let text = "12\r3\u{1B}\u{7}é\t".unicodeScalars.map { KeyReader.Input.scalar($0.value) }
    #expect(
      keys([.key(Int(CT_PASTE_START))] + text + [.key(Int(CT_PASTE_END)), .scalar(0x75)])
        == [.paste("12\n3é\t"), .character("u")])
    #expect(keys("\u{1B}[200~abc") == [.paste("abc")])
  }

  @Test func `a paste without an end is cut, not kept growing`() {
    let flood = [KeyReader.Input](repeating: .scalar(0x61), count: 100_000)
    let found = keys([.key(Int(CT_PASTE_START))] + flood)
    guard case .paste(let text) = found.first else {
      Issue.record("not a paste: \(found.count) keys")
      return
    }
    #expect(text.utf8.count == 65_536)
  }

  @Test func `numbers that are no characters are dropped`() {
    #expect(keys([.scalar(0xD800), .scalar(0x11_0000), .scalar(0x85), .key(Int(CT_OTHER))]) == [])
  }
}
