import Dialogues
import Foundation
import LabelStore
import Testing

struct ImportTests {
  let folder = Folder()

  @Test func `a corpus comes out as it went in`() throws {
    let project = try Boxes.project(in: folder, dialogues: 2)
    #expect(try project.dialogueCount == 2)
    #expect(try project.dialogue(at: 1) == Boxes.dialogue(1))
    #expect(try project.dialogue(Boxes.dialogueKey(0)) == Boxes.dialogue(0))
    #expect(try project.dialogue(at: 2) == nil)
    let information = try project.information()
    #expect(information.scheme == .meld)
    #expect(information.study == StudyDesign())
    #expect(information.turns == 6)
    #expect(information.corpora.map(\.folder) == ["\(folder.path)/sound"])
  }

  @Test func `importing the same again changes nothing and says so`() throws {
    let project = try Boxes.project(in: folder, dialogues: 2)
    let before = try project.information()
    for dryRun in [true, false] {
      let report = try project.importCorpus(name: "boxes", root: "sound", dryRun: dryRun) {
        for number in 0..<2 { try $0.add(Boxes.dialogue(number)) }
      }
      #expect(report.isEmpty)
      #expect(report.unchangedTurns == 6)
    }
    #expect(try project.information() == before)
  }

  @Test func `a text that differs on a second import is reported and not replaced`() throws {
    let project = try Boxes.project(in: folder, dialogues: 2)
    var changed = Boxes.dialogue(0)
    changed.turns[1].text = "Something else."
    changed.turns[2].audio = AudioSpan(path: "0/2.wav")
    let report = try project.importCorpus(name: "boxes", root: "elsewhere") {
      try $0.add(changed)
      try $0.add(Boxes.dialogue(1, turns: 2))
    }
    #expect(report.changedTurns == 3)
    #expect(report.updatedTurns == 1)
    #expect(report.differences.first?.contains("is now “Théo: Something else.”") == true)
    let stored = try #require(try project.dialogue(at: 0))
    #expect(stored.turns[1] == Boxes.dialogue(0).turns[1])
    #expect(stored.turns[2].audio == AudioSpan(path: "0/2.wav"))
    #expect(try project.dialogue(at: 1)?.turns.count == 3)
    #expect(try project.information().corpora.first?.root == "elsewhere")
  }

