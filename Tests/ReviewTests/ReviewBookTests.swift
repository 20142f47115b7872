import Dialogues
import Review
import Testing

/// What people answered, as `ana` and `ben` and the rest in turn.
private func turn(
  _ answers: [String], model: String? = nil, isAdjudicated: Bool = false
) -> TurnUnderReview {
  let labels = ["neutral", "joy", "anger", "fear"]
  return TurnUnderReview(
    answers: zip(["ana", "ben", "cem"], answers).map { .init(rater: $0, labels: [$1]) },
    posterior: model.map { model in labels.map { $0 == model ? 0.7 : 0.1 } } ?? [],
    labels: model == nil ? [] : labels, isAdjudicated: isAdjudicated)
}

private let turns = [
  turn(["joy", "joy"]), turn(["joy", "fear"]), turn(["joy", "joy", "anger"], model: "fear"),
  turn(["fear"]), turn(["anger", "fear"], isAdjudicated: true), turn(["fear", "joy", "anger"]),
]

private func queue(_ options: ReviewQueue.Options = .init(scope: .all)) -> ReviewQueue {
  var queue = ReviewQueue(options)
  for (place, turn) in turns.enumerated() { queue.add(turn, at: place) }
  return queue
}

@Suite struct StandingTests {
  @Test func `what is settled, open, a tie, or nobody's yet`() {
    #expect(
      turns.map(\.standing) == [.unanimous, .tie, .majority, .single, .decided, .tie])
    #expect(TurnUnderReview().standing == .unrated)
    #expect(queue().settlement == ReviewQueue.Settlement(settled: 2, total: 5))
  }

  @Test func `the same labels in another order are agreement`() {
    let turn = TurnUnderReview(answers: [
      .init(rater: "ana", labels: ["joy", "fear"]), .init(rater: "ben", labels: ["fear", "joy"]),
    ])
    #expect(turn.standing == .unanimous)
    #expect(ReviewQueue().score(.betweenPeople, turn) == nil)
    let one = TurnUnderReview(answers: [.init(rater: "ana", labels: ["joy", "fear"])])
    #expect(ReviewQueue().score(.betweenPeople, one) == nil)
  }

  @Test func `adjudicators who differ bring a decided turn back`() {
    var disputed = turn(["joy", "joy"], isAdjudicated: true)
    var queue = ReviewQueue()
    queue.add(disputed, at: 0)
    #expect(queue.entries.isEmpty)
    disputed.adjudicatorsDiffer = true
    queue.add(disputed, at: 1)
    #expect(queue.entries.map(\.reasons) == [[.init(reason: .adjudicatorsDiffer, score: 1)]])
  }
}

@Suite struct ReviewFilterTests {
  func places(
    _ scope: ReviewScope = .all, _ text: String = "", spoken: [String: Set<Int>] = [:]
  ) -> [Int] {
    let entries = queue().entries
    let filter = ReviewFilter(scope: scope, text: text, people: ["F": "ana", "Q": "ben"])
    return filter.matches(entries, spoken: spoken).map { entries[$0].place }
  }

  @Test func `each scope lists its turns`() {
    #expect(places(.all).sorted() == [0, 1, 2, 3, 4, 5])
    #expect(places(.toReview).sorted() == [1, 2, 5])
    #expect(places(.open).sorted() == [1, 2, 5])
    #expect(places(.ties).sorted() == [1, 5])
    #expect(places(.unanimous) == [0])
    #expect(places(.decided) == [4])
  }

  @Test func `a word is looked for in reasons, labels and speakers`() {
    #expect(places(.all, "ANGER").sorted() == [2, 4, 5])
    #expect(places(.all, "model").sorted() == [2])
    #expect(places(.all, "mara", spoken: ["mara": [3]]) == [3])
    #expect(places(.all, "anger model") == [2])
  }

  @Test func `a word with a name before it is looked for only there`() {
    #expect(places(.all, "label:fear").sorted() == [1, 2, 3, 4, 5])
    #expect(places(.all, "reason:people_differ").isEmpty)
    #expect(places(.all, "reason:differ").sorted() == [1, 2, 4, 5])
    #expect(places(.all, "speaker:fear").isEmpty)
    #expect(places(.all, "speaker:mara", spoken: ["mara": [0, 1]]).sorted() == [0, 1])
  }

  @Test func `raters are named by their letters or names`() {
    #expect(places(.all, "rater:q").sorted() == [0, 1, 2, 4, 5])
    #expect(places(.all, "rater:cem").sorted() == [2, 5])
    #expect(places(.all, "pair:F,Q").sorted() == [1, 4, 5])
    #expect(places(.all, "pair:ben/cem").sorted() == [2, 5])
    #expect(ReviewFilter(scope: .all, text: "Mara pair:F,Q").speakers == ["mara"])
  }

