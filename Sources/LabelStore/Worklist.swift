public import Dialogues
internal import GRDB
internal import Synchronization

/// A project as one rater meets it: the dialogues they were given, in their order, or all of them in
/// the project's where nothing was handed out to them.
///
/// Places are places in this list. A dialogue given a second time is in it twice; answers to the
/// second are filed under ``Rater/retest``, and the rater sees it as if for the first time.
public final class Worklist: Sendable {
  private let project: Project
  private let person: Rater
  /// `nil` for the whole project in its own order.
  private let items: [Item]?
  private let labelled: Mutex<[Int]>
  private let total: Int

  private struct Item {
    var dialogue: Int64
    var turns: Int
    var isRetest: Bool
  }

  /// Reads what a rater was given.
  ///
  /// - Parameter isWhole: whether the whole project is meant, whatever was handed out.
  public init(_ project: Project, of rater: Rater, isWhole: Bool = false) throws {
    self.project = project
    person = rater
    let read = try project.read { db -> (items: [Item], labelled: [Int]) in
      guard !isWhole, let id = try project.raterID(db, rater) else { return ([], []) }
      let again = try project.raterID(db, rater.retest)
      let rows = try db.rows(
        """
        SELECT a.dialogue, dialogue.turn_count, a.purpose = 'retest', ifnull(p.labelled, 0)
        FROM assignment AS a JOIN dialogue ON dialogue.id = a.dialogue
        LEFT JOIN dialogue_progress AS p ON p.dialogue = a.dialogue
          AND p.rater = iif(a.purpose = 'retest', ?, a.rater)
        WHERE a.rater = ? ORDER BY a.position
        """, again, id)
      return (
        try rows.map {
          Item(
            dialogue: try $0.integer(0), turns: try $0.count(1),
            isRetest: try $0.integer(2) == 1)
        }, try rows.map { try $0.count(3) }
      )
    }
    items = read.items.isEmpty ? nil : read.items
    labelled = Mutex(read.labelled)
    total = read.items.reduce(0) { $0 + $1.turns }
  }

  /// Whether the rater was given a share and not the whole project.
  public var isShare: Bool { items != nil }

  /// How many dialogues the list has.
  public var count: Int {
    get throws { try items?.count ?? project.dialogueCount }
  }

  /// Under whom answers in the dialogue at a place are filed.
  public func rater(at place: Int) -> Rater {
    guard let items, items.indices.contains(place), items[place].isRetest else { return person }
    return person.retest
  }

  /// The dialogue at a place, from 0; `nil` beyond the last.
  public func dialogue(at place: Int) throws -> Dialogue? {
    guard let items else { return try project.dialogue(at: place) }
    guard items.indices.contains(place) else { return nil }
    return try project.read { try project.dialogue($0, id: items[place].dialogue) }
  }

  /// The place where a rater's answers on a turn belong; `nil` if the list does not have it.
  ///
  /// - Parameter rater: the person or their retest.
  public func place(of turn: TurnKey, for rater: Rater) throws -> TurnPlace? {
    guard let place = try project.place(of: turn) else { return nil }
    guard let items else { return place }
    let isRetest = rater == person.retest
    return items.firstIndex {
      $0.dialogue == Int64(place.dialogue) + 1 && $0.isRetest == isRetest
    }.map { TurnPlace(dialogue: $0, turn: place.turn) }
  }

  /// The turn the rater was last at; `nil` for someone new.
  public func lastPlace() throws -> TurnPlace? {
    guard let place = try project.lastTurn(of: person) else { return nil }
    guard let items else { return place }
    let places = items.indices.filter { items[$0].dialogue == Int64(place.dialogue) + 1 }
    let labelled = labelled.withLock { $0 }
    // Given twice, the one still open is the one being worked on.
    return (places.first { labelled[$0] < items[$0].turns } ?? places.first)
      .map { TurnPlace(dialogue: $0, turn: place.turn) }
  }

