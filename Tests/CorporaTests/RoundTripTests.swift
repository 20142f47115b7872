import Dialogues
import Foundation
import TestSupport
import Testing

@testable import Corpora

/// What goes out in a format and comes in again is the same, but for what is named here.
@Suite struct RoundTripTests {
  /// What a format, or the import of it, does not hold.
  enum Gap: Sendable {
    case title, audio, words, metadata, kinds, confidence, ratingTime
  }

  @Test(arguments: [
    ("csv", [Gap.title, .words, .metadata]),
    ("jsonl", []),
    ("audformat", [.words, .metadata, .confidence, .ratingTime]),
    ("textgrid", [.title, .audio, .words, .metadata, .confidence, .ratingTime]),
    ("eaf", [.audio, .words, .metadata, .confidence, .ratingTime]),
    ("label-studio", []),
  ])
  func `ids, texts, times and ratings come back`(_ format: String, _ gaps: [Gap]) throws {
    let folder = try InventedFolder()
    let path = folder[ExportFixture.fileName(format)]
    let parts: Set<ExportPart>? = format == "csv" ? Set(ExportPart.allCases) : nil
    try ExportFixture.write(format, to: path, ExportFixture.options(parts))
    let importer = ["csv", "jsonl"].contains(format) ? "manifest" : format
    let all = try imported(importer, path)
    #expect(all.warnings.filter(\.kind.isWrongRow).isEmpty, "\(all.warnings)")
    try compare(all, ExportFixture.dialogues, gaps)
    FormatTable.add(
      "round", format, rows: all.turns.count, checked: "ids, texts, times, ratings",
      reader: "undertone")
  }

  @Test func `MELD comes back with its ids, texts, times and gold`() throws {
    let folder = try InventedFolder()
    let dialogues = Self.renamed(ExportFixture.dialogues, corpus: "MELD")
    try ExportFixture.write("meld", to: folder["meld"], ExportFixture.options(), dialogues)
    let all = try imported("meld", folder["meld"])
    let turns = dialogues.flatMap(\.turns)
    #expect(all.turns.map(\.key) == turns.map(\.turn.key))
    #expect(all.turns.map(\.text) == turns.map(\.turn.text))
    #expect(all.turns.map(\.speaker) == turns.map(\.turn.speaker))
    #expect(all.turns.map(\.time) == turns.map(\.turn.time))
    let gold = turns.filter { $0.gold.count == 1 }
    #expect(all.ratings.map(\.answer.labels) == gold.map(\.gold))
    #expect(all.ratings.map(\.turn) == gold.map(\.turn.key))
    FormatTable.add(
      "round", "meld", rows: all.turns.count, checked: "ids, texts, times, gold",
      reader: "undertone")
  }

