import Dialogues
import Foundation
import Testing

@testable import Corpora

@Suite struct ExportTests {
  private static let key = DialogueKey(corpus: "Lab", split: "dev", dialogue: "d1")

  /// Turns with everything that is hard to write.
  private static let turns: [ExportedTurn] = [
    ("1", "She said, \"no\".\nTwice."), ("2", "=SUM(A1:A9)"), ("3", "- no"), ("4", "'-quoted"),
    ("5", "+1, @home 中文 😀"), ("6", "\ttab"),
  ].map { id, text in
    let key = TurnKey(dialogue: Self.key, turn: id)
    return ExportedTurn(
      turn: Turn(
        key: key, speaker: "@Mara", text: text, audio: AudioSpan(path: "a/\(id).wav"),
        time: TimeSpan(start: 0.1, end: 1e-7),
        words: [WordTime(word: "no", span: TimeSpan(start: 0, end: 0.25))],
        metadata: [MetadataField(name: "take", value: "0\(id)")]),
      gold: ["joy", "anger"],
      ratings: [
        Rating(
          turn: key, rater: Rater(name: "ana", kind: .person),
          answer: Answer(labels: ["joy", "fear"], dimensions: ["valence": 2.5], confidence: 2),
          time: 1_777_636_800.25),
        Rating(
          turn: key, rater: Rater(name: "Lab/self", kind: .selfReport),
          answer: Answer(labels: ["-"])),
      ],
      suggestion: ExportedTurn.SuggestedLabel(label: "joy", probability: 0.412_345),
      refined: "anger")
  }

  private func text(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
  }

  @Test func `csv has the columns that scripts rely on, and no cell that a spreadsheet would run`()
    throws
  {
    let folder = try InventedFolder()
    let exporter = try CSVExporter(path: folder["out.csv"], raters: ["ana", "Lab/self"])
    for turn in Self.turns { try exporter.write(turn) }
    try exporter.finish()
    let lines = try text(folder["out.csv"])
    #expect(
      lines.hasPrefix(
        "corpus,split,dialogue,turn,speaker,text,start,end,gold,rater:ana,rater:Lab/self,"
          + "suggestion,probability,refined\n"))
    #expect(
      lines.contains(
        "\nLab,dev,d1,2,'@Mara,'=SUM(A1:A9),0.1,0.0000001,joy;anger,joy;fear,'-,joy,0.412345,anger\n"
      ))
    #expect(exporter.losses.count == 3)
  }

  @Test func `csv comes back with the same ids, texts, times and labels`() throws {
    let folder = try InventedFolder()
    let exporter = try CSVExporter(path: folder["out.csv"], raters: ["ana", "Lab/self"])
    for turn in Self.turns { try exporter.write(turn) }
    try exporter.finish()
    let all = try imported("manifest", folder["out.csv"])
    #expect(all.warnings.filter(\.kind.isWrongRow).isEmpty)
    #expect(all.turns.map(\.key) == Self.turns.map(\.turn.key))
    #expect(all.turns.map(\.text) == Self.turns.map(\.turn.text))
    #expect(all.turns.map(\.speaker) == Self.turns.map(\.turn.speaker))
    #expect(all.turns.map(\.time) == Self.turns.map(\.turn.time))
    #expect(
      all.ratings.map(\.answer.labels) == Self.turns.flatMap { $0.ratings.map(\.answer.labels) })
  }

  @Test func `JSON Lines come back with everything`() throws {
    let folder = try InventedFolder()
    let exporter = try JSONLinesExporter(path: folder["out.jsonl"])
    for turn in Self.turns { try exporter.write(turn) }
    try exporter.finish()
    for line in try text(folder["out.jsonl"]).split(separator: "\n") {
      _ = try JSONSerialization.jsonObject(with: Data(line.utf8))
    }
    let all = try imported("manifest", folder["out.jsonl"])
    #expect(all.ratings == Self.turns.flatMap(\.ratings))
    for (turn, exported) in zip(all.turns, Self.turns) {
      var expected = exported.turn
      expected.metadata += [
        MetadataField(name: "gold", value: "joy;anger"),
        MetadataField(name: "suggestion", value: "joy"),
        MetadataField(name: "probability", value: "0.412345"),
        MetadataField(name: "refined", value: "anger"),
      ]
      #expect(turn == expected)
    }
    #expect(exporter.losses.isEmpty)
  }

  @Test func `MELD goes out with its eleven columns and comes back the same`() throws {
    let folder = try InventedFolder([
      "in/dev_sent_emo.csv": meld(
        #"1,"It’s, well, ""mine"".",Mara,joy,positive,3,0,4,7,"00:20:57,256","01:21:00,049""#,
        #"2,What?,Theo,surprise,negative,3,2,4,7,"00:21:01,927","00:21:03,261""#)
    ])
    let all = try imported("meld", folder["in"])
    let exporter = try MELDExporter(path: folder["dev_sent_emo.csv"])
    for (turn, rating) in zip(all.turns, all.ratings) {
      try exporter.write(ExportedTurn(turn: turn, gold: rating.answer.labels))
    }
    try exporter.finish()
    #expect(try text(folder["dev_sent_emo.csv"]) == text(folder["in/dev_sent_emo.csv"]))
    #expect(exporter.losses.isEmpty)
  }

  @Test func `a file appears whole or not at all`() throws {
    let folder = try InventedFolder(["out.csv": "what was there\n"])
    do {
      let exporter = try CSVExporter(path: folder["out.csv"], raters: [])
      try exporter.write(Self.turns[0])
    }
    #expect(try text(folder["out.csv"]) == "what was there\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["out.csv"])
    #expect(throws: CorpusError.self) {
      _ = try CSVExporter(path: folder["absent/out.csv"], raters: [])
    }
    #expect(throws: CorpusError.self) { _ = try CSVExporter(path: folder.path, raters: []) }
  }

  @Test func `numbers need no exponent and read back as they were`() {
    for value in [0, 1, -2, 0.1, 1e-7, 1.5e-9, 2.5, 976.059, 123456789.125, 1e14, 1.0 / 3] {
      #expect(Double(Decimal.text(value)) == value)
      #expect(!Decimal.text(value).contains("e"))
    }
  }
}
