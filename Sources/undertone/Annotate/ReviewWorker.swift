import Annotator
import Dialogues
import Dispatch
import EmotionModel
import LabelStore
import Review
import Synchronization

/// Keeps the queue of turns to review beside the annotator: makes it, goes through it, lists it, and
/// reads what everybody made of the turns of a dialogue.
///
/// One queue for the work; the turns of the project are read once at the start, and those of a dialogue
/// again when something in it was decided or undone.
final class ReviewWorker: Sendable {
  private let project: Project
  private let study: StudyDesign
  private let options: ReviewQueue.Options
  private let source: String
  private let goldRater: String?
  private let mailbox: Mailbox
  private let queue = DispatchQueue(label: "undertone.review", qos: .userInitiated)
  private let book = Mutex<ReviewBook?>(nil)

  /// - Parameters:
  ///   - options: how turns are scored; which are taken in, beside those the list asks for.
  ///   - source: whose suggestions count.
  init(
    project: Project, study: StudyDesign, options: ReviewQueue.Options,
    source: String, goldRater: String?, mailbox: Mailbox
  ) {
    self.project = project
    self.study = study
    var options = options
    options.scope = .all
    self.options = options
    self.source = source
    self.goldRater = goldRater
    self.mailbox = mailbox
  }

  /// Reads all turns of a project and puts them in the order to look at them.
  static func book(
    of project: Project, _ options: ReviewQueue.Options, source: String, goldRater: String? = nil
  ) throws -> ReviewBook {
    ReviewBook(try queue(of: project, options, source: source, goldRater: goldRater))
  }

  /// The queue of all turns of a project.
  static func queue(
    of project: Project, _ options: ReviewQueue.Options, source: String, goldRater: String? = nil
  ) throws -> ReviewQueue {
    var halves = try project.gatherTurnsUnderReview(
      source: source, goldRater: goldRater, startingWith: ReviewQueue(options)
    ) { queue, place, turn in queue.add(turn, at: place.number) }
    var queue = halves.removeFirst()
    for half in halves { queue.append(half) }
    return queue
  }

  // MARK: The queue

  /// The next turn of the list after one, or before it, round its end; settled ones are passed over
  /// unless the list asks for them.
  func step(scope: ReviewScope, filter text: String, from position: Position?, forward: Bool) {
    queue.async { [self] in
      explaining {
        let book = try openBook()
        let ranks = try matches(
          ReviewFilter(scope: scope, text: text, people: try people()), in: book)
        let place = book.step(
          among: ranks, from: position.map { TurnPlace($0).number }, forward: forward)
        mailbox.post(
          .reviewFound(
            place.map {
              ReviewPlace(
                position: Position(TurnPlace(number: book.entries[ranks[$0]].place)), rank: $0,
                count: ranks.count)
            }))
      }
    }
  }

  /// Passes over a turn whose decision is on its way to the disk.
  func decided(_ position: Position) {
    queue.async { [self] in book.withLock { $0?.decide(TurnPlace(position).number) } }
  }

  func list(scope: ReviewScope, filter text: String, around rank: Int, count: Int, request: Int) {
    queue.async { [self] in
      explaining {
        let book = try openBook()
        let ranks = try matches(
          ReviewFilter(scope: scope, text: text, people: try people()), in: book)
        let first = max(0, min(rank - count / 2, ranks.count - count))
        let rows = try ranks.dropFirst(first).prefix(count).compactMap { try row(book.entries[$0]) }
        mailbox.post(.reviewListed(rows: rows, first: first, count: ranks.count, request: request))
      }
    }
  }

  private func explaining(_ work: () throws -> Void) {
    do { try work() } catch { mailbox.post(.message(Message(.problem, sentence(error)))) }
  }

  private func openBook() throws -> ReviewBook {
    if let book = book.withLock({ $0 }) { return book }
    let made = try Self.book(of: project, options, source: source, goldRater: goldRater)
    book.withLock { $0 = made }
    mailbox.post(.reviewProgressed(Progress(made.settlement)))
    return made
  }

  private func matches(_ filter: ReviewFilter, in book: ReviewBook) throws -> [Int] {
    var spoken: [String: Set<Int>] = [:]
    for speaker in Set(filter.speakers) {
      spoken[speaker] = Set(try project.turns(spokenBy: speaker).map(\.number))
    }
    return filter.matches(book.entries, spoken: spoken)
  }

  private func row(_ entry: ReviewQueue.Entry) throws -> ReviewRow? {
    try Self.row(entry, of: project)
  }

