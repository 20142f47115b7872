import Dialogues
import LabelStore
import Testing

struct BrowsingTests {
  let folder = Folder()

  @Test func `the next turn without an answer is found across dialogues and round the end`() throws
  {
    let project = try Boxes.project(in: folder, dialogues: 3)
    func next(_ dialogue: Int, _ turn: Int, backwards: Bool = false) throws -> TurnPlace? {
      try project.next(
        .unlabelled, after: TurnPlace(dialogue: dialogue, turn: turn), backwards: backwards,
        for: Boxes.ana)
    }
    #expect(try next(0, 0) == TurnPlace(dialogue: 0, turn: 1))
    for turn in 0..<3 { try project.say("joy", on: Boxes.key(1, turn)) }
    #expect(try next(0, 2) == TurnPlace(dialogue: 2, turn: 0))
    #expect(try next(2, 0, backwards: true) == TurnPlace(dialogue: 0, turn: 2))
    #expect(try next(2, 2) == TurnPlace(dialogue: 0, turn: 0))
    #expect(try next(0, 0, backwards: true) == TurnPlace(dialogue: 2, turn: 2))
    #expect(
      try project.next(.unlabelled, after: nil, backwards: true, for: Boxes.ana)
        == TurnPlace(dialogue: 2, turn: 2))
    for dialogue in [0, 2] {
      for turn in 0..<3 where (dialogue, turn) != (2, 1) {
        try project.say("joy", on: Boxes.key(dialogue, turn))
      }
    }
    try project.setSkip(true, on: Boxes.key(2, 1), by: Boxes.ana)
    #expect(try next(2, 1) == TurnPlace(dialogue: 2, turn: 1))
    #expect(try next(0, 0) == TurnPlace(dialogue: 2, turn: 1))
    try project.say("joy", on: Boxes.key(2, 1))
    #expect(try next(0, 0) == nil)
    #expect(
      try project.next(.unlabelled, after: nil, for: Boxes.ben) == TurnPlace(dialogue: 0, turn: 0))
  }

  @Test func `flagged, skipped and noted turns are found, those of others are not`() throws {
    let project = try Boxes.project(in: folder)
    try project.setFlag(true, on: Boxes.key(1, 2), by: Boxes.ana)
    try project.setFlag(true, on: Boxes.key(3, 0), by: Boxes.ana)
    try project.setSkip(true, on: Boxes.key(2, 2), by: Boxes.ana)
    try project.setNote("see", on: Boxes.key(0, 1), by: Boxes.ana)
    let start = TurnPlace(dialogue: 1, turn: 2)
    #expect(
      try project.next(.flagged, after: start, for: Boxes.ana) == TurnPlace(dialogue: 3, turn: 0))
    #expect(
      try project.next(.flagged, after: start, backwards: true, for: Boxes.ana)
        == TurnPlace(dialogue: 3, turn: 0))
    #expect(
      try project.next(.skipped, after: nil, for: Boxes.ana) == TurnPlace(dialogue: 2, turn: 2))
    #expect(
      try project.next(.noted, after: start, for: Boxes.ana) == TurnPlace(dialogue: 0, turn: 1))
    #expect(try project.next(.flagged, after: start, for: Boxes.ben) == nil)
    _ = try project.setFlag(false, on: Boxes.key(3, 0), by: Boxes.ana)
    #expect(try project.next(.flagged, after: start, for: Boxes.ana) == start)
  }

  @Test func `the list of dialogues is paged and filtered`() throws {
    let project = try Boxes.project(in: folder, dialogues: 5)
    for turn in 0..<3 { try project.say("joy", on: Boxes.key(1, turn)) }
    try project.say("joy", on: Boxes.key(3, 0))
    try project.setFlag(true, on: Boxes.key(4, 0), by: Boxes.ana)
    func places(_ filter: Project.DialogueFilter, from: Int = 0, backwards: Bool = false) throws
      -> [Int]
    {
      try project.dialogueSummaries(
        from: from, limit: 2, backwards: backwards, filter: filter, of: Boxes.ana
      ).map(\.place)
    }
    #expect(try places(.all) == [0, 1])
    #expect(try places(.all, from: 4) == [4])
    #expect(try places(.all, from: 3, backwards: true) == [2, 3])
    #expect(try places(.unfinished) == [0, 2])
    #expect(try places(.unfinished, from: 3) == [3, 4])
    #expect(try places(.finished) == [1])
    #expect(try places(.flagged) == [4])
    #expect(try places(.skipped).isEmpty)
    let summary = try project.dialogueSummaries(from: 3, limit: 1, of: Boxes.ana)
    #expect(
      summary == [
        DialogueSummary(
          key: Boxes.dialogueKey(3), place: 3, title: "The moved boxes, part 3",
          progress: Progress(labelled: 1, total: 3))
      ])
  }

  @Test func `a search finds text and speakers, in both directions, round the end`() throws {
    let project = try Boxes.project(in: folder, dialogues: 3)
    #expect(try project.search("BOX 1 OF ROOM 2") == TurnPlace(dialogue: 2, turn: 1))
    #expect(try project.search("théo") == TurnPlace(dialogue: 0, turn: 1))
    #expect(
      try project.search("théo", after: TurnPlace(dialogue: 0, turn: 1))
        == TurnPlace(dialogue: 1, turn: 1))
    #expect(
      try project.search("théo", after: TurnPlace(dialogue: 0, turn: 1), backwards: true)
        == TurnPlace(dialogue: 2, turn: 1))
    #expect(
      try project.search("room 0", after: TurnPlace(dialogue: 0, turn: 2))
        == TurnPlace(dialogue: 0, turn: 0))
    #expect(try project.search("%") == nil)
    #expect(try project.search("Box _") == nil)
    #expect(try project.search("\\") == nil)
    #expect(try project.search("room", isCancelled: { true }) == nil)
  }

  @Test func `suggestions are kept exactly, and replaced by those of the same source`() throws {
    let project = try Boxes.project(in: folder)
    let source = Source(name: "gatedxlstm", details: "3 hops")
    var suggestion = Suggestion(
      turn: Boxes.key(1, 1), labels: ["joy", "anger"], posterior: [0.1, 0.9], refined: "joy",
      influences: [.init(turn: "u0", value: 0.5), .init(turn: "u2", value: -0.25)],
      trigger: .init(turn: "u0", value: 0.7))
    try project.storeSuggestions(source, [suggestion])
    #expect(try project.suggestions(for: Boxes.dialogueKey(1), from: "gatedxlstm") == [suggestion])
    suggestion.posterior = [0.7, 0.3]
    suggestion.trigger = nil
    let another = Suggestion(turn: Boxes.key(1, 0), labels: ["x"], posterior: [1])
    try project.storeSuggestions(source, [suggestion, another])
    #expect(
      try project.suggestions(for: Boxes.dialogueKey(1), from: "gatedxlstm") == [
        another, suggestion,
      ])
    #expect(try project.suggestionCount(of: "gatedxlstm") == 2)
    #expect(try project.sources() == [source])
    suggestion.posterior = [0.7]
    #expect(throws: ProjectError.self) { try project.storeSuggestions(source, [suggestion]) }
    #expect(try project.check().isEmpty)
    try project.removeSource("gatedxlstm")
    #expect(try project.sources().isEmpty)
    #expect(try project.suggestionCount(of: "gatedxlstm") == 0)
  }
}
