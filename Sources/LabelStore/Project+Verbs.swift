public import Dialogues
internal import GRDB

/// What people do. Each verb is one event, on disk when the verb returns.
extension Project {
  /// Gives an answer, or another one than before.
  @discardableResult
  public func answer(
    _ turn: TurnKey, _ answer: Answer, conditions: RatingConditions, by rater: Rater
  ) throws -> SavedState {
    try StoredAnswer.check(answer, path: path)
    return try act(.answered(answer), on: turn, by: rater, conditions: conditions)
  }

  /// Takes the answer back; nothing happens without one.
  @discardableResult
  public func withdraw(_ turn: TurnKey, by rater: Rater) throws -> SavedState {
    try act(.withdrew, on: turn, by: rater)
  }

  /// Marks a turn to come back to, or removes the mark.
  @discardableResult
  public func setFlag(_ isFlagged: Bool, on turn: TurnKey, by rater: Rater) throws -> SavedState {
    try act(isFlagged ? .flagged : .unflagged, on: turn, by: rater)
  }

  /// Passes over a turn, or takes that back.
  ///
  /// A turn is answered or skipped: skipping one that has
  /// an answer removes the answer (undo brings it back), answering one that is skipped ends the skip.
  @discardableResult
  public func setSkip(_ isSkipped: Bool, on turn: TurnKey, by rater: Rater) throws -> SavedState {
    try act(isSkipped ? .skipped : .unskipped, on: turn, by: rater)
  }

  /// Writes the note on a turn in place of the one there; an empty one removes it.
  @discardableResult
  public func setNote(_ note: String, on turn: TurnKey, by rater: Rater) throws -> SavedState {
    try act(.noted(StoredText.clean(note)), on: turn, by: rater)
  }

  /// Records that a turn was heard: history without effect on the state, which undo passes over.
  ///
  /// - Parameter conditions: only what was heard, and how often, is of interest here.
  public func listened(
    to turn: TurnKey, conditions: RatingConditions, by rater: Rater
  ) throws {
    try write { db in
      let row = try knownTurn(db, turn)
      let rater = try enrolledRaterID(db, rater)
      _ = try append(db, .listened, on: row, by: rater, conditions: conditions)
    }
  }

  /// Takes back the last thing the rater did that still holds, wherever and whenever that was.
  ///
  /// What they did in dialogues given to them a second time counts like the rest.
  ///
  /// - Returns: what was undone; `nil` if there is nothing left to undo.
  public func undo(by rater: Rater) throws -> UndoneAction? {
    try write { db in
      let ids = try [rater, rater.retest].compactMap { try raterID(db, $0) }
      guard let entry = try RaterLog.undoable(backwards(db, ids)) else { return nil }
      return try record(db, .undid(entry.order.id), of: entry.order.id)
    }
  }

  /// Does again what the last undo took back, until the rater does something new.
  ///
  /// - Returns: what was done again; `nil` if there is nothing to redo.
  public func redo(by rater: Rater) throws -> UndoneAction? {
    try write { db in
      let ids = try [rater, rater.retest].compactMap { try raterID(db, $0) }
      guard let target = try RaterLog.redoable(backwards(db, ids)) else { return nil }
      return try record(db, .redid(target), of: target)
    }
  }

  /// Remembers where a rater is, for when they come back.
  ///
  /// Not an event; an action remembers it too.
  public func setLastTurn(_ turn: TurnKey, of rater: Rater) throws {
    try write { db in
      try remember(db, knownTurn(db, turn), by: enrolledRaterID(db, rater))
    }
  }

  /// Appends an action unless it would change nothing.
  ///
  /// An answer is a measurement with conditions
  /// of its own, so the same one given again is kept.
  func act(
    _ action: Action, on turn: TurnKey, by rater: Rater, conditions: RatingConditions? = nil
  ) throws -> SavedState {
    try write { db in
      let row = try knownTurn(db, turn)
      let rater = try enrolledRaterID(db, rater)
      let before = try storedOutcome(db, row, rater)
      var state = try before?.state ?? TurnState(answer: importedAnswer(db, row, rater))
      let unchanged = state
      state.apply(action)
      switch action {
      case .answered, .adjudicated: break
      default: if state == unchanged { return try saved(db, unchanged, row, rater) }
      }
      _ = try append(db, .did(action), on: row, by: rater, conditions: conditions)
      try remember(db, row, by: rater)
      return try saved(db, refold(db, row, rater, after: action), row, rater)
    }
  }

  private func record(
    _ db: Database, _ content: LogEntry<TurnRow>.Content, of target: EventID
  ) throws -> UndoneAction {
    guard let entry = try entry(db, target), case .did(let action) = entry.content,
      let rater = try db.integer("SELECT rater FROM event WHERE id = ?", blob(target))
    else {
      throw ProjectError(
        .damaged, "\(path): the log names an event that is not there; take a backup copy.")
    }
    _ = try append(db, content, on: entry.turn, by: rater, conditions: nil)
    try remember(db, entry.turn, by: rater)
    let state = try refold(db, entry.turn, rater, after: action)
    return UndoneAction(
      turn: try turnKey(db, entry.turn), place: entry.turn.place,
      rater: try self.rater(id: rater, db), action: action,
      saved: try saved(db, state, entry.turn, rater))
  }

  private func remember(_ db: Database, _ row: TurnRow, by rater: Int64) throws {
    try db.run(
      """
      INSERT INTO last_turn (rater, turn) VALUES (?, ?)
      ON CONFLICT DO UPDATE SET turn = excluded.turn WHERE turn <> excluded.turn
      """, rater, row.id)
  }

  private func saved(
    _ db: Database, _ state: TurnState, _ row: TurnRow, _ rater: Int64
  ) throws -> SavedState {
    SavedState(
      state: state, dialogue: try progress(db, dialogue: row.dialogue, rater),
      project: try progress(db, rater))
  }
}
