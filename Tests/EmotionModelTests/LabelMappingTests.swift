import Dialogues
import Testing

@testable import EmotionModel

struct LabelMappingTests {
  private let meld = LabelScheme.meld.labels.map(\.name)

  @Test func `the same labels in other letters map to themselves`() {
    let mapping = LabelMapping(from: meld, to: meld.map { $0.uppercased() })
    #expect(mapping.isIdentity && mapping.unmapped.isEmpty)
    #expect(mapping.apply([0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]).unmapped < 1e-9)
  }

  @Test func `labels that mean the same map across schemes`() {
    let mapping = LabelMapping(from: meld, to: LabelScheme.emoryNLP.labels.map(\.name))
    #expect(!mapping.isIdentity)
    #expect(mapping.unmapped == ["surprise", "disgust"])
    #expect(mapping.unreachable == ["Peaceful", "Powerful"])
    #expect(mapping.table.contains("joy       →  Joyful"))
    #expect(mapping.table.contains("never suggested: Peaceful, Powerful"))
  }

  @Test func `mass of labels without a counterpart is shared out and reported`() {
    let mapping = LabelMapping(from: ["joy", "awe"], to: ["happy", "sad"])
    let (posterior, unmapped) = mapping.apply([0.25, 0.75])
    #expect(posterior == [1, 0])
    #expect(unmapped == 0.75)
  }

  @Test func `labels with nothing in common give nothing`() {
    let (posterior, unmapped) = LabelMapping(from: ["joy"], to: ["x"]).apply([1])
    #expect(posterior == [0] && unmapped == 1)
  }
}
