internal import Dialogues

/// One event of a rater's log, as far as the present state depends on it.
struct LogEntry<Turn: Hashable & Sendable>: Equatable, Sendable {
  /// What happened.
  enum Content: Equatable, Sendable {
    case did(Action)
    /// Names the event undone: an action of the same rater on the same turn.
    case undid(EventID)
    /// Names the event done again.
    case redid(EventID)
    /// Heard the turn: part of the history, without effect on the state.
    case listened
  }

  var order: EventOrder
  var turn: Turn
  var content: Content
}

extension LogEntry: Comparable {
  static func < (one: LogEntry, other: LogEntry) -> Bool { one.order < other.order }
}

/// The meaning of a rater's log: pure functions, independent of how and in which order it was
/// stored.
///
/// An action *holds* unless the last undo or redo that names it is an undo. The state of a turn is
/// that of an untouched turn after all actions on it that hold, in their ``EventOrder``. Only the
/// events on one turn decide about that turn, and the function sorts them itself: logs can be
/// merged in any order, any number of times, and mean the same.
enum RaterLog {
  /// The present state of a turn, and the event that gave its answer.
  struct Outcome: Equatable, Sendable {
    var state: TurnState
    /// The event the answer comes from; `nil` without an answer or if that was imported.
    var answeredBy: EventID?
  }

  /// Folds the events on one turn.
  ///
  /// - Parameters:
  ///   - entries: all events of one rater on one turn, in any order.
  ///   - imported: the answer of this rater that came with a corpus or a file, if any: the state
  ///     the log starts from.
  static func outcome<Turn>(
    of entries: [LogEntry<Turn>], from imported: Answer? = nil
  ) -> Outcome {
    let sorted = entries.sorted()
    var undone: Set<EventID> = []
    for entry in sorted {
      switch entry.content {
      case .undid(let target): undone.insert(target)
      case .redid(let target): undone.remove(target)
      case .did, .listened: break
      }
    }
    var outcome = Outcome(state: TurnState(answer: imported))
    for entry in sorted {
      guard case .did(let action) = entry.content, !undone.contains(entry.order.id) else {
        continue
      }
      outcome.state.apply(action)
      switch action {
      case .answered: outcome.answeredBy = entry.order.id
      case .withdrew, .skipped: outcome.answeredBy = nil
      case .flagged, .unflagged, .noted, .unskipped, .adjudicated: break
      }
    }
    return outcome
  }

  /// The adjudication of a turn: the latest one that holds, whoever gave it; `nil` if there is none.
  ///
  /// - Parameter entries: all events on one turn of everybody who adjudicated it, in any order.
  static func gold<Turn>(
    of entries: [LogEntry<Turn>]
  ) -> (adjudication: Adjudication, decidedBy: EventID)? {
    var undone: Set<EventID> = []
    var gold: (adjudication: Adjudication, decidedBy: EventID)?
    let sorted = entries.sorted()
    for entry in sorted {
      switch entry.content {
      case .undid(let target): undone.insert(target)
      case .redid(let target): undone.remove(target)
      case .did, .listened: break
      }
    }
    for entry in sorted {
      guard case .did(.adjudicated(let adjudication)) = entry.content,
        !undone.contains(entry.order.id)
      else { continue }
      gold = (adjudication, entry.order.id)
    }
    return gold
  }

  /// The action an undo takes back: the rater's last one that holds; `nil` if there is none.
  ///
  /// - Parameter previous: gives the rater's log backwards, `nil` at its beginning; asked only as
  ///   often as needed.
  static func undoable<Turn>(
    _ previous: () throws -> LogEntry<Turn>?
  ) rethrows -> LogEntry<Turn>? {
    var decided: [EventID: Bool] = [:]
    while let entry = try previous() {
      switch entry.content {
      case .undid(let target): if decided[target] == nil { decided[target] = false }
      case .redid(let target): if decided[target] == nil { decided[target] = true }
      case .did: if decided[entry.order.id] ?? true { return entry }
      case .listened: break
      }
    }
    return nil
  }

  /// The action a redo brings back: that of the last undo not yet taken back itself; `nil` if
  /// there is none or the rater has done something new since.
  ///
  /// - Parameter previous: as for ``undoable(_:)``.
  static func redoable<Turn>(_ previous: () throws -> LogEntry<Turn>?) rethrows -> EventID? {
    var decided: Set<EventID> = []
    while let entry = try previous() {
      switch entry.content {
      case .undid(let target): if decided.insert(target).inserted { return target }
      case .redid(let target): decided.insert(target)
      case .did: return nil
      case .listened: break
      }
    }
    return nil
  }
}

extension TurnState {
  /// Changes the state as an action does.
  mutating func apply(_ action: Action) {
    switch action {
    case .answered(let answer):
      self.answer = answer
      isSkipped = false
    case .withdrew: answer = nil
    case .flagged: isFlagged = true
    case .unflagged: isFlagged = false
    case .noted(let text): note = text
    case .skipped:
      answer = nil
      isSkipped = true
    case .unskipped: isSkipped = false
    case .adjudicated: break
    }
  }
}
