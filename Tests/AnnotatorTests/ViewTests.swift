import Annotator
import Dialogues
import Screen
import TestSupport
import Testing

/// The sizes screens are recorded at: what most have, the smallest of old, and far below.
private let sizes = [
  Size(columns: 120, rows: 40), Size(columns: 80, rows: 24), Size(columns: 40, rows: 12),
  Size(columns: 20, rows: 5), Size(columns: 1, rows: 1),
]

/// A dialogue as annotators meet it: two languages, emoji, a long turn, an empty one, work done.
private func sitting(
  size: Size, annotationProtocol: AnnotationProtocol = .assisted, glyphs: Glyphs = .unicode
) -> Sitting {
  var sitting = Sitting(turns: 12, annotationProtocol: annotationProtocol, size: size)
  sitting.state.glyphs = glyphs
  var dialogue = Sitting.dialogue(turns: 12)
  dialogue.dialogue.title = "The moved boxes"
  dialogue.dialogue.turns[5].text = "我把箱子搬到面包车上了。 I moved them 🚚, 真的。"
  dialogue.dialogue.turns[5].speaker = "爸爸"
  dialogue.dialogue.turns[6].text =
    "Then why did nobody say a word to me when I stood in the hall for a quarter of an hour, with "
    + "the list in my hand, reading out every single box?"
  dialogue.dialogue.turns[7].text = ""
  sitting.happen(
    .dialogueLoaded(
      OpenDialogue(place: 0, dialogue: dialogue.dialogue, states: dialogue.states),
      generation: 0))
  let labels = ["neutral", "joy", "anger", "neutral", "surprise", "sadness"]
  sitting.suggest(
    labels + labels, refined: [nil, nil, nil, nil, "anger"], triggers: [nil, nil, nil, nil, 3])
  sitting.press("1", "3", "4", "s", "f")
  sitting.saveAll()
  sitting.happen(
    .soundReady(
      Transport.Sound(turn: 4, duration: 1.9, peaks: (0..<200).map { Float($0 % 40) / 40 }),
      dialogue: 0))
  sitting.happen(.soundStarted(turn: 4, dialogue: 0))
  sitting.happen(.soundPosition(turn: 4, dialogue: 0, seconds: 0.8))
  return sitting
}

@Suite struct ScreenGoldens {
  @Test(arguments: sizes) func `the annotator at work`(size: Size) {
    expectGolden(view(sitting(size: size).state), named: "work-\(size.columns)x\(size.rows)")
  }

  @Test(arguments: sizes) func `all keys`(size: Size) {
    var sitting = sitting(size: size)
    sitting.press("?")
    expectGolden(view(sitting.state), named: "help-\(size.columns)x\(size.rows)")
  }

  @Test(arguments: sizes) func `the list of dialogues`(size: Size) {
    var sitting = sitting(size: size)
    sitting.press("o")
    sitting.happen(
      .listed(
        rows: DialogueListTests.rows(0..<30), isAtStart: true, isAtEnd: true, request: 1))
    expectGolden(view(sitting.state), named: "dialogues-\(size.columns)x\(size.rows)")
  }

  @Test(arguments: sizes) func `a note being typed`(size: Size) {
    var sitting = sitting(size: size)
    sitting.press("m")
    sitting.type("讽刺? or tired 😒")
    expectGolden(view(sitting.state), named: "note-\(size.columns)x\(size.rows)")
  }

  @Test func `ASCII alone`() {
    let state = sitting(size: Size(columns: 80, rows: 24), glyphs: .ascii).state
    expectGolden(view(state), named: "ascii-80x24")
  }

  @Test func `labelled blind`() {
    let state = sitting(size: Size(columns: 80, rows: 24), annotationProtocol: .blind).state
    expectGolden(view(state), named: "blind-80x24")
  }
}

@Suite struct ViewTests {
  @Test func `every size can be drawn, and what changed is all that is drawn again`() {
    var terminal = VirtualTerminal(Size(columns: 1, rows: 1))
    for columns in [1, 2, 3, 7, 19, 20, 21, 33, 45, 59, 60, 61, 79, 80, 99, 100, 101, 141, 200] {
      for rows in [1, 2, 4, 5, 6, 8, 11, 12, 15, 16, 17, 18, 24, 40, 60] {
        var sitting = sitting(size: Size(columns: columns, rows: rows))
        var before = view(sitting.state)
        terminal = VirtualTerminal(before.size)
        terminal.draw(before.everything, of: before)
        for key in ["?", "PageDown", "Escape", "o", "Escape", ":", "x", "Escape", "Down", "m"] {
          sitting.press(key)
          let after = view(sitting.state)
          terminal.draw(after.diff(from: before), of: after)
          #expect(terminal.differences(from: after).isEmpty, "\(columns)x\(rows) after \(key)")
          before = after
        }
      }
    }
  }

  @Test(arguments: sizes.dropLast()) func `the current turn is always in sight`(size: Size) {
    var sitting = sitting(size: size)
    sitting.press("Home")
    for turn in 0..<12 {
      let frame = view(sitting.state)
      let isMarked = (0..<size.rows).contains { row in
        frame.row(row).contains { $0.backdrop == "turn.current" }
      }
      #expect(isMarked, "turn \(turn + 1)")
      sitting.press("Down")
    }
  }

  @Test func `saved is not said while anything is not on the disk`() {
    var sitting = sitting(size: Size(columns: 120, rows: 40))
    #expect(view(sitting.state).text.contains("saved 14:02"))
    sitting.press("3")
    #expect(!view(sitting.state).text.contains("saved 14:02"))
    for pending in sitting.state.saving.pending {
      sitting.happen(.saveFailed(number: pending.number, reason: "The disk is full."))
    }
    let text = view(sitting.state).text
    #expect(text.contains("NOT SAVED"))
    #expect(text.contains("The disk is full."))
  }

  @Test func `escape sequences in a transcript are shown, never sent`() {
    var sitting = Sitting()
    var dialogue = Sitting.dialogue()
    dialogue.dialogue.turns[0].text = "\u{1B}[2J\u{1B}]0;owned\u{7}\u{202E}txet"
    dialogue.dialogue.turns[0].speaker = "\u{1B}[31mMara"
    sitting.happen(
      .dialogueLoaded(
        OpenDialogue(place: 0, dialogue: dialogue.dialogue, states: dialogue.states),
        generation: 0))
    for scalar in view(sitting.state).text.unicodeScalars {
      #expect(scalar == "\n" || scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value))
      #expect(scalar != "\u{202E}")
    }
  }
}