  @Test func `a rater goes by the whole name, and the order of labels is no disagreement`() {
    let sets = TurnUnderReview(answers: [
      .init(rater: "anabel", labels: ["joy", "fear"]),
      .init(rater: "ben", labels: ["fear", "joy"]),
    ])
    var queue = ReviewQueue(.init(scope: .all))
    queue.add(sets, at: 0)
    func found(_ text: String) -> [Int] {
      ReviewFilter(scope: .all, text: text).matches(queue.entries)
    }
    #expect(found("rater:anabel") == [0])
    #expect(found("rater:ana").isEmpty)
    #expect(found("pair:anabel,ben").isEmpty)
  }

  @Test func `a label is found where only decoding the dialogue gave it`() {
    var decoded = turn(["joy", "joy"], model: "joy")
    decoded.refined = "fear"
    var queue = ReviewQueue(.init(scope: .all))
    queue.add(decoded, at: 7)
    let found = ReviewFilter(scope: .all, text: "label:fear").matches(queue.entries)
    #expect(found == [0])
  }

  @Test func `of turns people differ on alike, what the model makes of it says which comes first`()
  {
    var queue = ReviewQueue()
    // Between two people every difference scores 1.
    queue.add(turn(["joy", "fear"]), at: 0)
    queue.add(turn(["joy", "fear"], model: "joy"), at: 1)
    queue.add(turn(["joy", "fear"], model: "anger"), at: 2)
    queue.add(turn(["anger", "fear"], model: "neutral"), at: 3)
    #expect(queue.entries.map(\.score) == [1, 1, 1, 1])
    #expect(queue.entries.map(\.place) == [2, 3, 0, 1])
  }

  @Test func `how far all is settled does not depend on which turns are listed`() {
    #expect(queue(.init(scope: .ties, rater: "cem")).settlement == queue().settlement)
  }

  @Test func `the queue itself can be narrowed to two people`() {
    let entries = queue(.init(scope: .all, pair: RaterPair("ben", "cem"))).entries
    #expect(entries.map(\.place).sorted() == [2, 5])
  }
}

@Suite struct ReviewBookTests {
  func book() -> ReviewBook { ReviewBook(queue()) }

  func ranks(_ book: ReviewBook, _ scope: ReviewScope = .toReview) -> [Int] {
    ReviewFilter(scope: scope).matches(book.entries)
  }

  @Test func `next goes down the list and round its end, previous the other way`() {
    let book = book()
    let ranks = ranks(book)
    let places = ranks.map { book.entries[$0].place }
    #expect(places.count == 3)
    #expect(book.step(among: ranks, from: nil, forward: true) == 0)
    #expect(book.step(among: ranks, from: places[0], forward: true) == 1)
    #expect(book.step(among: ranks, from: places[2], forward: true) == 0)
    #expect(book.step(among: ranks, from: places[0], forward: false) == 2)
    #expect(book.step(among: [], from: nil, forward: true) == nil)
    #expect(book.step(among: [ranks[0]], from: places[0], forward: true) == nil)
  }

  @Test func `from a turn that is not listed the nearest one is next`() {
    let book = book()
    let all = book.entries.map(\.place)
    let listed = [1, 3]
    #expect(book.step(among: listed, from: all[0], forward: true) == 0)
    #expect(book.step(among: listed, from: all[2], forward: true) == 1)
    #expect(book.step(among: listed, from: all[2], forward: false) == 0)
    #expect(book.step(among: listed, from: all[4], forward: true) == 0)
  }

  @Test func `a turn that is decided leaves the list, keeps the order and counts as settled`() {
    var book = book()
    let before = ranks(book)
    let place = book.entries[before[0]].place
    let settled = book.settlement.settled
    book.decide(place)
    #expect(ranks(book) == Array(before.dropFirst()))
    #expect(book.settlement.settled == settled + 1)
    #expect(book.settlement.total == 5)
    // Where it was is still where to go on from.
    #expect(book.step(among: ranks(book), from: place, forward: true) == 0)
  }

  @Test func `what was undone is back in its place`() throws {
    var book = book()
    let before = book.entries
    let entry = try #require(before.first { $0.standing == .tie })
    book.decide(entry.place)
    book.replace(entry)
    #expect(book.entries == before)
    #expect(book.settlement == queue().settlement)
  }

  @Test func `a turn nobody had met comes last, and one nobody has any more is settled no more`() {
    var book = book()
    var queue = queue()
    queue.add(turn(["joy", "fear"], isAdjudicated: true), at: 99)
    book.replace(queue.entries.first { $0.place == 99 }!)
    #expect(book.entries.last?.place == 99)
    #expect(book.settlement == ReviewQueue.Settlement(settled: 3, total: 6))
    book.clear(99)
    #expect(book.settlement == ReviewQueue.Settlement(settled: 2, total: 5))
  }
}
