internal import Dialogues

/// Exactly MELD's eleven columns, CRLF, as MELD's own readers expect them: one file, or a folder with
/// a file for each split, named as MELD names them.
///
/// `Emotion` is the gold label. Ids that are not numbers, or that another dialogue of the same file
/// has, are replaced by the next free number.
///
/// Cells are written as they are, also those that a spreadsheet would take for a formula (`-leg?`):
/// MELD's own files have them bare, its readers compare and tokenise them as they stand, and an
/// apostrophe that none of them takes away again would be a change of the text. They are counted.
struct MELDFormat: ExportFormat {
  let name = "meld"
  let summary = "MELD's eleven columns: one .csv file, or a folder with a file for each split"

  func begin(
    _ path: String, _ options: ExportOptions
  ) throws(CorpusError) -> any CorpusExporter {
    try MELDExporter(path: path, options)
  }
}

final class MELDExporter: CorpusExporter {
  static let columns = [
    "Sr No.", "Utterance", "Speaker", "Emotion", "Sentiment", "Dialogue_ID", "Utterance_ID",
    "Season", "Episode", "StartTime", "EndTime",
  ]
  /// MELD's sentiment follows from its emotion, but for surprise, which raters decided.
  private static let sentiments = [
    "neutral": "neutral", "joy": "positive", "anger": "negative", "sadness": "negative",
    "disgust": "negative", "fear": "negative",
  ]

  /// One of the files.
  fileprivate struct Table {
    var writer: CSVWriter
    var rows = 0
    var dialogues: Set<Int> = []
    var nextFree = 0
  }

  private let options: ExportOptions
  private let path: String
  private let folder: OutputFolder?
  private var tables: [String: Table] = [:]
  private var sources: Set<DialogueKey> = []
  private(set) var losses = LossCount("meld")

  init(path: String, _ options: ExportOptions) throws(CorpusError) {
    self.options = options
    self.path = path
    losses.add(.labelMapping, options.labelMapping.count)
    if FileSystem.fileExtension(FileSystem.lastComponent(path)) == "csv" {
      folder = nil
      tables[""] = Table(
        writer: try CSVWriter(
          path: path, columns: Self.columns, usesCRLF: true, escapesFormulas: false,
          overwrites: options.overwrites))
    } else {
      folder = try OutputFolder(path, overwrites: options.overwrites) {
        $0.describe("meld", options)
      }
      losses = LossCount("meld")
    }
  }

  /// The name MELD gives the file of a split; a corpus other than MELD goes before it.
  private static func fileName(_ key: DialogueKey) -> String {
    let split = key.split.isEmpty ? "all" : FileName.escaped(key.split)
    let corpus = key.corpus == "MELD" ? "" : FileName.escaped(key.corpus) + "_"
    return "\(corpus)\(split)_sent_emo.csv"
  }

  func write(_ dialogue: ExportedDialogue) throws(CorpusError) {
    let name = folder == nil ? "" : Self.fileName(dialogue.key)
    if folder == nil {
      // Which splits and corpora came before, not which dialogues.
      sources.insert(
        DialogueKey(corpus: dialogue.key.corpus, split: dialogue.key.split, dialogue: ""))
      if sources.count > 1 { losses.add(.merged, dialogue.turns.count) }
    }
    var table: Table
    if let known = tables.removeValue(forKey: name) {
      table = known
    } else if let folder {
      table = Table(
        writer: try CSVWriter(
          in: folder, name: name, columns: Self.columns, usesCRLF: true, escapesFormulas: false))
    } else {
      return
    }
    if !dialogue.title.isEmpty { losses.add(.titles) }
    let id = table.number(dialogue.key.dialogue)
    let isNumbered =
      String(id) == dialogue.key.dialogue
      && dialogue.turns.allSatisfy { Self.number($0.turn.key.turn) != nil }
    for (place, turn) in dialogue.turns.enumerated() {
      if !isNumbered { losses.add(.renumbered) }
      try write(turn, dialogue: id, turn: isNumbered ? turn.turn.key.turn : "\(place)", &table)
    }
    tables[name] = table
  }

  /// The number an id is, spelled as numbers are; `nil` for `007`, which another id may be too.
  fileprivate static func number(_ id: String) -> Int? {
    guard isWholeNumber(id), let number = Int(id), String(number) == id else { return nil }
    return number
  }

  private func write(
    _ exported: ExportedTurn, dialogue: Int, turn id: String, _ table: inout Table
  ) throws(CorpusError) {
    let turn = exported.turn
    table.rows += 1
    let fields = Dictionary(turn.metadata.map { ($0.name, $0.value) }) { first, _ in first }
    let gold = options.wants(.gold) ? exported.gold : []
    let emotion = gold.count == 1 ? gold[0] : ""
    count(exported, fields: fields)
    try table.writer.write([
      fields["Sr No."] ?? "\(table.rows)", turn.text, turn.speaker, emotion,
      fields["Sentiment"] ?? Self.sentiments[emotion] ?? "", "\(dialogue)", id,
      fields["Season"] ?? "", fields["Episode"] ?? "",
      turn.time.map { ClockTime.subtitle($0.start) } ?? "",
      turn.time.map { ClockTime.subtitle($0.end) } ?? "",
    ])
  }

  private func count(_ exported: ExportedTurn, fields: [String: String]) {
    let turn = exported.turn
    var consensus = exported
    // The consensus is not lost where it is the gold.
    consensus.ratings.removeAll {
      $0.rating.answer.labels == exported.gold && $0.rating.answer.dimensions.isEmpty
        && $0.rating.rater.name == turn.key.dialogue.corpus
    }
    losses.add(consensus, options: options, holds: [.gold])
    if exported.gold.count > 1 { losses.add(.tiedGold) }
    if exported.gold.isEmpty { losses.add(.noGold) }
    if turn.audio != nil, turn.key.dialogue.corpus != "MELD" { losses.add(.audio) }
    if !turn.words.isEmpty { losses.add(.words) }
    if fields.keys.contains(where: { !Self.columns.contains($0) }) { losses.add(.metadata) }
    if let time = turn.time, !ClockTime.isWholeMilliseconds(time) { losses.add(.roundedTimes) }
    losses.add(.formulas, [turn.text, turn.speaker].count(where: FormulaEscape.isFormula))
  }

  func finish() throws(CorpusError) {
    for name in tables.keys.sorted() { try tables[name]?.writer.finish() }
    try folder?.finish()
  }
}

extension MELDExporter.Table {
  /// The number of a dialogue: its own if it is one and free, else the next free one.
  fileprivate mutating func number(_ id: String) -> Int {
    if let own = MELDExporter.number(id), dialogues.insert(own).inserted { return own }
    while !dialogues.insert(nextFree).inserted { nextFree += 1 }
    return nextFree
  }
}
