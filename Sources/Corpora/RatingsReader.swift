public import Dialogues

/// A rating of a turn that the project has yet to find.
public struct ImportedRating: Equatable, Sendable {
  /// The turn it is about.
  public var turn: TurnReference
  /// Who gave it.
  public var rater: Rater
  /// What they said.
  public var answer: Answer
  /// When, in seconds since 1970; `nil` if unknown.
  public var time: Double?
  /// The row it stands in, for messages.
  public var row: Int
}

/// Reads ratings for turns a project already has: CSV or JSON Lines with `dialogue`, `turn`, `rater`,
/// `label` and where there are any `corpus`, `split`, `valence`, `arousal`, `dominance`,
/// `confidence`, `time` (seconds since 1970 or ISO 8601) and `kind` (``Rater/Kind``).
///
/// A rater without a kind is a person: such files come from people who rated elsewhere. Several
/// labels in a cell are separated by semicolons.
public enum RatingsReader {
  /// Reads a file, one rating at a time.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - options: column names, corpus, split, rater and strictness.
  ///   - consume: takes each rating; what it throws ends the reading and comes out unchanged. It may
  ///     throw a ``CorpusError`` for a turn the project does not have.
  ///   - warn: takes each warning.
  ///   - progress: takes the fraction of the bytes read.
  /// - Returns: the counts; ``ImportSummary/ratings`` is how many were handed on.
  /// - Throws: ``CorpusError`` for what is wrong with the file.
  public static func read(
    _ path: String, options: ImportOptions = ImportOptions(),
    consume: @escaping (ImportedRating) throws -> Void,
    warn: @escaping (ImportWarning) -> Void = { _ in },
    progress: @escaping (Double) -> Void = { _ in }
  ) throws -> ImportSummary {
    let run = ImportRun(options: options, consume: { _ in }, warn: warn, progress: progress)
    run.setScheme(options.scheme)
    let reader = try openRecords(path, renaming: options.columns)
    try reader.meetFirstRecord()
    let turns = try TurnReferenceColumns(reader, for: "a file of ratings")
    let rater = reader.column("rater")
    if rater == nil && options.rater == nil {
      throw CorpusError(
        file: path,
        message:
          "a file of ratings needs a column “rater”, or one rater for all rows by --rater NAME.")
    }
    if !reader.columns.contains("label"),
      !AnswerColumns.usualDimensions.contains(where: reader.columns.contains)
    {
      throw CorpusError(
        file: path, message: "a file of ratings needs a column “label” or one of a dimension.")
    }
    let kind = reader.column("kind")
    let answers = AnswerColumns(reader, scheme: options.scheme)
    try reader.forEachRecord(run: run) {
      guard let turn = turns.reference(in: reader, options: options) else {
        try run.warn(.wrongValue, path, row: reader.row, "the dialogue or the turn is empty.")
        return
      }
      guard
        let rater = try rater.map({ try Self.rater($0, kind, in: reader, run: run) })
          ?? options.rater
      else { return }
      guard let (answer, time) = try answers.answer(in: reader, run: run) else {
        try run.warn(.wrongValue, path, row: reader.row, "it has neither a label nor a dimension.")
        return
      }
      try run.count(
        ImportedRating(turn: turn, rater: rater, answer: answer, time: time, row: reader.row),
        file: path, consume: consume)
    }
    run.finish()
    return run.summary
  }

  private static func rater(
    _ column: Int, _ kind: Int?, in reader: any RecordReader, run: ImportRun
  ) throws -> Rater? {
    let name = trimmed(reader.text(column))
    if name.isEmpty {
      if let rater = run.options.rater { return rater }
      try run.warn(.wrongValue, reader.path, row: reader.row, "the rater is empty.")
      return nil
    }
    let word = trimmed(reader.text(kind))
    if word.isEmpty {
      return Rater(
        name: name, kind: name.hasSuffix("/self") ? .selfReport : run.options.rater?.kind ?? .person
      )
    }
    guard let kind = Rater.Kind(rawValue: word) else {
      try run.warn(
        .wrongValue, reader.path, row: reader.row,
        "\(quoted(word)) is not a kind of rater; the kinds are "
          + Rater.Kind.allCases.map(\.rawValue).joined(separator: ", ") + ".")
      return nil
    }
    return Rater(name: name, kind: kind)
  }
}

extension ImportRun {
  /// Counts a rating and hands it on, its labels mapped and checked as in ``emit(_:file:)``.
  func count(
    _ rating: ImportedRating, file: String, consume: (ImportedRating) throws -> Void
  ) throws {
    var rating = rating
    rating.answer.labels = rating.answer.labels.map { options.labels[$0] ?? $0 }
    try countLabels(of: rating.answer, by: rating.rater) {
      "\(quoted($0)) is not in the label scheme; it is kept as it is."
    } report: { kind, message throws(CorpusError) in
      try warn(kind, file, row: rating.row, message)
    }
    summary.ratings += 1
    try consume(rating)
  }
}
