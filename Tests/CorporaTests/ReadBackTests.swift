import Dialogues
import Foundation
import Testing

@testable import Corpora

/// Exports read back by the readers that others use for them, from PyPI, in an environment that
/// `scripts/read-exports.py` makes.
@Suite(
  .enabled(if: Readers.absence == nil, "the readers of other projects could not be installed"))
struct ReadBackTests {
  private let turns = ExportFixture.turns

  @Test func `pandas reads the csv, cell by cell`() throws {
    let found = try Readers.answer("csv")
    let rows = try #require(found["rows"] as? [[String: String]])
    #expect(rows.count == turns.count)
    for (row, exported) in zip(rows, turns) {
      let turn = exported.turn
      #expect(row["dialogue"] == turn.key.dialogue.dialogue && row["turn"] == turn.key.turn)
      #expect(FormulaEscape.removed(row["text"] ?? "") == turn.text)
      #expect(FormulaEscape.removed(row["speaker"] ?? "") == turn.speaker)
      #expect(row["start"] == turn.time.map { Decimal.text($0.start) } ?? "")
      #expect(row["gold"] == exported.gold.joined(separator: ";"))
      for rating in exported.ratings.map(\.rating) {
        #expect(row["rater:\(rating.rater.name)"] == rating.answer.labels.joined(separator: ";"))
        #expect(row["kind:\(rating.rater.name)"] == rating.rater.kind.rawValue)
        for (name, value) in rating.answer.dimensions {
          #expect(row["\(name):\(rating.rater.name)"] == Decimal.text(value))
        }
      }
      let shares = exported.votes.reduce(0) { $0 + (Double(row["votes:\($1.label)"] ?? "") ?? 0) }
      #expect(exported.votes.isEmpty || abs(shares - 1) < 1e-12)
    }
    #expect(found["types"] as? [String] == ["float64", "float64", "float64"])
    Readers.count("csv", rows.count, "all cells, number types", found)
  }

