internal import Dialogues
internal import GRDB

/// Storing ratings that came with a corpus or a file.
extension CorpusWriter {
  func store(_ rating: Rating) throws {
    try StoredAnswer.check(rating.answer, path: project.path)
    guard rating.time?.isFinite ?? true else {
      throw refusal("\(rating.turn): the time of a rating is not a number of seconds.")
    }
    let turn = try project.knownTurn(db, rating.turn)
    let rater = try raterID(rating.rater)
    let answer = StoredAnswer(rating.answer)
    if let row = try db.row(
      "SELECT labels, dimensions, confidence, time FROM imported_rating WHERE rater = ? AND turn = ?",
      rater, turn.id)
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
      """, rater, turn.id, answer.labels, answer.dimensions, answer.confidence, rating.time)
    report.newRatings += 1
    if try project.storedOutcome(db, turn, rater) == nil {
      try project.count(
        db, Tally(TurnState(answer: rating.answer)), dialogue: turn.dialogue, rater)
    } else {
      try project.refold(db, turn, rater)
    }
  }

  private func raterID(_ rater: Rater) throws -> Int64 {
    if let id = raters[rater] { return id }
    let id = try project.enrolledRaterID(db, rater)
    raters[rater] = id
    return id
  }
}
