import Testing

@testable import EmotionModel

struct TokenizerTests {
  private func words(_ text: String) -> [String] { Tokenizer.tokens(of: text).map(\.word) }

  @Test func `words are in lower case and keep their apostrophes`() {
    #expect(words("I DON'T know, 'Mara'.") == ["i", "don't", "know", "mara"])
    #expect(words("don\u{2019}t don\u{92}t") == ["don't", "don't"])
  }

  @Test func `runs of marks that carry feeling are tokens`() {
    #expect(
      words("What?! No!!!!! Well... so.") == ["what", "?!", "no", "!!!", "well", "...", "so"])
    #expect(words("Hm\u{2026} hm\u{85}") == ["hm", "...", "hm", "..."])
  }

  @Test func `a shouted word is told apart from the same word spoken`() {
    let tokens = Tokenizer.tokens(of: "I said NO no")
    #expect(tokens.map(\.isShouted) == [false, false, true, false])
    #expect(
      Set(Tokenizer.buckets(of: tokens[2], count: 1 << 20))
        .isStrictSuperset(of: Tokenizer.buckets(of: tokens[3], count: 1 << 20)))
  }

  @Test func `ideographs and emoji are words of their own`() {
    #expect(words("我很高兴😀") == ["我", "很", "高", "兴", "😀"])
  }

  @Test func `n-grams are those of three to five characters between the word's ends`() {
    // <ab>: 3-grams <ab, ab>; 4-gram <ab>.
    let token = Tokenizer.Token(word: "ab", isShouted: false)
    #expect(Tokenizer.buckets(of: token, count: 1 << 30).count == 3)
  }

  @Test func `control characters and escape sequences are not words`() {
    #expect(words("\u{1b}[31mred\u{0}\u{7}").contains("red") == false)
    #expect(words("\u{0}\u{7}\u{200B} ,;") == [])
  }

  @Test func `a megabyte of text is cut to its beginning and end`() {
    let text = "first " + String(repeating: "word ", count: 200_000) + "last"
    let found = words(text)
    #expect(found.count == Tokenizer.limit)
    #expect(found.first == "first" && found.last == "last")
    #expect(words(String(repeating: "a", count: 100_000)).allSatisfy { $0.count <= 64 })
  }
}
