import Annotator
import Dialogues
import Screen
import TestSupport
import Testing

/// A sitting for review: three people on a dialogue of five turns, who agree on the third only.
private func sitting(
  size: Size = Size(columns: 120, rows: 40), glyphs: Glyphs = .unicode,
  annotationProtocol: AnnotationProtocol = .blind, isChinese: Bool = false
) -> Sitting {
  var sitting = Sitting(turns: 5, annotationProtocol: annotationProtocol, size: size)
  sitting.state.glyphs = glyphs
  sitting.state.review = ReviewSitting()
  sitting.state.project.rater = "lea"
  var dialogue = Sitting.dialogue(turns: 5, arm: .control)
  if isChinese {
    dialogue.dialogue.turns[1].text = "我把箱子搬到面包车上了。"
    dialogue.dialogue.turns[1].speaker = "爸爸"
  }
  dialogue.reviewed = reviewed
  sitting.happen(.reviewFound(place(1, rank: 0)))
  sitting.state.dialogue = nil
  sitting.happen(.reviewFound(place(1, rank: 0)))
  dialogue.cursor = 1
  sitting.happen(.dialogueLoaded(dialogue, generation: sitting.state.generation))
  sitting.suggest(
    ["neutral", "joy", "anger", "neutral", "joy"], refined: [nil, "anger"],
    triggers: [nil, 0])
  sitting.happen(.reviewProgressed(Progress(labelled: 1, total: 4)))
  sitting.effects = []
  return sitting
}

private func place(_ turn: Int, rank: Int) -> ReviewPlace {
  ReviewPlace(position: Position(dialogue: 0, turn: turn), rank: rank, count: 3)
}

private func opinions(_ labels: [String], notes: [String] = []) -> [ReviewedTurn.Opinion] {
  let people = [("F", "zoe"), ("K", "ana"), ("Q", "ben")]
  return labels.enumerated().map { number, label in
    ReviewedTurn.Opinion(
      name: people[number].1, letter: people[number].0, answer: Answer(labels: [label]),
      note: number < notes.count ? notes[number] : "")
  }
}

private let reviewed: [ReviewedTurn] = [
  ReviewedTurn(opinions: opinions(["neutral", "joy"]), standing: .tie),
  ReviewedTurn(
    opinions: opinions(["anger", "anger", "sadness"], notes: ["", "ironic, I think; 讽刺"])
      + [
        ReviewedTurn.Opinion(
          name: "MELD", kind: .corpus, answer: Answer(labels: ["anger"]))
      ],
    reasons: [.init(.modelAgainstPeople, score: 0.95), .init(.betweenPeople, score: 0.58)],
    standing: .majority),
  ReviewedTurn(opinions: opinions(["fear", "fear", "fear"]), standing: .unanimous),
  ReviewedTurn(opinions: opinions(["joy"]), standing: .single), ReviewedTurn(),
]

private let rows = [
  ReviewRow(
    position: Position(dialogue: 0, turn: 1), speaker: "Theo",
    text: "I thought you would be pleased!",
    reasons: [.init(.modelAgainstPeople, score: 0.95), .init(.betweenPeople, score: 0.58)],
    standing: .majority,
    votes: [LabelCount(label: "anger", count: 2), LabelCount(label: "sadness", count: 1)],
    suggested: "joy"),
  ReviewRow(
    position: Position(dialogue: 0, turn: 0), speaker: "爸爸", text: "我把箱子搬到面包车上了。",
    reasons: [.init(.betweenPeople, score: 0.5)], standing: .tie,
    votes: [LabelCount(label: "joy", count: 1), LabelCount(label: "neutral", count: 1)]),
  ReviewRow(
    position: Position(dialogue: 2, turn: 11), speaker: "Mara", text: "Oh, that's just perfect.",
    reasons: [.init(.modelAgainstRefined, score: 0.41)], standing: .unrated, suggested: "joy"),
]

