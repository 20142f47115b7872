import Dialogues
import TestSupport
import Testing

@testable import Review

/// Lists of turns that are kept by number, against plain lists of the entries themselves.
struct ReviewEntriesTests {
  private func entry(
    _ place: Int, by random: inout SplitMix, labels: Int = 30
  ) -> ReviewQueue.Entry {
    let reasons = (0..<Int.random(in: 0...3, using: &random)).map { _ in
      ReviewQueue.Scored(
        reason: ReviewReason.allCases.randomElement(using: &random)!,
        score: Double.random(in: 0.1...1, using: &random))
    }
    func label() -> String { "label \(Int.random(in: 0..<labels, using: &random))" }
    return ReviewQueue.Entry(
      place: place, reasons: reasons,
      standing: Standing.allCases.randomElement(using: &random)!,
      answers: (0..<Int.random(in: 0...4, using: &random)).map { rater in
        .init(rater: "rater \(rater)", labels: Array(Set([label(), label()])))
      }, suggested: Bool.random(using: &random) ? label() : nil,
      refined: Bool.random(using: &random) ? label() : nil)
  }

  @Test(arguments: 0..<20)
  func `turns that are replaced by shorter and longer ones stay what they were given`(
    seed: UInt64
  ) {
    var random = SplitMix(seed: seed)
    var book = ReviewBook(ReviewQueue(.init(scope: .all)))
    var expected: [ReviewQueue.Entry] = []
    for _ in 0..<400 {
      let new = entry(Int.random(in: 0..<40, using: &random), by: &random)
      book.replace(new)
      if let rank = expected.firstIndex(where: { $0.place == new.place }) {
        expected[rank] = new
      } else {
        expected.append(new)
      }
    }
    #expect(Array(book.entries) == expected)
  }

  @Test func `more names and labels than are looked through one by one are told apart`() {
    var queue = ReviewQueue(.init(scope: .all))
    var whole = ReviewQueue(.init(scope: .all))
    var later = ReviewQueue(.init(scope: .all))
    // The later half meets the same names in another order.
    let turns = (0..<200).map { number in
      let name = number < 100 ? number % 40 : 39 - number % 40
      return TurnUnderReview(
        answers: [
          .init(rater: "rater \(name)", labels: ["label \(name)"]),
          .init(rater: "rater \(name + 1)", labels: ["label \(name)", "label \(name + 1)"]),
        ], posterior: [0.25, 0.75], labels: ["label \(name + 2)", "label \(name)"],
        refined: "label \(name + 3)")
    }
    for (place, turn) in turns.enumerated() {
      whole.add(turn, at: place)
      if place < 100 { queue.add(turn, at: place) } else { later.add(turn, at: place) }
    }
    queue.append(later)
    for entries in [whole.entries, queue.entries] {
      #expect(entries.count == 200)
      for entry in entries {
        #expect(entry.answers == turns[entry.place].answers)
        #expect(entry.suggested == turns[entry.place].labels[1])
        #expect(entry.refined == turns[entry.place].refined)
      }
    }
    #expect(queue.entries == whole.entries)
  }
}
