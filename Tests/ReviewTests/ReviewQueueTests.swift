import Agreement
import Dialogues
import Review
import Testing

struct ReviewQueueTests {
  let labels = ["neutral", "joy", "anger", "fear"]

  func turn(
    _ answers: [String], posterior: [Double] = [0.1, 0.7, 0.15, 0.05], refined: String? = nil,
    gold: [String]? = nil, isAdjudicated: Bool = false
  ) -> TurnUnderReview {
    TurnUnderReview(
      answers: answers.enumerated().map { .init(rater: "r\($0.offset)", labels: [$0.element]) },
      posterior: posterior, labels: labels, refined: refined, gold: gold,
      isAdjudicated: isAdjudicated)
  }

  func entries(
    _ turns: [TurnUnderReview], _ options: ReviewQueue.Options = .init()
  ) -> [ReviewQueue.Entry] {
    var queue = ReviewQueue(options)
    for (place, turn) in turns.enumerated() { queue.add(turn, at: place) }
    return Array(queue.entries)
  }

  @Test func `a turn on which all agree is not in the queue`() {
    #expect(entries([turn(["joy", "joy"], refined: "joy", gold: ["joy"])]).isEmpty)
    #expect(entries([TurnUnderReview()]).isEmpty)
  }

  @Test func `a label the model gives little for comes before one it nearly gave`() {
    let queue = entries([
      turn(["anger"], posterior: [0.1, 0.46, 0.4, 0.04]), turn(["fear"]), turn(["joy"]),
    ])
    #expect(queue.map(\.place) == [1, 0])
    #expect(queue.allSatisfy { $0.reasons.map(\.reason) == [.modelAgainstPeople] })
    // 1 − p of the people's label, and with the margin 1 − (p − 0.7 + 1) / 2.
    #expect(abs(queue[0].score - 0.95) < 1e-12)
    let margin = entries([turn(["fear"])], .init(quality: .normalizedMargin))
    #expect(abs(margin[0].score - (1 - (0.05 - 0.7 + 1) / 2)) < 1e-12)
  }

  @Test func `a queue made in two halves is the queue made in one`() {
    let turns = [
      turn(["joy", "joy"]), turn(["fear"]), turn(["joy", "fear"]), turn(["joy"], refined: "fear"),
      turn(["fear"]), turn(["anger", "anger"], gold: ["joy"], isAdjudicated: true), turn(["joy"]),
    ]
    for cut in 0...turns.count {
      var whole = ReviewQueue(.init(scope: .all))
      var halves = (ReviewQueue(.init(scope: .all)), ReviewQueue(.init(scope: .all)))
      for (place, turn) in turns.enumerated() {
        whole.add(turn, at: place)
        if place < cut { halves.0.add(turn, at: place) } else { halves.1.add(turn, at: place) }
      }
      halves.0.append(halves.1)
      #expect(halves.0.entries == whole.entries)
      #expect(halves.0.settlement == whole.settlement)
      #expect(whole.entries.count == turns.count)
    }
  }

  @Test func `people who differ are listed by how evenly they are split`() {
    let queue = entries(
      [turn(["joy", "joy", "joy", "fear"]), turn(["joy", "fear"])], .init(reasons: [.betweenPeople])
    )
    #expect(queue.map(\.place) == [1, 0])
    #expect(queue[0].score == 1)
    // −¾ log₂ ¾ − ¼ log₂ ¼ = 0.8112781245 bits, of log₂ 4 = 2.
    #expect(abs(queue[1].score - 0.8112781244591328 / 2) < 1e-12)
  }

  @Test func `where people tie and the model is with one of them, only the people differ`() {
    let queue = entries([turn(["joy", "fear"])])
    #expect(queue[0].reasons.map(\.reason) == [.betweenPeople])
  }

  @Test func `a turn with several reasons stands by the strongest and names all`() {
    let queue = entries([turn(["fear", "anger", "fear"], refined: "neutral", gold: ["joy"])])
    #expect(
      Set(queue[0].reasons.map(\.reason)) == [
        .modelAgainstPeople, .betweenPeople, .modelAgainstRefined, .goldMissed,
      ])
    #expect(queue[0].reasons[0] == .init(reason: .goldMissed, score: 1))
  }

  @Test func `who changed after the suggestion was shown is listed`() {
    var changed = turn(["joy", "joy"])
    changed.changes = [.init(rater: "r0", committed: ["fear"], revealed: ["joy"], shown: "joy")]
    let queue = entries([changed])
    #expect(queue[0].reasons == [.init(reason: .changedAfterReveal, score: 0.5)])
  }

  @Test func `the queue can be narrowed to a reason, a rater, a label, and to what is open`() {
    let turns = [
      turn(["fear"]), turn(["fear", "anger"]), turn(["joy"], refined: "anger"),
      turn(["fear"], gold: ["joy"], isAdjudicated: true),
    ]
    #expect(entries(turns).map(\.place).sorted() == [0, 1, 2])
    #expect(entries(turns, .init(scope: .all)).count == 4)
    #expect(entries(turns, .init(reasons: [.modelAgainstRefined])).map(\.place) == [2])
    #expect(entries(turns, .init(rater: "r1")).map(\.place) == [1])
    #expect(entries(turns, .init(label: "anger")).map(\.place).sorted() == [1, 2])
  }

  @Test func `a label the model does not know is as doubtful as can be`() {
    #expect(entries([turn(["pride"])])[0].score == 1)
    #expect(entries([turn(["joy"], posterior: [])]).isEmpty)
  }

  @Test func `turns of one score stand in the order of the project`() {
    let tied = Array(repeating: turn(["joy", "fear"]), count: 5)
    #expect(entries(tied).map(\.place) == [0, 1, 2, 3, 4])
  }

  @Test func `who gave the right label among others has not missed it`() {
    let both = TurnUnderReview(
      answers: [.init(rater: "ana", labels: ["joy", "fear"])], gold: ["joy"])
    #expect(entries([both]).isEmpty)
    let half = TurnUnderReview(
      answers: both.answers + [.init(rater: "ben", labels: ["fear"])], gold: ["joy"])
    let queue = entries([half], .init(reasons: [.goldMissed]))
    #expect(queue.map(\.reasons) == [[.init(reason: .goldMissed, score: 0.5)]])
  }

  @Test func `where people tie against the model the label it gives more for counts`() {
    let queue = entries([turn(["anger", "fear"])], .init(reasons: [.modelAgainstPeople]))
    // 1 − 0.15 for anger, not 1 − 0.05 for fear.
    #expect(abs(queue[0].score - 0.85) < 1e-12)
  }

  @Test func `turns on which at least two people agree need no decision`() {
    #expect(turn(["joy", "joy"]).unanimous == ["joy"])
    #expect(turn(["joy"]).unanimous == nil)
    #expect(turn(["joy", "fear"]).unanimous == nil)
  }
}
