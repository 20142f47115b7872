public import Dialogues
internal import GRDB

/// How answers came about: what quality of work and the influence of suggestions are read from.
extension Project {
  /// An answer that holds, with the answers before it and what had been heard by then.
  public struct GivenAnswer: Equatable, Sendable {
    /// The turn.
    public var turn: TurnKey
    /// Who answered.
    public var rater: Rater
    /// The answer that holds.
    public var answer: Answer
    /// When it was given, in seconds since 1970.
    public var time: Double
    /// Under what conditions it was given.
    public var conditions: RatingConditions
    /// The conditions of the rater's first answer to the turn that was not undone; later ones, such as
    /// after a reveal, are quick because the turn is known.
    public var first: RatingConditions
    /// The longest part of the turn, in milliseconds, that the rater had heard in one go before that
    /// first answer, in this sitting or an earlier one; 0 for none.
    public var heardMilliseconds: Int
    /// The answer before the suggestion was revealed; `nil` if ``answer`` is not one after a reveal.
    public var committed: Answer?
  }

  /// Calls a function with every answer that people gave here and that holds, in the order of the
  /// project's turns, then of the raters as the file met them.
  ///
  /// Only the events of one turn and one rater are in memory at a time.
  public func forEachGivenAnswer(_ body: (GivenAnswer) throws -> Void) throws {
    try read(.scan) { db in
      let people = try db.rows("SELECT id, name, kind FROM rater WHERE kind = 'person'")
      let raters = Dictionary(
        try people.map { (try $0.integer(0), try rater($0, from: 1)) },
        uniquingKeysWith: { first, _ in first })
      let rows = try db.cursor(
        """
        SELECT \(Project.eventColumns), rater FROM event
        WHERE rater IN (SELECT id FROM rater WHERE kind = 'person') ORDER BY turn, rater, clock, id
        """)
      var keys = TurnKeys(project: self)
      var events: [StoredEvent] = []
      var current: (turn: Int64, rater: Int64)?
      func finish() throws {
        defer { events.removeAll(keepingCapacity: true) }
        guard let current, let rater = raters[current.rater],
          let name = try db.row("SELECT name FROM turn WHERE id = ?", current.turn)?.text(0)
        else { return }
        let turn = try keys.key(db, TurnRow(id: current.turn), named: name)
        if let given = Self.givenAnswer(events, on: turn, by: rater) { try body(given) }
      }
      while let row = try rows.next() {
        let (turn, rater) = (try row.integer(2), try row.integer(21))
        if current.map({ $0.turn != turn || $0.rater != rater }) ?? true {
          try finish()
          current = (turn, rater)
        }
        events.append(try storedEvent(row))
      }
      try finish()
    }
  }

  /// What the events of one rater on one turn come to; `nil` if no answer given here holds.
  private static func givenAnswer(
    _ events: [StoredEvent], on turn: TurnKey, by rater: Rater
  ) -> GivenAnswer? {
    let outcome = RaterLog.outcome(of: events.map(\.entry))
    guard let id = outcome.answeredBy, let answer = outcome.state.answer,
      let holding = events.firstIndex(where: { $0.entry.order.id == id }),
      let conditions = events[holding].conditions
    else { return nil }
    var undone: Set<EventID> = []
    for event in events {
      switch event.entry.content {
      case .undid(let target): undone.insert(target)
      case .redid(let target): undone.remove(target)
      case .did, .listened: break
      }
    }
    func standing(_ place: Int) -> Answer? {
      guard case .did(.answered(let answer)) = events[place].entry.content,
        !undone.contains(events[place].entry.order.id)
      else { return nil }
      return answer
    }
    let first = events.indices.first { standing($0) != nil } ?? holding
    let heard = events[...first].compactMap(\.conditions?.heardMilliseconds).max() ?? 0
    var committed: Answer?
    if conditions.stage == .revealed {
      committed = events[..<holding].indices.last {
        events[$0].conditions?.stage == .committed && standing($0) != nil
      }.flatMap(standing)
    }
    return GivenAnswer(
      turn: turn, rater: rater, answer: answer, time: events[holding].time,
      conditions: conditions, first: events[first].conditions ?? conditions,
      heardMilliseconds: heard, committed: committed)
  }
}
