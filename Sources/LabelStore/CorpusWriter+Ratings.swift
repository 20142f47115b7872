internal import Dialogues
internal import GRDB

/// Storing ratings that came with a corpus or a file.
extension CorpusWriter {
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
    if let row = try db.row(
      "SELECT labels, dimensions, confidence FROM imported_rating WHERE rater = ? AND turn = ?",
      rater.id, turn.id)
    {
      let before = try row.text(0)
      if try StoredAnswer(row, from: 0) == answer {
        report.unchangedRatings += 1
      } else {
        report.changedRatings += 1
        report.note(
          "\(rating.turn): the rating by \(rating.rater.name) was \(before) and is now "
            + "\(answer.labels); it was kept as it was.")
      }
      return
    }
    try db.run(
      """
      INSERT INTO imported_rating (rater, turn, labels, dimensions, confidence, time)
      VALUES (?, ?, ?, ?, ?, ?)
      """, rater.id, turn.id, answer.labels, answer.dimensions, answer.confidence, rating.time)
    report.newRatings += 1
    if rater.hasStates, try project.storedOutcome(db, turn, rater.id) != nil {
      try project.refold(db, turn, rater.id)
    } else {
      if turn.dialogue != countedDialogue { try storeCounts() }
      countedDialogue = turn.dialogue
      counts[rater.id, default: Tally()].labelled += 1
    }
  }

  /// Writes the counts of the dialogue whose ratings came last.
  func storeCounts() throws {
    for (rater, tally) in counts {
      try project.count(db, tally, dialogue: countedDialogue, rater)
    }
    counts.removeAll(keepingCapacity: true)
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