/// The decision on the second turn, taken back.
private let undone = Event.reverted(
  Reversal(
    position: Position(dialogue: 0, turn: 1), state: TurnState(),
    description: "adjudication anger", progress: Progress(labelled: 0, total: 15)),
  isRedo: false)

@Suite struct AdjudicationTests {
  @Test func `a label key decides the turn and asks for the next one of the queue`() throws {
    var sitting = sitting()
    let effects = sitting.press("4")
    guard case .adjudicate(let adjudication, let conditions) = try #require(effects.changes.first)
    else {
      Issue.record("a label in review is not an adjudication")
      return
    }
    #expect(adjudication == Adjudication(labels: ["anger"]))
    // Nobody is measured by it, so it belongs to no protocol and no arm; what was seen is kept.
    #expect(conditions.annotationProtocol == nil && conditions.arm == nil)
    #expect(conditions.shown?.label == "joy")
    #expect(
      effects.suffix(2) == [
        .reviewDecided(Position(dialogue: 0, turn: 1)),
        .reviewStep(
          scope: .toReview, filter: "", from: Position(dialogue: 0, turn: 1), forward: true),
      ])
    #expect(sitting.labels == ["", "", "", "", ""])
    #expect(view(sitting.state).text.contains("decided  anger"))
    sitting.happen(.reviewFound(place(0, rank: 1)))
    #expect(sitting.cursor == 0)
  }

  @Test func `after looking around by hand the queue goes on from its own turn`() {
    var sitting = sitting()
    sitting.press("Down", "Down")
    #expect(sitting.cursor == 3)
    #expect(
      sitting.press("Tab") == [
        .reviewStep(
          scope: .toReview, filter: "", from: Position(dialogue: 0, turn: 1), forward: true)
      ])
  }

  @Test func `the turn after it is read again once the decision is on the disk`() {
    var sitting = sitting()
    sitting.press("4")
    sitting.effects = []
    sitting.saveAll()
    #expect(sitting.effects == [.readReview(dialogue: 0)])
  }

  @Test func `a reason is written with the decision, once`() throws {
    var sitting = sitting()
    sitting.press("m")
    sitting.type("irony")
    sitting.press("Enter")
    #expect(view(sitting.state).text.contains("irony"))
    let effects = sitting.press("4")
    #expect(
      effects.changes.first.map { "\($0)".contains("irony") } == true)
    sitting.happen(.reviewFound(place(0, rank: 1)))
    let next = sitting.press("1")
    #expect(next.changes.first.map { "\($0)".contains("irony") } == false)
  }

  @Test func `a reason can be added to a decision, which is then decided anew`() throws {
    var sitting = sitting()
    sitting.press("4", "m")
    sitting.type("irony")
    let effects = sitting.press("Enter")
    guard case .adjudicate(let adjudication, _) = try #require(effects.changes.first) else {
      Issue.record("no decision")
      return
    }
    #expect(adjudication == Adjudication(labels: ["anger"], reason: "irony"))
  }

  @Test func `a reason not used is not carried to another turn`() {
    var sitting = sitting()
    sitting.press("m")
    sitting.type("irony")
    sitting.press("Enter")
    sitting.happen(.reviewFound(place(0, rank: 1)))
    #expect(!view(sitting.state).text.contains("irony"))
    #expect(sitting.press("1").changes.first.map { "\($0)".contains("irony") } == false)
  }

  @Test func `a reason waits for the turn it was typed on, however the cursor goes`() {
    var sitting = sitting()
    sitting.press("m")
    sitting.type("irony")
    sitting.press("Enter", "Up")
    #expect(sitting.cursor == 0)
    #expect(!view(sitting.state).text.contains("irony"))
    #expect(sitting.press("1").changes.first.map { "\($0)".contains("irony") } == false)
    // Deciding another turn came back to the one of the queue, whose reason is still there.
    #expect(sitting.cursor == 1)
    #expect(view(sitting.state).text.contains("irony"))
    #expect(sitting.press("4").changes.first.map { "\($0)".contains("irony") } == true)
  }

  @Test func `after undoing, a decision comes back to the turn that waits`() {
    var sitting = sitting()
    sitting.press("4")
    sitting.saveAll()
    sitting.happen(.reviewFound(place(0, rank: 1)))
    sitting.press("u")
    sitting.happen(undone)
    #expect(sitting.cursor == 1)
    let effects = sitting.press("1")
    #expect(effects.contains(.reviewDecided(Position(dialogue: 0, turn: 1))))
    #expect(sitting.cursor == 0)
  }

  @Test func `what another adjudicator decided otherwise is shown beside the decision that holds`()
  {
    var sitting = sitting()
    var turns = reviewed
    turns[1].decision = ReviewedTurn.Decision(
      Adjudication(labels: ["fear"]), name: "max", letter: "M")
    turns[1].disputes = [
      ReviewedTurn.Decision(
        Adjudication(labels: ["joy"], reason: "she laughs"), name: "lea", letter: nil)
    ]
    sitting.happen(.reviewed(turns, dialogue: 0))
    let text = view(sitting.state).text
    #expect(text.contains("joy  by another adjudicator"))
    #expect(text.contains("she laughs"))
    sitting.press("@")
    #expect(view(sitting.state).text.contains("joy  by lea"))
  }

  @Test func `what all said is filled in, marked as such, and Enter makes a decision of it`() throws
  {
    var sitting = sitting()
    #expect(view(sitting.state).text.contains("= fear"))
    #expect(sitting.press("Enter").changes.isEmpty)
    sitting.press("j")
    #expect(view(sitting.state).text.contains("all 3 agree, not decided"))
    let effects = sitting.press("Enter")
    guard case .adjudicate(let adjudication, _) = try #require(effects.changes.first) else {
      Issue.record("no decision")
      return
    }
    #expect(adjudication.labels == ["fear"])
    #expect(view(sitting.state).text.contains("✓ fear"))
  }

  @Test func `that no label is right can be decided, too`() throws {
    var sitting = sitting()
    guard case .adjudicate(let adjudication, _) = try #require(sitting.press("-").changes.first)
    else {
      Issue.record("no decision")
      return
    }
    #expect(adjudication.labels == [])
    #expect(view(sitting.state).text.contains("no label is right"))
  }

  @Test func `nothing that is for labelling touches the adjudicator's own answers`() {
    var sitting = sitting()
    for key in ["Backspace", "c", "v"] {
      #expect(sitting.press(key).changes.isEmpty, "\(key)")
      #expect(sitting.state.overlay == nil)
    }
    #expect(sitting.press("s").changes.isEmpty)
  }

  @Test func `undo goes back to the turn and reads it again`() {
    var sitting = sitting()
    sitting.press("4")
    sitting.saveAll()
    sitting.happen(.reviewFound(place(0, rank: 1)))
    #expect(sitting.press("u") == [.undo])
    sitting.happen(undone)
    #expect(sitting.cursor == 1)
    #expect(sitting.effects.contains(.readReview(dialogue: 0)))
    sitting.happen(.reviewed(reviewed, dialogue: 0))
    #expect(view(sitting.state).text.contains("open     anger 2  sadness 1"))
  }

  @Test func `a decision on its way to the disk is not overwritten by what was read before`() {
    var sitting = sitting()
    sitting.press("4")
    sitting.happen(.reviewed(reviewed, dialogue: 0))
    #expect(sitting.state.dialogue?.reviewed[1].decision?.adjudication.labels == ["anger"])
  }

  @Test func `a project that cannot be written to is not decided`() {
    var sitting = sitting()
    sitting.state.project.readOnlyReason = "It is read-only."
    #expect(sitting.press("4").isEmpty)
    #expect(sitting.state.dialogue?.reviewed[1].decision == nil)
  }

  @Test func `a queue with nothing in it opens the first dialogue and says so`() {
    var sitting = Sitting()
    sitting.state.review = ReviewSitting()
    sitting.state.dialogue = nil
    sitting.happen(.reviewFound(nil))
    #expect(sitting.effects.contains(.load(dialogue: 0, turn: nil, generation: 1)))
    #expect(sitting.state.message?.text.contains("Nothing is left") == true)
  }
}

