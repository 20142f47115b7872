internal import Dialogues

/// The columns of one table of an audformat export.
struct AudformatTableColumns: Sendable {
  /// A column: its name, what its values are, whose they are, and how they are written.
  struct Column: Sendable {
    var name: String
    var scheme: String
    var rater: String?
    var cell: @Sendable (AudformatRow) -> String
  }

  /// The table's name.
  var name: String
  /// Its columns beside the index.
  var columns: [Column]

  /// The tables of an export, without those that were not chosen.
  static func all(_ options: ExportOptions) -> [AudformatTableColumns] {
    var tables = [turns]
    let names = options.raters.map(\.name)
    let labels = options.scheme.labels.map(\.name)
    func add(_ part: ExportPart, _ name: String, _ columns: [Column]) {
      if options.wants(part), !columns.isEmpty {
        tables.append(AudformatTableColumns(name: name, columns: columns))
      }
    }
    add(
      .gold, "gold",
      [
        Column(name: "emotion", scheme: "answer", rater: goldRater) {
          $0.turn.gold.joined(separator: ";")
        }
      ])
    add(
      .votes, "votes",
      labels.map { label in
        Column(name: "share.\(label)", scheme: "share", rater: goldRater) { row in
          if row.turn.votes.isEmpty { return "" }
          return Decimal.text(row.turn.votes.first { $0.label == label }?.share ?? 0)
        }
      })
    add(
      .raters, "raters",
      names.map { name in
        Column(name: "emotion.\(name)", scheme: "answer", rater: name) {
          $0.rating(name)?.rating.answer.labels.joined(separator: ";") ?? ""
        }
      })
    add(
      .dimensions, "dimensions",
      options.dimensionNames.flatMap { dimension in
        names.map { name in
          Column(name: "\(dimension).\(name)", scheme: dimension, rater: name) {
            $0.rating(name)?.rating.answer.dimensions[dimension].map(Decimal.text) ?? ""
          }
        }
      })
    add(.conditions, "conditions", conditions(names))
    tables += suggestions(options, labels)
    return tables
  }

  /// The rater that stands for the votes of the others.
  static let goldRater = "gold"

  private static let turns = AudformatTableColumns(
    name: "turns",
    columns: [
      Column(name: "corpus", scheme: "text") { $0.turn.turn.key.dialogue.corpus },
      Column(name: "split", scheme: "text") { $0.turn.turn.key.dialogue.split },
      Column(name: "dialogue", scheme: "text") { $0.turn.turn.key.dialogue.dialogue },
      Column(name: "turn", scheme: "text") { $0.turn.turn.key.turn },
      Column(name: "title", scheme: "text") { $0.title },
      Column(name: "speaker", scheme: "text") { $0.turn.turn.speaker },
      Column(name: "text", scheme: "text") { $0.turn.turn.text },
      Column(name: "audio", scheme: "text") { $0.turn.turn.audio?.path ?? "" },
      Column(name: "time_start", scheme: "seconds") {
        $0.turn.turn.time.map { Decimal.text($0.start) } ?? ""
      },
      Column(name: "time_end", scheme: "seconds") {
        $0.turn.turn.time.map { Decimal.text($0.end) } ?? ""
      },
    ])

  private static func conditions(_ names: [String]) -> [Column] {
    typealias Cell = @Sendable (RatingConditions) -> String?
    let kinds: [(name: String, scheme: String, cell: Cell)] = [
      ("suggestion_visible", "visible", { $0.shown == nil ? "False" : "True" }),
      ("shown_source", "text", { $0.shown?.source }),
      ("shown_label", "text", { $0.shown?.label }),
      ("shown_probability", "share", { $0.shown.map { Decimal.text($0.probability) } }),
      ("heard_seconds", "seconds", { Decimal.text(Double($0.heardMilliseconds) / 1000) }),
      ("replays", "count", { String($0.replays) }),
      (
        "answer_seconds", "seconds",
        { $0.answerMilliseconds.map { Decimal.text(Double($0) / 1000) } }
      ),
      ("order", "count", { $0.order.map(String.init) }),
      ("program", "text", { $0.program }),
      ("protocol", "text", { $0.annotationProtocol?.rawValue }),
      ("arm", "text", { $0.arm?.rawValue }),
      ("stage", "text", { $0.stage?.rawValue }),
    ]
    return kinds.flatMap { kind in
      names.map { name in
        Column(name: "\(kind.name).\(name)", scheme: kind.scheme, rater: name) {
          $0.rating(name)?.conditions.flatMap(kind.cell) ?? ""
        }
      }
    }
  }

