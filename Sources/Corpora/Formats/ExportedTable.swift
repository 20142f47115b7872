internal import Dialogues

/// The columns by which Undertone's own CSV export says more than a manifest does: for each rater the
/// label and, where they were chosen, kind, dimensions, confidence and time.
///
/// What follows from the ratings, what models say, and the conditions of ratings given elsewhere have
/// no place in a corpus; their columns are left out.
struct ExportedTable {
  private struct Columns {
    var rater: Rater
    var kind, label, confidence, time: Int?
    var dimensions: [(name: String, place: Int)] = []
  }

  private var raters: [Columns] = []
  /// All columns that say nothing about the turn itself.
  private(set) var places: [Int] = []

  /// `nil` for a file that is not such an export.
  init?(_ reader: any RecordReader) {
    guard !(reader is JSONLinesReader), reader.columns.starts(with: CSVExporter.turnColumns) else {
      return nil
    }
    for (place, column) in reader.columns.enumerated().dropFirst(CSVExporter.turnColumns.count - 1)
    {
      let parts = column.split(separator: ":", maxSplits: 1).map(String.init)
      switch column {
      case "gold", "suggestion", "probability", "refined": places.append(place)
      default:
        // Further columns that somebody added without our names are kept.
        if parts.count == 2 { add(parts[0], of: parts[1], at: place) }
      }
    }
  }

  private mutating func add(_ what: String, of name: String, at place: Int) {
    if what == "votes" || what == "prob" || CSVExporter.conditionColumns.contains(what) {
      places.append(place)
      return
    }
    let known = raters.firstIndex { $0.rater.name == name }
    var columns = known.map { raters[$0] } ?? Columns(rater: ManifestImporter.rater(name))
    switch what {
    case "rater": columns.label = place
    case "kind": columns.kind = place
    case "confidence": columns.confidence = place
    case "time": columns.time = place
    default: columns.dimensions.append((what, place))
    }
    places.append(place)
    if let known { raters[known] = columns } else { raters.append(columns) }
  }

  /// The ratings of the row just read.
  func ratings(
    in reader: any RecordReader, turn: TurnKey, run: ImportRun
  ) throws -> [Rating] {
    try raters.compactMap { columns in
      let read: (Int?) -> String = { FormulaEscape.removed(reader.text($0)) }
      var rating = Rating(
        turn: turn, rater: columns.rater,
        answer: Answer(labels: AnswerColumns.labels(read(columns.label))))
      if let kind = Rater.Kind(rawValue: read(columns.kind)) { rating.rater.kind = kind }
      for (name, place) in columns.dimensions {
        rating.answer.dimensions[name] = try number(read(place), name, in: reader, run)
      }
      if rating.answer.labels.isEmpty && rating.answer.dimensions.isEmpty { return nil }
      rating.answer.confidence = Int(read(columns.confidence)).flatMap {
        (1...3).contains($0) ? $0 : nil
      }
      rating.time = try number(read(columns.time), "time", in: reader, run)
      return rating
    }
  }

  private func number(
    _ cell: String, _ name: String, in reader: any RecordReader, _ run: ImportRun
  ) throws -> Double? {
    if cell.isEmpty { return nil }
    if let value = Double(cell), value.isFinite { return value }
    try run.warn(
      .unreadableValue, reader.path, row: reader.row,
      "\(name) \(quoted(cell)) is not a number; it is left out.")
    return nil
  }
}