@Suite struct ReviewListTests {
  func opened(_ size: Size = Size(columns: 120, rows: 40)) -> Sitting {
    var sitting = sitting(size: size)
    sitting.press("L")
    sitting.happen(.reviewListed(rows: rows, first: 0, count: 3, request: 1))
    return sitting
  }

  @Test func `the list shows why each turn is in it, and opens the chosen one`() {
    var sitting = opened()
    let text = view(sitting.state).text
    #expect(text.contains("model against people, people differ"))
    #expect(text.contains("anger 2, sadness; model joy"))
    sitting.press("Down", "Down")
    let effects = sitting.press("Enter")
    #expect(effects.contains(.load(dialogue: 2, turn: 11, generation: sitting.state.generation)))
    #expect(sitting.state.review?.entry?.rank == 2)
  }

  @Test func `typing narrows it, and the queue goes on as narrowed once a turn is chosen`() {
    var sitting = opened()
    #expect(
      sitting.type("anger").last
        == .reviewList(scope: .toReview, filter: "anger", around: 0, count: 80, request: 6))
    sitting.happen(.reviewListed(rows: [rows[0]], first: 0, count: 1, request: 6))
    sitting.press("Enter")
    #expect(
      sitting.press("Tab").first
        == .reviewStep(
          scope: .toReview, filter: "anger", from: Position(dialogue: 0, turn: 1), forward: true))
  }

  @Test func `Tab lists open turns, ties, those all agree on, those decided, and all`() {
    var sitting = opened()
    var scopes: [ReviewScope] = []
    for _ in 0..<6 {
      guard case .reviewList(let scope, _, _, _, _) = sitting.press("Tab").first else { continue }
      scopes.append(scope)
    }
    #expect(scopes == [.open, .ties, .unanimous, .decided, .all, .toReview])
  }

  @Test func `an answer to an earlier request is not shown`() {
    var sitting = opened()
    sitting.type("x")
    sitting.happen(.reviewListed(rows: [], first: 0, count: 0, request: 1))
    guard case .review(let list) = sitting.state.overlay else {
      Issue.record("no list")
      return
    }
    #expect(list.count == 3)
  }

  @Test func `closing it leaves the queue as it was`() {
    var sitting = opened()
    sitting.type("anger")
    sitting.press("Escape")
    #expect(sitting.state.review?.filter == "")
  }
}