  @Test func `datasets loads the JSON Lines with every rating and its conditions`() throws {
    let found = try Readers.answer("jsonl")
    let rows = try #require(found["rows"] as? [[String: Any]])
    #expect(rows.count == turns.count && found["pandas_rows"] as? Int == turns.count)
    for (row, exported) in zip(rows, turns) {
      #expect(row["text"] as? String == exported.turn.text)
      #expect(row["start"] as? Double == exported.turn.time?.start)
      #expect(row["gold"] as? [String] == exported.gold)
      let ratings = try #require(row["ratings"] as? [[String: Any]])
      #expect(ratings.count == exported.ratings.count)
      for (rating, own) in zip(ratings, exported.ratings) {
        #expect(rating["rater"] as? String == own.rating.rater.name)
        #expect(rating["labels"] as? [String] == own.rating.answer.labels)
        let conditions = try #require(rating["conditions"] as? [String: Any])
        #expect(conditions["suggestion_visible"] as? Bool == own.conditions.map { $0.shown != nil })
        #expect(conditions["probability"] as? Double == own.conditions?.shown?.probability)
        #expect(
          conditions["answer_seconds"] as? Double
            == own.conditions?.answerMilliseconds.map { Double($0) / 1000 })
      }
      let votes = try #require(row["votes"] as? [[String: Any]])
      #expect(votes.map { $0["share"] as? Double } == exported.votes.map(\.share))
    }
    Readers.count("jsonl", rows.count, "texts, times, gold, votes, ratings, conditions", found)
  }

  @Test func `MELD's own way of reading finds the clips, texts and emotions of each split`() throws
  {
    let found = try Readers.answer("meld")
    let files = try #require(found["files"] as? [String: [[String: Any]]])
    #expect(files.keys.sorted() == ["Lab_dev_sent_emo.csv", "Lab_test_sent_emo.csv"])
    for (split, name) in [("dev", "Lab_dev_sent_emo.csv"), ("test", "Lab_test_sent_emo.csv")] {
      let own = turns.filter { $0.turn.key.dialogue.split == split }
      let rows = try #require(files[name])
      #expect(rows.count == own.count)
      for (row, exported) in zip(rows, own) {
        let key = exported.turn.key
        #expect(row["columns"] as? [String] == MELDExporter.columns)
        #expect(row["clip"] as? String == "dia\(key.dialogue.dialogue)_utt\(key.turn).mp4")
        // pandas takes an empty cell for nothing, here as in MELD's reader.
        #expect(row["text"] as? String == (exported.turn.text.isEmpty ? "nan" : exported.turn.text))
        #expect(row["emotion"] as? String == (exported.gold.count == 1 ? exported.gold[0] : ""))
      }
    }
    #expect((found["crlf"] as? [String: Bool])?.values.allSatisfy { $0 } == true)
    Readers.count("meld", turns.count, "columns, clips, texts, emotions, CRLF", found)
  }

  @Test func `a public parser of IEMOCAP finds times, codes, means and every evaluator`() throws {
    let found = try Readers.answer("iemocap")
    let read = try #require(found["turns"] as? [[String: Any]])
    #expect(read.count == turns.count)
    let byID = Dictionary(
      try read.map { (try #require($0["id"] as? String), $0) }
    ) { first, _ in first }
    for exported in turns {
      let key = exported.turn.key
      let name = "Lab_\(key.dialogue.split)_\(key.dialogue.dialogue)_\(key.turn)"
      let turn = try #require(byID[name], "\(name)")
      let code = exported.gold.count == 1 ? IEMOCAPExporter.code(exported.gold[0]) : "xxx"
      #expect(turn["emotion"] as? String == code)
      if let time = exported.turn.time {
        #expect(turn["start"] as? Double == time.start && turn["end"] as? Double == time.end)
      }
      let text = exported.turn.text.map { $0 == "\n" || $0 == "\t" ? " " : $0 }
      #expect(turn["text"] as? String == String(text))
      let lines = turn["categories"] as? [String: String]
      let labels = exported.ratings.first { $0.rating.rater.name == "ana" }?.rating.answer.labels
      let spelled = (labels ?? []).map { ["joy": "joy", "fear": "Fear"][$0] ?? $0 }
      #expect(
        lines?["C-E1"] == (spelled.isEmpty ? nil : spelled.joined(separator: "; ") + ";"))
    }
    Readers.count("iemocap", read.count, "ids, times, codes, texts, evaluators", found)
  }

  @Test func `audformat loads every table with its raters and schemes`() throws {
    let found = try Readers.answer("audformat")
    let tables = try #require(found["tables"] as? [String: [[String: Any]]])
    #expect(
      tables.keys.sorted() == [
        "conditions", "dimensions", "gold", "raters", "suggestions", "turns", "votes",
      ])
    for (place, exported) in turns.enumerated() {
      func cell(_ table: String, _ column: String) -> Any? {
        (tables[table]?[place]["cells"] as? [String: Any])?[column]
      }
      #expect(cell("turns", "turn") as? String == exported.turn.key.turn)
      #expect(cell("turns", "text") as? String ?? "" == exported.turn.text)
      #expect(cell("turns", "time_end") as? Double == exported.turn.time?.end)
      #expect(cell("gold", "emotion") as? String ?? "" == exported.gold.joined(separator: ";"))
      for rating in exported.ratings.map(\.rating) {
        let labels = rating.answer.labels.joined(separator: ";")
        #expect(cell("raters", "emotion.\(rating.rater.name)") as? String ?? "" == labels)
        #expect(
          cell("dimensions", "valence.\(rating.rater.name)") as? Double
            == rating.answer.dimensions["valence"])
      }
      #expect(
        cell("suggestions", "probability.joy") as? Double == exported.suggestion?.posterior[1])
      let file = tables["raters"]?[place]["file"] as? String
      #expect(file == exported.turn.audio?.path ?? exported.turn.key.description)
      // A turn that is a whole file, or has no sound, has no end.
      let row = tables["raters"]?[place]
      #expect(row?["start"] as? Double == exported.turn.audio?.span?.start ?? 0)
      #expect(row?["end"] as? Double == exported.turn.audio?.span?.end)
    }
    #expect((found["is_index"] as? [String: Bool])?.values.allSatisfy { $0 } == true)
    let raters = try #require(found["raters"] as? [String: String])
    #expect(raters["ana"] == "human" && raters["gpt-4o"] == "machine" && raters["net"] == "machine")
    #expect(raters["Lab"] == "vote" && raters["gold"] == "vote")
    #expect(found["emotions"] as? [String] == ["neutral", "joy", "anger", "fear"])
    Readers.count("audformat", turns.count, "7 tables, index, raters, schemes", found)
  }

  @Test func `praatio reads the TextGrids, whose tiers tile the whole time`() throws {
    let found = try Readers.answer("textgrid")
    let files = try #require(found["files"] as? [String: [String: Any]])
    #expect(
      files.keys.sorted() == ["Lab/dev/3.TextGrid", "Lab/test/3.TextGrid", "Lab/test/7.TextGrid"])
    for dialogue in ExportFixture.dialogues {
      let path = "Lab/\(dialogue.key.split)/\(dialogue.key.dialogue).TextGrid"
      let tiers = try #require(files[path]?["tiers"] as? [String: [String: Any]])
      #expect(tiers.values.allSatisfy { $0["tiled"] as? Bool == true })
      #expect(files[path]?["agrees"] as? Bool == true, "another reader sees the same")
      for exported in dialogue.turns {
        let entry = try self.entry(tiers, "entries", "turn@", exported)
        if let time = exported.turn.time, time.end > time.start {
          #expect(entry?[0] as? Double == time.start && entry?[1] as? Double == time.end)
        }
      }
      let said = tiers.filter { !$0.key.contains("@") || $0.key == "@Theo" }.values
        .flatMap { ($0["entries"] as? [[Any]] ?? []).map { $0[2] as? String ?? "" } }
      #expect(said.sorted() == dialogue.turns.map(\.turn.text).filter { !$0.isEmpty }.sorted())
    }
    Readers.count("textgrid", turns.count, "tiling, ids, times, texts, two readers", found)
  }

  @Test func `pympi reads the ELAN documents with a child tier of emotions for each speaker`()
    throws
  {
    let found = try Readers.answer("eaf")
    let files = try #require(found["files"] as? [String: [String: Any]])
    for dialogue in ExportFixture.dialogues {
      let path = "Lab/\(dialogue.key.split)/\(dialogue.key.dialogue).eaf"
      let tiers = try #require(files[path]?["tiers"] as? [String: [String: Any]])
      for exported in dialogue.turns {
        let entry = try self.entry(tiers, "annotations", "turn@", exported)
        if let time = exported.turn.time, time.end > time.start {
          #expect(entry?[0] as? Int == Int(time.start * 1000))
          #expect(entry?[1] as? Int == Int(time.end * 1000))
        }
      }
      for (name, tier) in tiers where tier["parent"] is String {
        #expect(tier["constraint"] as? String == "Symbolic_Association", "\(name)")
      }
    }
    let plain = try #require(files["Lab/test/7.eaf"]?["tiers"] as? [String: [String: Any]])
    let gold = try #require(plain["emotion@Mara"]?["annotations"] as? [[Any]])
    #expect(gold.map { $0[2] as? String } == ["joy", "anger;fear;joy"])
    #expect(plain["emotion:ana@Theo"]?["annotator"] as? String == "ana")
    #expect(plain["emotion@Mara"]?["participant"] as? String == "Mara")
    Readers.count("eaf", turns.count, "ids, times, gold, associations, annotators", found)
  }

  /// What stands on the tier of ids for a turn.
  private func entry(
    _ tiers: [String: [String: Any]], _ list: String, _ prefix: String, _ exported: ExportedTurn
  ) throws -> [Any]? {
    let entries = tiers.filter { $0.key.hasPrefix(prefix) }.values
      .flatMap { $0[list] as? [[Any]] ?? [] }
      .filter { $0[2] as? String == exported.turn.key.turn }
    #expect(entries.count == 1, "\(exported.turn.key)")
    return entries.first
  }

  @Test func `Label Studio's kit finds nothing wrong with tasks and setup`() throws {
    let found = try Readers.answer("label-studio")
    #expect(found["errors"] as? [String] == [])
    let tasks = try #require(found["tasks"] as? [[String: Any]])
    #expect(tasks.count == turns.count)
    for (task, exported) in zip(tasks, turns) {
      let annotations = try #require(task["annotations"] as? [[String: Any]])
      #expect(annotations.count == exported.ratings.count)
      let predictions = try #require(task["predictions"] as? [[String: Any]])
      #expect(predictions.count == (exported.suggestion == nil ? 0 : 2))
    }
    Readers.count("label-studio", tasks.count, "setup, tasks, annotations, predictions", found)
  }
}

