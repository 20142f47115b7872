internal import Dialogues

/// The turns of a queue in the order to look at them.
///
/// A hundred thousand of them are made while somebody waits. So names, labels and lists of labels are
/// kept once and a turn has their numbers, what people answered lies in one list for all turns, and the
/// order is a list of its own: nothing is allocated, counted or moved for a turn. ``ReviewQueue/Entry``
/// is what comes out.
public struct ReviewEntries: RandomAccessCollection, Sendable {
  /// A turn, in the order in which turns were added.
  struct Row: Sendable {
    var place: Int
    var score = 0.0
    /// The score of the next reason; 0 if there is none.
    var nextScore = 0.0
    var firstReason: Int32 = 0
    var reasonCount: Int32 = 0
    var firstAnswer: Int32 = 0
    var answerCount: Int32 = 0
    var suggested: Int32 = none
    var refined: Int32 = none
    var standing = Standing.unrated
    var adjudicatorsDiffer = false
  }

  /// What somebody answered.
  struct Answer: Sendable {
    var rater: Int32
    var labels: Int32
  }

  /// The number of no label.
  static let none: Int32 = -1

  private(set) var rows: [Row] = []
  private(set) var raters = Numbered<String>()
  private(set) var labels = Numbered<String>()
  private(set) var lists = Numbered<[String]>()
  private var reasons: [ReviewQueue.Scored] = []
  private var answers: [Answer] = []
  /// Which row has each rank, and which rank each row; empty while rows are added.
  private var order: [Int32] = []
  private var ranks: [Int32] = []
  /// Rows that were added after the queue was put in order, by place: those are not in that of places.
  private var late: [Int: Int] = [:]
  private var model = ModelLabels()

  /// The numbers of a model's labels, the same for turn after turn.
  private struct ModelLabels: Sendable {
    var labels: [String] = []
    var numbers: [Int32] = []
  }

  /// The first rank.
  public var startIndex: Int { 0 }
  /// One more than the last rank.
  public var endIndex: Int { rows.count }

  /// The turn of a rank.
  public subscript(rank: Int) -> ReviewQueue.Entry { entry(row(atRank: rank)) }

  func row(atRank rank: Int) -> Row { rows[order.isEmpty ? rank : Int(order[rank])] }

  func reasons(of row: Row) -> ArraySlice<ReviewQueue.Scored> {
    reasons[Int(row.firstReason)..<Int(row.firstReason + row.reasonCount)]
  }

  func answers(of row: Row) -> ArraySlice<Answer> {
    answers[Int(row.firstAnswer)..<Int(row.firstAnswer + row.answerCount)]
  }

  private func entry(_ row: Row) -> ReviewQueue.Entry {
    ReviewQueue.Entry(
      place: row.place, reasons: Array(reasons(of: row)), standing: row.standing,
      answers: answers(of: row).map { .init(rater: raters[$0.rater], labels: lists[$0.labels]) },
      suggested: row.suggested == Self.none ? nil : labels[row.suggested],
      refined: row.refined == Self.none ? nil : labels[row.refined])
  }

  // MARK: Adding

  /// Adds a turn.
  ///
  /// - Parameters:
  ///   - place: what it is known by, above that of every turn so far.
  ///   - best: which of the model's labels is its own.
  ///   - scored: the reasons, the one with the highest score first.
  mutating func append(
    _ turn: TurnUnderReview, _ standing: Standing, at place: Int, best: Int?,
    reasons scored: [ReviewQueue.Scored]
  ) {
    if model.labels != turn.labels {
      model.labels = turn.labels
      model.numbers = turn.labels.map { labels.number(of: $0) }
    }
    var row = Row(place: place, standing: standing)
    if let best { row.suggested = model.numbers[best] }
    if let refined = turn.refined {
      if let known = turn.labels.firstIndex(of: refined) {
        row.refined = model.numbers[known]
      } else {
        row.refined = labels.number(of: refined)
      }
    }
    row.firstAnswer = Int32(answers.count)
    row.answerCount = Int32(turn.answers.count)
    for answer in turn.answers {
      answers.append(
        Answer(
          rater: raters.number(of: answer.rater), labels: lists.number(of: answer.labels)))
    }
    setReasons(scored, of: &row)
    rows.append(row)
  }

  private mutating func setReasons(_ scored: [ReviewQueue.Scored], of row: inout Row) {
    row.firstReason = Int32(reasons.count)
    row.reasonCount = Int32(scored.count)
    reasons += scored
    row.score = scored.first?.score ?? 0
    row.nextScore = scored.dropFirst().first?.score ?? 0
    row.adjudicatorsDiffer = scored.contains { $0.reason == .adjudicatorsDiffer }
  }

