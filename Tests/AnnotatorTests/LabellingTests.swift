import Annotator
import CustomDump
import Dialogues
import Screen
import Testing

@Suite struct LabellingTests {
  @Test func `one key gives a label, saves it, moves on and plays the next turn`() {
    var sitting = Sitting()
    let effects = sitting.press("3")
    #expect(sitting.labels == ["joy", "", "", "", ""])
    #expect(sitting.cursor == 1)
    #expect(effects.changes.count == 1)
    #expect(effects.played == [[1]])
  }

  @Test(arguments: [false, true])
  func `accepting costs one key and takes the label the settings say`(acceptsRefined: Bool) {
    var sitting = Sitting()
    sitting.suggest(
      ["surprise", "joy", "anger", "joy", "joy"], refined: ["anger"],
      acceptsRefined: acceptsRefined)
    sitting.press("Enter")
    #expect(sitting.labels[0] == (acceptsRefined ? "anger" : "surprise"))
    #expect(sitting.cursor == 1)
  }

  @Test func `a label can be given while the sound is still on its way`() {
    var sitting = Sitting()
    sitting.press("r", "1")
    #expect(sitting.labels[0] == "neutral")
  }

  @Test func `nothing is called saved before it is on the disk`() {
    var sitting = Sitting()
    sitting.press("3")
    #expect(sitting.state.saving.lastSaved == nil)
    sitting.saveAll()
    #expect(sitting.state.saving.lastSaved == TimeOfDay(hour: 14, minute: 2))
    #expect(sitting.state.saving.pending.isEmpty)
  }

  @Test func `a label the disk refused stays on screen and is sent again before the next`() {
    var sitting = Sitting()
    sitting.press("3")
    sitting.happen(.saveFailed(number: 0, reason: "The disk is full."))
    #expect(sitting.labels[0] == "joy")
    #expect(sitting.state.saving.hasFailed)
    let effects = sitting.press("4")
    #expect(effects.changes.count == 2)
    sitting.saveAll()
    #expect(!sitting.state.saving.hasFailed)
  }

  @Test func `quitting asks when something is not saved`() {
    var sitting = Sitting()
    sitting.press("3")
    sitting.happen(.saveFailed(number: 0, reason: "The disk is full."))
    #expect(sitting.press("q") == [])
    #expect(sitting.press("y") == [.quit])
  }

  @Test func `undo is refused while something is not saved, for it would undo something else`() {
    var sitting = Sitting()
    sitting.press("3")
    sitting.happen(.saveFailed(number: 0, reason: "The disk is full."))
    #expect(sitting.press("u") == [])
    #expect(sitting.state.message?.kind == .problem)
  }

  @Test func `an undone label disappears and the cursor goes to it`() {
    var sitting = Sitting()
    sitting.press("3", "4")
    sitting.saveAll()
    #expect(sitting.press("u") == [.undo])
    sitting.happen(
      .reverted(
        Reversal(
          position: Position(dialogue: 0, turn: 1), state: TurnState(),
          description: "label anger", progress: Progress(labelled: 1, total: 15)), isRedo: false))
    #expect(sitting.labels == ["joy", "", "", "", ""])
    #expect(sitting.cursor == 1)
    #expect(sitting.state.progress.labelled == 1)
  }

  @Test func `undoing in another dialogue opens it`() {
    var sitting = Sitting()
    sitting.happen(
      .reverted(
        Reversal(
          position: Position(dialogue: 2, turn: 4), state: TurnState(), description: "flag",
          progress: Progress(labelled: 0, total: 15)), isRedo: false))
    #expect(sitting.effects == [.load(dialogue: 2, turn: 4, generation: 1)])
  }

  @Test func `skipping moves on and does not count as labelled`() {
    var sitting = Sitting()
    sitting.press("s")
    #expect(sitting.cursor == 1)
    #expect(sitting.state.progress.labelled == 0)
    #expect(sitting.state.dialogue?.states[0].isSkipped == true)
  }

  @Test func `the last label of a dialogue opens the next one`() {
    var sitting = Sitting(turns: 2)
    let effects = sitting.press("3", "3")
    #expect(effects.contains(.load(dialogue: 1, turn: nil, generation: 1)))
  }

  @Test func `the end of a dialogue with an open turn stays and says so`() {
    var sitting = Sitting(turns: 2)
    let effects = sitting.press("Down", "3")
    #expect(!effects.contains { if case .load = $0 { true } else { false } })
    #expect(sitting.state.message?.text.contains("1 turn unlabelled") == true)
  }

  @Test func `a note is written and saved once`() {
    var sitting = Sitting()
    sitting.press("m")
    sitting.type("sarcastic 😒")
    let effects = sitting.press("Enter")
    expectNoDifference(effects.changes, [.note("sarcastic 😒")])
    #expect(sitting.press("m", "Enter").changes.isEmpty)
  }

  @Test func `digits in a note are not labels`() {
    var sitting = Sitting()
    sitting.press("m")
    sitting.type("3")
    #expect(sitting.labels[0] == "")
  }

