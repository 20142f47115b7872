import Agreement
import Dialogues
import Foundation
import Review
import TestSupport
import Testing

/// The queue's scores against cleanlab's (`agreement/vectors.json`), through the queue's own code: turns
/// with one person's label and a model's posterior go in, entries come out.
struct CleanlabTests {
  @Test(
    .enabled(
      if: sharedData("agreement/vectors.json") != nil, "needs ../shared/data/agreement"),
    arguments: LabelQuality.allCases)
  func `a turn stands in the queue by one minus cleanlab's score of its label`(
    quality: LabelQuality
  ) throws {
    let path = try #require(sharedData("agreement/vectors.json"))
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
        as? [String: Any])
    let cleanlab = try #require(root["cleanlab"] as? [String: Any])
    let labels = try #require(cleanlab["labels"] as? [Int])
    let rows = try #require(cleanlab["pred_probs"] as? [[Double]])
    let theirs = try #require(cleanlab[quality.rawValue] as? [Double])
    let names = (0..<(rows.first?.count ?? 0)).map { "label \($0)" }

    var queue = ReviewQueue(.init(quality: quality))
    for (place, (label, posterior)) in zip(labels, rows).enumerated() {
      queue.add(
        TurnUnderReview(
          answers: [.init(rater: "r", labels: [names[label]])], posterior: posterior,
          labels: names), at: place)
      // Where people say what the model says, the same score is that of the dialogue's label.
      queue.add(
        TurnUnderReview(posterior: posterior, labels: names, refined: names[label]),
        at: 1000 + place)
    }
    var compared = 0
    for entry in queue.entries {
      #expect(abs(entry.score - (1 - theirs[entry.place % 1000])) < 1e-9)
      compared += 1
    }
    // In the queue are those whose label is not the model's, and no others.
    let wrong = zip(labels, rows).count { label, row in row[label] < (row.max() ?? 0) }
    #expect(compared == 2 * wrong && wrong > 10)
    #expect(queue.entries.map(\.score) == queue.entries.map(\.score).sorted(by: >))
    print("queue: \(compared) scores of \(quality.rawValue) compared")
  }
}
