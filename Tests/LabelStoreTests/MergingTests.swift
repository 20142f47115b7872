import Corpora
import Dialogues
import Foundation
import TestSupport
import Testing

@testable import LabelStore

extension Project {
  /// What `undertone export csv` and `jsonl` write of the project, byte for byte, as usual and with
  /// `--what all`.
  fileprivate func exported(to path: String) throws -> [String] {
    let raters = try raters()
    let standard = GoldStandard(kind: .person)
    var files: [String] = []
    for format in ["csv", "jsonl"] {
      for parts in [nil, Set(ExportPart.allCases)] {
        let options = ExportOptions(
          parts: parts, overwrites: true, scheme: try information().scheme, raters: raters,
          gold: standard, source: Source(name: "m"))
        let exporter = try #require(ExportFormats.named(format)).begin(path, options)
        try forEachRatedDialogue(suggestedBy: "m") { key, title, turns in
          try exporter.write(
            ExportedDialogue(
              key: key, title: title,
              turns: turns.map { Self.exported($0, corpus: key.corpus, standard) }))
        }
        try exporter.finish()
        files.append(try String(contentsOfFile: path, encoding: .utf8))
      }
    }
    return files
  }

  private static func exported(
    _ rated: RatedTurn, corpus: String, _ standard: GoldStandard
  ) -> ExportedTurn {
    let ratings = rated.ratings.map { ExportedRating($0.rating, conditions: $0.conditions) }
    let (gold, votes) = standard.decide(
      ratings, corpus: corpus, adjudicated: rated.gold?.adjudication.labels)
    return ExportedTurn(
      turn: rated.turn, gold: gold, votes: votes, ratings: ratings,
      suggestion: rated.suggestion,
      standing: standard.standing(ratings, corpus: corpus, isDecided: rated.gold != nil),
      decision: rated.gold.map {
        ExportedDecision(
          rater: $0.rater.name, reason: $0.adjudication.reason, time: $0.time)
      })
  }

  /// The dialogues, in the order of the project.
  fileprivate func dialogues() throws -> [Dialogue] {
    var dialogues: [Dialogue] = []
    try forEachDialogue { dialogues.append($0) }
    return dialogues
  }

  /// What no format holds: everybody's notes, flags and skips, and who was given what.
  fileprivate func unexported() throws -> [String] {
    var lines: [String] = []
    for rater in try raters() {
      for dialogue in try dialogues().map(\.key).sorted() {
        lines += try turnStates(of: dialogue, for: rater).map { "\(rater.name) \($0)" }
      }
      let worklist = try Worklist(self, of: rater)
      if rater.kind == .person, worklist.isShare {
        lines += try (0..<worklist.count).map {
          "\(rater.name) \(try worklist.dialogue(at: $0)?.key.description ?? "") \(worklist.rater(at: $0))"
        }
      }
    }
    var disputed: [String] = []
    try forEachTurnUnderReview(source: "m") { place, turn in
      if turn.adjudicatorsDiffer, let text = try turnText(at: place) {
        disputed.append("\(text.key)")
      }
    }
    return lines + disputed.sorted()
  }
}

struct MergePropertyTests {
  let folder = Folder()
  let raters = [Boxes.ana, Boxes.ben, Rater(name: "cem", kind: .person)]

  /// One random act of one of three people, in work of theirs or in a dialogue given to them again.
  func act(_ project: Project, _ random: inout SplitMix) throws {
    let person = try #require(raters.randomElement(using: &random))
    let rater = Int.random(in: 0..<5, using: &random) == 0 ? person.retest : person
    let dialogue = try #require(try project.dialogues().randomElement(using: &random))
    let turn = try #require(dialogue.turns.randomElement(using: &random)).key
    let label = try #require(["joy", "fear", "anger", "neutral"].randomElement(using: &random))
    let shown = RatingConditions.ShownSuggestion(source: "m", label: "joy", probability: 0.5)
    let stage = AnswerStage.allCases.randomElement(using: &random)
    let conditions = RatingConditions(
      shown: Bool.random(using: &random) ? shown : nil, order: 1,
      heardMilliseconds: .random(in: 0..<3000, using: &random), replays: 1,
      answerMilliseconds: 700, program: "test", annotationProtocol: .commitThenReveal,
      arm: .suggested, stage: stage)
    switch Int.random(in: 0..<14, using: &random) {
    case 0..<5:
      try project.answer(
        turn, Answer(labels: [label], confidence: Int.random(in: 1...3, using: &random)),
        conditions: conditions, by: rater)
    case 5: try project.withdraw(turn, by: rater)
    case 6: try project.setFlag(.random(using: &random), on: turn, by: rater)
    case 7: try project.setSkip(.random(using: &random), on: turn, by: rater)
    case 8: try project.setNote(label, on: turn, by: rater)
    case 9:
      try project.listened(
        to: turn, conditions: RatingConditions(heardMilliseconds: 900), by: rater)
    case 10, 11:
      try project.adjudicate(
        turn, Adjudication(labels: label == "neutral" ? [] : [label], reason: label),
        conditions: RatingConditions(heardMilliseconds: 5), by: person)
    case 12: _ = try project.undo(by: person)
    default: _ = try project.redo(by: person)
    }
  }

