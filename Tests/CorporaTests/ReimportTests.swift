import Dialogues
import Foundation
import Testing

@testable import Corpora

/// What Undertone writes, Undertone reads: the same turns under the same keys, with the same texts,
/// times and ratings, as far as the format can hold them.
@Suite struct ReimportTests {
  private static let key = DialogueKey(corpus: "Talk", split: "dev", dialogue: "d/1")
  private static let raters = [
    Rater(name: "Talk/E1", kind: .corpus), Rater(name: "Talk/self", kind: .selfReport),
    Rater(name: "gpt-4o", kind: .llm),
  ]

  private static let turns: [Turn] = {
    let texts = [
      ("Mara", "You said \"now\" & <then>?\nReally."), ("Theo", "我把箱子搬到面包车上了。"),
      ("Mara", "=1+1, 'quoted'; {x}"), ("Theo", "Hm"),
    ]
    return texts.enumerated().map { place, said in
      var turn = Turn(
        key: TurnKey(dialogue: key, turn: "t\(place)"), speaker: said.0, text: said.1,
        audio: AudioSpan(path: "d\(place).wav"))
      if place != 3 {
        turn.time = TimeSpan(start: 1.5 * Double(place), end: 1.5 * Double(place) + 1.25)
      }
      return turn
    }
  }()

  private static let ratings: [Rating] = [
    Rating(
      turn: turns[0].key, rater: raters[0],
      answer: Answer(labels: ["joy", "anger"], dimensions: ["valence": 2.5])),
    Rating(turn: turns[1].key, rater: raters[0], answer: Answer(labels: ["fear"])),
    Rating(turn: turns[0].key, rater: raters[1], answer: Answer(labels: ["joy"])),
    Rating(turn: turns[2].key, rater: raters[2], answer: Answer(labels: ["sadness"])),
  ]

  private func export(_ format: String, to path: String) throws {
    var scheme = LabelScheme.meld
    scheme.dimensions = LabelScheme.iemocap.dimensions
    let options = ExportOptions(
      scheme: scheme, raters: Self.raters, gold: GoldStandard(kind: .corpus),
      source: Source(name: "m1"), program: "undertone test")
    let exporter = try #require(ExportFormats.named(format)).begin(path, options)
    let labels = scheme.labels.map(\.name)
    let turns = Self.turns.map { turn in
      ExportedTurn(
        turn: turn, gold: turn.key.turn == "t0" ? ["joy"] : [],
        ratings: Self.ratings.filter { $0.turn == turn.key }.map { ExportedRating($0) },
        suggestion: turn.key.turn == "t1"
          ? Suggestion(
            turn: turn.key, labels: labels,
            posterior: [0.5, 0.125, 0.125, 0.0625, 0.0625, 0.0625, 0.0625],
            refined: "fear") : nil)
    }
    try exporter.write(ExportedDialogue(key: Self.key, title: "The boxes", turns: turns))
    try exporter.finish()
  }

  /// - Parameter kinds: whether the format tells people, models and self-reports apart.
  @Test(arguments: [
    ("textgrid", "out", "textgrid", false), ("eaf", "out", "eaf", false),
    ("audformat", "out", "audformat", true), ("label-studio", "out.json", "label-studio", true),
    ("jsonl", "out.jsonl", "manifest", true),
  ])
  func `what was exported comes back`(
    format: String, name: String, importer: String, kinds: Bool
  ) throws {
    let folder = try InventedFolder(
      Dictionary(uniqueKeysWithValues: Self.turns.map { ($0.audio?.path ?? "", "RIFF") }))
    try export(format, to: folder[name])
    let all = try imported(importer, folder[name], ImportOptions(root: folder.path))
    #expect(all.dialogues.map(\.dialogue.key) == [Self.key])
    #expect(all.turns.map(\.key) == Self.turns.map(\.key))
    #expect(all.turns.map(\.speaker) == Self.turns.map(\.speaker))
    #expect(all.turns.map(\.text) == Self.turns.map(\.text))
    #expect(all.turns.map(\.time) == Self.turns.map(\.time))
    #expect(all.count(.malformedRow) == 0 && all.count(.wrongValue) == 0)
    #expect(all.ratings.count == Self.ratings.count)
    for rating in Self.ratings {
      let back = all.rating(rating.rater.name, rating.turn.turn)
      #expect(back?.answer == rating.answer, "\(rating.rater.name) on \(rating.turn.turn)")
      if kinds || rating.rater.kind != .llm { #expect(back?.rater.kind == rating.rater.kind) }
    }
    if ["audformat", "label-studio"].contains(format) {
      #expect(all.turns.map(\.audio) == Self.turns.map(\.audio))
      #expect(all.dialogues[0].dialogue.title == "The boxes")
      let prediction = try #require(all.dialogues[0].predictions.first)
      #expect(prediction.source == "m1" && prediction.refined == "fear")
      #expect(prediction.turn.turn == "t1" && prediction.scores["neutral"] == 0.5)
      #expect(prediction.scores.count == 7)
    }
    if format == "eaf" {
      #expect(all.dialogues[0].dialogue.title == "The boxes")
      #expect(all.dialogues[0].predictions.first?.scores == ["neutral": 0.5])
    }
    FormatTable.add(
      "round", format, rows: all.turns.count, checked: "keys, speakers, texts, times, every rating",
      reader: "own")
  }

  @Test func `a formula in MELD's columns comes back as the text it was`() throws {
    let folder = try InventedFolder()
    try export("meld", to: folder["dev_sent_emo.csv"])
    let all = try imported("meld", folder["dev_sent_emo.csv"])
    #expect(all.turns.map(\.text) == Self.turns.map(\.text))
  }

  @Test func `auto recognises what each format's export is, and says why`() throws {
    for (format, name, importer) in [
      ("textgrid", "a", "textgrid"), ("eaf", "b", "eaf"), ("audformat", "c", "audformat"),
      ("label-studio", "d.json", "label-studio"), ("jsonl", "e.jsonl", "manifest"),
      ("csv", "f.csv", "manifest"), ("meld", "g.csv", "meld"), ("iemocap", "h", "iemocap"),
    ] {
      let folder = try InventedFolder()
      try export(format, to: folder[name])
      let found = CorpusFormats.recognise(folder[name])
      #expect(found?.importer.name == importer, "\(format)")
      #expect(found?.reason.isEmpty == false)
    }
  }
}
