internal import Dialogues
internal import GRDB

/// Storing ratings that came with a corpus or a file.
extension CorpusWriter {
  /// Whose rating of which turn.
  struct RatedTurn: Hashable {
    var rater: Int64
    var turn: Int64
  }

  /// A rater as an import knows them.
  struct KnownRater {
    var id: Int64
    /// Whether they have done something here, so that a rating may not be their present answer.
    var hasStates: Bool
  }

  func store(_ rating: Rating) throws {
    try StoredAnswer.check(rating.answer, path: project.path)
    guard rating.time?.isFinite ?? true else {
      throw refusal("\(rating.turn): the time of a rating is not a number of seconds.")
    }
    let turn = try places.row(db, rating.turn)
    let rater = try known(rating.rater)
    let answer = StoredAnswer(rating.answer)
    // In a dialogue that this import appended there are no other ratings than its own.
    let cannotBeThere =
      lastDialogueIsNew && turn.dialogue == lastDialogue
      && newRatings.insert(RatedTurn(rater: rater.id, turn: turn.id)).inserted
    if !cannotBeThere, try compare(rating, answer, turn, rater.id) { return }
    try ratingInsertion.run(
      db,
      [
        .integer(rater.id), .integer(turn.id), .text(answer.labels), .optional(answer.dimensions),
        .optional(answer.confidence), .optional(rating.time),
      ])
    report.newRatings += 1
    if rater.hasStates, try project.storedOutcome(db, turn, rater.id) != nil {
      try project.refold(db, turn, rater.id)
    } else {
      if turn.dialogue != countedDialogue { try storeCounts() }
      countedDialogue = turn.dialogue
      counts[rater.id, default: 0] += 1
    }
  }

  /// Compares a rating with the one that is there; false where there is none.
  private func compare(
    _ rating: Rating, _ answer: StoredAnswer, _ turn: TurnRow, _ rater: Int64
  ) throws -> Bool {
    guard
      let row = try db.row(
        """
        SELECT labels, dimensions, confidence, time FROM imported_rating
        WHERE rater = ? AND turn = ?
        """,
        rater, turn.id)
    else { return false }
    let before = try row.text(0)
    if try StoredAnswer(row, from: 0) == answer {
      if comparesTimes, try row.optionalReal(3) != rating.time {
        report.note(
          "\(rating.turn): the rating by \(rating.rater.name) that came with the corpus has another "
            + "time.")
      }
      report.unchangedRatings += 1
    } else {
      report.changedRatings += 1
      report.note(
        "\(rating.turn): the rating by \(rating.rater.name) was \(before) and is now "
          + "\(answer.labels); it was kept as it was.")
    }
    return true
  }

  /// Writes the counts of the dialogue whose ratings came last.
  private func storeCounts() throws {
    for (rater, labelled) in counts {
      try progressAddition.run(
        db, [.integer(rater), .integer(countedDialogue), .integer(Int64(labelled))])
      totals[rater, default: 0] += labelled
    }
    counts.removeAll(keepingCapacity: true)
  }

  /// Writes the counts that are still to be written; called when all ratings have come.
  func storeTotals() throws {
    try storeCounts()
    for (rater, labelled) in totals {
      try db.run(
        """
        INSERT INTO rater_progress (rater, labelled, flagged, skipped, noted)
        VALUES (?, ?, 0, 0, 0) ON CONFLICT DO UPDATE SET labelled = labelled + excluded.labelled
        """, rater, labelled)
    }
    totals.removeAll()
  }

  private func known(_ rater: Rater) throws -> KnownRater {
    if let known = raters[rater] { return known }
    let id = try project.enrolledRaterID(db, rater)
    let states = try db.integer("SELECT 1 FROM turn_state WHERE rater = ? LIMIT 1", id)
    let known = KnownRater(id: id, hasStates: states != nil)
    raters[rater] = known
    return known
  }
}
