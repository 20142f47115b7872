import Dialogues
import GRDB
import Testing

@testable import LabelStore

struct OpinionTests {
  let folder = Folder()

  @Test func `who settles a turn sees everybody's answer, note, flag and skip`() throws {
    let project = try Boxes.project(in: folder)
    try project.answer(
      Boxes.key(1, 1), Answer(labels: ["joy"], confidence: 2),
      conditions: RatingConditions(shown: .init(source: "m", label: "fear", probability: 0.5)),
      by: Boxes.ana)
    try project.setNote("ironic?", on: Boxes.key(1, 1), by: Boxes.ben)
    try project.setFlag(true, on: Boxes.key(1, 1), by: Boxes.ben)
    try project.setSkip(true, on: Boxes.key(1, 2), by: Boxes.ben)
    try project.importRatings { try $0.add(Boxes.rating(1, 1, "anger")) }
    // A second answer in a dialogue given again says nothing about the turn.
    try project.say("fear", on: Boxes.key(1, 1), Boxes.ana.retest)
    let opinions = try project.opinions(on: Boxes.dialogueKey(1))
    #expect(opinions.map(\.count) == [0, 3, 1])
    #expect(opinions[1].map(\.rater) == [Boxes.ana, Boxes.ben, Boxes.corpus])
    #expect(opinions[1][0].state.answer == Answer(labels: ["joy"], confidence: 2))
    #expect(opinions[1][0].shown == "fear")
    #expect(opinions[1][1].state == TurnState(isFlagged: true, note: "ironic?"))
    #expect(opinions[1][2].state.answer?.labels == ["anger"])
    #expect(opinions[2][0].state.isSkipped)
  }

  @Test func `an answer after the reveal is seen beside the one committed to before`() throws {
    let project = try Boxes.project(in: folder)
    func answer(_ label: String, _ stage: AnswerStage) throws {
      try project.answer(
        Boxes.key(0, 0), Answer(labels: [label]),
        conditions: RatingConditions(
          shown: stage == .revealed ? .init(source: "m", label: "joy", probability: 0.5) : nil,
          annotationProtocol: .commitThenReveal, arm: .suggested, stage: stage), by: Boxes.ana)
    }
    try answer("anger", .committed)
    #expect(try project.opinions(on: Boxes.dialogueKey(0))[0][0].committed == nil)
    try answer("joy", .revealed)
    let opinion = try project.opinions(on: Boxes.dialogueKey(0))[0][0]
    #expect(opinion.committed == ["anger"])
    #expect(opinion.state.answer?.labels == ["joy"])
  }