  /// A copy of a project, as people make them: of the file.
  func copy(_ project: Project, to name: String) throws -> Project {
    let path = folder.file(name)
    let fresh = try Project.create(at: path, name: "Boxes", scheme: .meld) { _ in }
    try fresh.setStudy(try project.information().study)
    try fresh.merge(project)
    return fresh
  }

  func study(_ project: Project, _ random: inout SplitMix) throws {
    var design = try project.information().study
    design.raters = ["ana", "ben", "cem"]
    design.overlap = Int.random(in: 1...3, using: &random)
    design.retestShare = 0.3
    design.goldShare = 0.25
    try project.setStudy(design)
    _ = try project.assignDialogues(goldRater: Bool.random(using: &random) ? "boxes" : nil)
  }

  /// Dialogues that only some of the copies bring in, of two corpora and of several splits, some of
  /// them with titles, times and columns that other copies do not have.
  func extend(_ project: Project, _ random: inout SplitMix) throws {
    for corpus in ["boxes", "Äpfel"].shuffled(using: &random) {
      try project.importCorpus(name: corpus, root: "") { writer in
        for number in (4..<8).shuffled(using: &random) where .random(using: &random) {
          var dialogue = Boxes.dialogue(number)
          dialogue.key.corpus = corpus
          dialogue.key.split = ["", "dev", "test"][number % 3]
          dialogue.title = .random(using: &random) ? "Titled" : dialogue.title
          for place in dialogue.turns.indices {
            dialogue.turns[place].key.dialogue = dialogue.key
            if .random(using: &random) { dialogue.turns[place].time = nil }
            if .random(using: &random) { dialogue.turns[place].words = [] }
            if .random(using: &random) { dialogue.turns[place].audio?.span = nil }
            if .random(using: &random) {
              dialogue.turns[place].metadata = [MetadataField(name: "Season", value: "2")]
            }
          }
          try writer.add(dialogue)
        }
      }
    }
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func `three copies that went separate ways come to the same, byte for byte, in every order`(
    seed: UInt64
  ) throws {
    var random = SplitMix(seed: seed)
    let start = try Boxes.project(in: folder, named: "start.undertone")
    try start.setStudy(StudyDesign(annotationProtocol: .commitThenReveal, controlShare: 0.25))
    try start.importRatings { ratings in
      for turn in 0..<3 { try ratings.add(Boxes.rating(2, turn, "joy")) }
    }
    if seed % 2 == 0 { try study(start, &random) }
    for _ in 0..<10 { try act(start, &random) }
    let copies = try (0..<3).map { number in
      let copy = try copy(start, to: "copy-\(number).undertone")
      try extend(copy, &random)
      if Bool.random(using: &random) { try study(copy, &random) }
      for _ in 0..<30 { try act(copy, &random) }
      // A person's ratings that came as a file, in one copy before and in another after their work.
      try copy.importRatings {
        try $0.add(Boxes.rating(number % 2, 2, "fear", by: Boxes.ben))
      }
      try copy.storeSuggestions(
        Source(name: "m", details: "\(number)"),
        [
          Suggestion(
            turn: Boxes.key(0, 0), labels: number == 0 ? ["joy", "fear"] : ["fear", "joy"],
            posterior: [0.5, 0.5])
        ])
      return copy
    }
    var exports: Set<[String]> = []
    var rest: Set<[String]> = []
    // In every order, with repeats, and of merges of merges.
    for (number, order) in [
      [0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0], [1, 1, 2, 0, 1, 0],
    ].enumerated() {
      let merged = try copy(start, to: "merged-\(number).undertone")
      for place in order { try merged.merge(copies[place]) }
      for var report in try merged.merge(copies) {
        // That two copies handed work out otherwise stays so, and is said each time.
        report.conflicts = []
        #expect(report == MergeReport())
      }
      #expect(try merged.check() == [])
      exports.insert(try merged.exported(to: folder.file("out")))
      rest.insert(try merged.unexported())
    }
    let pair = try copy(copies[2], to: "pair.undertone")
    try pair.merge(copies[0])
    let three = try copy(copies[1], to: "three.undertone")
    try three.merge(pair)
    exports.insert(try three.exported(to: folder.file("out")))
    rest.insert(try three.unexported())
    try pair.merge(three)
    exports.insert(try pair.exported(to: folder.file("out")))
    rest.insert(try pair.unexported())
    #expect(exports.count == 1)
    #expect(rest.count == 1)
  }
}

struct MergedOrderTests {
  let folder = Folder()