  /// Adds the turns of another list, all of which come after the ones here.
  mutating func append(_ later: ReviewEntries) {
    guard !rows.isEmpty else {
      self = later
      return
    }
    let raterNumbers = later.raters.values.map { raters.number(of: $0) }
    let labelNumbers = later.labels.values.map { labels.number(of: $0) }
    let listNumbers = later.lists.values.map { lists.number(of: $0) }
    let (firstReason, firstAnswer) = (Int32(reasons.count), Int32(answers.count))
    reasons += later.reasons
    answers.reserveCapacity(answers.count + later.answers.count)
    for answer in later.answers {
      answers.append(
        Answer(
          rater: raterNumbers[Int(answer.rater)], labels: listNumbers[Int(answer.labels)]))
    }
    rows.reserveCapacity(rows.count + later.rows.count)
    for var row in later.rows {
      row.firstReason += firstReason
      row.firstAnswer += firstAnswer
      if row.suggested != Self.none { row.suggested = labelNumbers[Int(row.suggested)] }
      if row.refined != Self.none { row.refined = labelNumbers[Int(row.refined)] }
      rows.append(row)
    }
  }

  // MARK: The order

  /// Puts the turns in order: the highest score first, of one score that with the higher score for its
  /// next reason, and then as they were added.
  mutating func sort() {
    // Most turns have no reason: those need not be sorted.
    var scored: [(score: Double, next: Double, row: Int32)] = []
    for row in rows.indices where rows[row].score > 0 {
      scored.append((rows[row].score, rows[row].nextScore, Int32(row)))
    }
    scored.sort {
      if $0.score != $1.score { return $0.score > $1.score }
      return $0.next != $1.next ? $0.next > $1.next : $0.row < $1.row
    }
    order.removeAll(keepingCapacity: true)
    order.reserveCapacity(rows.count)
    for item in scored { order.append(item.row) }
    for row in rows.indices where rows[row].score == 0 { order.append(Int32(row)) }
    ranks = [Int32](repeating: 0, count: rows.count)
    for (rank, row) in order.enumerated() { ranks[Int(row)] = Int32(rank) }
  }

  /// The ranks of some of the rows, ascending.
  func ranks(where isIn: (Int) -> Bool) -> [Int] {
    indices.filter { isIn(order.isEmpty ? $0 : Int(order[$0])) }
  }

  /// The rank of a turn in a list that is in order; `nil` if it is not in it.
  func rank(ofPlace place: Int) -> Int? {
    row(ofPlace: place).map { Int(ranks[$0]) }
  }

  private func row(ofPlace place: Int) -> Int? {
    if let row = late[place] { return row }
    var (low, high) = (0, rows.count - late.count)
    while low < high {
      let middle = (low + high) / 2
      if rows[middle].place < place { low = middle + 1 } else { high = middle }
    }
    return low < rows.count - late.count && rows[low].place == place ? low : nil
  }

  // MARK: Changing

  /// Puts what is known of a turn now in the place of what was known, in a list that is in order; a turn
  /// not met before comes last.
  mutating func replace(_ entry: ReviewQueue.Entry) {
    var row = Row(place: entry.place, standing: entry.standing)
    let old = self.row(ofPlace: entry.place)
    row.suggested = entry.suggested.map { labels.number(of: $0) } ?? Self.none
    row.refined = entry.refined.map { labels.number(of: $0) } ?? Self.none
    let given = entry.answers.map {
      Answer(rater: raters.number(of: $0.rater), labels: lists.number(of: $0.labels))
    }
    // In the old place if there is room: a dialogue is read anew each time it is opened.
    if let old, rows[old].answerCount >= given.count {
      row.firstAnswer = rows[old].firstAnswer
      answers.replaceSubrange(
        Int(row.firstAnswer)..<Int(row.firstAnswer) + given.count, with: given)
    } else {
      row.firstAnswer = Int32(answers.count)
      answers += given
    }
    row.answerCount = Int32(given.count)
    setReasons(entry.reasons, of: &row)
    if let old, rows[old].reasonCount >= row.reasonCount {
      reasons.removeLast(entry.reasons.count)
      row.firstReason = rows[old].firstReason
      reasons.replaceSubrange(
        Int(row.firstReason)..<Int(row.firstReason + row.reasonCount), with: entry.reasons)
    }
    if let old {
      rows[old] = row
    } else {
      late[row.place] = rows.count
      order.append(Int32(rows.count))
      ranks.append(Int32(rows.count))
      rows.append(row)
    }
  }
}

extension ReviewEntries: Equatable {
  /// Whether the same turns come in the same order.
  public static func == (one: Self, other: Self) -> Bool { one.elementsEqual(other) }
}
