import Dialogues
import GRDB
import Testing

@testable import LabelStore

struct AdjudicationTests {
  let folder = Folder()

  @Test func `an adjudicator's decision is the gold label and leaves everybody's answers alone`()
    throws
  {
    let project = try Boxes.project(in: folder)
    try project.say("joy", on: Boxes.key(0, 1))
    let decision = Adjudication(labels: ["fear"], reason: "The voice shakes.")
    try project.adjudicate(Boxes.key(0, 1), decision, by: Boxes.ana)
    let gold = try project.goldLabels(of: Boxes.dialogueKey(0))
    #expect(gold.map(\.?.adjudication) == [nil, decision, nil])
    #expect(gold[1]?.rater == Boxes.ana)
    #expect(try project.state(Boxes.key(0, 1), Boxes.ana).answer?.labels == ["joy"])
  }

  @Test func `the latest decision counts, whoever made it, until it is undone`() throws {
    let project = try Boxes.project(in: folder)
    let key = Boxes.key(0, 0)
    try project.adjudicate(key, Adjudication(labels: ["fear"]), by: Boxes.ana)
    try project.adjudicate(key, Adjudication(labels: ["joy"]), by: Boxes.ben)
    func gold() throws -> [String]? {
      try project.goldLabels(of: Boxes.dialogueKey(0))[0]?.adjudication.labels
    }
    #expect(try gold() == ["joy"])
    #expect(try project.undo(by: Boxes.ben)?.action == .adjudicated(Adjudication(labels: ["joy"])))
    #expect(try gold() == ["fear"])
    #expect(try project.undo(by: Boxes.ana) != nil)
    #expect(try gold() == nil)
    #expect(try project.redo(by: Boxes.ben) != nil)
    #expect(try gold() == ["joy"])
    #expect(try project.check() == [])
  }

  @Test func `a gold label that is not what the log says is found, and made anew`() throws {
    let project = try Boxes.project(in: folder)
    try project.adjudicate(Boxes.key(0, 0), Adjudication(labels: ["fear"]), by: Boxes.ana)
    try project.write { try $0.execute(sql: "UPDATE gold SET labels = '[\"joy\"]'") }
    #expect(try project.check().count == 1)
    try project.rebuild()
    #expect(try project.check() == [])
    #expect(try project.goldLabels(of: Boxes.dialogueKey(0))[0]?.adjudication.labels == ["fear"])
  }
}

struct OlderFormatTests {
  let folder = Folder()

  @Test func `a project of the first format opens with everything in it`() throws {
    let path = folder.file("old.undertone")
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
      try db.execute(sql: "PRAGMA journal_mode = WAL")
    }
    try Schema.migrator.migrate(queue, upTo: "1")
    try queue.write { db in
      try db.execute(
        literal: """
          INSERT INTO project (id, name, scheme, protocol)
          VALUES (1, 'Boxes', \(try StoredText.text(of: LabelScheme.meld)), 'blind')
          """)
      try db.execute(
        sql: """
          INSERT INTO corpus (name, root, dialogue_count, turn_count) VALUES ('boxes', '', 1, 1);
          INSERT INTO dialogue VALUES (1, 1, 'dev', 'd0', '', 1);
          INSERT INTO turn (id, dialogue, place, name, speaker, text)
            VALUES (1048576, 1, 0, 'u0', 'Mara', 'Pleased?');
          UPDATE project SET dialogue_count = 1, turn_count = 1;
          INSERT INTO rater VALUES (1, 'ana', 'person');
          INSERT INTO event (id, clock, time, rater, turn, kind, labels, heard_milliseconds, replays,
            program) VALUES (x'00000000000000000000000000000001', 5, 0.5, 1, 1048576, 'answered',
            '["joy"]', 900, 2, 'undertone 0.1.0');
          INSERT INTO turn_state VALUES (1, 1048576, '["joy"]', NULL, NULL, 0, 0, '',
            x'00000000000000000000000000000001');
          INSERT INTO dialogue_progress VALUES (1, 1, 1, 0, 0, 0);
          INSERT INTO rater_progress VALUES (1, 1, 0, 0, 0);
          """)
    }
    try queue.close()

