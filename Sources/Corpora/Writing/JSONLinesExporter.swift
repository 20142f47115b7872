internal import Dialogues

/// A JSON object a turn, with everything: `datasets` and `pandas` read it as it is.
///
/// The names are those of the CSV export; beside them `title`, `audio`, `audio_start`, `audio_end`,
/// `gold_standing` (decided, unanimous, majority, tie, single), `gold_rater`, `gold_reason` and
/// `gold_time` of an adjudicator's decision, `votes`, `ratings` (a list, with each rater's kind, labels, dimensions, confidence, time and
/// conditions), `source`, `probabilities`, `influences`, `words`, `metadata` and `label_mapping`.
/// Every object has the same names and every number of one name has a decimal point or none, so that
/// columns have one type.
struct JSONLinesFormat: ExportFormat {
  let name = "jsonl"
  let summary = "a JSON object for each turn, with everything, for pandas and datasets"

  func begin(
    _ path: String, _ options: ExportOptions
  ) throws(CorpusError) -> any CorpusExporter {
    try JSONLinesExporter(path: path, options)
  }
}

final class JSONLinesExporter: CorpusExporter {
  private let file: OutputFile
  private let options: ExportOptions
  private let mapping: [(from: String, to: String)]
  private var json = JSONWriter()
  private(set) var losses = LossCount("jsonl")

  init(path: String, _ options: ExportOptions) throws(CorpusError) {
    self.options = options
    mapping = options.labelMapping.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    file = try OutputFile(path, overwrites: options.overwrites)
  }

  func write(_ dialogue: ExportedDialogue) throws(CorpusError) {
    for turn in dialogue.turns {
      json.clear()
      json.object { write(turn, title: dialogue.title, to: &$0) }
      json.newline()
      try file.append { $0 += json.bytes }
    }
  }

  private func write(_ exported: ExportedTurn, title: String, to json: inout JSONWriter) {
    let turn = exported.turn
    let dialogue = turn.key.dialogue
    json.number("schema", 1)
    json.string("corpus", dialogue.corpus)
    json.string("split", dialogue.split)
    json.string("dialogue", dialogue.dialogue)
    json.string("turn", turn.key.turn)
    json.string("title", title)
    json.string("speaker", turn.speaker)
    json.string("text", turn.text)
    json.real("start", turn.time?.start)
    json.real("end", turn.time?.end)
    json.string("audio", turn.audio?.path)
    json.real("audio_start", turn.audio?.span?.start)
    json.real("audio_end", turn.audio?.span?.end)
    if options.wants(.gold) {
      json.strings("gold", exported.gold)
      json.string("gold_standing", exported.standing?.rawValue)
      json.string("gold_rater", exported.decision?.rater)
      json.string("gold_reason", exported.decision?.reason)
      json.real("gold_time", exported.decision?.time)
    }
    if options.wants(.votes) {
      json.array("votes") {
        for vote in exported.votes {
          $0.object {
            $0.string("label", vote.label)
            $0.number("raters", vote.raters)
            $0.real("share", vote.share)
          }
        }
      }
    }
    json.array("ratings") {
      guard options.wants(.raters) || options.wants(.dimensions) || options.wants(.conditions)
      else { return }
      for rating in exported.ratings { $0.object { write(rating, to: &$0) } }
    }
    write(exported.suggestion, to: &json)
    write(turn, to: &json)
  }

  private func write(_ exported: ExportedRating, to json: inout JSONWriter) {
    let rating = exported.rating
    json.string("rater", rating.rater.name)
    json.string("kind", rating.rater.kind.rawValue)
    json.strings("labels", options.wants(.raters) ? rating.answer.labels : [])
    json.array("dimensions") {
      guard options.wants(.dimensions) else { return }
      for (name, value) in rating.answer.dimensions.sorted(by: { $0.key < $1.key }) {
        $0.object {
          $0.string("name", name)
          $0.real("value", value)
        }
      }
    }
    json.number("confidence", rating.answer.confidence)
    json.real("time", rating.time)
    if options.wants(.conditions) {
      json.object("conditions") { Self.write(exported.conditions, to: &$0) }
    }
  }

  /// The members of an object with the conditions of a rating: all `null` where they are unknown.
  static func write(_ conditions: RatingConditions?, to json: inout JSONWriter) {
    let shown = conditions?.shown
    json.boolean("suggestion_visible", conditions.map { $0.shown != nil })
    json.string("source", shown?.source)
    json.string("label", shown?.label)
    json.real("probability", shown?.probability)
    json.real("heard_seconds", conditions.map { Double($0.heardMilliseconds) / 1000 })
    json.number("replays", conditions?.replays)
    json.real("answer_seconds", conditions?.answerMilliseconds.map { Double($0) / 1000 })
    json.number("order", conditions?.order)
    json.string("program", conditions?.program)
    json.string("protocol", conditions?.annotationProtocol?.rawValue)
    json.string("arm", conditions?.arm?.rawValue)
    json.string("stage", conditions?.stage?.rawValue)
  }

  private func write(_ suggestion: Suggestion?, to json: inout JSONWriter) {
    if options.wants(.suggestions) {
      let best = suggestion?.best
      json.string("source", suggestion.map { _ in options.source.name })
      json.string("suggestion", best?.label)
      json.real("probability", best?.probability)
      json.array("probabilities") {
        for (label, probability) in zip(suggestion?.labels ?? [], suggestion?.posterior ?? []) {
          $0.object {
            $0.string("label", label)
            $0.real("probability", probability)
          }
        }
      }
      json.array("influences") {
        for influence in suggestion?.influences ?? [] {
          $0.object {
            $0.string("turn", influence.turn)
            $0.real("value", influence.value)
          }
        }
      }
    }
    if options.wants(.refined) { json.string("refined", suggestion?.refined) }
  }

  private func write(_ turn: Turn, to json: inout JSONWriter) {
    json.array("words") {
      for word in turn.words {
        $0.object {
          $0.string("word", word.word)
          $0.real("start", word.span.start)
          $0.real("end", word.span.end)
        }
      }
    }
    json.array("metadata") {
      for field in turn.metadata {
        $0.object {
          $0.string("name", field.name)
          $0.string("value", field.value)
        }
      }
    }
    json.array("label_mapping") {
      for (from, to) in mapping {
        $0.object {
          $0.string("from", from)
          $0.string("to", to)
        }
      }
    }
  }

  func finish() throws(CorpusError) { try file.finish() }
}
