import Testing

@testable import Screen

@Suite("Fitting text into columns")
struct TextTests {
  @Test func `a text that is too long ends in an ellipsis`() {
    #expect("Pleased?".truncated(to: 8) == "Pleased?")
    #expect("Pleased?".truncated(to: 7) == "Please…")
    #expect("Pleased?".truncated(to: 1) == "…")
    #expect("Pleased?".truncated(to: 0) == "")
    #expect("Pleased?".truncated(to: -3) == "")
  }

  @Test func `a wide glyph is never cut in two`() {
    #expect("日本語".truncated(to: 6) == "日本語")
    #expect("日本語".truncated(to: 5) == "日本…")
    #expect("日本語".truncated(to: 4) == "日…")
    #expect("日本語".truncated(to: 3) == "日…")
    #expect("日本語".truncated(to: 2) == "…")
  }

  @Test func `padding fills up to the column`() {
    #expect("日".padded(to: 5) == "日   ")
    #expect("ab".padded(to: 5, aligned: .right) == "   ab")
    #expect("ab".padded(to: 5, aligned: .center) == " ab  ")
    #expect("abcdef".padded(to: 3) == "ab…")
    #expect("日本".padded(to: 3) == "日…")
  }

  @Test func `lines are broken at blanks`() {
    #expect(
      "I had labelled every one of them.".wrapped(to: 12)
        == ["I had", "labelled", "every one of", "them."])
    #expect("a b".wrapped(to: 1) == ["a", "b"])
    #expect("".wrapped(to: 5) == [""])
    #expect("one\n\n  two".wrapped(to: 9) == ["one", "", "  two"])
    #expect("one\r\ntwo".wrapped(to: 9) == ["one", "two"])
  }

  @Test func `a word longer than a line is broken anywhere`() {
    #expect("abcdefgh ij".wrapped(to: 3) == ["abc", "def", "gh", "ij"])
  }

  @Test func `Chinese is broken between any two characters`() {
    #expect("你好世界".wrapped(to: 5) == ["你好", "世界"])
    #expect("你好 ok".wrapped(to: 5) == ["你好", "ok"])
    #expect("你好".wrapped(to: 1) == ["…", "…"])
  }

  @Test func `a letter and its vowel sign stay together`() {
    #expect("aनि".truncated(to: 2) == "a…")
    #expect("aनि".wrapped(to: 2) == ["a", "नि"])
    #expect("aनि".wrapped(to: 3) == ["aनि"])
  }

  @Test func `no line is ever wider than asked, and nothing but blanks is lost`() {
    var random = Seeded(7)
    let pieces = ["a", "bc ", " ", "日", "👨‍👩‍👧", "e\u{301}", "\u{1B}", "\n", "\u{202E}", "नि"]
    for _ in 0..<400 {
      let text = (0..<30).map { _ in pieces[random.below(pieces.count)] }.joined()
      for limit in 2...14 {
        let lines = text.wrapped(to: limit)
        #expect(lines.allSatisfy { $0.columns <= limit }, "\(lines)")
        let before = text.filter { !$0.isNewline }.visible.filter { $0 != " " }
        #expect(lines.joined().filter { $0 != " " } == before)
      }
    }
  }
}
