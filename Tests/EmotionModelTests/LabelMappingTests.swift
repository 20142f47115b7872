import Dialogues
import Glibc
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

  @Test func `labels mapped by hand take precedence, and others stay`() throws {
    let mapping = LabelMapping(from: meld, to: LabelScheme.emoryNLP.labels.map(\.name))
    let chosen = try mapping.mapping(["Disgust": "mad", "joy": "Peaceful"])
    #expect(chosen.unmapped == ["surprise"])
    #expect(chosen.table.contains("disgust   →  Mad"))
    #expect(chosen.table.contains("joy       →  Peaceful"))
    #expect(chosen.unreachable == ["Joyful", "Powerful"])
    #expect(throws: LabelMappingError.self) { try mapping.mapping(["awe": "Mad"]) }
    #expect(throws: LabelMappingError.self) { try mapping.mapping(["joy": "awe"]) }
  }

  private let analysis = TurnAnalysis(
    turn: TurnKey(dialogue: DialogueKey(corpus: "c", dialogue: "d"), turn: "2"),
    labels: ["disgust", "anger", "joy"], logits: [3, 2, -1],
    posterior: [0.721, 0.265, 0.014],
    contributions: [
      .init(turn: "1", logits: [1.5, -0.5, 0.25]), .init(turn: "2", logits: [1, 2, -1.5]),
    ], baseline: [0.5, 0.5, 0.25], gates: [])

  @Test func `an analysis in a project's labels explains the label that is shown`() {
    let mapping = LabelMapping(from: analysis.labels, to: ["happy", "weird", "angry"])
    let mapped = analysis.mapped(by: mapping)
    // Disgust, the model's own answer, cannot be given here.
    #expect(mapped.labels == ["happy", "angry"])
    #expect(mapped.logits == [-1, 2])
    #expect(mapped.best == 1 && mapped.runnerUp == 0)
    #expect(abs(mapped.posterior[1] - 0.265 / 0.279) < 1e-12)
    #expect(mapped.influences.map(\.value) == [-0.75, 3.5])
    #expect(mapped.influences.map(\.value).reduce(mapped.unexplained, +) == mapped.margin)
  }

  @Test func `labels behind one have their odds together, and the sum is still the margin`() {
    let mapping = LabelMapping(from: ["joy", "happiness", "anger"], to: ["happy", "angry"])
    let mapped = analysis.mapped(by: mapping)
    #expect(abs(mapped.logits[0] - log(exp(3.0) + exp(2.0))) < 1e-12)
    #expect(mapped.logits[1] == -1)
    let sum = mapped.influences.map(\.value).reduce(mapped.unexplained, +)
    #expect(abs(sum - mapped.margin) < 1e-12)
  }
}