@Suite struct BlindReviewTests {
  @Test func `names are hidden behind letters until they are asked for`() {
    var sitting = sitting()
    func shown() -> String {
      var text = view(sitting.state).text
      sitting.press("d")
      text += view(sitting.state).text
      sitting.press("Escape", "L")
      sitting.happen(.reviewListed(rows: rows, first: 0, count: 3, request: 1))
      text += view(sitting.state).text
      sitting.press("Escape")
      return text
    }
    let hidden = shown()
    for name in ["zoe", "ana", "ben"] { #expect(!hidden.contains(name), "\(name)") }
    #expect(hidden.contains("rater K"))
    sitting.press("@")
    let text = view(sitting.state).text
    for name in ["zoe", "ana", "ben"] { #expect(text.contains(name), "\(name)") }
    sitting.press("@")
    #expect(!view(sitting.state).text.contains("ana"))
  }

  @Test func `the name of an adjudicator who goes by no letter is hidden, too`() {
    var sitting = sitting()
    var turns = reviewed
    turns[1].decision = ReviewedTurn.Decision(
      Adjudication(labels: ["fear"]), name: "maximilian", letter: nil)
    sitting.happen(.reviewed(turns, dialogue: 0))
    #expect(view(sitting.state).text.contains("by another"))
    #expect(!view(sitting.state).text.contains("maximilian"))
    sitting.press("@")
    #expect(view(sitting.state).text.contains("by maximilian"))
  }

  @Test func `another adjudicator's name is hidden as well`() {
    var sitting = sitting()
    var turns = reviewed
    turns[1].decision = ReviewedTurn.Decision(
      Adjudication(labels: ["fear"]), name: "max", letter: "T", time: "2026-03-01 14:02")
    turns[1].standing = .decided
    sitting.happen(.reviewed(turns, dialogue: 0))
    #expect(view(sitting.state).text.contains("by rater T"))
    #expect(!view(sitting.state).text.contains("max"))
  }

  @Test func `who settles sees the model in every protocol, unless they hide it`() {
    for annotationProtocol in AnnotationProtocol.allCases {
      var sitting = sitting(annotationProtocol: annotationProtocol)
      #expect(view(sitting.state).text.contains("model    joy"), "\(annotationProtocol)")
      sitting.press("i")
      #expect(!view(sitting.state).text.contains("model    joy"), "\(annotationProtocol)")
    }
  }

  @Test func `a label with a key of the review keeps it`() {
    let keyMap = KeyMap.annotator(labels: [("delight", "d")]).keyMap
    #expect(keyMap.action(for: .character("d"), in: "review") == "label-delight")
    #expect(keyMap.action(for: .character("m"), in: "review") == "reason")
    #expect(keyMap.action(for: .character("m"), in: "turn") == "note")
  }

  @Test func `in a sitting for labelling no key shows what others answered`() {
    var sitting = Sitting()
    var dialogue = Sitting.dialogue()
    dialogue.reviewed = Array(reviewed)
    sitting.happen(.dialogueLoaded(dialogue, generation: 0))
    for key in ["L", "d", "@", "R"] { sitting.press(key) }
    let text = view(sitting.state).text
    for trace in ["rater K", "fear", "because", "= "] where trace != "fear" {
      #expect(!text.contains(trace), "\(trace)")
    }
    sitting.press(":")
    #expect(!view(sitting.state).text.contains("review-list"))
  }
}

@Suite struct ReviewGoldens {
  static let sizes = [
    Size(columns: 120, rows: 40), Size(columns: 80, rows: 24), Size(columns: 40, rows: 12),
    Size(columns: 20, rows: 5), Size(columns: 1, rows: 1),
  ]

  @Test(arguments: sizes) func `a turn to settle`(size: Size) {
    expectGolden(view(sitting(size: size).state), named: "review-\(size.columns)x\(size.rows)")
  }

  @Test(arguments: sizes) func `the list of turns to review`(size: Size) {
    expectGolden(
      view(ReviewListTests().opened(size).state),
      named: "review-list-\(size.columns)x\(size.rows)")
  }

  @Test(arguments: sizes) func `all that is known of a turn`(size: Size) {
    var sitting = sitting(size: size, isChinese: true)
    sitting.press("d")
    expectGolden(view(sitting.state), named: "review-turn-\(size.columns)x\(size.rows)")
  }

  @Test func `a decided turn, with its reason`() {
    var sitting = sitting(size: Size(columns: 80, rows: 24), isChinese: true)
    sitting.press("m")
    sitting.type("讽刺, heard in the breath before it")
    sitting.press("Enter", "4")
    expectGolden(view(sitting.state), named: "review-decided-80x24")
  }

  @Test func `a review in ASCII alone`() {
    let state = sitting(size: Size(columns: 80, rows: 24), glyphs: .ascii).state
    expectGolden(view(state), named: "review-ascii-80x24")
  }

  @Test func `DED's four terms are in view at 120 columns`() {
    let text = view(sitting().state).text
    for term in ["turn −0.41", "speaker +1.20", "dialogue +0.33", "later −0.05"] {
      #expect(text.contains(term), "\(term)")
    }
  }
}
