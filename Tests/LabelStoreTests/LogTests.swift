import Dialogues
import GRDB
import TestSupport
import Testing

@testable import LabelStore

/// What a person remembers of having done: two stacks and the states that follow.
///
/// Written without a look at the log, so that the log can be held against it.
struct Memory {
  var done: [(turn: TurnKey, action: Action)] = []
  var undone: [(turn: TurnKey, action: Action)] = []

  mutating func act(_ action: Action, on turn: TurnKey) {
    let before = state(turn)
    var after = before
    switch action {
    case .answered(let answer):
      after.answer = answer
      after.isSkipped = false
    case .withdrew: after.answer = nil
    case .flagged: after.isFlagged = true
    case .unflagged: after.isFlagged = false
    case .noted(let text): after.note = text
    case .skipped:
      after.answer = nil
      after.isSkipped = true
    case .unskipped: after.isSkipped = false
    case .adjudicated: break
    }
    switch action {
    case .answered, .adjudicated: break
    default: if before == after { return }
    }
    done.append((turn, action))
    undone = []
  }

  func state(_ turn: TurnKey) -> TurnState {
    var state = TurnState()
    for (other, action) in done where other == turn {
      switch action {
      case .answered(let answer): (state.answer, state.isSkipped) = (answer, false)
      case .withdrew: state.answer = nil
      case .flagged: state.isFlagged = true
      case .unflagged: state.isFlagged = false
      case .noted(let text): state.note = text
      case .skipped: (state.answer, state.isSkipped) = (nil, true)
      case .unskipped: state.isSkipped = false
      case .adjudicated: break
      }
    }
    return state
  }
}

extension Project {
  /// Does something at random.
  func doSomething(_ random: inout SplitMix, as rater: Rater, _ memory: inout Memory) throws {
    let turn = Boxes.key(.random(in: 0..<2, using: &random), .random(in: 0..<2, using: &random))
    let conditions = RatingConditions()
    switch Int.random(in: 0..<18, using: &random) {
    case 0..<4:
      let answer = Answer(labels: [["joy", "fear", "anger"].randomElement(using: &random) ?? ""])
      try self.answer(turn, answer, conditions: conditions, by: rater)
      memory.act(.answered(answer), on: turn)
    case 4:
      try withdraw(turn, by: rater)
      memory.act(.withdrew, on: turn)
    case 5:
      try setFlag(true, on: turn, by: rater)
      memory.act(.flagged, on: turn)
    case 6:
      try setFlag(false, on: turn, by: rater)
      memory.act(.unflagged, on: turn)
    case 7:
      let note = ["", "a", "b"].randomElement(using: &random) ?? ""
      try setNote(note, on: turn, by: rater)
      memory.act(.noted(note), on: turn)
    case 8:
      try setSkip(true, on: turn, by: rater)
      memory.act(.skipped, on: turn)
    case 9:
      try setSkip(false, on: turn, by: rater)
      memory.act(.unskipped, on: turn)
    case 10: try listened(to: turn, conditions: conditions, by: rater)
    case 11..<13:
      let decision = Adjudication(
        labels: [["joy"], ["fear"], []].randomElement(using: &random) ?? [], reason: "heard it")
      try adjudicate(turn, decision, by: rater)
      memory.act(.adjudicated(decision), on: turn)
    case 13..<16:
      let undone = try undo(by: rater)
      let expected = memory.done.popLast()
      #expect(undone?.action == expected?.action)
      #expect(undone?.turn == expected?.turn)
      if let expected { memory.undone.append(expected) }
    default:
      let redone = try redo(by: rater)
      let expected = memory.undone.popLast()
      #expect(redone?.action == expected?.action)
      #expect(redone?.turn == expected?.turn)
      if let expected { memory.done.append(expected) }
    }
  }