    let project = try Project.open(at: path)
    #expect(try project.check() == [])
    #expect(try project.information().study == StudyDesign(annotationProtocol: .blind))
    let history = try project.history(of: Boxes.key(0, 0))
    #expect(history.map(\.action) == [.answered(Answer(labels: ["joy"]))])
    #expect(history[0].conditions?.heardMilliseconds == 900)
    #expect(history[0].conditions?.annotationProtocol == nil)
    try project.adjudicate(Boxes.key(0, 0), Adjudication(labels: ["joy"]), by: Boxes.ana)
    #expect(try project.undo(by: Boxes.ana) != nil)
    #expect(try project.undo(by: Boxes.ana)?.action == .answered(Answer(labels: ["joy"])))
  }
}

struct AssignmentTests {
  let folder = Folder()

  func study(_ change: (inout StudyDesign) -> Void = { _ in }) throws -> Project {
    let project = try Boxes.project(in: folder, dialogues: 12)
    var design = StudyDesign(raters: ["ana", "ben"], overlap: 1)
    change(&design)
    try project.setStudy(design)
    return project
  }

  func names(_ worklist: Worklist) throws -> [String] {
    try (0..<worklist.count).map { try worklist.dialogue(at: $0)?.key.dialogue ?? "" }
  }

  @Test func `what is not handed out is everybody's, in the order of the project`() throws {
    let project = try Boxes.project(in: folder)
    let worklist = try Worklist(project, of: Boxes.ana)
    #expect(!worklist.isShare)
    #expect(try names(worklist) == ["d0", "d1", "d2", "d3"])
    #expect(throws: ProjectError.self) { try project.assignDialogues() }
  }

  @Test func `two raters share the dialogues, and each sees the own half as the whole`() throws {
    let project = try study()
    let given = try project.assignDialogues()
    #expect(given.map(\.rater) == ["ana", "ben"] && given.map { $0.added[.work] } == [6, 6])
    let ana = try Worklist(project, of: Boxes.ana)
    let ben = try Worklist(project, of: Boxes.ben)
    #expect(try Set(names(ana)).isDisjoint(with: names(ben)))
    #expect(try ana.progress() == Progress(labelled: 0, total: 18))
    #expect(try ana.summaries(from: 0, limit: 99).map(\.key.dialogue) == names(ana))
    #expect(try ana.summaries(from: 3, limit: 2, backwards: true).map(\.place) == [2, 3])
    #expect(try project.assignDialogues().allSatisfy { $0.added.isEmpty })
  }

