import Annotator
import Dialogues
import Glibc
import Screen
import TestSupport
import Testing

/// The word that is being heard, marked in the text.
@Suite struct HeardWordTests {
  /// An annotator who hears the first turn, which has that text and those words.
  private func hearing(
    _ text: String, _ words: [(String, Double, Double)], at seconds: Double,
    size: Size = Size(columns: 100, rows: 30), glyphs: Glyphs = .unicode
  ) -> Sitting {
    var sitting = Sitting(size: size)
    sitting.state.glyphs = glyphs
    var dialogue = Sitting.dialogue()
    dialogue.dialogue.turns[0].text = text
    dialogue.dialogue.turns[0].words = words.map {
      WordTime(word: $0.0, span: TimeSpan(start: $0.1, end: $0.2))
    }
    sitting.happen(
      .dialogueLoaded(
        OpenDialogue(place: 0, dialogue: dialogue.dialogue, states: dialogue.states),
        generation: 0))
    sitting.happen(
      .soundReady(
        Transport.Sound(turn: 0, duration: 4, peaks: [Float](repeating: 0.5, count: 200)),
        dialogue: 0))
    sitting.happen(.soundStarted(turn: 0, dialogue: 0))
    sitting.happen(.soundPosition(turn: 0, dialogue: 0, seconds: seconds))
    return sitting
  }

  /// The marked text, from the top of the screen to its bottom.
  private func marked(_ sitting: Sitting) -> String {
    let frame = view(sitting.state)
    var text = ""
    for row in 0..<frame.size.rows {
      for cell in frame.row(row) where cell.scope == "turn.word" && !cell.isContinuation {
        text += cell.glyph.text
      }
    }
    return text
  }

  private static let boxes: [(String, Double, Double)] = [
    ("YOU", 0.2, 0.4), ("DONT", 0.4, 0.9), ("SAY", 0.9, 1.2), ("THIS", 1.5, 1.8), ("IS", 1.8, 2.5),
  ]

  @Test func `the mark moves with the sound, by the alignment's spelling and times`() {
    for (seconds, word) in [
      (0.1, ""), (0.2, "You"), (0.39, "You"), (0.5, "don’t"), (1.0, "say"), (1.6, "this"),
      (1.9, "is"), (2.6, "is"), (3.5, ""),
    ] {
      let sitting = hearing("“You don’t say – this, is it?”", Self.boxes, at: seconds)
      #expect(marked(sitting) == word, "at \(seconds) s")
    }
  }

  @Test func `a pause keeps the mark, the end of the sound takes it away`() {
    var sitting = hearing("You don't say.", Self.boxes, at: 0.5)
    sitting.press("Space")
    #expect(marked(sitting) == "don't")
    sitting.press("x")
    #expect(marked(sitting) == "")
  }

  @Test func `words the alignment lacks or invents are passed over`() {
    let words = [("UH", 0.0, 0.2), ("PUT", 0.2, 0.5), ("BACK", 0.5, 0.9)]
    #expect(marked(hearing("I can put them back.", words, at: 0.1)) == "")
    #expect(marked(hearing("I can put them back.", words, at: 0.3)) == "put")
    #expect(marked(hearing("I can put them back.", words, at: 0.6)) == "back")
  }

  @Test func `part of a word is never taken for a word`() {
    #expect(marked(hearing("Another other.", [("OTHER", 0, 1)], at: 0.5)) == "other")
    #expect(marked(hearing("Andy and I.", [("AND", 0, 1)], at: 0.5)) == "and")
  }

  @Test func `in Chinese the words are marked though nothing parts them`() {
    let words = [("我", 0.0, 0.3), ("把", 0.3, 0.5), ("箱子", 0.5, 1.0), ("搬到", 1.0, 1.4)]
    #expect(marked(hearing("我把箱子搬到面包车上了。", words, at: 0.6)) == "箱子")
    #expect(marked(hearing("我把箱子搬到面包车上了。", words, at: 1.2)) == "搬到")
  }

  @Test func `a word that is broken over two lines is marked in both`() {
    let long = "Donaudampfschifffahrtsgesellschaftskapitänswitwe"
    let sitting = hearing(
      "Die \(long)!", [("DIE", 0, 1), (long, 1, 2)], at: 1.5, size: Size(columns: 40, rows: 12))
    #expect(marked(sitting) == long)
  }

  @Test func `escape sequences in the text do not shift the mark`() {
    let sitting = hearing("\u{1B}[2J you \u{202E}say", [("YOU", 0, 1), ("SAY", 1, 2)], at: 0.5)
    #expect(marked(sitting) == "you")
  }

  @Test(arguments: ["dark", "light", "high-contrast", "colour-blind", "monochrome", "dusk"])
  func `the mark is seen in every theme and without colours`(name: String) throws {
    let theme = try Theme.parse(
      #require(themeFile(name)), name: name, file: name, inheriting: themeFile
    ).theme
    let frame = view(hearing("You don't say.", Self.boxes, at: 0.5).state)
    let cells = (0..<frame.size.rows).flatMap { frame.row($0) }
    let word = try #require(cells.first { $0.scope == "turn.word" })
    let rest = try #require(cells.first { $0.scope == "turn.current" })
    for depth in ColorDepth.allCases {
      #expect(theme.render(word, at: depth) != theme.render(rest, at: depth), "\(depth)")
    }
    #expect(theme.render(word, at: .none).attributes.contains(.underline))
    #expect(!theme.render(rest, at: .none).attributes.contains(.underline))
  }

  @Test(arguments: [Size(columns: 80, rows: 24), Size(columns: 40, rows: 12)])
  func `a word being heard`(size: Size) {
    let sitting = hearing(
      "You don’t say: 我把箱子 moved them into the van, all of them.",
      [("YOU", 0, 0.2), ("DONT", 0.2, 0.4), ("SAY", 0.4, 0.6), ("箱子", 0.9, 1.2)], at: 1.0,
      size: size)
    expectGolden(view(sitting.state), named: "word-\(size.columns)x\(size.rows)")
  }
}

private func themeFile(_ name: String) -> String? {
  let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
  guard let file = fopen("/\(root)/themes/\(name).toml", "r") else { return nil }
  defer { fclose(file) }
  var bytes = [UInt8](repeating: 0, count: 1 << 16)
  let count = fread(&bytes, 1, bytes.count, file)
  return String(decoding: bytes[..<count], as: UTF8.self)
}
