public import Dialogues

/// One import while it runs: where an importer leaves what it reads, and what it leaves out.
///
/// It keeps the counts, so that every importer's summary means the same.
public final class ImportRun {
  /// What the person asked for.
  public let options: ImportOptions
  /// The counts so far.
  public internal(set) var summary = ImportSummary()

  /// Whether only the first dialogue is wanted, so that no file need be read to its end before it.
  let wantsFirstDialogue: Bool

  private let consume: (ImportedDialogue) throws -> Void
  private let report: (ImportWarning) -> Void
  private let progress: (Double) -> Void
  private var known: Set<String>?
  private var met: Set<DialogueKey> = []
  private var expectedBytes = 0
  private var bytesRead = 0
  private var reportedPercent = -1

  init(
    options: ImportOptions, wantsFirstDialogue: Bool = false,
    consume: @escaping (ImportedDialogue) throws -> Void,
    warn: @escaping (ImportWarning) -> Void, progress: @escaping (Double) -> Void
  ) {
    self.options = options
    self.wantsFirstDialogue = wantsFirstDialogue
    self.consume = consume
    self.report = warn
    self.progress = progress
  }

  /// Says what was met.
  ///
  /// Under `--strict` a wrong row becomes an error.
  public func warn(
    _ kind: ImportWarning.Kind, _ file: String, row: Int? = nil, _ message: String
  ) throws(CorpusError) {
    if options.isStrict && kind.isWrongRow {
      throw CorpusError(file: file, row: row, message: message)
    }
    let warning = ImportWarning(kind: kind, file: file, row: row, message: message)
    let count = summary.warnings[kind, default: 0] + 1
    summary.warnings[kind] = count
    if count <= ImportSummary.examplesOfAKind { summary.examples.append(warning) }
    report(warning)
  }

  /// Sets the scheme that a new project would get; labels outside it, or outside the project's own
  /// where there is one, are reported from here on.
  ///
  /// `nil` while it depends on the labels met.
  public func setScheme(_ scheme: LabelScheme?) {
    if let scheme { summary.scheme = scheme }
    known = (options.scheme ?? scheme).map { Set($0.labels.map(\.name)) }
  }

  /// Whether a dialogue is met for the first time, in formats where only its whole shows which it is.
  func isNew(_ key: DialogueKey) -> Bool { met.insert(key).inserted }

  /// Hands a dialogue on.
  ///
  /// Empty ones are dropped: they say nothing.
  public func emit(_ imported: consuming ImportedDialogue, file: String) throws {
    guard !imported.dialogue.turns.isEmpty else { return }
    if !options.labels.isEmpty {
      for place in imported.ratings.indices {
        imported.ratings[place].answer.labels = imported.ratings[place].answer.labels
          .map { options.labels[$0] ?? $0 }
      }
      for place in imported.predictions.indices {
        let scores = imported.predictions[place].scores.map {
          (options.labels[$0.key] ?? $0.key, $0.value)
        }
        imported.predictions[place].scores = Dictionary(scores, uniquingKeysWith: +)
      }
    }
    for rating in imported.ratings {
      try countLabels(of: rating.answer, by: rating.rater) { label in
        "\(quoted(label)) (first on turn \(quoted(rating.turn.turn)) of dialogue "
          + "\(quoted(rating.turn.dialogue.dialogue))) is not in the label scheme; it is kept as it is."
      } report: { kind, message throws(CorpusError) in
        try warn(kind, file, message)
      }
    }
    if summary.corpora.last != imported.dialogue.key.corpus,
      !summary.corpora.contains(imported.dialogue.key.corpus)
    {
      summary.corpora.append(imported.dialogue.key.corpus)
    }
    summary.dialogues += 1
    summary.turns += imported.dialogue.turns.count
    summary.ratings += imported.ratings.count
    summary.predictions += imported.predictions.count
    try consume(imported)
  }

  /// Counts an answer; a label outside the scheme is reported when it is first met.
  func countLabels(
    of answer: Answer, by rater: Rater, message: (String) -> String,
    report: (ImportWarning.Kind, String) throws(CorpusError) -> Void
  ) throws(CorpusError) {
    summary.raters[rater, default: 0] += 1
    for label in answer.labels {
      summary.labels[label, default: 0] += 1
      guard let known, !known.contains(label) else { continue }
      let count = summary.unknownLabels[label, default: 0] + 1
      summary.unknownLabels[label] = count
      if count == 1 { try report(.unknownLabel, message(label)) }
    }
  }

  /// Counts a turn whose sound is there.
  public func countAudio() { summary.audioFound += 1 }

  /// Counts and reports a turn whose sound is not there.
  public func missAudio(_ file: String, row: Int? = nil, _ message: String) throws(CorpusError) {
    summary.audioMissing += 1
    try warn(.missingAudio, file, row: row, message)
  }

  /// Adds to the bytes the import will read.
  func expect(bytes: Int) { expectedBytes += bytes }

  /// Adds to the bytes it has read, and passes the progress on when a whole percent is gained.
  func advance(bytes: Int) {
    bytesRead += bytes
    let percent = expectedBytes > 0 ? min(100, bytesRead * 100 / expectedBytes) : 100
    guard percent > reportedPercent else { return }
    reportedPercent = percent
    progress(Double(percent) / 100)
  }

  /// Ends the progress at 1.
  func finish() { advance(bytes: max(0, expectedBytes - bytesRead)) }
}

/// A value from a file inside a sentence: in quotes, cut at 40 characters, control characters shown
/// as `?` so that a message can go to a terminal.
func quoted(_ value: some StringProtocol) -> String {
  var shown = ""
  for scalar in value.unicodeScalars.prefix(40) {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: shown += "?"
    default: shown.unicodeScalars.append(scalar)
    }
  }
  return value.unicodeScalars.count > 40 ? "“\(shown)…”" : "“\(shown)”"
}
