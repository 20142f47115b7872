internal import Dialogues

/// Writes a row a turn: `corpus,split,dialogue,turn,speaker,text,start,end,gold`, a column `rater:NAME`
/// for each rater, then `suggestion,probability,refined`.
///
/// Several labels in a cell are separated by semicolons. The manifest importer reads the file back:
/// ids, texts, times and the raters' labels.
public final class CSVExporter: TurnExporter {
  /// The columns about the turn itself.
  static let turnColumns = [
    "corpus", "split", "dialogue", "turn", "speaker", "text", "start", "end", "gold",
  ]

  private let writer: CSVWriter
  private let raters: [String]
  private var lostDimensions = 0
  private var lostAudio = 0
  private var lostMetadata = 0
  private var lostRaters: Set<String> = []

  /// Begins a file.
  ///
  /// - Parameters:
  ///   - path: where it will appear.
  ///   - raters: the names of the raters, in the order of their columns.
  /// - Throws: ``CorpusError`` if no file can be made there.
  public init(path: String, raters: [String]) throws(CorpusError) {
    self.raters = raters
    writer = try CSVWriter(
      path: path,
      columns: Self.turnColumns + raters.map { "rater:\($0)" }
        + ["suggestion", "probability", "refined"])
  }

  /// Writes one row.
  ///
  /// - Throws: ``CorpusError`` if the disk is full or gone.
  public func write(_ exported: ExportedTurn) throws(CorpusError) {
    let turn = exported.turn
    let dialogue = turn.key.dialogue
    var labels: [String: String] = [:]
    for rating in exported.ratings {
      labels[rating.rater.name] = rating.answer.labels.joined(separator: ";")
      if !rating.answer.dimensions.isEmpty { lostDimensions += 1 }
      if !raters.contains(rating.rater.name) { lostRaters.insert(rating.rater.name) }
    }
    if turn.audio != nil { lostAudio += 1 }
    if !turn.metadata.isEmpty || !turn.words.isEmpty { lostMetadata += 1 }
    try writer.write(
      [
        dialogue.corpus, dialogue.split, dialogue.dialogue, turn.key.turn, turn.speaker, turn.text,
        turn.time.map { Decimal.text($0.start) } ?? "",
        turn.time.map { Decimal.text($0.end) } ?? "",
        exported.gold.joined(separator: ";"),
      ] + raters.map { labels[$0] ?? "" } + [
        exported.suggestion?.label ?? "",
        exported.suggestion.map { Decimal.text($0.probability) } ?? "", exported.refined ?? "",
      ])
  }

  /// Makes the file appear.
  ///
  /// - Throws: ``CorpusError`` if the disk is full or gone; the file is then as it was before.
  public func finish() throws(CorpusError) { try writer.finish() }

  /// What the columns could not hold.
  public var losses: [String] {
    var losses: [String] = []
    if lostDimensions > 0 {
      losses.append(
        "csv has no columns for the dimensions of \(lostDimensions) ratings; jsonl has.")
    }
    if lostAudio > 0 {
      losses.append("csv has no column for the audio of \(lostAudio) turns; jsonl has.")
    }
    if lostMetadata > 0 {
      losses.append(
        "csv has no columns for metadata and word times of \(lostMetadata) turns; jsonl has.")
    }
    if !lostRaters.isEmpty {
      losses.append(
        "these raters were not asked for: \(lostRaters.sorted().joined(separator: ", ")).")
    }
    return losses
  }
}

/// Numbers as all files have them: a decimal point, no exponent, no more digits than needed.
enum Decimal {
  /// The shortest decimal that reads back as the same number; for values beyond what is written
  /// without an exponent, as Swift writes them.
  static func text(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
    let short = "\(value)"
    guard value.isFinite, let exponent = short.firstIndex(of: "e"), value > 0, value < 1,
      let power = Int(short[short.index(after: exponent)...])
    else { return short }
    let digits = short[..<exponent].filter { $0 != "." }
    return "0." + String(repeating: "0", count: -power - 1)
      + (digits.hasSuffix("0") && digits.count == 2 ? String(digits.dropLast()) : digits)
  }
}