  @Test func `an export is in the order of the dialogues' ids, however they came together`() throws
  {
    let project = try Project.create(at: folder.file("a.undertone"), name: "", scheme: .meld)
    for (corpus, split, ids) in [
      ("b", "", ["d10", "d9", "d09", "e", "d"]), ("a", "test", ["2"]), ("a", "dev", ["10", "2"]),
    ] {
      try project.importCorpus(name: corpus, root: "") { writer in
        for id in ids {
          let key = DialogueKey(corpus: corpus, split: split, dialogue: id)
          try writer.add(
            Dialogue(
              key: key, turns: [Turn(key: TurnKey(dialogue: key, turn: "1"), speaker: "", text: "")]
            )
          )
        }
      }
    }
    var keys: [String] = []
    try project.forEachRatedDialogue(suggestedBy: "") { key, _, _ in keys.append("\(key)") }
    #expect(
      keys == ["a/dev/2", "a/dev/10", "a/test/2", "b//d", "b//d09", "b//d9", "b//d10", "b//e"])
  }

  @Test func `where the sound of a dialogue lies stays as it is here, and what is missing comes`()
    throws
  {
    func project(_ name: String, _ path: String?) throws -> Project {
      try Project.create(at: folder.file(name), name: "", scheme: .meld) { project in
        try project.importCorpus(name: "boxes", root: "") { writer in
          var dialogue = Boxes.dialogue(0)
          for place in dialogue.turns.indices {
            dialogue.turns[place].audio = path.map { AudioSpan(path: $0, span: nil) }
          }
          try writer.add(dialogue)
        }
      }
    }
    let mine = try project("a.undertone", "mine.wav")
    let theirs = try project("b.undertone", "theirs.wav")
    let without = try project("c.undertone", nil)
    try mine.merge(theirs)
    #expect(try mine.dialogue(at: 0)?.turns[0].audio?.path == "mine.wav")
    try without.merge(theirs)
    #expect(try without.dialogue(at: 0)?.turns[0].audio?.path == "theirs.wav")
  }
}

struct MergeReportTests {
  let folder = Folder()

  func two(_ name: String = "b") throws -> (Project, Project) {
    (
      try Boxes.project(in: folder, named: "a.undertone"),
      try Boxes.project(in: folder, named: "\(name).undertone")
    )
  }