  @Test func `pasted text never labels`() {
    var sitting = Sitting()
    for event in sitting.state.events(for: .paste("3331"), in: sitting.keyMap) {
      sitting.happen(event)
    }
    #expect(sitting.labels.allSatisfy { $0.isEmpty })
  }

  @Test func `pasted digits rate no dimension`() {
    var sitting = Sitting(scheme: .iemocap)
    sitting.press("2")
    for event in sitting.state.events(for: .paste("435"), in: sitting.keyMap) {
      sitting.happen(event)
    }
    #expect(sitting.state.dialogue?.states[0].answer?.dimensions == [:])
  }

  @Test func `counts from the disk do not hide a label still on its way`() {
    var sitting = Sitting()
    sitting.press("3", "4")
    sitting.happen(
      .saved(
        number: 0, at: TimeOfDay(hour: 14, minute: 2), progress: Progress(labelled: 1, total: 15)))
    #expect(sitting.state.progress.labelled == 2)
  }

  @Test func `valence, arousal and dominance are three digits after the label`() {
    var sitting = Sitting(scheme: .iemocap)
    let effects = sitting.press("2", "4", "3", "5")
    let answer = sitting.state.dialogue?.states[0].answer
    #expect(answer?.labels == ["happiness"])
    #expect(answer?.dimensions == ["valence": 4, "arousal": 3, "dominance": 5])
    #expect(effects.changes.count == 2)
    #expect(sitting.cursor == 1)
  }

  @Test func `a value outside the scale is refused and asked for again`() {
    var sitting = Sitting(scheme: .iemocap)
    sitting.press("2", "9")
    #expect(sitting.state.dialogue?.states[0].answer?.dimensions == [:])
    sitting.press("1", "Escape")
    #expect(sitting.state.dialogue?.states[0].answer?.dimensions == ["valence": 1])
  }

  @Test func `confidence goes with the next label`() {
    var sitting = Sitting()
    sitting.press("c", "3")
    #expect(sitting.state.dialogue?.states[0].answer?.confidence == 1)
    sitting.press("3")
    #expect(sitting.state.dialogue?.states[1].answer?.confidence == nil)
  }

  @Test func `a read-only project changes nothing and says why`() {
    var sitting = Sitting()
    sitting.state.project.readOnlyReason = "friends.undertone may only be read."
    #expect(sitting.press("3", "f", "s", "m", "Backspace").changes.isEmpty)
    #expect(sitting.labels[0] == "")
    #expect(sitting.state.message?.text == "friends.undertone may only be read.")
  }
}

@Suite struct ConditionsTests {
  @Test func `a rating says which suggestion was in view`() {
    var sitting = Sitting()
    sitting.suggest(
      ["joy", "joy", "joy", "joy", "joy"], refined: ["anger"], acceptsRefined: true)
    let shown = sitting.press("1").conditions.first?.shown
    #expect(shown?.source == "gatedxlstm+ded")
    #expect(shown?.label == "anger")
    #expect(shown?.probability == 0.05)
  }

  @Test func `a rating with suggestions hidden says that none was in view`() {
    var sitting = Sitting()
    sitting.suggest(["joy", "joy", "joy", "joy", "joy"])
    sitting.press("i")
    #expect(sitting.press("1").conditions.first.map { $0.shown == nil } == true)
  }

  @Test func `a blind project never shows, accepts or records a suggestion`() {
    var sitting = Sitting(annotationProtocol: .blind)
    sitting.suggest(["joy", "joy", "joy", "joy", "joy"])
    #expect(sitting.press("Enter").changes.isEmpty)
    sitting.press("i")
    #expect(!sitting.state.showsSuggestions)
    #expect(!view(sitting.state).text.contains("joy?"))
  }

  @Test func `what was heard, how often and how long the answer took is recorded`() {
    var sitting = Sitting()
    sitting.now = 10
    sitting.happen(.soundStarted(turn: 0, dialogue: 0))
    sitting.happen(.soundPosition(turn: 0, dialogue: 0, seconds: 1.5))
    sitting.happen(.soundEnded(turn: 0, dialogue: 0, heardMilliseconds: 1900, isLast: true))
    sitting.press("r")
    sitting.now = 12
    sitting.happen(.soundStarted(turn: 0, dialogue: 0))
    sitting.happen(.soundPosition(turn: 0, dialogue: 0, seconds: 0.4))
    sitting.now = 12.5
    let conditions = sitting.press("3").conditions.first
    #expect(conditions?.heardMilliseconds == 1900)
    #expect(conditions?.replays == 1)
    #expect(conditions?.answerMilliseconds == 2500)
    #expect(conditions?.order == 0)
  }

  @Test func `an answer in the middle of the first playback counts what was heard so far`() {
    var sitting = Sitting()
    sitting.press("r")
    sitting.happen(.soundStarted(turn: 0, dialogue: 0))
    sitting.happen(.soundPosition(turn: 0, dialogue: 0, seconds: 0.75))
    #expect(sitting.press("3").conditions.first?.heardMilliseconds == 750)
  }
}
