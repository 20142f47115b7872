internal import Dialogues

/// audformat: `db.yaml` and a table for each kind of thing, as CSV.
///
/// audEERING's audformat 1.4. All tables are segmented and have the same rows, a turn each:
///
/// | table | columns |
/// |---|---|
/// | `turns` | `corpus`, `split`, `dialogue`, `turn`, `title`, `speaker`, `text`, `audio`, `time_start`, `time_end` |
/// | `gold` | `emotion`, by the rater `gold` of type vote |
/// | `votes` | `share.LABEL`, the parts of the soft label |
/// | `raters` | `emotion.RATER` |
/// | `dimensions` | `valence.RATER` and the other dimensions |
/// | `conditions` | `suggestion_visible.RATER`, `shown_label.RATER`, `heard_seconds.RATER` … |
/// | `suggestions` | `suggestion`, `probability`, `probability.LABEL`, `refined` |
///
/// A turn that is a whole file goes from 0 to NaT, the way audformat says so. A turn without sound, or
/// of which the sound stands in an earlier row, has the text of its key for a file; the column
/// `audio` is what tells. Labels that share a cell are separated by semicolons and are labels of the
/// scheme `answer`, because audformat drops what its scheme does not list.
struct AudformatFormat: ExportFormat {
  let name = "audformat"
  let summary = "audformat: db.yaml and its tables, with people, models and votes as raters"

  func begin(
    _ path: String, _ options: ExportOptions
  ) throws(CorpusError) -> any CorpusExporter {
    try AudformatExporter(path: path, options)
  }
}

final class AudformatExporter: CorpusExporter {
  private let options: ExportOptions
  private let folder: OutputFolder
  private var tables: [(table: AudformatTableColumns, writer: CSVWriter)] = []
  /// Fingerprints of the stretches of sound met, eight bytes a turn.
  private var used: Set<UInt64> = []
  private var lastCorpus = ""
  private var corpora: [String] = []
  private var answers: Set<String> = []
  private(set) var losses = LossCount("audformat")

  init(path: String, _ options: ExportOptions) throws(CorpusError) {
    self.options = options
    folder = try OutputFolder(path, overwrites: options.overwrites) {
      $0.describe("audformat", options)
    }
    for table in AudformatTableColumns.all(options) {
      let writer = try CSVWriter(
        in: folder, name: "db.\(table.name).csv",
        columns: ["file", "start", "end"] + table.columns.map(\.name), escapesFormulas: false)
      tables.append((table, writer))
    }
  }

  func write(_ dialogue: ExportedDialogue) throws(CorpusError) {
    if dialogue.key.corpus != lastCorpus {
      lastCorpus = dialogue.key.corpus
      if !corpora.contains(lastCorpus) { corpora.append(lastCorpus) }
    }
    for turn in dialogue.turns {
      count(turn)
      let row = AudformatRow(turn, title: dialogue.title, isFirstUse: isFirstUse(turn.turn.audio))
      for (table, writer) in tables {
        try writer.write(row.index + table.columns.map { $0.cell(row) })
      }
    }
  }

  /// Whether no earlier turn has this very stretch: two rows of a table may not share an index.
  private func isFirstUse(_ audio: AudioSpan?) -> Bool {
    guard let audio else { return true }
    // FNV-1a, 64 bits: that two stretches are mistaken for one is as likely as a disk that errs.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    for byte in audio.path.utf8 { add(byte) }
    for time in [audio.span?.start ?? 0, audio.span?.end ?? -1] {
      withUnsafeBytes(of: time.bitPattern.littleEndian) { for byte in $0 { add(byte) } }
    }
    return used.insert(hash).inserted
  }

  private func count(_ exported: ExportedTurn) {
    answers.formUnion(exported.gold.isEmpty ? [] : [exported.gold.joined(separator: ";")])
    for exported in exported.ratings {
      let answer = exported.rating.answer
      if !answer.labels.isEmpty { answers.insert(answer.labels.joined(separator: ";")) }
      if answer.confidence != nil { losses.add(.confidence) }
      if exported.rating.time != nil { losses.add(.ratingTimes) }
      let known = options.dimensionNames
      if answer.dimensions.keys.contains(where: { !known.contains($0) }) { losses.add(.dimensions) }
    }
    if let suggestion = exported.suggestion {
      if !suggestion.influences.isEmpty { losses.add(.influences) }
      if suggestion.labels.contains(where: { options.scheme.index(of: $0) == nil }) {
        losses.add(.unlistedLabels)
      }
      if let label = suggestion.best?.label { answers.insert(label) }
      if let refined = suggestion.refined { answers.insert(refined) }
    }
    if exported.votes.contains(where: { options.scheme.index(of: $0.label) == nil }) {
      losses.add(.unlistedLabels)
    }
    if !exported.turn.words.isEmpty { losses.add(.words) }
    if !exported.turn.metadata.isEmpty { losses.add(.metadata) }
  }

  func finish() throws(CorpusError) {
    for (_, writer) in tables { try writer.finish() }
    let header = AudformatHeaderText(
      options: options, corpora: corpora, tables: tables.map(\.table), answers: answers)
    let file = try folder.file("db.yaml")
    try file.append { $0 += header.text.utf8 }
    try file.finish()
    try folder.finish()
  }
}

/// A turn as a row of every table.
struct AudformatRow {
  let turn: ExportedTurn
  let title: String
  /// Whether `file` is the turn's sound.
  let hasSound: Bool
  /// The cells of `file`, `start` and `end`.
  let index: [String]

  init(_ turn: ExportedTurn, title: String, isFirstUse: Bool) {
    self.turn = turn
    self.title = title
    let audio = turn.turn.audio
    hasSound = audio != nil && isFirstUse
    let span = hasSound ? audio?.span : nil
    index = [
      hasSound ? audio?.path ?? "" : turn.turn.key.description,
      Self.timedelta(span?.start ?? 0), span.map { Self.timedelta($0.end) } ?? "",
    ]
  }

  func rating(_ rater: String) -> ExportedRating? {
    turn.ratings.first { $0.rating.rater.name == rater }
  }

  /// Seconds the way pandas spells a Timedelta, which has nanoseconds.
  private static func timedelta(_ seconds: Double) -> String {
    let text = Decimal.fixed(max(0, seconds), places: 9)
    let whole = Int(text.prefix { $0 != "." }) ?? 0
    let padded: (Int) -> String = { $0 < 10 ? "0\($0)" : "\($0)" }
    return "\(whole / 86_400) days \(padded(whole / 3600 % 24)):\(padded(whole / 60 % 60)):"
      + padded(whole % 60) + text.drop { $0 != "." }
  }
}