  @Test func `a check says what would come of each rater and changes nothing`() throws {
    let (mine, theirs) = try two()
    try theirs.say("joy", on: Boxes.key(0, 0))
    try theirs.say("fear", on: Boxes.key(0, 0))
    try theirs.say("joy", on: Boxes.key(0, 1))
    try theirs.adjudicate(Boxes.key(0, 2), Adjudication(labels: ["joy"]), by: Boxes.ben)
    let report = try mine.merge(theirs, dryRun: true)
    #expect(report.events == 4)
    #expect(
      report.raters == [
        .init(rater: Boxes.ana, answers: 2, decisions: 0, events: 3),
        .init(rater: Boxes.ben, answers: 0, decisions: 1, events: 1),
      ])
    #expect(report.conflicts.isEmpty)
    #expect(try mine.raters().isEmpty)
    #expect(try mine.merge(theirs) == report)
    #expect(try mine.merge(theirs) == MergeReport())
  }

  @Test func `what one rater answered in two copies is a conflict, and the later answer counts`()
    throws
  {
    let (mine, theirs) = try two()
    try mine.say("joy", on: Boxes.key(0, 0))
    try theirs.say("fear", on: Boxes.key(0, 0))
    try mine.say("joy", on: Boxes.key(0, 1))
    try theirs.say("joy", on: Boxes.key(0, 1))
    let conflicts = try mine.merge(theirs, dryRun: true).conflicts
    #expect(
      conflicts == [
        MergeConflict(
          kind: .answers(Boxes.key(0, 0), Boxes.ana), here: ["joy"], there: ["fear"],
          keepsOwn: false)
      ])
    #expect("\(conflicts[0])".contains("fear was later and counts"))
    #expect(try theirs.merge(mine, dryRun: true).conflicts.map(\.keepsOwn) == [true])
    try mine.merge(theirs)
    #expect(try mine.state(Boxes.key(0, 0), Boxes.ana).answer?.labels == ["fear"])
  }

  @Test func `work that went on in a copy is no conflict`() throws {
    let (mine, theirs) = try two()
    try mine.say("joy", on: Boxes.key(0, 0))
    try theirs.merge(mine)
    try theirs.say("fear", on: Boxes.key(0, 0))
    #expect(try mine.merge(theirs, dryRun: true).conflicts.isEmpty)
  }

  @Test func `two decisions on a turn are a conflict, which review shows afterwards`() throws {
    let (mine, theirs) = try two()
    try mine.adjudicate(Boxes.key(0, 0), Adjudication(labels: ["joy"]), by: Boxes.ana)
    try theirs.adjudicate(Boxes.key(0, 0), Adjudication(labels: ["fear"]), by: Boxes.ben)
    let report = try mine.merge(theirs)
    #expect(
      report.conflicts == [
        MergeConflict(
          kind: .decisions(Boxes.key(0, 0)), here: ["joy"], there: ["fear"], keepsOwn: false)
      ])
    var disputed = 0
    try mine.forEachTurnUnderReview(source: nil) { if $1.adjudicatorsDiffer { disputed += 1 } }
    #expect(disputed == 1)
  }

  @Test func `work handed out later arrives, and a share handed out otherwise is named`() throws {
    let (mine, theirs) = try two()
    for project in [mine, theirs] {
      try project.setStudy(StudyDesign(raters: ["ana", "ben"], overlap: 1))
      try project.assignDialogues()
    }
    try theirs.setStudy(StudyDesign(raters: ["ana", "ben"], overlap: 2))
    try theirs.assignDialogues()
    #expect(try mine.merge(theirs).conflicts.isEmpty)
    #expect(try Worklist(mine, of: Boxes.ana).count == 4)
    let other = try Boxes.project(in: folder, named: "c.undertone")
    try other.setStudy(StudyDesign(raters: ["ana"], overlap: 1, seed: 99))
    try other.assignDialogues()
    let conflicts = try mine.merge(other, dryRun: true).conflicts
    #expect(conflicts.map(\.kind) == [.share(Boxes.ana)])
  }

  @Test func `another study is refused, and what differs is named`() throws {
    let (mine, theirs) = try two()
    try theirs.say("joy", on: Boxes.key(0, 0))
    for (design, difference) in [
      (StudyDesign(annotationProtocol: .blind), "the protocol is blind, not assisted"),
      (StudyDesign(controlShare: 0.5), "the control arm is 0.5 of the dialogues, not 0.0"),
    ] {
      try theirs.setStudy(design)
      #expect {
        try mine.merge(theirs, dryRun: true)
      } throws: {
        "\($0)".contains(difference)
      }
    }
    try mine.setStudy(StudyDesign(controlShare: 0.5, seed: 7))
    #expect {
      try mine.merge(theirs)
    } throws: { "\($0)".contains("the seed that chooses the control arm is 1, not 7") }
    let reveals = StudyDesign(annotationProtocol: .commitThenReveal)
    try mine.setStudy(reveals)
    var shows = reveals
    shows.revealsOthers = true
    try theirs.setStudy(shows)
    #expect {
      try mine.merge(theirs)
    } throws: { "\($0)".contains("it shows what others answered") }
    // Who rates what is no difference of what is measured.
    var shared = reveals
    shared.raters = ["ana"]
    shared.overlap = 1
    try theirs.setStudy(shared)
    #expect(try mine.merge(theirs).events == 1)
  }

  @Test func `labels in another order or merged otherwise at import are refused`() throws {
    let (mine, _) = try two()
    var scheme = LabelScheme.meld
    scheme.labels.reverse()
    let reversed = try Project.create(
      at: folder.file("reversed.undertone"), name: "", scheme: scheme)
    #expect {
      try mine.merge(reversed)
    } throws: { "\($0)".contains("in another order") }
    scheme = .meld
    scheme.mapping = ["excited": "joy"]
    let mapped = try Project.create(at: folder.file("mapped.undertone"), name: "", scheme: scheme)
    #expect {
      try mine.merge(mapped)
    } throws: { "\($0)".contains("“excited” was taken for “joy”") }
  }

  @Test func `a rating that came with the corpus at another time is refused by name`() throws {
    // A file that leaves the time out contradicts nothing when it is imported; but one copy's time
    // cannot be the other's, whichever is merged into which.
    let times = [nil, 1_700_000_000, 1_700_000_001.5]
    let copies = try times.enumerated().map { number, time in
      let copy = try Boxes.project(in: folder, named: "\(number).undertone")
      try copy.importRatings {
        try $0.add(
          Rating(
            turn: Boxes.key(2, 0), rater: Boxes.corpus, answer: Answer(labels: ["joy"]), time: time)
        )
      }
      return copy
    }
    for into in copies.indices {
      for from in copies.indices where from != into {
        #expect {
          try copies[into].merge(copies[from])
        } throws: { "\($0)".contains("the rating by boxes that came with the corpus has another") }
      }
    }
  }

  @Test func `another seed is a difference only where it chooses an arm`() throws {
    let (mine, theirs) = try two()
    try theirs.setStudy(StudyDesign(seed: 7))
    try theirs.say("joy", on: Boxes.key(0, 0))
    #expect(try mine.merge(theirs).events == 1)
  }

  @Test func `dimensions on another scale are refused`() throws {
    func project(_ name: String, high: Int) throws -> Project {
      var scheme = LabelScheme.meld
      scheme.dimensions = [
        .init(name: "valence", low: 1, high: high, lowMeaning: "bad", highMeaning: "good")
      ]
      return try Project.create(at: folder.file(name), name: "", scheme: scheme)
    }
    let mine = try project("five.undertone", high: 5)
    #expect {
      try mine.merge(project("nine.undertone", high: 9))
    } throws: { "\($0)".contains("on other scales") }
    #expect(try mine.merge(project("same.undertone", high: 5)) == MergeReport())
  }

  @Test func `an answer that was changed there counts among what comes`() throws {
    let (mine, theirs) = try two()
    try mine.say("joy", on: Boxes.key(0, 0))
    try theirs.merge(mine)
    try theirs.say("fear", on: Boxes.key(0, 0))
    #expect(
      try mine.merge(theirs).raters == [
        .init(rater: Boxes.ana, answers: 1, decisions: 0, events: 1)
      ])
  }

  @Test func `a decision taken back in a copy is taken back here`() throws {
    let (mine, theirs) = try two()
    try theirs.adjudicate(Boxes.key(0, 0), Adjudication(labels: ["joy"]), by: Boxes.ben)
    try mine.merge(theirs)
    #expect(try mine.goldLabels(of: Boxes.dialogueKey(0))[0]?.adjudication.labels == ["joy"])
    _ = try theirs.undo(by: Boxes.ben)
    try mine.merge(theirs)
    #expect(try mine.goldLabels(of: Boxes.dialogueKey(0))[0] == nil)
    _ = try theirs.redo(by: Boxes.ben)
    try mine.merge(theirs)
    #expect(try mine.goldLabels(of: Boxes.dialogueKey(0))[0]?.adjudication.labels == ["joy"])
  }

  @Test func `of several copies none is merged if one does not fit`() throws {
    let (mine, theirs) = try two()
    try theirs.say("joy", on: Boxes.key(0, 0))
    let other = try Boxes.project(in: folder, named: "c.undertone", dialogues: 0)
    var changed = Boxes.dialogue(1)
    changed.turns[0].text = "Other words."
    try other.importCorpus(name: "boxes", root: "") { try $0.add(changed) }
    #expect(throws: ProjectError.self) { try mine.merge([theirs, other]) }
    #expect(try mine.raters().isEmpty)
  }
}
