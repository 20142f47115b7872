internal import Dialogues

/// Writes a JSON object a turn, with everything: `datasets` and `pandas` read it as it is.
///
/// The names are those of the CSV export; beside them `audio`, `audio_start`, `audio_end`, `words`,
/// `metadata`, and `ratings`, a list of `rater`, `kind`, `labels`, the dimensions, `confidence` and
/// `time`. Every object has the same names, so that columns have one type.
public final class JSONLinesExporter: TurnExporter {
  private let file: OutputFile

  /// Begins a file.
  ///
  /// - Throws: ``CorpusError`` if no file can be made there.
  public init(path: String) throws(CorpusError) { file = try OutputFile(path) }

  /// Writes one line.
  ///
  /// - Throws: ``CorpusError`` if the disk is full or gone.
  public func write(_ exported: ExportedTurn) throws(CorpusError) {
    let turn = exported.turn
    let dialogue = turn.key.dialogue
    let number: (Double?) -> JSONValue = { value in
      value.flatMap { $0.isFinite ? .number(Decimal.text($0)) : nil } ?? .null
    }
    let string: (String?) -> JSONValue = { $0.map { .string($0) } ?? .null }
    let members: [(key: String, value: JSONValue)] = [
      ("schema", .number("1")),
      ("corpus", .string(dialogue.corpus)), ("split", .string(dialogue.split)),
      ("dialogue", .string(dialogue.dialogue)), ("turn", .string(turn.key.turn)),
      ("speaker", .string(turn.speaker)), ("text", .string(turn.text)),
      ("start", number(turn.time?.start)), ("end", number(turn.time?.end)),
      ("audio", string(turn.audio?.path)), ("audio_start", number(turn.audio?.span?.start)),
      ("audio_end", number(turn.audio?.span?.end)),
      ("gold", .array(exported.gold.map { .string($0) })),
      ("ratings", .array(exported.ratings.map { Self.rating($0, number) })),
      ("suggestion", string(exported.suggestion?.label)),
      ("probability", number(exported.suggestion?.probability)),
      ("refined", string(exported.refined)),
      (
        "words",
        .array(
          turn.words.map {
            .object([
              ("word", .string($0.word)), ("start", number($0.span.start)),
              ("end", number($0.span.end)),
            ])
          })
      ),
      (
        "metadata",
        .array(
          turn.metadata.map {
            .object([("name", .string($0.name)), ("value", .string($0.value))])
          })
      ),
    ]
    try file.append { bytes in
      JSONValue.object(members).append(to: &bytes)
      bytes.append(0x0A)
    }
  }

  private static func rating(_ rating: Rating, _ number: (Double?) -> JSONValue) -> JSONValue {
    var members: [(key: String, value: JSONValue)] = [
      ("rater", .string(rating.rater.name)), ("kind", .string(rating.rater.kind.rawValue)),
      ("labels", .array(rating.answer.labels.map { .string($0) })),
    ]
    members.append(
      (
        "dimensions",
        .array(
          rating.answer.dimensions.sorted { $0.key < $1.key }.map {
            .object([("name", .string($0.key)), ("value", number($0.value))])
          })
      ))
    members.append(("confidence", number(rating.answer.confidence.map(Double.init))))
    members.append(("time", number(rating.time)))
    return .object(members)
  }

  /// Makes the file appear.
  ///
  /// - Throws: ``CorpusError`` if the disk is full or gone; the file is then as it was before.
  public func finish() throws(CorpusError) { try file.finish() }

  /// Nothing: the format holds all of a turn.
  public var losses: [String] { [] }
}