  @Test func `IEMOCAP comes back with every evaluator, self-report and comment`() throws {
    let names = ["Ses01F_impro01_F000", "Ses01F_impro01_M000", "Ses01F_impro01_F001"]
    let key = DialogueKey(corpus: "IEMOCAP", dialogue: "Ses01F_impro01")
    let raters = ["IEMOCAP/E2", "IEMOCAP/E4"].map { Rater(name: $0, kind: .corpus) }
    let turns = names.enumerated().map { place, name in
      let turn = TurnKey(dialogue: key, turn: name)
      let answers = [
        Answer(labels: ["anger", "frustration"], dimensions: ["valence": 2, "dominance": 4]),
        Answer(labels: [place == 1 ? "sadness" : "anger"], dimensions: ["valence": 3]),
      ]
      var ratings = zip(raters, answers).map { Rating(turn: turn, rater: $0, answer: $1) }
      if place != 1 {
        ratings.insert(
          Rating(
            turn: turn, rater: Rater(name: "IEMOCAP", kind: .corpus),
            answer: Answer(labels: ["anger"], dimensions: ["valence": 2.5, "dominance": 4])), at: 0)
      }
      ratings.append(
        Rating(
          turn: turn, rater: Rater(name: "IEMOCAP/self", kind: .selfReport),
          answer: Answer(labels: ["other"])))
      let exported = ratings.map { ExportedRating($0) }
      let (gold, votes) = GoldStandard(kind: .corpus).decide(exported, corpus: "IEMOCAP")
      return ExportedTurn(
        turn: Turn(
          key: turn, speaker: "Ses01_\(name.contains("_M") ? "M" : "F")", text: "Turn \(place)?",
          time: TimeSpan(start: Double(place) + 0.2901, end: Double(place) + 1.4051),
          words: [WordTime(word: "TURN", span: TimeSpan(start: 0.27, end: 0.55))],
          metadata: [
            MetadataField(name: "EmoEvaluation", value: place == 1 ? "xxx" : "ang"),
            MetadataField(name: "EmoEvaluation VAD", value: "[2.5000, 0.0000, 4.0000]"),
            MetadataField(name: "C-E4 comment", value: "a; b"),
          ]), gold: gold, votes: votes, ratings: exported)
    }
    #expect(turns[1].gold == ["anger", "frustration", "sadness"])
    let folder = try InventedFolder()
    let options = ExportOptions(
      scheme: .iemocap, raters: raters + [Rater(name: "IEMOCAP", kind: .corpus)],
      gold: GoldStandard(kind: .corpus))
    let losses = try ExportFixture.write(
      "iemocap", to: folder["out"], options, [ExportedDialogue(key: key, turns: turns)])
    #expect(losses.sentences == [])
    // As in the release, one speaker's turns come first, then the other's.
    let labels = try String(
      contentsOfFile: folder["out/Session1/dialog/EmoEvaluation/Ses01F_impro01.txt"],
      encoding: .utf8)
    let ids = labels.split(separator: "\n").filter { $0.hasPrefix("[") }
      .map { $0.split(separator: "\t")[1].suffix(4) }
    #expect(ids == ["F000", "F001", "M000"])
    let all = try imported("iemocap", folder["out"])
    #expect(all.turns == turns.map(\.turn))
    #expect(
      all.ratings.sorted(by: Self.order)
        == turns.flatMap { $0.ratings.map(\.rating) }
        .sorted(by: Self.order))
    FormatTable.add(
      "round", "iemocap", rows: 3, checked: "turns, words, comments, all raters",
      reader: "undertone")
  }

  @Test(.enabled(if: sharedData("iemocap_layout") != nil, "the layout is not on this machine"))
  func `the labels of the release's layout come out line for line`() throws {
    let release = try #require(sharedData("iemocap_layout/IEMOCAP_full_release"))
    let all = try imported("iemocap", release)
    let folder = try InventedFolder()
    let ratings = Dictionary(grouping: all.ratings, by: \.turn)
    let dialogues = all.dialogues.map { imported in
      ExportedDialogue(
        key: imported.dialogue.key,
        turns: imported.dialogue.turns.map { turn in
          let own = (ratings[turn.key] ?? []).map { ExportedRating($0) }
          let (gold, votes) = GoldStandard(kind: .corpus).decide(own, corpus: "IEMOCAP")
          return ExportedTurn(turn: turn, gold: gold, votes: votes, ratings: own)
        })
    }
    try ExportFixture.write(
      "iemocap", to: folder["out"],
      ExportOptions(
        scheme: .iemocap, raters: Set(all.ratings.map(\.rater)).sorted { $0.name < $1.name },
        gold: GoldStandard(kind: .corpus)), dialogues)
    let file = "Session1/dialog/EmoEvaluation/Ses01F_impro01.txt"
    let read: (String) throws -> [Substring] = {
      try String(contentsOfFile: $0, encoding: .utf8).split(separator: "\n")
    }
    #expect(try read(folder["out/\(file)"]) == read("\(release)/\(file)"))
  }

  // MARK: Comparing

  private func compare(
    _ all: Imported, _ dialogues: [ExportedDialogue], _ gaps: [Gap]
  ) throws {
    let own = dialogues.flatMap(\.turns)
    let sorted = all.dialogues.sorted { $0.dialogue.key.description < $1.dialogue.key.description }
    let turns = sorted.flatMap(\.dialogue.turns)
    try #require(turns.map(\.key) == own.map(\.turn.key))
    if !gaps.contains(.title) { #expect(sorted.map(\.dialogue.title) == dialogues.map(\.title)) }
    for (turn, exported) in zip(turns, own.map(\.turn)) {
      #expect(turn.text == exported.text, "\(turn.key)")
      #expect(turn.speaker == exported.speaker, "\(turn.key)")
      #expect(turn.time == exported.time, "\(turn.key)")
      if !gaps.contains(.audio) { #expect(turn.audio == exported.audio, "\(turn.key)") }
      if !gaps.contains(.words) { #expect(turn.words == exported.words, "\(turn.key)") }
      if !gaps.contains(.metadata) {
        #expect(
          turn.metadata.filter { $0.name != "gold" && $0.name != "label_mapping" }
            == exported.metadata, "\(turn.key)")
      }
    }
    let expected = own.flatMap { $0.ratings.map(\.rating) }.map { Self.reduced($0, gaps) }
    let ratings = all.ratings.map { Self.reduced($0, gaps) }
    #expect(ratings.sorted(by: Self.order) == expected.sorted(by: Self.order))
  }

  private static func reduced(_ rating: Rating, _ gaps: [Gap]) -> Rating {
    var rating = rating
    if gaps.contains(.confidence) { rating.answer.confidence = nil }
    if gaps.contains(.ratingTime) { rating.time = nil }
    if gaps.contains(.kinds) { rating.rater.kind = .corpus }
    return rating
  }

  private static func order(_ one: Rating, _ other: Rating) -> Bool {
    (one.turn.description, one.rater.name) < (other.turn.description, other.rater.name)
  }

  private static func renamed(
    _ dialogues: [ExportedDialogue], corpus: String
  ) -> [ExportedDialogue] {
    dialogues.map { dialogue in
      var dialogue = dialogue
      dialogue.key.corpus = corpus
      for place in dialogue.turns.indices {
        dialogue.turns[place].turn.key.dialogue = dialogue.key
      }
      return dialogue
    }
  }
}
