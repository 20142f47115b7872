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