  /// Everything people said, and all progress, in words that do not depend on this file.
  func everything(_ raters: [Rater]) throws -> [String] {
    var lines: [String] = []
    for rater in raters {
      for dialogue in 0..<2 {
        lines += try turnStates(of: Boxes.dialogueKey(dialogue), for: rater).map { "\($0)" }
      }
      lines.append("\(try progress(of: rater))")
    }
    try forEachGoldLabel { turn, gold in
      lines.append("\(turn) \(gold.adjudication) \(gold.rater.name) \(gold.time)")
    }
    try forEachRating { rating, _ in
      lines.append("\(rating.turn) \(rating.rater.name) \(rating.answer.labels)")
    }
    return lines
  }
}

struct LogTests {
  let folder = Folder()
  let raters = [Boxes.ana, Boxes.ben]

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `whatever people do, the project says what they remember`(seed: UInt64) throws {
    let project = try Boxes.project(in: folder, dialogues: 2)
    var random = SplitMix(seed: seed)
    var memories = [Memory(), Memory()]
    for _ in 0..<120 {
      let who = Int.random(in: 0..<2, using: &random)
      try project.doSomething(&random, as: raters[who], &memories[who])
      for (rater, memory) in zip(raters, memories) {
        for dialogue in 0..<2 {
          for (turn, state) in try project.turnStates(
            of: Boxes.dialogueKey(dialogue), for: rater
          ).enumerated() {
            #expect(state == memory.state(Boxes.key(dialogue, turn)))
          }
        }
      }
    }
    #expect(try project.check() == [])
    let before = try project.everything(raters)
    try project.rebuild()
    #expect(try project.check() == [])
    #expect(try project.everything(raters) == before)
  }

