import Dialogues
import Foundation
import Testing

@testable import Corpora

/// What every importer does with what it cannot use.
@Suite struct WrongRowTests {
  /// A small corpus of a format with one thing wrong in it.
  struct Broken: Sendable, CustomTestStringConvertible {
    var format: String
    var files: [String: String]
    /// What is imported below the folder; empty for the folder.
    var path = ""
    /// The file and row that are wrong.
    var file: String
    var row: Int?
    /// A word of the reason.
    var reason: String
    /// How many turns, ratings or suggestions are good.
    var good: Int

    var testDescription: String { "\(format), \(reason)" }
  }

  private static let emoryHeader =
    "Utterance,Speaker,Emotion,Scene_ID,Utterance_ID,Season,Episode,Start_Time,End_Time\n"

  private static func iemocap(_ row: String) -> [String: String] {
    var files = IEMOCAPImportTests.files
    let file = "Session2/dialog/transcriptions/Ses02M_script01_1b.txt"
    files[file] = (files[file] ?? "").replacing("M: a stray line\n", with: row)
    return files
  }

  static let all = [
    Broken(
      format: "meld",
      files: ["dev.csv": meld("1,a,A,joy,x,0,0,1,1,,", "2,b,A,joy,x,0", "3,c,A,joy,x,0,2,1,1,,")],
      path: "dev.csv", file: "dev.csv", row: 3, reason: "columns", good: 2),
    Broken(
      format: "meld",
      files: ["dev_sent_emo.csv": meld("1,a,A,joy,x,0,0,1,1,,"), "train_sent_emo.csv": ""],
      file: "train_sent_emo.csv", row: nil, reason: "empty", good: 1),
    Broken(
      format: "melt",
      files: [
        "meld_dev.csv": "Utterance,Speaker,Emotion,Dialogue_ID,Utterance_ID,llm_label\n"
          + "a,A,joy,0,0,joy\nb,A,joy,zero,1,joy\n"
      ], path: "meld_dev.csv", file: "meld_dev.csv", row: 3, reason: "whole numbers", good: 1),
    Broken(
      format: "emorynlp",
      files: ["e_dev.csv": emoryHeader + "a,[],Mad,1,1,1,1,,\nb,[],Mad,1,x,1,1,,\n"],
      path: "e_dev.csv", file: "e_dev.csv", row: 3, reason: "whole number", good: 1),
    Broken(
      format: "emorynlp",
      files: [
        "e_dev.csv": emoryHeader + "a,[],Mad,1,1,1,1,,\n", "e_train.csv": "a,a\n",
      ], file: "e_train.csv", row: nil, reason: "two columns", good: 1),
    Broken(
      format: "emorynlp", files: ["e-dev.json": EmoryNLPDocumentTests.document], path: "e-dev.json",
      file: "e-dev.json", row: nil, reason: "no id of that scene", good: 2),
    Broken(
      format: "iemocap", files: iemocap("M: stray\n"),
      file: "Session2/dialog/transcriptions/Ses02M_script01_1b.txt", row: 5,
      reason: "begin with a turn's id", good: 4),
    Broken(
      format: "manifest", files: ["m.csv": "dialogue,turn,text\n1,1,x\n1,,y\n1,3,z\n"],
      path: "m.csv", file: "m.csv", row: 3, reason: "turn is empty", good: 2),
    Broken(
      format: "manifest",
      files: ["m.jsonl": "{\"dialogue\":1,\"turn\":1,\"text\":\"x\"}\n{\n"], path: "m.jsonl",
      file: "m.jsonl", row: 2, reason: "not JSON", good: 1),
    Broken(
      format: "label-studio",
      files: ["t.json": #"[{"data":{"text":"a","turn":"1"}},5,{"data":{"text":"b","turn":"2"}}]"#],
      path: "t.json", file: "t.json", row: 2, reason: "not a JSON object", good: 2),
    Broken(
      format: "audformat",
      files: [
        "db.yaml":
          "name: x\ntables: {f: {type: filewise, columns: {emotion: {scheme_id: emotion}}}}\n",
        "db.f.csv": "file,emotion\na.wav,joy\n,fear\nb.wav,joy\n",
      ], file: "db.f.csv", row: 3, reason: "file is empty", good: 2),
    Broken(
      format: "textgrid", files: ["a.TextGrid": TierImportTests.short, "b.TextGrid": "nonsense"],
      file: "b.TextGrid", row: nil, reason: "begin like a TextGrid", good: 1),
    Broken(
      format: "eaf", files: ["a.eaf": TierImportTests.eaf], file: "a.eaf", row: 31, reason: "a9",
      good: 2),
    Broken(
      format: "eaf",
      files: ["a.eaf": TierImportTests.eaf.replacing("ts99", with: "ts5"), "b.eaf": " \n"],
      file: "b.eaf", row: nil, reason: "empty", good: 3),
    Broken(
      format: "ratings",
      files: ["r.csv": "dialogue,turn,rater,label\n1,1,ana,joy\n1,2,,joy\n1,3,ana,joy\n"],
      path: "r.csv", file: "r.csv", row: 3, reason: "rater is empty", good: 2),
    Broken(
      format: "suggestions",
      files: ["s.csv": "dialogue,turn,prob_joy,prob_fear\n1,1,1,0\n1,2,1,1\n1,3,0,1\n"],
      path: "s.csv", file: "s.csv", row: 3, reason: "sum to 2", good: 2),
  ]

  /// Imports by a format's name, those for single things included.
  private func read(
    _ broken: Broken, _ folder: InventedFolder, isStrict: Bool
  ) throws -> (good: Int, warnings: [ImportWarning], counted: Int) {
    let path = broken.path.isEmpty ? folder.path : folder[broken.path]
    let options = ImportOptions(isStrict: isStrict)
    final class Box { var warnings: [ImportWarning] = []; var count = 0 }
    let box = Box()
    switch broken.format {
    case "ratings":
      let summary = try RatingsReader.read(
        path, options: options, consume: { _ in box.count += 1 },
        warn: { box.warnings.append($0) })
      return (box.count, box.warnings, Self.wrong(summary.warnings))
    case "suggestions":
      let summary = try SuggestionsReader.read(
        path, source: "m", options: options, consume: { _ in box.count += 1 },
        warn: { box.warnings.append($0) })
      return (box.count, box.warnings, Self.wrong(summary.warnings))
    default:
      let all = try imported(broken.format, path, options)
      return (all.turns.count, all.warnings, Self.wrong(all.summary?.warnings ?? [:]))
    }
  }

  private static func wrong(_ counts: [ImportWarning.Kind: Int]) -> Int {
    counts.filter(\.key.isWrongRow).values.reduce(0, +)
  }

  @Test(arguments: all)
  func `what cannot be used is skipped with file, row and reason, counted, or ends a strict import`(
    broken: Broken
  ) throws {
    let folder = try InventedFolder(broken.files)
    let (good, warnings, counted) = try read(broken, folder, isStrict: false)
    #expect(good == broken.good)
    let wrong = warnings.filter(\.kind.isWrongRow)
    let first = try #require(wrong.first)
    #expect(first.file == folder[broken.file])
    #expect(first.row == broken.row)
    #expect(first.message.contains(broken.reason), "\(first.message)")
    #expect(counted == wrong.count)
    let error = #expect(throws: CorpusError.self) { try read(broken, folder, isStrict: true) }
    #expect(error?.file == folder[broken.file])
    #expect(error?.row == broken.row)
    #expect(error?.message.contains(broken.reason) == true)
  }

  @Test func `a file nobody may read is skipped among others, and an error alone`() throws {
    let folder = try InventedFolder(["a.TextGrid": TierImportTests.short])
    try FileManager.default.createSymbolicLink(
      atPath: folder["b.TextGrid"], withDestinationPath: folder["gone"])
    let all = try imported("textgrid", folder.path)
    #expect(all.turns.count == 1 && all.count(.unreadableFile) == 1)
    #expect(throws: CorpusError.self) { try imported("textgrid", folder["b.TextGrid"]) }
  }

  @Test func `a document of JSON over many lines is not taken for a thousand wrong rows`() throws {
    let folder = try InventedFolder([
      "d.json": "{\n" + String(repeating: "  \"a\": [\n  1],\n", count: 30) + "\"b\": 1}\n"
    ])
    for format in ["manifest", "emorynlp"] {
      let error = #expect(throws: CorpusError.self) { try imported(format, folder["d.json"]) }
      #expect(error?.message.contains("one JSON document") == true)
    }
  }

  @Test(arguments: CorpusFormats.all.map(\.name))
  func `a path that is not there, a folder and an empty file are errors in words`(format: String)
    throws
  {
    let folder = try InventedFolder(["empty.csv": "", "sub/x.txt": "x"])
    for name in ["absent", "sub", "empty.csv"] {
      let error = #expect(throws: CorpusError.self) { try imported(format, folder[name]) }
      #expect(error?.file.hasPrefix(folder.path) == true)
      #expect(error?.message.hasSuffix(".") == true, "\(error?.message ?? "")")
      if name == "absent" {
        #expect(error?.message.contains("No such file") == true, "\(error?.message ?? "")")
      }
    }
  }
}