  /// How far the rater is in the whole list.
  public func progress() throws -> Progress {
    guard items != nil else { return try project.progress(of: person) }
    return Progress(labelled: labelled.withLock { $0.reduce(0, +) }, total: total)
  }

  /// Takes note of a change that is on disk.
  ///
  /// - Parameters:
  ///   - saved: what the verb returned.
  ///   - place: the dialogue's place in this list.
  /// - Returns: how far the rater is in the whole list.
  public func progress(after saved: SavedState, at place: Int) -> Progress {
    guard items != nil else { return saved.project }
    return labelled.withLock { labelled in
      if labelled.indices.contains(place) { labelled[place] = saved.dialogue.labelled }
      return Progress(labelled: labelled.reduce(0, +), total: total)
    }
  }

  /// A page of the list; see ``Project/dialogueSummaries(from:limit:backwards:filter:matching:of:)``.
  public func summaries(
    from place: Int, limit: Int, backwards: Bool = false,
    filter: Project.DialogueFilter = .all, matching text: String = ""
  ) throws -> [DialogueSummary] {
    guard let items else {
      return try project.dialogueSummaries(
        from: place, limit: limit, backwards: backwards, filter: filter, matching: text,
        of: person)
    }
    var summaries: [DialogueSummary] = []
    var next = place
    while items.indices.contains(next), summaries.count < limit {
      let listed = try project.dialogueSummaries(
        from: Int(items[next].dialogue) - 1, limit: 1, filter: filter, matching: text,
        of: rater(at: next))
      if var summary = listed.first, summary.place == Int(items[next].dialogue) - 1 {
        summary.place = next
        summaries.append(summary)
      }
      next += backwards ? -1 : 1
    }
    return backwards ? summaries.reversed() : summaries
  }

  /// The next turn of a kind; see ``Project/next(_:after:backwards:for:)``.
  public func next(
    _ wanted: Project.Wanted, after place: TurnPlace?, backwards: Bool = false
  ) throws -> TurnPlace? {
    guard items != nil else {
      return try project.next(wanted, after: place, backwards: backwards, for: person)
    }
    return try find(after: place, backwards: backwards) { range, id, item in
      try project.next(
        wanted, in: range, ofDialogue: id, backwards: backwards, for: rater(at: item))
    }
  }

  /// The next turn that holds some words; see ``Project/search(_:after:backwards:isCancelled:)``.
  public func search(
    _ words: String, after place: TurnPlace?, backwards: Bool = false,
    isCancelled: () -> Bool = { false }
  ) throws -> TurnPlace? {
    guard items != nil else {
      return try project.search(
        words, after: place, backwards: backwards, isCancelled: isCancelled)
    }
    return try find(after: place, backwards: backwards) { range, id, _ in
      if isCancelled() { return nil }
      return try project.search(words, in: range, ofDialogue: id, backwards: backwards)
    }
  }

  /// Goes round the list once, from a place on.
  ///
  /// - Parameter turn: the place of a match among some places of a dialogue's turns.
  private func find(
    after place: TurnPlace?, backwards: Bool,
    _ turn: (Range<Int>, Int64, Int) throws -> Int?
  ) throws -> TurnPlace? {
    guard let items else { return nil }
    let start =
      place ?? TurnPlace(dialogue: backwards ? items.count - 1 : 0, turn: backwards ? .max : -1)
    let step = backwards ? -1 : 1
    for round in 0...items.count {
      let item = ((start.dialogue + step * round) % items.count + items.count) % items.count
      var range = 0..<items[item].turns
      if round == 0 {
        let edge = max(-1, min(start.turn, range.upperBound))
        range = backwards ? 0..<max(0, edge) : min(edge + 1, range.upperBound)..<range.upperBound
      }
      if let found = try turn(range, items[item].dialogue, item) {
        return TurnPlace(dialogue: item, turn: found)
      }
    }
    return nil
  }
}