  /// An entry as a line of the list.
  static func row(_ entry: ReviewQueue.Entry, of project: Project) throws -> ReviewRow? {
    let place = TurnPlace(number: entry.place)
    guard let turn = try project.turnText(at: place) else { return nil }
    var votes: [String: Int] = [:]
    for label in entry.answers.lazy.flatMap(\.labels) { votes[label, default: 0] += 1 }
    return ReviewRow(
      position: Position(place), speaker: turn.speaker, text: turn.text,
      reasons: entry.reasons.map { ReviewedTurn.Reason($0.reason, score: $0.score) },
      standing: entry.standing,
      votes: votes.map { LabelCount(label: $0.key, count: $0.value) }
        .sorted { ($1.count, $0.label) < ($0.count, $1.label) },
      suggested: entry.suggested)
  }

  /// Letters for people, and the people behind them.
  private func letters() throws -> [String: String] { study.aliases(of: try project.people()) }

  private func people() throws -> [String: String] {
    Dictionary(try letters().map { ($0.value, $0.key) }) { first, _ in first }
  }

  // MARK: One dialogue

  /// Reads what everybody made of a dialogue anew, after all that was asked to be written before.
  func read(dialogue place: Int) {
    queue.async { [self] in
      explaining {
        guard let dialogue = try project.dialogue(at: place) else { return }
        mailbox.post(.reviewed(try turns(of: dialogue, at: place), dialogue: place))
      }
    }
  }

  /// What everybody made of the turns of a dialogue; takes what is new into the queue.
  func turns(of dialogue: Dialogue, at place: Int) throws -> [ReviewedTurn] {
    let scoring = ReviewQueue(options)
    var entries: [Int: ReviewQueue.Entry] = [:]
    // Also of turns that the queue leaves out: their votes are seen all the same.
    var standings: [Int: Standing] = [:]
    try project.forEachTurnUnderReview(
      source: source, goldRater: goldRater, inDialogue: place
    ) { place, turn in
      entries[place.turn] = scoring.entry(turn, at: place.number)
      standings[place.turn] = turn.standing
    }
    let settlement = book.withLock { book in
      for turn in dialogue.turns.indices {
        if let entry = entries[turn] {
          book?.replace(entry)
        } else {
          book?.clear(TurnPlace(dialogue: place, turn: turn).number)
        }
      }
      return book?.settlement
    }
    if let settlement { mailbox.post(.reviewProgressed(Progress(settlement))) }
    let letters = try letters()
    let opinions = try project.opinions(on: dialogue.key)
    let decisions = try project.goldLabels(of: dialogue.key)
    let all = try project.decisions(of: dialogue.key)
    func decision(_ label: Project.GoldLabel) -> ReviewedTurn.Decision {
      ReviewedTurn.Decision(
        label.adjudication, name: label.rater.name, letter: letters[label.rater.name],
        time: dayAndTime(label.time))
    }
    return dialogue.turns.indices.map { turn in
      let entry = entries[turn]
      return ReviewedTurn(
        opinions: opinions[turn].compactMap { ReviewedTurn.Opinion($0, letters: letters) }
          .sorted { ($0.letter ?? "~", $0.name) < ($1.letter ?? "~", $1.name) },
        reasons: entry?.reasons.map { ReviewedTurn.Reason($0.reason, score: $0.score) } ?? [],
        standing: standings[turn] ?? .unrated, decision: decisions[turn].map(decision),
        disputes: all[turn].filter { other in
          decisions[turn].map { Set($0.adjudication.labels) != Set(other.adjudication.labels) }
            ?? false
        }.map(decision))
    }
  }

  /// Waits until nothing is under way.
  func finish() { queue.sync {} }
}

extension ReviewedTurn.Opinion {
  /// - Returns: `nil` for somebody who left nothing on the turn.
  fileprivate init?(_ opinion: RaterOpinion, letters: [String: String]) {
    let state = opinion.state
    guard state != TurnState() else { return nil }
    self.init(
      name: opinion.rater.name,
      letter: opinion.rater.kind == .person ? letters[opinion.rater.name] : nil,
      kind: opinion.rater.kind, answer: state.answer, isFlagged: state.isFlagged,
      isSkipped: state.isSkipped, note: state.note, committed: opinion.committed,
      shown: opinion.shown)
  }
}

extension TurnPlace {
  /// One integer in the order of the project.
  var number: Int { dialogue << 20 | turn }

  init(number: Int) { self.init(dialogue: number >> 20, turn: number & (1 << 20 - 1)) }
}

extension Progress {
  init(_ settlement: ReviewQueue.Settlement) {
    self.init(labelled: settlement.settled, total: settlement.total)
  }
}
