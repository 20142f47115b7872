import Dialogues
import Testing

struct RaterAliasTests {
  let design = StudyDesign(seed: 5)
  let names = ["ana", "ben", "cem", "dora", "eva", "finn"]

  @Test func `letters are stable, and stay when somebody joins`() {
    let few = design.aliases(of: Array(names.prefix(4)))
    #expect(design.aliases(of: Array(names.prefix(4))) == few)
    let more = design.aliases(of: names)
    for (name, letter) in few { #expect(more[name] == letter) }
    #expect(Set(more.values).count == names.count)
  }

  @Test func `their order is not that of the names, and another in another project`() {
    func order(_ seed: UInt64) -> [String] {
      StudyDesign(seed: seed).aliases(of: names).sorted { $0.value < $1.value }.map(\.key)
    }
    let orders = Set((1...20).map(order))
    #expect(orders.count > 15)
    #expect(orders.count { $0 == names } < 2)
  }

  @Test func `letters follow from names and not from the order people joined in`() {
    let alone = names.map { design.aliases(of: [$0])[$0] }
    let together = design.aliases(of: names)
    // But for those two of whom have the same letter by chance.
    let same = zip(names, alone).count { together[$0] == $1 }
    #expect(same >= names.count - 2)
  }

  @Test func `with more people than letters each still has a name of their own`() {
    let many = (0..<60).map { "rater \($0)" }
    #expect(Set(design.aliases(of: many).values).count == 60)
  }
}
