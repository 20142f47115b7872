import Dialogues
import LabelStore
import Testing

struct LabellingTests {
  let folder = Folder()

  @Test
  func `an answer is there after closing and opening, with the conditions it was given under`()
    throws
  {
    let conditions = RatingConditions(
      shown: .init(source: "gatedxlstm+ded", label: "joy", probability: 0.4375), order: 7,
      heardMilliseconds: 1900, replays: 2, answerMilliseconds: -40, program: "undertone 0.1.0")
    let answer = Answer(labels: ["anger"], dimensions: ["valence": 2.5], confidence: 3)
    do {
      let project = try Boxes.project(in: folder)
      let saved = try project.answer(
        Boxes.key(1, 2), answer, conditions: conditions, by: Boxes.ana)
      #expect(saved.state == TurnState(answer: answer))
      #expect(saved.dialogue == Progress(labelled: 1, total: 3))
      #expect(saved.project == Progress(labelled: 1, total: 12))
      try project.close()
    }
    let project = try Project.open(at: folder.file("boxes.undertone"))
    #expect(try project.state(Boxes.key(1, 2), Boxes.ana).answer == answer)
    #expect(try project.state(Boxes.key(1, 2), Boxes.ben) == TurnState())
    #expect(try project.progress(of: Boxes.ana) == Progress(labelled: 1, total: 12))
    let history = try project.history(of: Boxes.key(1, 2))
    #expect(history.map(\.conditions) == [conditions])
    var streamed: [RatingConditions?] = []
    try project.forEachRating { streamed.append($1) }
    #expect(streamed == [conditions])
  }

  @Test func `undo takes back anything, across dialogues and restarts, and redo brings it back`()
    throws
  {
    do {
      let project = try Boxes.project(in: folder)
      try project.say("joy", on: Boxes.key(0, 0))
      try project.say("fear", on: Boxes.key(0, 0))
      try project.setFlag(true, on: Boxes.key(2, 1), by: Boxes.ana)
      try project.setNote("hard to hear", on: Boxes.key(3, 2), by: Boxes.ana)
      try project.setSkip(true, on: Boxes.key(0, 0), by: Boxes.ana)
      try project.say("anger", on: Boxes.key(0, 0), Boxes.ben)
      try project.close()
    }
    let project = try Project.open(at: folder.file("boxes.undertone"))
    #expect(try project.state(Boxes.key(0, 0), Boxes.ana) == TurnState(isSkipped: true))
    var undone: [String] = []
    while let action = try project.undo(by: Boxes.ana) {
      undone.append("\(action.turn.turn)@\(action.place.dialogue) \(action.action)")
    }
    #expect(
      undone == ["u0@0 skip", "u2@3 note", "u1@2 flag", "u0@0 answer fear", "u0@0 answer joy"])
    #expect(try project.progress(of: Boxes.ana).labelled == 0)
    #expect(try project.state(Boxes.key(0, 0), Boxes.ben).answer?.labels == ["anger"])
    #expect(try project.redo(by: Boxes.ana)?.saved.state.answer?.labels == ["joy"])
    #expect(try project.redo(by: Boxes.ana)?.saved.state.answer?.labels == ["fear"])
    try project.say("disgust", on: Boxes.key(1, 1))
    #expect(try project.redo(by: Boxes.ana) == nil)
    #expect(try project.undo(by: Boxes.ana)?.turn == Boxes.key(1, 1))
    #expect(try project.state(Boxes.key(0, 0), Boxes.ana).answer?.labels == ["fear"])
  }

  @Test func `skipping does not complete a turn, and answering it ends the skip`() throws {
    let project = try Boxes.project(in: folder)
    #expect(
      try project.setSkip(true, on: Boxes.key(0, 1), by: Boxes.ana).project.labelled == 0)
    #expect(
      try project.say("joy", on: Boxes.key(0, 1)).state == TurnState(answer: .init(labels: ["joy"]))
    )
    try project.setSkip(true, on: Boxes.key(0, 1), by: Boxes.ana)
    let saved = try project.setSkip(false, on: Boxes.key(0, 1), by: Boxes.ana)
    #expect(saved.state == TurnState())
    #expect(saved.project.labelled == 0)
  }

  @Test func `what changes nothing leaves no event, so that undo never seems to do nothing`() throws
  {
    let project = try Boxes.project(in: folder)
    try project.setFlag(false, on: Boxes.key(0, 0), by: Boxes.ana)
    try project.withdraw(Boxes.key(0, 0), by: Boxes.ana)
    try project.setNote("", on: Boxes.key(0, 0), by: Boxes.ana)
    #expect(try project.undo(by: Boxes.ana) == nil)
    #expect(try project.history(of: Boxes.key(0, 0)).isEmpty)
  }

  @Test func `listening is kept in the history and passed over by undo and redo`() throws {
    let project = try Boxes.project(in: folder)
    try project.say("joy", on: Boxes.key(0, 0))
    _ = try project.undo(by: Boxes.ana)
    try project.listened(
      to: Boxes.key(0, 0), conditions: RatingConditions(heardMilliseconds: 850), by: Boxes.ana)
    #expect(try project.redo(by: Boxes.ana)?.action == .answered(Answer(labels: ["joy"])))
    #expect(try project.undo(by: Boxes.ana)?.turn == Boxes.key(0, 0))
    let history = try project.history(of: Boxes.key(0, 0), by: Boxes.ana)
    #expect(history.map(\.kind) == [.did, .undid, .listened, .redid, .undid])
    #expect(history[0].isUndone)
    #expect(history[2].conditions?.heardMilliseconds == 850)
  }

  @Test func `one comes back to where one stopped`() throws {
    let project = try Boxes.project(in: folder)
    #expect(try project.lastTurn(of: Boxes.ana) == nil)
    try project.say("joy", on: Boxes.key(2, 1))
    #expect(try project.lastTurn(of: Boxes.ana) == TurnPlace(dialogue: 2, turn: 1))
    try project.setLastTurn(Boxes.key(3, 0), of: Boxes.ana)
    #expect(try project.lastTurn(of: Boxes.ana) == TurnPlace(dialogue: 3, turn: 0))
    #expect(try project.lastTurn(of: Boxes.ben) == nil)
  }

  @Test func `an answer that cannot be kept is refused in words`() throws {
    let project = try Boxes.project(in: folder)
    #expect(throws: ProjectError.self) {
      try project.answer(
        Boxes.key(0, 0), Answer(labels: [], dimensions: ["valence": .nan]),
        conditions: RatingConditions(), by: Boxes.ana)
    }
    #expect {
      try project.say("joy", on: Boxes.key(9, 0))
    } throws: { error in
      "\(error)".contains("it has no turn boxes/dev/d9/u0")
    }
    #expect {
      try project.say("joy", on: Boxes.key(0, 0), Rater(name: "boxes", kind: .person))
      try project.say("joy", on: Boxes.key(0, 0), Rater(name: "boxes", kind: .llm))
    } throws: { error in
      "\(error)".contains("already a rater of the kind “person”")
    }
  }
}
