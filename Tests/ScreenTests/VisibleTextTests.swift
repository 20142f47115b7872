import Testing

@testable import Screen

@Suite("Text from strangers")
struct VisibleTextTests {
  @Test func `an escape sequence is shown and not sent`() {
    #expect("\u{1B}[31mred".visible == "␛[31mred")
    #expect("a\u{9B}2J".visible == "a\\u{9B}2J")
    #expect("\u{1B}]0;title\u{7}".visible == "␛]0;title␇")
  }

  @Test func `line breaks, tabs and nulls are shown`() {
    #expect("a\nb\r\nc\td\0e\u{7F}".visible == "a␊b␍␊c␉d␀e␡")
    #expect("\u{2028}\u{2029}\u{85}".visible == "\\u{2028}\\u{2029}\\u{85}")
  }

  @Test func `text that would run backwards is shown as it is stored`() {
    #expect("user\u{202E}gnp.exe".visible == "user\\u{202E}gnp.exe")
    #expect("\u{2066}x\u{2069}".visible == "\\u{2066}x\\u{2069}")
  }

  @Test func `invisible characters are dropped`() {
    #expect("a\u{200B}b\u{FEFF}c\u{AD}d\u{2060}e\u{200E}f".visible == "abcdef")
  }

  @Test func `a mark without a letter stands on a circle`() {
    #expect("\u{301}".visible == "\u{25CC}\u{301}")
    #expect("\u{301}".columns == 1)
  }

  @Test func `ordinary text is left alone`() {
    for text in ["Oh, that's just perfect.", "Café", "你好", "👨‍👩‍👧", "🇩🇪", "नमस्ते", "שלום"] {
      #expect(text.visible == text)
    }
  }

  @Test func `a letter under a thousand marks is cut to what a cell can hold`() {
    let tower = "e" + String(repeating: "\u{301}", count: 1000)
    #expect(tower.visible.unicodeScalars.count == 16)
    #expect(tower.columns == 1)
  }

  @Test func `whatever is drawn holds no scalar that a terminal acts on`() {
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      // Alone, and behind a letter.
      guard value < 0x3000 || value > 0xE0000 && value < 0xE1000 || value % 97 == 0 else {
        continue
      }
      for text in [String(Character(scalar)), "a\(Character(scalar))"] {
        for drawn in text.visible.unicodeScalars {
          let category = drawn.properties.generalCategory
          let isJoiner = drawn.value == 0x200C || drawn.value == 0x200D
          let isTag = (0xE0020...0xE007F).contains(drawn.value)
          let isHarmful =
            category == .control || category == .lineSeparator
            || category == .paragraphSeparator || category == .format && !isJoiner && !isTag
          if isHarmful { Issue.record("U+\(String(value, radix: 16)) is drawn as it is") }
        }
      }
    }
  }
}
