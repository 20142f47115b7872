import Dialogues
import Testing

struct StudyDesignTests {
  let dialogues = (0..<400).map {
    DialogueKey(corpus: "boxes", split: "dev", dialogue: "d\($0)")
  }

  func candidates(gold: Bool = false) -> [StudyDesign.Candidate] {
    dialogues.enumerated().map {
      .init(dialogue: $0.element, turns: 3 + $0.offset % 17, isGold: gold)
    }
  }

  @Test func `about the stated share of dialogues is in the control arm, the same in every copy`() {
    let design = StudyDesign(controlShare: 0.25)
    let control = dialogues.filter { design.arm(of: $0) == .control }
    // Four standard deviations of a binomial of 400 and 0.25.
    #expect(abs(control.count - 100) < 35)
    #expect(dialogues.filter { StudyDesign(controlShare: 0.25).arm(of: $0) == .control } == control)
    #expect(
      dialogues.filter { StudyDesign(controlShare: 0.25, seed: 2).arm(of: $0) == .control }
        != control)
    // A larger share adds dialogues and takes none away.
    let more = StudyDesign(controlShare: 0.5)
    #expect(control.allSatisfy { more.arm(of: $0) == .control })
  }

  @Test func `dialogues of one id in two splits or two corpora are in arms of their own`() {
    let design = StudyDesign(controlShare: 0.5)
    for (corpus, split) in [("boxes", ""), ("crates", "dev")] {
      let differing = dialogues.count {
        let other = DialogueKey(corpus: corpus, split: split, dialogue: $0.dialogue)
        return design.arm(of: $0) != design.arm(of: other)
      }
      // Half of 400 differ where chance decides; four standard deviations are 40.
      #expect(abs(differing - 200) < 40)
    }
  }

  @Test func `without a control share no dialogue is in the control arm, blind all are`() {
    #expect(dialogues.allSatisfy { StudyDesign().arm(of: $0) == .suggested })
    #expect(dialogues.allSatisfy { StudyDesign(controlShare: 1).arm(of: $0) == .control })
    #expect(
      dialogues.allSatisfy { StudyDesign(annotationProtocol: .blind).arm(of: $0) == .control })
  }

  @Test func `each dialogue goes to as many raters as asked and everybody has the same to do`() {
    let design = StudyDesign(raters: ["ana", "ben", "cem", "dot"], overlap: 2)
    let shares = design.share(candidates())
    var holders: [DialogueKey: Int] = [:]
    for items in shares.values {
      for item in items { holders[item.dialogue, default: 0] += 1 }
    }
    #expect(holders.count == 400 && holders.values.allSatisfy { $0 == 2 })
    let turns = Dictionary(uniqueKeysWithValues: candidates().map { ($0.dialogue, $0.turns) })
    let loads = shares.values.map { $0.reduce(0) { $0 + (turns[$1.dialogue] ?? 0) } }
    #expect((loads.max() ?? 0) - (loads.min() ?? 0) <= 19)
  }

  @Test func `raters meet dialogues in orders of their own, which no order of import decides`() {
    let design = StudyDesign(raters: ["ana", "ben"], overlap: 2)
    let shares = design.share(candidates())
    #expect(shares["ana"] != shares["ben"])
    #expect(Set(shares["ana"] ?? []) == Set(shares["ben"] ?? []))
    #expect(design.share(candidates().reversed()) == shares)
  }

  @Test func `what raters have stays theirs when dialogues and raters are added`() {
    let before = StudyDesign(raters: ["ana", "ben"], overlap: 1)
    let present = before.share(Array(candidates().prefix(300)))
    let after = StudyDesign(raters: ["ana", "ben", "cem"], overlap: 1)
    let added = after.share(candidates(), present: present)
    let old = Set((present["ana"] ?? []) + (present["ben"] ?? []))
    let new = added.values.flatMap { $0 }
    #expect(old.isDisjoint(with: new))
    #expect(Set(new.map(\.dialogue)).count == 100 && new.count == 100)
    // The newcomer catches up.
    #expect((added["cem"]?.count ?? 0) == 100)
    #expect(
      after.share(candidates(), present: present.merging(added) { $0 + $1 })
        .values.allSatisfy { $0.isEmpty })
  }

  @Test func `a retest comes at least a third of the work after the first time`() throws {
    let design = StudyDesign(raters: ["ana"], overlap: 1, retestShare: 0.1)
    let items = try #require(design.share(Array(candidates().prefix(90)))["ana"])
    let retests = items.enumerated().filter { $0.element.purpose == .retest }
    #expect(retests.count == 9)
    #expect(Set(retests.map(\.element)).count == 9)
    for (place, retest) in retests {
      let first = try #require(
        items.firstIndex { $0.dialogue == retest.dialogue && $0.purpose == .work })
      #expect(place - first >= 30)
    }
  }

  @Test func `gold dialogues go to everybody, at the stated rate and only where there is gold`() {
    let design = StudyDesign(raters: ["ana", "ben", "cem"], overlap: 1, goldShare: 0.05)
    let shares = design.share(candidates(gold: true))
    let gold = shares.mapValues { Set($0.filter { $0.purpose == .gold }.map(\.dialogue)) }
    #expect(gold["ana"]?.count == 20)
    #expect(gold["ana"] == gold["ben"] && gold["ana"] == gold["cem"])
    #expect(
      design.share(candidates()).values.joined().allSatisfy { $0.purpose == .work })
  }

  @Test(arguments: [
    (StudyDesign(controlShare: 1.5), "control share"),
    (StudyDesign(raters: ["ana", "ana"], overlap: 1), "named twice"),
    (StudyDesign(raters: ["ana"], overlap: 2), "2 raters a dialogue"),
    (StudyDesign(raters: ["ana"]), "how many"),
    (StudyDesign(retestShare: .nan), "retest share"),
  ])
  func `a design that cannot be carried out says why`(design: StudyDesign, words: String) {
    #expect(design.fault?.contains(words) == true)
  }

  @Test func `one dialogue and no dialogues are shared out, too`() {
    let design = StudyDesign(raters: ["ana", "ben"], overlap: 1, retestShare: 1, goldShare: 1)
    #expect(design.share([]).values.allSatisfy { $0.isEmpty })
    #expect(design.share(Array(candidates().prefix(1))).values.joined().count == 1)
  }
}
