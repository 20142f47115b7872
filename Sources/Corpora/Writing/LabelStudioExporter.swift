internal import Dialogues
internal import Glibc

/// Label Studio's JSON: a list of tasks, a turn each, with `annotations` and `predictions`; and,
/// beside it under the same name with `.xml`, the labelling setup that shows them.
///
/// As its guide "Import pre-annotated data" describes. Each rating is an annotation of one choice or
/// several, and of numbers; who gave it, and under what conditions, is in each result's `meta`,
/// because `completed_by` must name a user of the server, or the import is refused. The suggestion and
/// the refined label are predictions. Gold and votes are nobody's annotation; they are in `data`.
struct LabelStudioFormat: ExportFormat {
  let name = "label-studio"
  let summary = "tasks with annotations and predictions, and the labelling setup beside them"

  func begin(
    _ path: String, _ options: ExportOptions
  ) throws(CorpusError) -> any CorpusExporter {
    try LabelStudioExporter(path: path, options)
  }
}

final class LabelStudioExporter: CorpusExporter {
  private let file: OutputFile
  private let setup: OutputFile
  private let options: ExportOptions
  private var json = JSONWriter()
  private var isFirst = true
  private(set) var losses = LossCount("label-studio")

  init(path: String, _ options: ExportOptions) throws(CorpusError) {
    self.options = options
    file = try OutputFile(path, overwrites: options.overwrites)
    let isJSON = FileSystem.fileExtension(FileSystem.lastComponent(path)) == "json"
    setup = try OutputFile(
      (isJSON ? String(path.dropLast(5)) : path) + ".xml", overwrites: options.overwrites)
    try setup.append { $0 += Self.setup(options).utf8 }
  }

  /// The labelling setup: what stands for what in the results.
  private static func setup(_ options: ExportOptions) -> String {
    let choices = options.scheme.labels.map {
      "    <Choice value=\"\(escaped($0.name))\" hint=\"\(escaped($0.definition))\"/>\n"
    }
    let dimensions = options.dimensionNames.map { name in
      let scale = options.scheme.dimensions.first { $0.name == name }
      let title = scale.map { "\(name): \($0.low) \($0.lowMeaning), \($0.high) \($0.highMeaning)" }
      let limits = scale.map { " min=\"\($0.low)\" max=\"\($0.high)\"" } ?? ""
      return """
          <Header value="\(escaped(title ?? name))"/>
          <Number name="\(escaped(name))" toName="text"\(limits)/>

        """
    }
    return """
      <View>
        <Header value="$speaker"/>
        <Text name="text" value="$text"/>
        <Choices name="emotion" toName="text" choice="multiple">
      \(choices.joined())  </Choices>
      \(dimensions.joined())</View>

      """
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
    return result
  }

  func write(_ dialogue: ExportedDialogue) throws(CorpusError) {
    for turn in dialogue.turns {
      json.clear()
      json.object { write(turn, title: dialogue.title, to: &$0) }
      try file.append {
        $0 += (isFirst ? "[\n" : ",\n").utf8
        $0 += json.bytes
      }
      isFirst = false
    }
  }

  private func write(_ exported: ExportedTurn, title: String, to json: inout JSONWriter) {
    let turn = exported.turn
    let dialogue = turn.key.dialogue
    json.object("data") {
      $0.string("corpus", dialogue.corpus)
      $0.string("split", dialogue.split)
      $0.string("dialogue", dialogue.dialogue)
      $0.string("turn", turn.key.turn)
      $0.string("title", title)
      $0.string("speaker", turn.speaker)
      $0.string("text", turn.text)
      $0.string("audio", turn.audio?.path)
      $0.number("audio_start", turn.audio?.span?.start)
      $0.number("audio_end", turn.audio?.span?.end)
      $0.number("start", turn.time?.start)
      $0.number("end", turn.time?.end)
      if options.wants(.gold) { $0.strings("gold", exported.gold) }
      if options.wants(.votes) {
        $0.object("votes") {
          for vote in exported.votes {
            $0.member(vote.label)
            $0.number(vote.share)
          }
        }
      }
      $0.object("metadata") {
        for field in turn.metadata {
          $0.member(field.name)
          $0.string(field.value)
        }
      }
      $0.array("words") {
        for word in turn.words {
          $0.object {
            $0.string("word", word.word)
            $0.number("start", word.span.start)
            $0.number("end", word.span.end)
          }
        }
      }
      if !options.labelMapping.isEmpty {
        $0.object("label_mapping") {
          for (from, to) in options.labelMapping.sorted(by: { $0.key < $1.key }) {
            $0.member(from)
            $0.string(to)
          }
        }
      }
    }
    json.array("annotations") {
      for rating in exported.ratings { annotation(rating, to: &$0) }
    }
    json.array("predictions") { predictions(exported.suggestion, to: &$0) }
    if exported.suggestion?.influences.isEmpty == false { losses.add(.influences) }
  }

