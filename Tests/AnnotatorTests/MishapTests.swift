import Annotator
import Dialogues
import Screen
import Testing

@Suite struct MishapTests {
  private func lines(_ state: State) -> [Substring] {
    view(state).text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  private func lastLine(_ state: State) -> Substring { lines(state).last ?? "" }

  @Test func `quitting waits until the disk has answered for the last label`() {
    var sitting = Sitting()
    sitting.press("3")
    #expect(sitting.press("q") == [])
    sitting.effects = []
    sitting.saveAll()
    #expect(sitting.effects == [.quit])
  }

  @Test func `quitting asks when the disk refuses the last label`() {
    var sitting = Sitting()
    sitting.press("3", "q")
    sitting.happen(.saveFailed(number: 0, reason: "The disk is full."))
    #expect(sitting.state.overlay == .confirmQuit)
    #expect(sitting.press("Escape", "w").changes.count == 1)
    sitting.effects = []
    sitting.saveAll()
    #expect(sitting.effects == [], "staying was chosen: a later label does not end the program")
  }

  @Test func `why undo waits is said while something is not saved, and no longer afterwards`() {
    var sitting = Sitting()
    sitting.press("3")
    sitting.happen(.saveFailed(number: 0, reason: "The disk is full."))
    #expect(lastLine(sitting.state).contains("w tries again"))
    sitting.press("u")
    #expect(lastLine(sitting.state).contains("Then undo works"))
    sitting.press("w")
    sitting.saveAll()
    #expect(sitting.state.message == nil)
  }

  @Test func `a label without a key can be given from the palette`() {
    let names = (1...40).map { "label\($0)" }
    var sitting = Sitting(scheme: LabelScheme(name: "many", labels: names))
    sitting.press(":")
    sitting.type("label-label37")
    let effects = sitting.press("Enter")
    #expect(sitting.labels[0] == "label37")
    #expect(effects.changes.count == 1)
  }

  @Test(arguments: [Size(columns: 40, rows: 12), Size(columns: 80, rows: 24)])
  func `the current turn is shown to its last word where the list can hold it`(size: Size) {
    var sitting = Sitting(size: size)
    let words = (1...14).map { "word\($0)" }.joined(separator: " ")
    sitting.state.dialogue?.dialogue.turns[0].text = words
    #expect(lines(sitting.state).contains { $0.contains("word14") })
  }

  @Test func `a turn that goes on for pages is cut with a sign that it is`() {
    var sitting = Sitting()
    sitting.state.dialogue?.dialogue.turns[0].text = String(repeating: "on and ", count: 20_000)
    #expect(lines(sitting.state).contains { $0.contains("…") })
  }

  @Test func `the whole reason for silence is on the screen, not only the start of it`() {
    var sitting = Sitting(size: Size(columns: 80, rows: 24))
    let reason =
      "/data/corpora/meld/dia0_utt0.mp4 is missing; check where the corpus's sound files are."
    sitting.happen(.soundUnavailable(turn: 0, dialogue: 0, reason: reason))
    #expect(lines(sitting.state).contains { $0.contains("are.") })
  }

  @Test func `the current turn can be read while a note is written or values are given`() {
    var sitting = Sitting(turns: 40, scheme: .iemocap, size: Size(columns: 120, rows: 40))
    for _ in 0..<20 { sitting.press("Down") }
    sitting.state.dialogue?.dialogue.turns[20].text = "Read me to the last word."
    sitting.press("m")
    #expect(lines(sitting.state).contains { $0.contains("to the last word.") })
    sitting.press("Escape", "v")
    #expect(lines(sitting.state).contains { $0.contains("to the last word.") })
  }
}