  @Test func `the next unlabelled turn and the words searched for are those of the own share`()
    throws
  {
    let project = try study()
    try project.assignDialogues()
    let ana = try Worklist(project, of: Boxes.ana)
    let first = try #require(try ana.dialogue(at: 0))
    for turn in first.turns {
      let saved = try project.say("joy", on: turn.key)
      _ = ana.progress(after: saved, at: 0)
    }
    #expect(try ana.progress().labelled == 3)
    #expect(try Worklist(project, of: Boxes.ana).progress().labelled == 3)
    #expect(
      try ana.next(.unlabelled, after: TurnPlace(dialogue: 0, turn: 0))
        == TurnPlace(dialogue: 1, turn: 0))
    #expect(
      try ana.next(.unlabelled, after: TurnPlace(dialogue: 1, turn: 0), backwards: true)
        == TurnPlace(dialogue: 5, turn: 2))
    #expect(
      try ana.summaries(from: 0, limit: 9, filter: .unfinished).map(\.place) == [1, 2, 3, 4, 5])
    let last = try #require(try ana.dialogue(at: 5)).key.dialogue.dropFirst()
    #expect(
      try ana.search("room \(last) ", after: TurnPlace(dialogue: 2, turn: 1))
        == TurnPlace(dialogue: 5, turn: 0))
    let bens = try #require(try Worklist(project, of: Boxes.ben).dialogue(at: 0)).key.dialogue
    #expect(try ana.search("room \(bens.dropFirst()) ", after: nil) == nil)
  }

  @Test func `a dialogue given again is met as if for the first time, and kept apart`() throws {
    let project = try study {
      $0.raters = ["ana"]
      $0.retestShare = 0.2
    }
    try project.assignDialogues()
    let ana = try Worklist(project, of: Boxes.ana)
    #expect(try ana.count == 14)
    let again = try #require((0..<14).first { ana.rater(at: $0) == Boxes.ana.retest })
    let key = try #require(try ana.dialogue(at: again)).turns[0].key
    try project.say("joy", on: key)
    #expect(try project.turnStates(of: key.dialogue, for: ana.rater(at: again))[0] == TurnState())
    let saved = try project.answer(
      key, Answer(labels: ["fear"]), conditions: RatingConditions(), by: ana.rater(at: again))
    #expect(ana.progress(after: saved, at: again).labelled == 1)
    #expect(try project.state(key, Boxes.ana).answer?.labels == ["joy"])
    #expect(try project.raters().contains(Boxes.ana.retest))

    // Undo takes back one after the other, in the place each belongs to.
    let first = try #require(try project.undo(by: Boxes.ana))
    #expect(first.rater == Boxes.ana.retest)
    #expect(try ana.place(of: first.turn, for: first.rater)?.dialogue == again)
    let second = try #require(try project.undo(by: Boxes.ana))
    #expect(second.rater == Boxes.ana)
    #expect(try ana.place(of: second.turn, for: second.rater)?.dialogue != again)
    #expect(try project.redo(by: Boxes.ana)?.rater == Boxes.ana)
    #expect(try project.redo(by: Boxes.ana)?.rater == Boxes.ana.retest)
  }

  @Test func `a dialogue given again counts by itself and is where one goes on if it is open`()
    throws
  {
    let project = try study {
      $0.raters = ["ana"]
      $0.retestShare = 0.2
    }
    try project.assignDialogues()
    let ana = try Worklist(project, of: Boxes.ana)
    let again = try #require((0..<14).first { ana.rater(at: $0) == Boxes.ana.retest })
    let dialogue = try #require(try ana.dialogue(at: again))
    let first = try #require(
      try ana.place(of: dialogue.turns[0].key, for: Boxes.ana)?.dialogue)
    for turn in dialogue.turns { try project.say("joy", on: turn.key) }
    #expect(
      try project.assignedProgress().map(\.progress) == [Progress(labelled: 3, total: 42)])
    #expect(try Worklist(project, of: Boxes.ana).lastPlace()?.dialogue == again)
    try project.say("joy", on: dialogue.turns[0].key, Boxes.ana.retest)
    #expect(
      try project.assignedProgress().map(\.progress) == [Progress(labelled: 4, total: 42)])
    for turn in dialogue.turns { try project.say("joy", on: turn.key, Boxes.ana.retest) }
    #expect(try Worklist(project, of: Boxes.ana).lastPlace()?.dialogue == first)
  }

  @Test func `one comes back to where one stopped in the own share`() throws {
    let project = try study()
    try project.assignDialogues()
    let ana = try Worklist(project, of: Boxes.ana)
    #expect(try ana.lastPlace() == nil)
    let key = try #require(try ana.dialogue(at: 4)).turns[1].key
    try project.setLastTurn(key, of: Boxes.ana)
    #expect(try ana.lastPlace() == TurnPlace(dialogue: 4, turn: 1))
  }

  @Test func `fully adjudicated dialogues are handed out as gold, and a corpus's own labels count`()
    throws
  {
    let project = try study { $0.goldShare = 0.5 }
    for turn in 0..<3 {
      try project.adjudicate(Boxes.key(3, turn), Adjudication(labels: ["joy"]), by: Boxes.ben)
      try project.importRatings { try $0.add(Boxes.rating(5, turn, "joy")) }
    }
    try project.adjudicate(Boxes.key(4, 0), Adjudication(labels: ["joy"]), by: Boxes.ben)
    let given = try project.assignDialogues(goldRater: "boxes")
    #expect(given.map { $0.added[.gold] } == [2, 2])
    let progress = try project.assignedProgress()
    #expect(progress.map(\.rater.name) == ["ana", "ben"])
    // Ten dialogues once and two twice, of three turns each.
    let total = progress.reduce(0) { $0 + $1.progress.total }
    #expect(total == 42)
    #expect(throws: ProjectError.self) { try project.assignDialogues(goldRater: "nobody") }
  }
}