  @Test func `an import that fails half way leaves the project as it was`() throws {
    struct Interrupted: Error {}
    let project = try Boxes.project(in: folder, dialogues: 1)
    let before = try project.information()
    #expect(throws: Interrupted.self) {
      try project.importCorpus(name: "other", root: "x") { writer in
        for number in 0..<30_000 {
          let key = DialogueKey(corpus: "other", dialogue: "\(number)")
          let turns = (0..<2).map { Turn(key: TurnKey(dialogue: key, turn: "\($0)")) }
          try writer.add(Dialogue(key: key, turns: turns))
        }
        throw Interrupted()
      }
    }
    #expect(try project.information() == before)
    #expect(try project.check().isEmpty)
  }

  @Test(arguments: [
    ("/etc/passwd", "u"), ("../../etc/passwd", "u"), ("a/../b", "u"), ("", "u"), ("a", ""),
    ("a", "nul\0"), ("a", "twice"),
  ])
  func `a dialogue no project can hold is refused by name`(path: String, turn: String) throws {
    let project = try Boxes.project(in: folder, dialogues: 1)
    let key = DialogueKey(corpus: "boxes", dialogue: "bad")
    #expect {
      try project.importCorpus(name: "boxes", root: "sound") {
        let made = Turn(key: TurnKey(dialogue: key, turn: turn), audio: AudioSpan(path: path))
        try $0.add(Dialogue(key: key, turns: turn == "twice" ? [made, made] : [made]))
      }
    } throws: { error in
      (error as? ProjectError)?.reason == .refused && "\(error)".contains("boxes//bad")
    }
    #expect(try project.dialogueCount == 1)
  }

  @Test func `imported ratings count as answers, and what the rater does here goes on from them`()
    throws
  {
    let project = try Boxes.project(in: folder, dialogues: 2)
    try project.say("fear", on: Boxes.key(0, 1))
    let report = try project.importRatings { writer in
      try writer.add(Boxes.rating(0, 0, "joy", by: Boxes.ana))
      try writer.add(Boxes.rating(0, 1, "joy", by: Boxes.ana))
      try writer.add(Boxes.rating(1, 1, "anger"))
      try writer.add(Boxes.rating(0, 0, "joy", by: Boxes.ana))
      try writer.add(Boxes.rating(1, 1, "sadness"))
    }
    #expect(report.newRatings == 3)
    #expect(report.unchangedRatings == 1)
    #expect(report.changedRatings == 1)
    #expect(try project.progress(of: Boxes.ana).labelled == 2)
    #expect(try project.state(Boxes.key(0, 1), Boxes.ana).answer?.labels == ["fear"])
    #expect(try project.undo(by: Boxes.ana)?.saved.state.answer?.labels == ["joy"])
    #expect(try project.undo(by: Boxes.ana) == nil)
    try project.withdraw(Boxes.key(0, 0), by: Boxes.ana)
    #expect(try project.progress(of: Boxes.ana).labelled == 1)
    var lines: [String] = []
    try project.forEachRating { rating, _ in
      lines.append("\(rating.turn) \(rating.rater.name) \(rating.answer.labels)")
    }
    #expect(lines == ["boxes/dev/d0/u1 ana [\"joy\"]", "boxes/dev/d1/u1 boxes [\"anger\"]"])
    lines = []
    try project.forEachRating(by: [.corpus]) { rating, _ in lines.append(rating.rater.name) }
    #expect(lines == ["boxes"])
    #expect(try project.check().isEmpty)
    #expect {
      try project.importRatings { try $0.add(Boxes.rating(7, 0, "joy")) }
    } throws: {
      "\($0)".contains("no turn boxes/dev/d7/u0")
    }
  }

  @Test
  func `ratings that come with a new dialogue are counted, and one that comes twice is compared`()
    throws
  {
    let project = try Boxes.project(in: folder, dialogues: 0)
    let report = try project.importCorpus(name: "boxes", root: "") { writer in
      try writer.add(
        Boxes.dialogue(0),
        ratings: [
          Boxes.rating(0, 0, "joy"), Boxes.rating(0, 1, "anger"), Boxes.rating(0, 1, "anger"),
          Boxes.rating(0, 1, "fear"), Boxes.rating(0, 1, "fear", by: Boxes.ana),
        ])
      try writer.add(Boxes.dialogue(1), ratings: [Boxes.rating(1, 2, "joy", by: Boxes.ana)])
      try writer.add(Boxes.rating(0, 0, "joy"))
    }
    #expect(report.newRatings == 4)
    #expect(report.unchangedRatings == 2)
    #expect(report.changedRatings == 1)
    #expect(try project.progress(of: Boxes.ana).labelled == 2)
    #expect(try project.state(Boxes.key(0, 1), Boxes.ana).answer?.labels == ["fear"])
    #expect(try project.check().isEmpty)
  }

  @Test func `texts of any kind survive, a NUL is shown as its picture`() throws {
    let project = try Boxes.project(in: folder, dialogues: 0)
    let key = DialogueKey(corpus: "boxes", split: "a/b", dialogue: "x%\u{1B}")
    let text = "\u{1B}[31m\"';--\n\t🙃中文\u{0}e"
    let turn = Turn(
      key: TurnKey(dialogue: key, turn: "1"), speaker: "", text: text,
      metadata: [MetadataField(name: "n\u{1F}", value: text.replacing("\0", with: ""))])
    try project.importCorpus(name: "boxes", root: "") {
      try $0.add(Dialogue(key: key, turns: [turn]))
    }
    let stored = try #require(try project.dialogue(key)?.turns.first)
    #expect(stored.text == text.replacing("\0", with: "␀"))
    #expect(stored.metadata == turn.metadata)
  }
}
