import Dialogues
import LabelStore
import Review

/// Measures how soon the queue of a project's turns to review is there, for `make bench`.
///
/// The clock on the wall, from a project that is open until the first forty lines of the list are
/// made: what somebody waits for who opens it.
struct ReviewBenchmark {
  let path: String

  func run() throws {
    let project = try Project.open(at: path, readOnly: true, program: programVersion)
    var ready: [Double] = []
    var narrowed: [Double] = []
    var book = ReviewBook(ReviewQueue())
    for _ in 0..<15 {
      // Whoever opens a review has none open: to let go of the last one is not part of it.
      book = ReviewBook(ReviewQueue())
      let begin = monotonicSeconds()
      book = try ReviewWorker.book(of: project, .init(scope: .all), source: builtInSource)
      let ranks = ReviewFilter(scope: .toReview).matches(book.entries)
      _ = try ranks.prefix(40).map { try ReviewWorker.row(book.entries[$0], of: project) }
      ready.append(monotonicSeconds() - begin)
      let typed = monotonicSeconds()
      _ = ReviewFilter(scope: .toReview, text: "anger pair:ana,ben").matches(book.entries)
      narrowed.append(monotonicSeconds() - typed)
    }
    let listed = ReviewFilter(scope: .toReview).matches(book.entries).count
    print("turns\t\(try project.information().turns)")
    print("listed\t\(listed)")
    for (name, times) in [("ready", ready.sorted()), ("narrowed", narrowed.sorted())] {
      print(
        "\(name)\t\(rounded(times[0] * 1000, 10))\t\(rounded(times[times.count / 2] * 1000, 10))")
    }
    try project.close()
  }
}