  @Test func `a state that is not what the log says is found, and made anew`() throws {
    let project = try Boxes.project(in: folder, dialogues: 2)
    try project.say("joy", on: Boxes.key(0, 0))
    try project.write { db in
      try db.execute(sql: "UPDATE turn_state SET labels = '[\"fear\"]', flagged = 1")
      try db.execute(sql: "UPDATE rater_progress SET labelled = 7")
    }
    #expect(try project.check().count == 3)
    try project.rebuild()
    #expect(try project.check() == [])
    #expect(
      try project.state(Boxes.key(0, 0), Boxes.ana) == TurnState(answer: .init(labels: ["joy"])))
    #expect(try project.progress(of: Boxes.ana).labelled == 1)
  }

  @Test(arguments: [4, 5] as [UInt64])
  func `copies that went separate ways merge to the same, in any order and any number of times`(
    seed: UInt64
  ) throws {
    var random = SplitMix(seed: seed)
    let start = try Boxes.project(in: folder, named: "start.undertone", dialogues: 2)
    try start.say("joy", on: Boxes.key(0, 0))
    let source = Source(name: "m")
    let copies = try (0..<3).map { number in
      let copy = try Boxes.project(
        in: folder, named: "\(number).undertone", dialogues: number % 2 + 1)
      if number != 1 {
        try copy.importCorpus(name: "boxes", root: "s") { try $0.add(Boxes.dialogue(1)) }
      }
      try copy.merge(start)
      var memories = [Memory(), Memory()]
      memories[0].act(.answered(Answer(labels: ["joy"])), on: Boxes.key(0, 0))
      for _ in 0..<40 {
        let who = Int.random(in: 0..<2, using: &random)
        try copy.doSomething(&random, as: raters[who], &memories[who])
      }
      try copy.importRatings { try $0.add(Boxes.rating(number % 2, 1, "fear")) }
      try copy.storeSuggestions(
        source,
        [Suggestion(turn: Boxes.key(0, 0), labels: ["a"], posterior: [0.25 * Double(number)])])
      return copy
    }
    var outcomes: Set<[String]> = []
    for order in [[0, 1, 2], [2, 1, 0, 1, 2], [1, 0, 2, 1]] {
      let name = "merged-\(order.map(String.init).joined()).undertone"
      let merged = try Boxes.project(in: folder, named: name, dialogues: 0)
      for place in order { try merged.merge(copies[place]) }
      #expect(try merged.merge(copies[0]) == MergeReport())
      #expect(try merged.check() == [])
      let suggestion = try merged.suggestions(for: Boxes.dialogueKey(0), from: "m")
      outcomes.insert(try merged.everything(raters) + ["\(suggestion)"])
    }
    #expect(outcomes.count == 1)
  }

  @Test func `projects that do not fit are not merged, and the difference is named`() throws {
    let project = try Boxes.project(in: folder, dialogues: 2)
    let scheme = try Project.create(
      at: folder.file("scheme.undertone"), name: "", scheme: .iemocap)
    #expect {
      try project.merge(scheme)
    } throws: {
      "\($0)".contains("“disgust”") == false && "\($0)".contains("has the label “excited”")
    }
    let other = try Boxes.project(in: folder, named: "other.undertone", dialogues: 0)
    var changed = Boxes.dialogue(1)
    changed.turns[0].text = "Other words."
    try other.importCorpus(name: "boxes", root: "") { try $0.add(changed) }
    #expect {
      try project.merge(other)
    } throws: { "\($0)".contains("boxes/dev/d1/u0") }
    let rated = try Boxes.project(in: folder, named: "rated.undertone", dialogues: 1)
    try rated.importRatings { try $0.add(Boxes.rating(0, 0, "joy")) }
    try project.importRatings { try $0.add(Boxes.rating(0, 0, "fear")) }
    try rated.say("joy", on: Boxes.key(0, 1))
    #expect(throws: ProjectError.self) { try project.merge(rated) }
    #expect(try project.state(Boxes.key(0, 1), Boxes.ana) == TurnState())
  }

  @Test func `the meaning of a log does not depend on the order its events arrived in`() {
    var random = SplitMix(seed: 9)
    func id(_ number: Int) -> EventID { EventID(high: 0, low: UInt64(number)) }
    let answers = ["joy", "fear", "anger"].map { Action.answered(Answer(labels: [$0])) }
    let contents: [LogEntry<Int>.Content] = [
      .did(answers[0]), .did(.flagged), .did(answers[1]), .undid(id(2)), .redid(id(2)),
      .undid(id(2)), .did(answers[2]), .undid(id(1)), .listened, .did(.noted("n")),
    ]
    var entries = contents.enumerated().map { number, content in
      // Two of one clock reading, as two copies may have.
      LogEntry(
        order: EventOrder(clock: Int64(number / 2), id: id(number)), turn: 0, content: content)
    }
    let expected = RaterLog.Outcome(
      state: TurnState(answer: Answer(labels: ["anger"]), note: "n"), answeredBy: id(6))
    for _ in 0..<50 {
      entries.shuffle(using: &random)
      #expect(RaterLog.outcome(of: entries) == expected)
    }
  }

  @Test func `an event made after the clock was set back still comes after those before`() throws {
    let project = try Boxes.project(in: folder, dialogues: 1)
    let rater = try project.write { db in
      let rater = try project.enrolledRaterID(db, Boxes.ana)
      let clock: Int64 = 4_102_444_800_000_000
      let event = Project.StoredEvent(
        entry: LogEntry(
          order: EventOrder(clock: clock, id: EventID(high: 1, low: 1)),
          turn: TurnRow(dialogue: 1, turn: 0), content: .did(.answered(Answer(labels: ["joy"])))),
        time: 4_102_444_800, conditions: nil, program: "")
      try project.insert(db, event, by: rater)
      try project.refold(db, TurnRow(dialogue: 1, turn: 0), rater)
      return rater
    }
    #expect(rater > 0)
    #expect(try project.say("fear", on: Boxes.key(0, 0)).state.answer?.labels == ["fear"])
    #expect(try project.undo(by: Boxes.ana)?.saved.state.answer?.labels == ["joy"])
    #expect(try project.undo(by: Boxes.ana)?.saved.state.answer == nil)
  }
}