/// The answers of `scripts/read-exports.py` on the fixture in every format: asked once, for all
/// tests, because starting the readers takes longer than reading.
enum Readers {
  private static let script = Script("read-exports.py")
  private static let preparation = Result { try script.run(["--prepare"]) }

  /// Why the readers are not there, as the script says it; `nil` where they are.
  static let absence: String? = {
    guard case .success(let outcome) = preparation, outcome.status == 75 else { return nil }
    print(outcome.errors)
    return outcome.errors
  }()

  private static let answers = Result {
    let folder = try InventedFolder()
    for format in ExportFormats.all.map(\.name) {
      let parts: Set<ExportPart>? = format == "csv" ? Set(ExportPart.allCases) : nil
      try ExportFixture.write(
        format, to: folder[ExportFixture.fileName(format)], ExportFixture.options(parts))
    }
    let outcome = try script.run(
      ExportFormats.all.map { "\($0.name)=\(folder[ExportFixture.fileName($0.name)])" })
    guard outcome.status == 0,
      let found = try JSONSerialization.jsonObject(with: outcome.output) as? [String: [String: Any]]
    else { throw CorpusError(file: script.path, message: outcome.errors) }
    return Answers(found: found)
  }

  /// Plain JSON, never changed after it was read.
  private struct Answers: @unchecked Sendable {
    let found: [String: [String: Any]]
  }

  /// What a reader found in the export of a format.
  static func answer(_ format: String) throws -> [String: Any] {
    try #require(try answers.get().found[format])
  }

  /// Adds a line to the table of formats.
  static func count(_ format: String, _ rows: Int, _ checked: String, _ found: [String: Any]) {
    FormatTable.add(
      "out", format, rows: rows, checked: checked, reader: found["reader"] as? String ?? "?")
  }
}
