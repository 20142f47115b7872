internal import Dialogues
internal import Glibc

/// A suggestion for a turn that the project has yet to find.
public struct ImportedSuggestion: Equatable, Sendable {
  /// The turn it is about.
  public var turn: TurnReference
  /// The name of what produced it.
  public var source: String
  /// The labels ``posterior`` speaks of, in its order.
  public var labels: [String]
  /// A probability for each of ``labels``, summing to 1.
  public var posterior: [Double]
  /// The label after decoding the dialogue, where the file has a column `refined`.
  public var refined: String?
  /// The row it stands in, for messages.
  public var row: Int
}

/// What a file of suggestions held.
public struct SuggestionsSummary: Equatable, Sendable {
  /// The labels, in the order of the columns.
  public internal(set) var labels: [String] = []
  /// Rows of logits, turned into probabilities by a softmax.
  public internal(set) var rowsOfLogits = 0
  /// Rows of probabilities.
  public internal(set) var rowsOfProbabilities = 0
  /// How many warnings of each kind there were.
  public internal(set) var warnings: [ImportWarning.Kind: Int] = [:]
  /// The first warnings of each kind.
  public internal(set) var examples: [ImportWarning] = []
  /// Labels outside the project's scheme.
  public internal(set) var unknownLabels: [String] = []
}

/// Reads another model's suggestions: CSV or JSON Lines with a row a turn and a column a label.
///
/// Turns are named by `dialogue,turn`, by MELD's `Dialogue_ID,Utterance_ID` or by `dialog,utt`, with
/// `split` and `corpus` where there are any. A label's column may be called `logit_joy` or `prob_joy`,
/// which settles what it holds; called just `joy`, each row is taken for probabilities if its values
/// lie between 0 and 1 and sum to 1 within 0.01, and for logits otherwise.
public enum SuggestionsReader {
  private enum Scale {
    case logits, probabilities, either
  }

  /// Reads a file, one suggestion at a time.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - source: the source of rows without a column `source`.
  ///   - options: column names, label names, corpus, split, scheme and strictness.
  ///   - consume: takes each suggestion; what it throws ends the reading and comes out unchanged.
  ///   - warn: takes each warning.
  ///   - progress: takes the fraction of the bytes read.
  /// - Throws: ``CorpusError`` for what is wrong with the file.
  public static func read(
    _ path: String, source: String, options: ImportOptions = ImportOptions(),
    consume: @escaping (ImportedSuggestion) throws -> Void,
    warn: @escaping (ImportWarning) -> Void = { _ in },
    progress: @escaping (Double) -> Void = { _ in }
  ) throws -> SuggestionsSummary {
    let run = ImportRun(options: options, consume: { _ in }, warn: warn, progress: progress)
    let reader = try openRecords(path, renaming: options.columns)
    try reader.meetFirstRecord()
    let turns = try TurnReferenceColumns(reader, for: "a file of suggestions")
    let (scale, columns) = try labelColumns(of: reader, options: options)
    let sourceColumn = reader.columns.contains("source") ? reader.column("source") : nil
    let refined = reader.columns.contains("refined") ? reader.column("refined") : nil
    var summary = SuggestionsSummary()
    summary.labels = columns.map(\.label)
    if let scheme = options.scheme {
      for label in summary.labels where scheme.index(of: label) == nil {
        summary.unknownLabels.append(label)
        try run.warn(
          .unknownLabel, path, "\(quoted(label)) is not in the label scheme; it is kept as it is.")
      }
    }
    try reader.forEachRecord(run: run) {
      guard let turn = turns.reference(in: reader, options: options) else {
        try run.warn(.wrongValue, path, row: reader.row, "the dialogue or the turn is empty.")
        return
      }
      var values: [Double] = []
      for (label, column) in columns {
        let cell = trimmed(reader.text(column))
        guard let value = Double(cell), value.isFinite else {
          try run.warn(
            .wrongValue, path, row: reader.row,
            "the value of \(quoted(label)), \(quoted(cell)), "
              + "is not a number.")
          return
        }
        values.append(value)
      }
      let sum = values.reduce(0, +)
      let areProbabilities = values.allSatisfy { (0...1).contains($0) } && abs(sum - 1) <= 0.01
      if scale == .probabilities && !areProbabilities {
        try run.warn(
          .wrongValue, path, row: reader.row,
          "the values are called probabilities and sum to \(sum).")
        return
      }
      let posterior: [Double]
      if scale != .logits && areProbabilities {
        summary.rowsOfProbabilities += 1
        posterior = values.map { $0 / sum }
      } else {
        summary.rowsOfLogits += 1
        posterior = softmax(values)
      }
      let name = trimmed(reader.text(sourceColumn))
      let best = trimmed(reader.text(refined))
      try consume(
        ImportedSuggestion(
          turn: turn, source: name.isEmpty ? source : name, labels: summary.labels,
          posterior: posterior,
          refined: best.isEmpty ? nil : label(best, options: options), row: reader.row))
    }
    run.finish()
    summary.warnings = run.summary.warnings
    summary.examples = run.summary.examples
    return summary
  }

  /// The columns that are labels: those with a prefix if there are any; else those of the project's
  /// scheme; else those of a known scheme.
  private static func labelColumns(
    of reader: any RecordReader, options: ImportOptions
  ) throws -> (Scale, [(label: String, column: Int)]) {
    for (prefix, scale) in [("logit_", Scale.logits), ("prob_", .probabilities)] {
      let columns = reader.columns.enumerated().filter { $0.element.hasPrefix(prefix) }
        .map { (label(String($0.element.dropFirst(prefix.count)), options: options), $0.offset) }
      if columns.count > 1 { return (scale, try distinct(columns, in: reader)) }
    }
    let schemes = options.scheme.map { [$0] } ?? [.meld, .iemocap, .emoryNLP]
    for scheme in schemes {
      let columns = reader.columns.enumerated().compactMap { place, name in
        let label = label(name, options: options)
        return scheme.index(of: label) == nil ? nil : (label, place)
      }
      if columns.count > 1 { return (.either, try distinct(columns, in: reader)) }
    }
    throw CorpusError(
      file: reader.path,
      message: "no two of its columns are labels; call them like the labels, or logit_LABEL or "
        + "prob_LABEL. It has " + reader.columns.map { quoted($0) }.joined(separator: ", ") + ".")
  }

  private static func distinct(
    _ columns: [(String, Int)], in reader: any RecordReader
  ) throws(CorpusError) -> [(label: String, column: Int)] {
    var seen: Set<String> = []
    for (label, _) in columns where !seen.insert(label).inserted {
      throw CorpusError(
        file: reader.path, message: "two of its columns mean the label \(quoted(label)).")
    }
    return columns.map { (label: $0.0, column: $0.1) }
  }

  /// A label as the project spells it: mapped if the person said so; in another case, or as one of
  /// IEMOCAP's codes, if only that is in the scheme.
  private static func label(_ name: String, options: ImportOptions) -> String {
    if let mapped = options.labels[name] { return mapped }
    guard let scheme = options.scheme, scheme.index(of: name) == nil else { return name }
    if let label = scheme.labels.first(where: { $0.name.lowercased() == name.lowercased() }) {
      return label.name
    }
    if let full = IEMOCAPNames.label(code: name), scheme.index(of: full) != nil { return full }
    return name
  }

  private static func softmax(_ logits: [Double]) -> [Double] {
    // Shifted by the largest, so that no exponential overflows.
    let highest = logits.max() ?? 0
    let weights = logits.map { exp($0 - highest) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }
}
