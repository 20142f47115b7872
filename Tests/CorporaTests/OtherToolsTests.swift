import Corpora
import Dialogues
import Foundation
import Testing

/// Files that other tools wrote, imported: `scripts/write-imports.py` lets each write the same small
/// conversation.
@Suite(
  .enabled(if: Readers.absence == nil, "the tools of other projects could not be installed"))
struct OtherToolsTests {
  @Test(arguments: [
    ("praatio", "textgrid", "praatio-long", "1 2 3"),
    ("praatio", "textgrid", "praatio-short", "1 2 3"),
    ("textgrid", "textgrid", "textgrid", "1 2 3"),
    ("pympi", "textgrid", "pympi-praat", "1 2 3"),
    ("pympi", "eaf", "pympi", "1 2 3"),
    ("audformat", "audformat", "audformat", "0.5-1.25 1.0-2.0 2.5-3.75"),
    ("pandas", "manifest", "pandas/talk.csv", "0 1 2"),
    ("pandas", "manifest", "pandas/talk.jsonl", "0 1 2"),
    ("pandas", "manifest", "pandas-bom/talk.csv", "0 1 2"),
    ("pandas", "manifest", "pandas-index/talk.tsv", "0 1 2"),
    ("pandas", "meld", "pandas-meld", "0 1 2"),
    ("datasets", "manifest", "datasets/talk.csv", "0 1 2"),
    ("datasets", "manifest", "datasets/talk.jsonl", "0 1 2"),
    ("label-studio", "label-studio", "label-studio/talk.json", "0 1 2"),
  ])
  func `what another tool wrote is imported whole`(
    tool: String, format: String, path: String, ids: String
  ) throws {
    let all = try imported(format, try Writers.folder()[path])
    #expect(all.warnings.filter(\.kind.isWrongRow).isEmpty, "\(all.warnings)")
    #expect(all.turns.map(\.key.turn) == ids.split(separator: " ").map(String.init))
    #expect(all.turns.map(\.speaker) == ["Mara", "Theo", "Mara"])
    #expect(all.turns.map(\.text) == ["You said, \"now\"?", "面包 & café", "=Hm\nthen"])
    let times = [(0.5, 1.25), (1, 2), (2.5, 3.75)].map { TimeSpan(start: $0, end: $1) }
    #expect(all.turns.map(\.time) == times)
    let labels = all.ratings.flatMap(\.answer.labels)
    switch path {
    case "textgrid", "pympi-praat": #expect(labels == [])
    case "pandas-meld": #expect(labels == ["joy", "anger", "neutral"])
    default: #expect(labels == ["joy", "anger"])
    }
    FormatTable.add(
      "in", format, rows: all.turns.count, checked: "ids, speakers, texts, times, labels",
      reader: "undertone; written by \(try Writers.version(tool))")
  }

  @Test func `each tool's ways of naming raters are kept`() throws {
    let folder = try Writers.folder()
    let names: (String, String) throws -> Set<String> = { format, path in
      Set(try imported(format, folder[path]).ratings.map(\.rater.name))
    }
    #expect(try names("textgrid", "praatio-long") == ["corpus"])
    #expect(try names("eaf", "pympi") == ["ana"])
    #expect(try names("audformat", "audformat") == ["ana"])
    #expect(try names("manifest", "pandas/talk.csv") == ["ana"])
    #expect(try names("label-studio", "label-studio/talk.json") == ["annotator 7"])
    let valence = try imported("audformat", folder["audformat"]).ratings
      .map { $0.answer.dimensions["valence"] }
    #expect(valence == [4.5, nil, 2])
    let notes = try imported("textgrid", folder["praatio-short"]).turns[0].metadata
    #expect(notes == [MetadataField(name: "notes", value: "laughs")])
    let predictions = try imported("label-studio", folder["label-studio/talk.json"]).dialogues
      .flatMap(\.predictions)
    #expect(predictions.map(\.source) == ["m1", "m1", "m1"])
    #expect(predictions[0].scores == ["joy": 0.75])
  }

  @Test func `ratings and scores that pandas wrote are read`() throws {
    let folder = try Writers.folder()
    final class Box {
      var ratings: [ImportedRating] = []; var suggestions: [ImportedSuggestion] = []
    }
    let box = Box()
    _ = try RatingsReader.read(folder["pandas/ratings.csv"], consume: { box.ratings.append($0) })
    #expect(box.ratings.map(\.answer.labels) == [["joy"], ["anger"]])
    #expect(box.ratings.map(\.turn.turn) == ["0", "1"])
    _ = try SuggestionsReader.read(
      folder["pandas/scores.csv"], source: "m", consume: { box.suggestions.append($0) })
    #expect(box.suggestions.map(\.posterior) == Array(repeating: [0.75, 0.25], count: 3))
    for (format, rows) in [("ratings", 2), ("suggestions", 3)] {
      FormatTable.add(
        "in", format, rows: rows, checked: "turns, labels, scores",
        reader: "undertone; written by \(try Writers.version("pandas"))")
    }
  }
}

/// What `scripts/write-imports.py` wrote, once for all tests.
private enum Writers {
  private struct Written: @unchecked Sendable {
    let folder: InventedFolder
    let versions: [String: String]
  }

  private static let written = Result {
    let folder = try InventedFolder()
    let script = Script("write-imports.py")
    let outcome = try script.run([folder.path])
    let found = try? JSONSerialization.jsonObject(with: outcome.output) as? [String: Any]
    guard outcome.status == 0, let versions = found?["writers"] as? [String: String] else {
      throw CorpusError(file: script.path, message: outcome.errors)
    }
    return Written(folder: folder, versions: versions)
  }

  static func folder() throws -> InventedFolder { try written.get().folder }

  static func version(_ tool: String) throws -> String {
    try #require(try written.get().versions[tool])
  }
}