  private static func suggestions(
    _ options: ExportOptions, _ labels: [String]
  ) -> [AudformatTableColumns] {
    let source = options.source.name
    var columns: [Column] = []
    if options.wants(.suggestions) {
      columns.append(
        Column(name: "suggestion", scheme: "answer", rater: source) {
          $0.turn.suggestion?.best?.label ?? ""
        })
      columns.append(
        Column(name: "probability", scheme: "share", rater: source) {
          $0.turn.suggestion?.best.map { Decimal.text($0.probability) } ?? ""
        })
      columns += labels.map { label in
        Column(name: "probability.\(label)", scheme: "share", rater: source) { row in
          guard let suggestion = row.turn.suggestion,
            let place = suggestion.labels.firstIndex(of: label),
            suggestion.posterior.indices.contains(place)
          else { return "" }
          return Decimal.text(suggestion.posterior[place])
        }
      }
    }
    if options.wants(.refined) {
      columns.append(
        Column(name: "refined", scheme: "answer", rater: source) {
          $0.turn.suggestion?.refined ?? ""
        })
    }
    return columns.isEmpty || source.isEmpty
      ? [] : [AudformatTableColumns(name: "suggestions", columns: columns)]
  }
}

/// The text of `db.yaml`.
///
/// Its values are double-quoted, which in YAML is JSON's spelling, so nothing in a name can mean
/// anything.
struct AudformatHeaderText {
  let options: ExportOptions
  let corpora: [String]
  let tables: [AudformatTableColumns]
  /// All cells of the scheme `answer`.
  let answers: Set<String>

  var text: String {
    var lines = [
      "name: \(quoted(corpora.isEmpty ? "undertone" : corpora.joined(separator: "+")))",
      "source: \(quoted(corpora.joined(separator: ", ")))", "usage: research", "languages: []",
      "description: \(quoted("Exported by \(options.program)."))", "undertone:", "  schema: 1",
      "  gold: \(quoted("majority of raters of the kind \(options.gold.kind.rawValue)"))",
      "  label_scheme: \(quoted(options.scheme.name))",
    ]
    lines.append("  label_mapping:" + (options.labelMapping.isEmpty ? " {}" : ""))
    for (from, to) in options.labelMapping.sorted(by: { $0.key < $1.key }) {
      lines.append("    \(quoted(from)): \(quoted(to))")
    }
    lines += raters + schemes + ["tables:"]
    for table in tables {
      lines += ["  \(table.name):", "    type: segmented", "    columns:"]
      for column in table.columns {
        lines += ["      \(quoted(column.name)):", "        scheme_id: \(quoted(column.scheme))"]
        if let rater = column.rater { lines.append("        rater_id: \(quoted(rater))") }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var raters: [String] {
    var entries = options.raters.map { rater in
      (
        rater.name, [.model, .llm].contains(rater.kind) ? "machine" : "human", rater.kind.rawValue,
        ""
      )
    }
    // A consensus is the vote of a corpus's raters.
    for place in entries.indices where corpora.contains(entries[place].0) {
      entries[place].1 = "vote"
    }
    let known = Set(entries.map(\.0))
    if !known.contains(AudformatTableColumns.goldRater) {
      entries.append((AudformatTableColumns.goldRater, "vote", "gold", ""))
    }
    if !options.source.name.isEmpty, !known.contains(options.source.name) {
      entries.append((options.source.name, "machine", "model", options.source.details))
    }
    return ["raters:"]
      + entries.flatMap { name, type, kind, details in
        ["  \(quoted(name)):", "    type: \(type)", "    kind: \(quoted(kind))"]
          + (details.isEmpty ? [] : ["    description: \(quoted(details))"])
      }
  }

  private var schemes: [String] {
    var lines = ["schemes:", "  emotion:", "    dtype: str", "    labels:"]
    for label in options.scheme.labels {
      lines.append("      \(quoted(label.name)):")
      lines.append("        definition: \(quoted(label.definition))")
    }
    lines += ["  answer:", "    dtype: str"]
    let known = options.scheme.labels.map(\.name)
    let all = known + answers.filter { !known.contains($0) }.sorted()
    lines.append("    labels:" + (all.isEmpty ? " []" : ""))
    lines += all.map { "    - \(quoted($0))" }
    for dimension in options.dimensionNames {
      lines += ["  \(quoted(dimension)):", "    dtype: float"]
      if let own = options.scheme.dimensions.first(where: { $0.name == dimension }) {
        lines += ["    minimum: \(own.low).0", "    maximum: \(own.high).0"]
      }
    }
    lines += [
      "  share:", "    dtype: float", "    minimum: 0.0", "    maximum: 1.0", "  seconds:",
      "    dtype: float", "  count:", "    dtype: int", "  visible:", "    dtype: bool", "  text:",
      "    dtype: str",
    ]
    return lines
  }

  private func quoted(_ text: String) -> String { JSONValue.string(text).encoded }
}
