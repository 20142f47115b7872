import Testing

@testable import Corpora

/// What each format says it could not hold of the fixture, which has everything: 14 turns in three
/// dialogues, one with a title, 36 ratings, 24 of them by people.
@Suite struct LossTests {
  /// What tiers cannot hold in either format.
  private static let tiers: [Loss: Int] = [
    .confidence: 24, .ratingTimes: 24, .probabilities: 12, .audio: 5, .words: 3, .metadata: 3,
    .untimed: 1, .unrepresentable: 2,
  ]

  @Test(
    arguments: [
      (
        "csv",
        [
          .votes: 4, .dimensions: 4, .conditions: 24, .raterKinds: 3, .confidence: 24,
          .ratingTimes: 24, .probabilities: 12, .audio: 5, .words: 3, .metadata: 3, .titles: 1,
          .labelMapping: 1,
        ]
      ),
      ("jsonl", [:]),
      (
        "meld",
        [
          .votes: 4, .ratings: 36, .dimensions: 12, .conditions: 24, .suggestions: 12, .refined: 12,
          .audio: 5, .words: 3, .metadata: 3, .titles: 1, .tiedGold: 4, .noGold: 4, .formulas: 5,
        ]
      ),
      (
        "iemocap",
        [
          // Of the ratings, the 14 of the consensus, which is another's than people's, and 2 of a model.
          .ratings: 16, .conditions: 24, .suggestions: 12, .refined: 12, .raterNames: 24,
          .confidence: 24, .ratingTimes: 24, .audio: 5, .metadata: 3, .titles: 1, .foreignIDs: 14,
          .untimed: 1, .noMeans: 4, .flattened: 2,
        ]
      ),
      ("audformat", [.confidence: 24, .ratingTimes: 24, .words: 3, .metadata: 3]),
      ("textgrid", tiers.merging([.titles: 1]) { first, _ in first }),
      ("eaf", tiers),
      ("label-studio", [:]),
    ] as [(String, [Loss: Int])])
  func `what a format cannot hold is named and counted`(format: String, expected: [Loss: Int])
    throws
  {
    let folder = try InventedFolder()
    let losses = try ExportFixture.write(format, to: folder[ExportFixture.fileName(format)])
    for loss in Loss.allCases {
      #expect(losses.count(of: loss) == expected[loss, default: 0], "\(loss)")
    }
    #expect(losses.sentences.count == expected.count)
    for sentence in losses.sentences {
      let isCounted = sentence.contains { $0.isNumber }
      #expect(isCounted)
    }
  }

  @Test func `a csv that was asked for everything holds all but what no table does`() throws {
    let folder = try InventedFolder()
    let losses = try ExportFixture.write(
      "csv", to: folder["all.csv"], ExportFixture.options(Set(ExportPart.allCases)))
    #expect(
      losses.sentences == [
        "csv has no place for the word times of 3 turns.",
        "csv has no place for the further columns of 3 turns.",
        "csv has no place for the titles of 1 dialogues.",
        "csv has no place for the 1 label mappings of the project.",
      ])
  }
}