struct ReviewingTests {
  let folder = Folder()

  func turns(_ project: Project, source: String? = "m", goldRater: String? = nil) throws -> [Int:
    TurnUnderReview]
  {
    var found: [Int: TurnUnderReview] = [:]
    try project.forEachTurnUnderReview(source: source, goldRater: goldRater) { place, turn in
      found[place.dialogue * 3 + place.turn] = turn
    }
    return found
  }

  @Test func `a review knows answers, suggestions and gold labels of every turn that has any`()
    throws
  {
    let project = try Boxes.project(in: folder)
    try project.say("joy", on: Boxes.key(0, 1))
    try project.say("fear", on: Boxes.key(0, 1), Boxes.ben)
    try project.say("joy", on: Boxes.key(2, 0))
    try project.importRatings { try $0.add(Boxes.rating(1, 0, "anger")) }
    try project.storeSuggestions(
      Source(name: "m"),
      [
        Suggestion(
          turn: Boxes.key(0, 1), labels: ["joy", "fear"], posterior: [0.25, 0.75], refined: "joy"),
        Suggestion(turn: Boxes.key(3, 2), labels: ["joy"], posterior: [1]),
      ])
    try project.adjudicate(Boxes.key(2, 0), Adjudication(labels: ["anger"]), by: Boxes.ben)
    let found = try turns(project)
    #expect(found.keys.sorted() == [1, 6, 11])
    #expect(
      found[1]
        == TurnUnderReview(
          answers: [.init(rater: "ana", labels: ["joy"]), .init(rater: "ben", labels: ["fear"])],
          posterior: [0.25, 0.75], labels: ["joy", "fear"], refined: "joy"))
    #expect(found[6]?.gold == ["anger"] && found[6]?.isAdjudicated == true)
    // A corpus's labels are known labels only for who asks for them.
    #expect(try turns(project, goldRater: "boxes")[3]?.gold == ["anger"])
    #expect(try turns(project, source: nil)[11] == nil)
  }

  @Test func `an answer changed after the reveal is found, one that was kept or undone is not`()
    throws
  {
    let project = try Boxes.project(in: folder)
    func answer(_ key: TurnKey, _ label: String, _ stage: AnswerStage) throws {
      try project.answer(
        key, Answer(labels: [label]),
        conditions: RatingConditions(
          shown: stage == .revealed ? .init(source: "m", label: "fear", probability: 0.5) : nil,
          annotationProtocol: .commitThenReveal, arm: .suggested, stage: stage), by: Boxes.ana)
    }
    // Taken back before the suggestion was there, and done again.
    try answer(Boxes.key(1, 0), "joy", .committed)
    try answer(Boxes.key(1, 0), "anger", .committed)
    _ = try project.undo(by: Boxes.ana)
    try answer(Boxes.key(1, 0), "joy", .revealed)
    try answer(Boxes.key(1, 1), "joy", .committed)
    _ = try project.undo(by: Boxes.ana)
    _ = try project.redo(by: Boxes.ana)
    try answer(Boxes.key(1, 1), "fear", .revealed)
    #expect(try project.opinions(on: Boxes.dialogueKey(1))[0][0].committed == ["joy"])
    for (turn, revealed) in [(0, "fear"), (1, "joy"), (2, "fear")] {
      try answer(Boxes.key(0, turn), "joy", .committed)
      try answer(Boxes.key(0, turn), revealed, .revealed)
    }
    _ = try project.undo(by: Boxes.ana)
    let changes = try turns(project).mapValues(\.changes).filter { !$0.value.isEmpty }
    let change = TurnUnderReview.Change(
      rater: "ana", committed: ["joy"], revealed: ["fear"], shown: "fear")
    #expect(changes == [0: [change], 4: [change]])
  }
}
