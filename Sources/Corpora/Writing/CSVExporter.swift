internal import Dialogues

/// A row a turn: `corpus,split,dialogue,turn,speaker,text,start,end,gold`, a column `rater:NAME` for
/// each rater, then `suggestion,probability,refined`.
///
/// That much unless something is chosen, and in a project whose scheme has dimensions `valence:NAME` and
/// the others for each rater after it. What else is chosen follows in further columns: `votes:LABEL`
/// (the label's part of the soft label), `prob:LABEL` (the source's probability), and for each rater
/// `kind:NAME`, the usual dimensions also where the scheme has none, `confidence:NAME`, `time:NAME`,
/// and what was in view and heard when they rated. With everything chosen `audio`, `audio_start` and
/// `audio_end` are there too.
/// How the gold came about is there as well then: `gold_standing` (decided, unanimous, majority, tie,
/// single), and `gold_rater`, `gold_reason` and `gold_time` of a decision.
///
/// Several labels in a cell are separated by semicolons. The manifest importer reads the file back.
struct CSVFormat: ExportFormat {
  let name = "csv"
  let summary = "a table with a row for each turn, for spreadsheets, R and pandas"

  func begin(
    _ path: String, _ options: ExportOptions
  ) throws(CorpusError) -> any CorpusExporter {
    try CSVExporter(path: path, options)
  }
}

final class CSVExporter: CorpusExporter {
  /// The columns about the turn itself.
  static let turnColumns = [
    "corpus", "split", "dialogue", "turn", "speaker", "text", "start", "end", "gold",
  ]
  /// The columns about the conditions of a rating, before the rater's name.
  static let conditionColumns = [
    "shown_source", "shown_label", "shown_probability", "heard_seconds", "replays",
    "answer_seconds", "order", "program", "protocol", "arm", "stage",
  ]
  /// The columns about how the gold came about.
  static let decisionColumns = ["gold_standing", "gold_rater", "gold_reason", "gold_time"]
  /// What is written if nothing is chosen; scripts rely on these columns.
  private static let usualParts: Set<ExportPart> = [
    .gold, .raters, .dimensions, .suggestions, .refined,
  ]

  private let writer: CSVWriter
  private let options: ExportOptions
  private let parts: Set<ExportPart>
  private let hasEverything: Bool
  private let dimensions: [String]
  private let labels: [String]
  private let places: [String: Int]
  private(set) var losses: LossCount

  init(path: String, _ options: ExportOptions) throws(CorpusError) {
    self.options = options
    parts = options.parts ?? Self.usualParts
    hasEverything = parts.count == ExportPart.allCases.count
    dimensions =
      options.parts == nil ? options.scheme.dimensions.map(\.name) : options.dimensionNames
    labels = options.scheme.labels.map(\.name)
    places = Dictionary(options.raters.enumerated().map { ($1.name, $0) }) { first, _ in first }
    losses = LossCount(
      "csv", remedy: options.parts == nil ? " unless asked; --what all writes them" : "")
    var columns = Self.turnColumns
    let names = options.raters.map(\.name)
    if parts.contains(.raters) { columns += names.map { "rater:\($0)" } }
    columns += ["suggestion", "probability", "refined"]
    if parts.contains(.votes) { columns += labels.map { "votes:\($0)" } }
    if hasEverything {
      columns += labels.map { "prob:\($0)" } + ["audio", "audio_start", "audio_end"]
      columns += Self.decisionColumns
    }
    if hasEverything { columns += names.map { "kind:\($0)" } }
    for dimension in parts.contains(.dimensions) ? dimensions : [] {
      columns += names.map { "\(dimension):\($0)" }
    }
    for column in hasEverything ? ["confidence", "time"] : [] {
      columns += names.map { "\(column):\($0)" }
    }
    for column in parts.contains(.conditions) ? Self.conditionColumns : [] {
      columns += names.map { "\(column):\($0)" }
    }
    writer = try CSVWriter(path: path, columns: columns, overwrites: options.overwrites)
    losses.add(.labelMapping, options.labelMapping.count)
    if !hasEverything {
      losses.add(.raterKinds, options.raters.count { $0 != ManifestImporter.rater($0.name) })
    }
  }

  func write(_ dialogue: ExportedDialogue) throws(CorpusError) {
    if !dialogue.title.isEmpty { losses.add(.titles) }
    for turn in dialogue.turns { try write(turn) }
  }

