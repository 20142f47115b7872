import Testing

@testable import EmotionModel

struct SlotTableTests {
  private func fillers(_ speakers: [String], _ slot: Architecture.Slot) -> [Int] {
    SlotTable(speakers: speakers, slots: [slot]).fillers[0]
  }

  @Test func `hops count turns whoever speaks`() {
    #expect(fillers(["a", "b", "a"], .init(.back, 0, .text)) == [0, 1, 2])
    #expect(fillers(["a", "b", "a"], .init(.back, 2, .text)) == [-1, -1, 0])
  }

  @Test func `own and others' turns are told apart with any number of speakers`() {
    let speakers = ["a", "b", "c", "a", "a", "b"]
    #expect(fillers(speakers, .init(.own, 1, .text)) == [-1, -1, -1, 0, 3, 1])
    #expect(fillers(speakers, .init(.own, 2, .text)) == [-1, -1, -1, -1, 0, -1])
    #expect(fillers(speakers, .init(.other, 1, .text)) == [-1, 0, 1, 2, 2, 4])
  }

  @Test func `the paper's second pair of streams is the latest other speaker before each hop`() {
    let speakers = ["a", "b", "b", "a"]
    #expect(fillers(speakers, .init(.answered, 0, .text)) == [-1, 0, 0, 2])
    #expect(fillers(speakers, .init(.answered, 1, .text)) == [-1, -1, 0, 0])
  }

  @Test func `a turn without a speaker belongs to nobody`() {
    let speakers = ["a", "", "a", ""]
    #expect(fillers(speakers, .init(.own, 1, .text)) == [-1, -1, 0, -1])
    #expect(fillers(speakers, .init(.other, 1, .text)) == [-1, -1, -1, -1])
  }
}