  @Test func `second answers to a dialogue given again are nobody's opinion`() throws {
    let project = try Boxes.project(in: folder)
    try project.say("joy", on: Boxes.key(0, 0))
    try project.say("fear", on: Boxes.key(0, 0), Boxes.ana.retest)
    #expect(try project.opinions(on: Boxes.dialogueKey(0))[0].map(\.rater) == [Boxes.ana])
    try project.forEachTurnUnderReview(source: nil) { #expect($1.answers.map(\.rater) == ["ana"]) }
  }

  @Test func `a decision keeps its reason, what was heard and what was in view`() throws {
    let project = try Boxes.project(in: folder)
    try project.adjudicate(
      Boxes.key(0, 0), Adjudication(labels: ["joy"], reason: "She laughs."),
      conditions: RatingConditions(
        shown: .init(source: "m", label: "fear", probability: 0.25), heardMilliseconds: 1200,
        replays: 1, program: "undertone test"), by: Boxes.ben)
    let event = try #require(try project.history(of: Boxes.key(0, 0)).first)
    #expect(event.action == .adjudicated(Adjudication(labels: ["joy"], reason: "She laughs.")))
    #expect(event.conditions?.heardMilliseconds == 1200)
    #expect(event.conditions?.shown?.label == "fear")
    #expect(event.time > 1_600_000_000)
  }

  @Test func `the turns of one dialogue are reviewed as in the whole project`() throws {
    let project = try Boxes.project(in: folder)
    try project.say("joy", on: Boxes.key(1, 2))
    try project.say("fear", on: Boxes.key(2, 0), Boxes.ben)
    try project.adjudicate(Boxes.key(1, 0), Adjudication(labels: []), by: Boxes.ben)
    var all: [TurnPlace: TurnUnderReview] = [:]
    try project.forEachTurnUnderReview(source: "m") { all[$0] = $1 }
    #expect(all.count == 3)
    var one: [TurnPlace: TurnUnderReview] = [:]
    try project.forEachTurnUnderReview(source: "m", inDialogue: 1) { one[$0] = $1 }
    #expect(one == all.filter { $0.key.dialogue == 1 })
    #expect(one.count == 2)
  }

  @Test func `two threads find the same turns to review as one, in the same order`() throws {
    for dialogues in [1, 2, 5] {
      let project = try Boxes.project(in: folder, named: "\(dialogues)", dialogues: dialogues)
      try project.importRatings { writer in
        for number in 0..<dialogues {
          try writer.add(Boxes.rating(number, 0, "anger"))
          try writer.add(Boxes.rating(number, 1, "fear", by: Boxes.ben))
          try writer.add(Boxes.rating(number, 2, "joy", by: Boxes.ben))
        }
      }
      for number in 0..<dialogues {
        try project.say("joy", on: Boxes.key(number, 1))
        try project.setFlag(true, on: Boxes.key(number, 0), by: Boxes.ana)
        try project.say("fear", on: Boxes.key(number, 0), Boxes.ben)
        _ = try project.withdraw(Boxes.key(number, 2), by: Boxes.ben)
      }
      try project.adjudicate(
        Boxes.key(dialogues - 1, 2), Adjudication(labels: ["joy"]), by: Boxes.ana)
      var one: [Seen] = []
      try project.forEachTurnUnderReview(source: "m", goldRater: "boxes") {
        one.append(Seen(place: $0, turn: $1))
      }
      let two = try project.gatherTurnsUnderReview(
        source: "m", goldRater: "boxes", startingWith: [Seen]()
      ) { $0.append(Seen(place: $1, turn: $2)) }
      #expect(two.flatMap { $0 } == one)
      #expect(two.count == 2 && (dialogues == 1 || !two.contains([])))
      // A flag is no answer, and what was withdrawn is none either.
      #expect(one.count == 2 * dialogues + 1)
      #expect(one[0].turn.answers == [.init(rater: "ben", labels: ["fear"])])
      #expect(one[0].turn.gold == ["anger"])
      #expect(one[1].turn.answers.map(\.rater) == ["ana", "ben"])
      #expect(one.last?.turn.answers == [] && one.last?.turn.isAdjudicated == true)
    }
  }

  private struct Seen: Equatable, Sendable {
    var place: TurnPlace
    var turn: TurnUnderReview
  }

  @Test func `two adjudicators who differ are found, until they agree or one takes it back`() throws
  {
    let project = try Boxes.project(in: folder)
    func isDisputed() throws -> Bool {
      var found = false
      try project.forEachTurnUnderReview(source: nil) { found = found || $1.adjudicatorsDiffer }
      return found
    }
    try project.adjudicate(Boxes.key(0, 0), Adjudication(labels: ["joy"]), by: Boxes.ana)
    try project.adjudicate(Boxes.key(0, 0), Adjudication(labels: ["fear"]), by: Boxes.ana)
    #expect(try !isDisputed())
    try project.adjudicate(Boxes.key(0, 0), Adjudication(labels: ["joy"]), by: Boxes.ben)
    #expect(try isDisputed())
    _ = try project.undo(by: Boxes.ana)
    #expect(try !isDisputed())
    _ = try project.redo(by: Boxes.ana)
    #expect(try isDisputed())
    try project.adjudicate(Boxes.key(0, 0), Adjudication(labels: ["fear"]), by: Boxes.ben)
    #expect(try !isDisputed())
  }

  @Test func `a third adjudicator settles what two differ on, by agreeing with one of them`() throws
  {
    let project = try Boxes.project(in: folder)
    func isDisputed() throws -> Bool {
      var found = false
      try project.forEachTurnUnderReview(source: nil) { found = found || $1.adjudicatorsDiffer }
      return found
    }
    let key = Boxes.key(0, 0)
    let zoe = Rater(name: "zoe", kind: .person)
    try project.adjudicate(key, Adjudication(labels: ["joy"], reason: "a smile"), by: Boxes.ana)
    try project.adjudicate(key, Adjudication(labels: ["fear"]), by: Boxes.ben)
    try project.adjudicate(key, Adjudication(labels: ["anger"]), by: zoe)
    #expect(try isDisputed())
    try project.adjudicate(key, Adjudication(labels: ["joy"]), by: zoe)
    #expect(try !isDisputed())
    // Two of three say joy, but what holds is the latest, and it is not that.
    try project.adjudicate(key, Adjudication(labels: ["sadness"]), by: Boxes.ben)
    #expect(try isDisputed())
    let decisions = try project.decisions(of: key.dialogue)
    #expect(decisions.map(\.count) == [3, 0, 0])
    #expect(decisions[0].map(\.rater.name) == ["ana", "ben", "zoe"])
    #expect(decisions[0].map(\.adjudication.labels) == [["joy"], ["sadness"], ["joy"]])
    #expect(decisions[0][0].adjudication.reason == "a smile")
  }

  @Test func `turns are found by speaker, in upper or lower case`() throws {
    let project = try Boxes.project(in: folder, dialogues: 2)
    #expect(
      try project.turns(spokenBy: "mara")
        == [0, 2].flatMap { turn in [TurnPlace(dialogue: 0, turn: turn)] }
        + [0, 2].map { TurnPlace(dialogue: 1, turn: $0) })
    #expect(try project.turns(spokenBy: "nobody").isEmpty)
    let turn = try #require(try project.turnText(at: TurnPlace(dialogue: 1, turn: 1)))
    #expect(turn.key == Boxes.key(1, 1) && turn.speaker == "Théo")
    #expect(try project.turnText(at: TurnPlace(dialogue: 9, turn: 0)) == nil)
  }

  @Test func `a damaged number of bytes in a posterior is no trap`() throws {
    let project = try Boxes.project(in: folder)
    try project.storeSuggestions(
      Source(name: "m"),
      [Suggestion(turn: Boxes.key(0, 1), labels: ["joy", "fear"], posterior: [0.25, 0.75])])
    try project.write { db in
      try db.execute(sql: "PRAGMA ignore_check_constraints = ON")
      try db.execute(sql: "UPDATE suggestion SET posterior = x'0102'")
      try db.execute(sql: "PRAGMA ignore_check_constraints = OFF")
    }
    var found: [TurnUnderReview] = []
    try project.forEachTurnUnderReview(source: "m") { found.append($1) }
    #expect(found.map(\.posterior) == [[]])
  }
}
