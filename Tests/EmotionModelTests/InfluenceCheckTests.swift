import Dialogues
import Testing

@testable import EmotionModel

private let dialogue = Samples.dialogue(
  "d",
  [
    ("Mara", "You moved the box."), ("Theo", "I thought you would be glad!"),
    ("Mara", "Glad? You moved it..."), ("Theo", "stop that"), ("Mara", "how dare you"),
  ])

struct InfluenceCheckTests {
  @Test func `influence for any pair of labels is what leaving the turn out changes`() {
    let classifier = EmotionClassifier(Samples.checkpoint())
    let check = InfluenceCheck(classifier, dialogue)
    let analysis = check.analysis(of: 4)
    #expect(analysis == classifier.analyse(dialogue)[4])
    for (label, other) in [(0, 1), (2, 0), (1, 2)] {
      for influence in analysis.influences(for: label, over: other) where influence.turn != "4" {
        let change = check.leavingOut(
          Int(influence.turn) ?? 0, judging: 4, for: label, over: other)
        #expect(abs(change - influence.value) < 1e-3)
      }
      let sum = analysis.influences(for: label, over: other).reduce(
        analysis.baseline[label] - analysis.baseline[other]
      ) { $0 + $1.value }
      #expect(abs(sum - (analysis.logits[label] - analysis.logits[other])) < 1e-3)
    }
  }

  @Test func `leaving out by influence lowers the margin faster than any other order`() throws {
    let report = InfluenceFaithfulness(
      EmotionClassifier(Samples.checkpoint()), judging: [(dialogue, [2, 3, 4])])
    #expect(report.judgements == 3)
    #expect(try #require(report.influenceCorrelation) > 0.9)
    #expect(report.largestDifference < 1e-3)
    for order in InfluenceFaithfulness.Order.allCases {
      let deletion = try #require(report.deletion[order])
      let insertion = try #require(report.insertion[order])
      let best = try #require(report.deletion[.influence])
      // All orders begin with everything and end with nothing.
      #expect(abs(deletion[0] - best[0]) < 1e-9)
      #expect(abs(deletion[InfluenceFaithfulness.steps] - insertion[0]) < 1e-9)
      #expect(deletion[1] >= best[1] - 1e-3)
    }
  }

  @Test func `ranks with ties correlate as Spearman says`() throws {
    let correlation = try #require(
      InfluenceFaithfulness.rankCorrelation([1, 2, 2, 4], [10, 30, 20, 40]))
    // Ranks 1, 2.5, 2.5, 4 with 1, 3, 2, 4: 4.5 / √(4.5 · 5).
    #expect(abs(correlation - 0.948_683_298) < 1e-9)
    #expect(InfluenceFaithfulness.rankCorrelation([1, 1], [1, 2]) == nil)
  }
}