  private func annotation(_ exported: ExportedRating, to json: inout JSONWriter) {
    let answer = exported.rating.answer
    let labels = options.wants(.raters) ? answer.labels : []
    let dimensions = options.wants(.dimensions) ? answer.dimensions : [:]
    let unlisted = labels.count { options.scheme.index(of: $0) == nil }
    losses.add(.unlistedChoices, unlisted)
    if labels.isEmpty && dimensions.isEmpty { return }
    json.object { json in
      json.array("result") { json in
        if !labels.isEmpty {
          json.object {
            $0.choices(labels)
            self.meta(exported, to: &$0)
          }
        }
        for (name, value) in dimensions.sorted(by: { $0.key < $1.key }) {
          json.object {
            $0.string("from_name", name)
            $0.string("to_name", "text")
            $0.string("type", "number")
            $0.object("value") { $0.number("number", value) }
            self.meta(exported, to: &$0)
          }
        }
      }
      if let milliseconds = exported.conditions?.answerMilliseconds, options.wants(.conditions) {
        json.number("lead_time", Double(milliseconds) / 1000)
      }
      if let time = exported.rating.time { json.string("created_at", Timestamp.text(time)) }
    }
  }

  private func meta(_ exported: ExportedRating, to json: inout JSONWriter) {
    json.object("meta") {
      $0.string("rater", exported.rating.rater.name)
      $0.string("kind", exported.rating.rater.kind.rawValue)
      if let confidence = exported.rating.answer.confidence { $0.number("confidence", confidence) }
      if let time = exported.rating.time { $0.number("time", time) }
      if let conditions = exported.conditions, options.wants(.conditions) {
        $0.object("conditions") { JSONLinesExporter.write(conditions, to: &$0) }
      }
    }
  }

  private func predictions(_ suggestion: Suggestion?, to json: inout JSONWriter) {
    guard let suggestion else { return }
    if options.wants(.suggestions), let best = suggestion.best {
      json.object {
        $0.string("model_version", options.source.name)
        $0.number("score", best.probability)
        $0.array("result") {
          $0.object {
            $0.choices([best.label])
            $0.object("meta") {
              $0.object("probabilities") {
                for (label, probability) in zip(suggestion.labels, suggestion.posterior) {
                  $0.member(label)
                  $0.number(probability)
                }
              }
            }
          }
        }
      }
    }
    if options.wants(.refined), let refined = suggestion.refined {
      json.object {
        $0.string("model_version", "\(options.source.name)+ded")
        $0.array("result") { $0.object { $0.choices([refined]) } }
      }
    }
  }

  func finish() throws(CorpusError) {
    try file.append { $0 += (isFirst ? "[]\n" : "\n]\n").utf8 }
    try setup.finish()
    try file.finish()
  }
}

extension JSONWriter {
  /// The members of a result that chooses labels.
  fileprivate mutating func choices(_ labels: [String]) {
    string("from_name", "emotion")
    string("to_name", "text")
    string("type", "choices")
    object("value") { $0.strings("choices", labels) }
  }
}

extension Timestamp {
  /// Seconds since 1970 as ISO 8601 in UTC, cut to milliseconds: `2026-05-01T14:02:00.250Z`.
  static func text(_ seconds: Double) -> String {
    let limited = min(max(seconds, 0), 253_402_300_799)
    var moment = time_t(limited)
    let milliseconds = min(999, Int((limited - Double(moment)) * 1000))
    var parts = tm()
    gmtime_r(&moment, &parts)
    let padded: (Int32, Int) -> String = { value, width in
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(padded(parts.tm_year + 1900, 4))-\(padded(parts.tm_mon + 1, 2))-"
      + "\(padded(parts.tm_mday, 2))T\(padded(parts.tm_hour, 2)):\(padded(parts.tm_min, 2)):"
      + "\(padded(parts.tm_sec, 2)).\(padded(Int32(milliseconds), 3))Z"
  }
}
