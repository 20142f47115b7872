import Annotator
import Dialogues
import Screen
import Testing

struct CommitThenRevealTests {
  func sitting(others: [[LabelCount]] = []) -> Sitting {
    var sitting = Sitting(annotationProtocol: .commitThenReveal)
    sitting.happen(.dialogueLoaded(Sitting.dialogue(others: others), generation: 0))
    sitting.suggest(["joy", "joy", "joy", "joy", "joy"])
    return sitting
  }

  @Test func `the suggestion is not seen before a label is given, and cannot be accepted`() {
    var sitting = sitting()
    #expect(!view(sitting.state).text.contains("joy?"))
    #expect(view(sitting.state).text.contains("The suggestion is shown once"))
    #expect(sitting.press("Enter").changes.isEmpty)
  }

  @Test func `the label given first is kept with the word that nothing was in view`() throws {
    var sitting = sitting()
    let conditions = try #require(sitting.press("4").conditions.first)
    #expect(conditions.stage == .committed)
    #expect(conditions.shown == nil)
    #expect(conditions.annotationProtocol == .commitThenReveal)
    #expect(conditions.arm == .suggested)
    #expect(sitting.cursor == 0)
    #expect(view(sitting.state).text.contains("The model says joy."))
    // Only of this turn, not of the others.
    #expect(!view(sitting.state).text.contains("joy?"))
  }

  @Test func `Enter keeps the label, which is a second answer with the suggestion in view`() throws
  {
    var sitting = sitting()
    sitting.press("4")
    let effects = sitting.press("Enter")
    let conditions = try #require(effects.conditions.first)
    #expect(conditions.stage == .revealed)
    #expect(conditions.shown?.label == "joy")
    #expect(sitting.labels[0] == "anger")
    #expect(sitting.cursor == 1)
  }

  @Test(arguments: [["Down"], ["]"], ["g", "3", "Enter"], ["q"], ["i"]])
  func `moving on, hiding the suggestion or quitting keeps the label, too, and it is kept once`(
    keys: [String]
  ) throws {
    var sitting = sitting()
    sitting.press("4")
    sitting.now = 2
    sitting.effects = []
    var effects: [Effect] = []
    for key in keys { effects += sitting.press(key) }
    let conditions = try #require(effects.conditions.first)
    #expect(effects.conditions.count == 1)
    #expect(conditions.stage == .revealed)
    #expect(conditions.shown?.label == "joy")
    #expect(conditions.answerMilliseconds == 2000)
    #expect(sitting.labels[0] == "anger")
    sitting.saveAll()
    // Coming back and going on is no answer of its own.
    #expect(sitting.press("Up", "Down", "Up", "Down").conditions.isEmpty)
  }

  @Test func `quitting waits until the label that was kept is on the disk`() {
    var sitting = sitting()
    sitting.press("4")
    sitting.saveAll()
    #expect(!sitting.press("q").contains(.quit))
    sitting.saveAll()
    #expect(sitting.effects.contains(.quit))
  }

  @Test func `who goes on before the suggestion was there has not kept anything in view of it`() {
    var sitting = Sitting(annotationProtocol: .commitThenReveal)
    #expect(sitting.press("4").conditions.map(\.stage) == [.committed])
    sitting.suggest(["joy", "joy", "joy", "joy", "joy"])
    #expect(sitting.press("Down", "Up", "Up", "Down").conditions.isEmpty)
  }

  @Test func `a suggestion that arrives after the label while the turn is in front was seen`() {
    var sitting = Sitting(annotationProtocol: .commitThenReveal)
    sitting.state.preferences.advancesAfterLabel = false
    sitting.press("4")
    sitting.suggest(["joy", "joy", "joy", "joy", "joy"])
    #expect(sitting.press("Down").conditions.map(\.stage) == [.revealed])
  }

  @Test func `a second label before the suggestion is there is committed to as well`() {
    var sitting = Sitting(annotationProtocol: .commitThenReveal)
    #expect(sitting.press("4", "Up", "3").conditions.map(\.stage) == [.committed, .committed])
  }

  @Test func `what was changed, withdrawn or undone is not kept on the way out`() {
    for keys in [["3"], ["Backspace"], ["s"]] {
      var sitting = sitting()
      sitting.press("4")
      for key in keys { sitting.press(key) }
      #expect(sitting.press("Down").conditions.isEmpty, "\(keys)")
    }
    var sitting = sitting()
    sitting.press("4")
    sitting.happen(
      .reverted(
        Reversal(
          position: Position(dialogue: 0, turn: 2), state: TurnState(), description: "answer joy",
          progress: sitting.state.progress), isRedo: true))
    #expect(sitting.cursor == 2)
    #expect(sitting.effects.conditions.map(\.stage) == [.committed])
  }

  @Test func `another label changes the answer and goes on`() throws {
    var sitting = sitting()
    sitting.press("4")
    let conditions = try #require(sitting.press("3").conditions.first)
    #expect(conditions.stage == .revealed)
    #expect(sitting.labels[0] == "joy")
    #expect(sitting.cursor == 1)
  }

  @Test func `a turn without a suggestion goes on at once`() {
    var sitting = Sitting(annotationProtocol: .commitThenReveal)
    #expect(sitting.press("4").conditions.first?.stage == .committed)
    #expect(sitting.cursor == 1)
  }

  @Test func `what others answered is seen with the suggestion, never before`() {
    var sitting = sitting(others: Array(repeating: [LabelCount(label: "fear", count: 2)], count: 5))
    #expect(!view(sitting.state).text.contains("others"))
    sitting.press("4")
    #expect(view(sitting.state).text.contains("others   fear 2"))
  }
}

struct ControlArmTests {
  @Test func `a dialogue of the control arm never shows, asks for or records a suggestion`() throws
  {
    for annotationProtocol in [AnnotationProtocol.assisted, .commitThenReveal] {
      var sitting = Sitting(annotationProtocol: annotationProtocol)
      sitting.happen(.dialogueLoaded(Sitting.dialogue(arm: .control), generation: 0))
      #expect(!sitting.effects.contains(.suggest(dialogue: 0)))
      sitting.suggest(["joy", "joy", "joy", "joy", "joy"])
      #expect(!view(sitting.state).text.contains("joy?"))
      #expect(sitting.press("Enter").changes.isEmpty)
      #expect(sitting.press("i").isEmpty)
      let conditions = try #require(sitting.press("4").conditions.first)
      #expect(conditions.arm == .control)
      #expect(conditions.shown == nil)
      #expect(sitting.cursor == 1)
    }
  }

  @Test func `an answer says which protocol and arm it was given under`() throws {
    var assisted = Sitting()
    let conditions = try #require(assisted.press("4").conditions.first)
    #expect(conditions.annotationProtocol == .assisted)
    #expect(conditions.arm == .suggested)
    #expect(conditions.stage == nil)
    var blind = Sitting(annotationProtocol: .blind)
    #expect(blind.press("4").conditions.first?.arm == .control)
  }
}
