import Corpora
import Testing
import TestSupport

@testable import EmotionModel

/// Invented excerpts in which the turn before the last is the cause if somebody else spoke it, and
/// otherwise the last turn itself.
private func invented(_ count: Int, first: Int = 0) -> [TriggerCase] {
  (first..<first + count).map { number in
    let isAlone = number % 3 == 0
    let shift = EmotionShift(
      speakers: ["Mara", isAlone ? "Theo" : "Mara", isAlone ? "Mara" : "Theo", "Mara"],
      emotions: ["joy", "neutral", isAlone ? "joy" : "anger", number % 2 == 0 ? "anger" : "fear"],
      texts: [
        "this is the opening line of scene number \(number)", "and what of it \(number)",
        "well then let us say the words \(number) together", "no \(number)",
      ])
    return TriggerCase(shift: shift, triggers: [false, false, !isAlone, isAlone])
  }
}

private let excerpts = sharedData("edireff/MELD_val_efr.json")
private let needsExcerpts: ConditionTrait = .enabled(
  if: excerpts != nil, "needs MELD-FR's validation part in $UNDERTONE_DATA")

struct TriggerTests {
  @Test func `a cause that follows a rule is found in dialogues never seen`() {
    let model = TriggerModel(training: invented(60), details: "invented")
    for annotated in invented(12, first: 60) {
      let wanted = annotated.triggers.firstIndex(of: true)
      #expect(model.likeliest(in: annotated.shift)?.turn == wanted)
    }
  }

  @Test func `a model is the same after it was written and read`() throws {
    let model = TriggerModel(training: invented(9), details: "invented")
    let path = "/tmp/undertone-trigger-\(UInt64.random(in: 0 ... .max)).safetensors"
    try model.write(to: path)
    #expect(try TriggerModel(contentsOf: path) == model)
    #expect(model.fingerprints.count == 9)
  }

  @Test func `a file that is no trigger model is refused with its name`() throws {
    let path = "/tmp/undertone-no-trigger-\(UInt64.random(in: 0 ... .max))"
    #expect(throws: CheckpointError.self) { try TriggerModel(contentsOf: path) }
    try Samples.checkpoint().write(to: path)
    let error = #expect(throws: CheckpointError.self) { try TriggerModel(contentsOf: path) }
    #expect(error?.description.contains(path) == true)
    #expect(error?.description.contains("not a trigger model") == true)
  }

  @Test func `excerpts of one dialogue are recognised by the turns they share`() {
    func excerpt(_ texts: [String]) -> TriggerCase {
      let speakers = texts.indices.map { ["Ada", "Theo"][$0 % 2] }
      return TriggerCase(
        shift: EmotionShift(
          speakers: speakers, emotions: texts.map { _ in "joy" }, texts: texts),
        triggers: texts.map { _ in false })
    }
    let dialogues = TriggerCase.dialogues(of: [
      excerpt(["Oh.", "Where did you put it, then?"]), excerpt(["Oh.", "Yes."]),
      excerpt(["Oh!", "Where did you put it, then?", "There."]),
      // The end of the third alone: two turns in a row, though each is short.
      excerpt(["Oh.", "Yes.", "No."]),
    ])
    #expect(dialogues == [0, 1, 0, 1])
  }

  @Test func `a change needs a speaker, an earlier turn of theirs and two known emotions`() {
    func shift(_ speakers: [String], _ emotions: [String?]) -> EmotionShift? {
      EmotionShift(
        endingAt: speakers.count - 1, speakers: speakers, emotions: emotions,
        texts: speakers.map { _ in "" })
    }
    #expect(shift(["Ada", "Theo", "Ada"], ["joy", "joy", "fear"])?.count == 3)
    #expect(shift(["Ada", "Theo", "Ada"], ["joy", "fear", "joy"]) == nil)
    #expect(shift(["Ada", "Theo", "Ada"], [nil, "fear", "joy"]) == nil)
    #expect(shift(["Ada", "Theo", "Ada"], ["joy", "joy", nil]) == nil)
    #expect(shift(["", "Theo", ""], ["joy", "joy", "fear"]) == nil)
    #expect(shift(["Ada"], ["joy"]) == nil)
    // Who spoke last thousands of turns ago is not looked for.
    let long = ["Ada"] + [String](repeating: "Theo", count: 5000) + ["Ada"]
    #expect(shift(long, ["fear"] + [String?](repeating: "joy", count: 5001)) == nil)
  }

  @Test func `rates follow their definitions, and turns without an answer are left out`() throws {
    let shift = EmotionShift(
      speakers: ["A", "B", "A"], emotions: ["joy", "joy", "fear"], texts: ["", "", ""])
    let cases = [
      TriggerCase(shift: shift, triggers: [true, true, nil]),
      TriggerCase(shift: shift, triggers: [false, false, false]),
    ]
    let scores = TriggerScores(
      [[false, true, true], [true, false, false]], on: cases, dialogues: [0, 1])
    #expect(try #require(scores.precision).value == 0.5)
    #expect(try #require(scores.recall).value == 0.5)
    #expect(try #require(scores.f1).value == 0.5)
    let none = TriggerScores([[false, false, false]], on: [cases[1]], dialogues: [0])
    #expect(none.precision == nil && none.recall == nil && none.f1 == nil)
  }

  @Test(needsExcerpts)
  func `position alone scores on MELD-FR what was published for it`() throws {
    let cases = try annotated(#require(excerpts))
    let dialogues = TriggerCase.dialogues(of: cases)
    func f1(_ baseline: TriggerBaseline) -> Double? {
      TriggerScores(
        cases.map { baseline.choose(in: $0.shift) }, on: cases, dialogues: dialogues, replicates: 1
      ).f1?.value
    }
    #expect(abs(try #require(f1(.previousTurn)) - 0.6935) < 0.00005)
    #expect(abs(try #require(f1(.itselfAndPrevious)) - 0.6508) < 0.00005)
  }

  @Test(needsExcerpts)
  func `the trigger model beats position on dialogues of MELD-FR it has not seen`() throws {
    let cases = try annotated(#require(excerpts))
    let validation = TriggerValidation(crossValidating: cases)
    let scores = TriggerScores(
      validation.chosen, on: cases, dialogues: TriggerCase.dialogues(of: cases), replicates: 1)
    #expect(try #require(scores.f1).value >= 0.76)
    #expect(try #require(validation.calibrationError(on: cases)) < 0.02)
  }

  private func annotated(_ path: String) throws -> [TriggerCase] {
    try EmotionShiftFile(contentsOf: path, emotions: EmotionShift.knownEmotions).excerpts.map {
      TriggerCase(
        shift: EmotionShift(speakers: $0.speakers, emotions: $0.emotions, texts: $0.texts),
        triggers: $0.triggers)
    }
  }
}
