public import Dialogues

/// A turn as a file of ratings or suggestions names it, by the corpus's own ids.
///
/// Such files seldom say which corpus they speak of, and often no split. What they leave out matches
/// anything; the project, which knows its turns, decides whether that leaves exactly one.
public struct TurnReference: Hashable, Sendable {
  /// The corpus; `nil` if the file does not say.
  public var corpus: String?
  /// The split; `nil` if the file does not say.
  public var split: String?
  /// The corpus's own id of the dialogue.
  public var dialogue: String
  /// The corpus's own id of the turn.
  public var turn: String

  /// Creates a reference.
  public init(corpus: String? = nil, split: String? = nil, dialogue: String, turn: String) {
    self.corpus = corpus
    self.split = split
    self.dialogue = dialogue
    self.turn = turn
  }

  /// Whether it can mean that turn.
  public func matches(_ key: TurnKey) -> Bool {
    key.turn == turn && key.dialogue.dialogue == dialogue
      && corpus.map { $0 == key.dialogue.corpus } ?? true
      && split.map { $0 == key.dialogue.split } ?? true
  }
}

/// The columns by which a table of ratings or suggestions names turns.
struct TurnReferenceColumns {
  private let dialogue: Int
  private let turn: Int
  private let split: Int?
  private let corpus: Int?

  /// The names in use: Undertone's own, MELD's, and those of published logits for IEMOCAP.
  private static let pairs = [
    ("dialogue", "turn"), ("Dialogue_ID", "Utterance_ID"), ("dialog", "utt"),
  ]

  init(_ reader: any RecordReader, for format: String) throws(CorpusError) {
    // A reader of JSON Lines has a place for any name, so what the file really has is asked first.
    let columns = reader.columns
    let pair =
      Self.pairs.first { columns.contains($0.0) && columns.contains($0.1) } ?? Self.pairs[0]
    dialogue = try reader.requiredColumn(pair.0, for: format)
    turn = try reader.requiredColumn(pair.1, for: format)
    split = reader.column("split")
    corpus = reader.column("corpus")
  }

  /// All of them.
  var places: [Int] { [dialogue, turn, split, corpus].compactMap(\.self) }

  /// The turn the row just read speaks of; `nil` where an id is empty.
  func reference(in reader: any RecordReader, options: ImportOptions) -> TurnReference? {
    let dialogue = trimmed(reader.text(dialogue))
    let turn = trimmed(reader.text(turn))
    if dialogue.isEmpty || turn.isEmpty { return nil }
    let split = trimmed(reader.text(split))
    let corpus = trimmed(reader.text(corpus))
    return TurnReference(
      corpus: corpus.isEmpty ? options.corpus : corpus,
      split: split.isEmpty ? options.split : split, dialogue: dialogue, turn: turn)
  }
}

extension RecordReader {
  /// Goes through the records, reporting those that break the rules of the format and those that are
  /// not UTF-8, and keeping the progress.
  func forEachRecord(run: ImportRun, _ body: () throws -> Void) throws {
    run.expect(bytes: size)
    while true {
      let start = position.offset
      let outcome = try next()
      run.advance(bytes: position.offset - start)
      switch outcome {
      case .end: return
      case .wrong(let reason): try run.warn(.malformedRow, path, row: row, reason)
      case .record:
        try body()
        if metForeignEncoding {
          try run.warn(
            .encoding, path, row: row,
            "it is not UTF-8 and was read as Windows-1252; check its accents and quotes.")
        }
      }
    }
  }

  /// Meets the names of the first record, so that ``columns`` says something in JSON Lines too.
  func meetFirstRecord() throws(CorpusError) {
    let start = position
    if columns.isEmpty { _ = try next() }
    seek(start)
  }
}