  private func write(_ exported: ExportedTurn) throws(CorpusError) {
    let turn = exported.turn
    let dialogue = turn.key.dialogue
    var ratings = [ExportedRating?](repeating: nil, count: options.raters.count)
    for rating in exported.ratings {
      if let place = places[rating.rating.rater.name] { ratings[place] = rating }
    }
    count(exported)
    var row = [
      dialogue.corpus, dialogue.split, dialogue.dialogue, turn.key.turn, turn.speaker, turn.text,
      turn.time.map { Decimal.text($0.start) } ?? "",
      turn.time.map { Decimal.text($0.end) } ?? "",
      parts.contains(.gold) ? exported.gold.joined(separator: ";") : "",
    ]
    if parts.contains(.raters) {
      for rating in ratings {
        row.append(rating?.rating.answer.labels.joined(separator: ";") ?? "")
      }
    }
    let best = parts.contains(.suggestions) ? exported.suggestion?.best : nil
    row.append(best?.label ?? "")
    row.append(best.map { Decimal.text($0.probability) } ?? "")
    row.append(parts.contains(.refined) ? exported.suggestion?.refined ?? "" : "")
    if parts.contains(.votes) {
      for label in labels {
        let vote = exported.votes.first { $0.label == label }
        row.append(exported.votes.isEmpty ? "" : Decimal.text(vote?.share ?? 0))
      }
    }
    if hasEverything { addTurnDetails(exported, to: &row) }
    addRatingDetails(ratings, to: &row)
    try writer.write(row)
  }

  private func addTurnDetails(_ exported: ExportedTurn, to row: inout [String]) {
    for label in labels {
      let place = exported.suggestion?.labels.firstIndex(of: label)
      row.append(place.map { Decimal.text(exported.suggestion?.posterior[$0] ?? 0) } ?? "")
    }
    let audio = exported.turn.audio
    row.append(audio?.path ?? "")
    row.append(audio?.span.map { Decimal.text($0.start) } ?? "")
    row.append(audio?.span.map { Decimal.text($0.end) } ?? "")
    let decision = exported.decision
    row += [
      exported.standing?.rawValue ?? "", decision?.rater ?? "", decision?.reason ?? "",
      decision.map { Decimal.text($0.time) } ?? "",
    ]
  }

  private func addRatingDetails(_ ratings: [ExportedRating?], to row: inout [String]) {
    func add(_ cell: (ExportedRating) -> String?) {
      for rating in ratings { row.append(rating.flatMap(cell) ?? "") }
    }
    if hasEverything { add(\.rating.rater.kind.rawValue) }
    for dimension in parts.contains(.dimensions) ? dimensions : [] {
      add { $0.rating.answer.dimensions[dimension].map(Decimal.text) }
    }
    if hasEverything {
      add { $0.rating.answer.confidence.map(String.init) }
      add { $0.rating.time.map(Decimal.text) }
    }
    guard parts.contains(.conditions) else { return }
    add(\.conditions?.shown?.source)
    add(\.conditions?.shown?.label)
    add { $0.conditions?.shown.map { Decimal.text($0.probability) } }
    add { $0.conditions.map { Decimal.text(Double($0.heardMilliseconds) / 1000) } }
    add { $0.conditions.map { String($0.replays) } }
    add { $0.conditions?.answerMilliseconds.map { Decimal.text(Double($0) / 1000) } }
    add { $0.conditions?.order.map(String.init) }
    add(\.conditions?.program)
    add(\.conditions?.annotationProtocol?.rawValue)
    add(\.conditions?.arm?.rawValue)
    add(\.conditions?.stage?.rawValue)
  }

  private func count(_ exported: ExportedTurn) {
    losses.add(exported, options: options, holds: parts)
    let turn = exported.turn
    if parts.contains(.dimensions) {
      losses.add(
        .dimensions,
        exported.ratings.count {
          $0.rating.answer.dimensions.keys.contains { !dimensions.contains($0) }
        })
    }
    if turn.audio != nil, !hasEverything { losses.add(.audio) }
    if !turn.words.isEmpty { losses.add(.words) }
    if !turn.metadata.isEmpty { losses.add(.metadata) }
    if !hasEverything {
      if let suggestion = exported.suggestion, suggestion.labels.count > 1 {
        losses.add(.probabilities)
      }
      for exported in exported.ratings {
        if exported.rating.answer.confidence != nil { losses.add(.confidence) }
        if exported.rating.time != nil { losses.add(.ratingTimes) }
      }
    }
    if exported.suggestion?.influences.isEmpty == false { losses.add(.influences) }
    if parts.contains(.votes) || hasEverything {
      let used = exported.votes.map(\.label) + (exported.suggestion?.labels ?? [])
      losses.add(.unlistedLabels, used.count { options.scheme.index(of: $0) == nil })
    }
  }

  func finish() throws(CorpusError) { try writer.finish() }
}
