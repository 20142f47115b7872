internal import Dialogues

/// Writes exactly MELD's eleven columns, CRLF, as MELD's own readers expect them.
///
/// `Emotion` is the gold label. Turns of other corpora are numbered as they come.
public final class MELDExporter: TurnExporter {
  static let columns = [
    "Sr No.", "Utterance", "Speaker", "Emotion", "Sentiment", "Dialogue_ID", "Utterance_ID",
    "Season",
    "Episode", "StartTime", "EndTime",
  ]
  /// MELD's sentiment follows from its emotion, but for surprise, which raters decided.
  private static let sentiments = [
    "neutral": "neutral", "joy": "positive", "anger": "negative", "sadness": "negative",
    "disgust": "negative", "fear": "negative",
  ]

  private let writer: CSVWriter
  private var number = 0
  private var dialogues: [DialogueKey: Int] = [:]
  private var last: DialogueKey?
  private var place = 0
  private var ties = 0
  private var unlabelled = 0
  private var renumbered = 0
  private var ratings = 0

  /// Begins a file; MELD has one a split.
  ///
  /// - Throws: ``CorpusError`` if no file can be made there.
  public init(path: String) throws(CorpusError) {
    writer = try CSVWriter(path: path, columns: Self.columns, usesCRLF: true)
  }

  /// Writes one row.
  ///
  /// - Throws: ``CorpusError`` if the disk is full or gone.
  public func write(_ exported: ExportedTurn) throws(CorpusError) {
    let turn = exported.turn
    let key = turn.key.dialogue
    if key != last {
      last = key
      place = 0
      dialogues[key] = dialogues[key] ?? dialogues.count
    }
    let isNumbered = isWholeNumber(key.dialogue) && isWholeNumber(turn.key.turn)
    if !isNumbered { renumbered += 1 }
    number += 1
    let fields = Dictionary(turn.metadata.map { ($0.name, $0.value) }) { first, _ in first }
    let emotion = exported.gold.count == 1 ? exported.gold[0] : ""
    if exported.gold.count > 1 { ties += 1 }
    if exported.gold.isEmpty { unlabelled += 1 }
    ratings += exported.ratings.count
    try writer.write([
      fields["Sr No."] ?? "\(number)", turn.text, turn.speaker, emotion,
      fields["Sentiment"] ?? Self.sentiments[emotion] ?? "",
      isNumbered ? key.dialogue : "\(dialogues[key] ?? 0)", isNumbered ? turn.key.turn : "\(place)",
      fields["Season"] ?? "", fields["Episode"] ?? "",
      turn.time.map { ClockTime.subtitle($0.start) } ?? "",
      turn.time.map { ClockTime.subtitle($0.end) } ?? "",
    ])
    place += 1
  }

  /// Makes the file appear.
  ///
  /// - Throws: ``CorpusError`` if the disk is full or gone; the file is then as it was before.
  public func finish() throws(CorpusError) { try writer.finish() }

  /// What MELD's columns could not hold.
  public var losses: [String] {
    var losses: [String] = []
    if ratings > 0 {
      losses.append("meld has no columns for the \(ratings) ratings behind the gold.")
    }
    if ties > 0 { losses.append("\(ties) turns have tied gold labels; their Emotion is empty.") }
    if unlabelled > 0 {
      losses.append("\(unlabelled) turns have no gold label; their Emotion is empty.")
    }
    if renumbered > 0 {
      losses.append("\(renumbered) turns have ids that are not numbers; they were numbered anew.")
    }
    return losses
  }
}
