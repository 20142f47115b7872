import Dialogues
import Testing

@Suite struct TurnKeyTests {
  @Test(arguments: ["3", "Ses01F_impro01_F000", "a/b", "100 %", "", "tab\there", "快乐", "%2F"])
  func `a key survives being written and read`(id: String) throws {
    let key = TurnKey(
      dialogue: DialogueKey(corpus: "MELD", split: id, dialogue: id), turn: id)
    #expect(TurnKey(key.description) == key)
  }

  @Test func `ids that hold separators do not collide`() {
    let one = TurnKey(
      dialogue: DialogueKey(corpus: "c", split: "a/b", dialogue: "d"), turn: "t")
    let other = TurnKey(
      dialogue: DialogueKey(corpus: "c", split: "a", dialogue: "b/d"), turn: "t")
    #expect(one.description != other.description)
  }

  @Test(arguments: ["", "a/b/c", "a/b/c/d/e", "a/b/c/%4", "a/b/c/%zz", "a/b/c/%FF"])
  func `text that is no key is refused`(text: String) {
    #expect(TurnKey(text) == nil)
  }
}
