import Corpora
import Dialogues
import TestSupport
import Testing

/// Counts on the corpora themselves, which are not part of the project.
///
/// The expected numbers were taken from the files with Python's `csv`, not with this package.
@Suite struct SharedDataTests {
  private static let absent: Comment = "the shared data is not on this machine"

  @Test(.enabled(if: sharedData("meld") != nil, absent))
  func `MELD train and dev have 11,098 turns in 1,152 dialogues`() throws {
    let all = try imported("meld", #require(sharedData("meld")))
    #expect(all.turns.count == 11_098)
    #expect(all.dialogues.count == 1_038 + 114)
    #expect(all.dialogues.count { $0.dialogue.key.split == "train" } == 1_038)
    #expect(all.turns.count { $0.key.dialogue.split == "train" } == 9_989)
    #expect(all.turns.count { $0.key.dialogue.split == "dev" } == 1_109)
    #expect(
      all.summary?.labels == [
        "neutral": 5_180, "joy": 1_906, "surprise": 1_355, "anger": 1_262, "sadness": 794,
        "disgust": 293, "fear": 308,
      ])
    #expect(
      !all.dialogues.contains {
        $0.dialogue.key.split == "train" && $0.dialogue.key.dialogue == "60"
      })
    #expect(all.warnings.map(\.kind) == [.missingFile, .missingFile])
    #expect(Set(all.turns.map(\.key)).count == 11_098)
    FormatTable.add(
      "in", "meld", rows: all.turns.count,
      checked: "counts of the corpus: turns, dialogues, labels",
      reader: "undertone")
  }

  @Test(.enabled(if: sharedData("emorynlp") != nil, absent))
  func `EmoryNLP train and dev have 8,505 turns in 748 scenes`() throws {
    let all = try imported("emorynlp", #require(sharedData("emorynlp")))
    #expect(all.turns.count == 7_551 + 954)
    #expect(all.dialogues.count == 659 + 89)
    #expect(all.warnings.map(\.kind) == [.missingFile, .missingFile])
  }

  @Test(.enabled(if: sharedData("melt") != nil, absent))
  func `MELT train has 7,024 turns with a person's and a machine's label each`() throws {
    let all = try imported("melt", #require(sharedData("melt")))
    #expect(all.turns.count == 7_024 && all.ratings.count == 14_048)
    #expect(all.count(.repairedText) == 43)
  }

  @Test(.enabled(if: sharedData("iemocap_layout") != nil, absent))
  func `the synthetic IEMOCAP tree has seven turns, one of them context`() throws {
    let all = try imported("iemocap", #require(sharedData("iemocap_layout")))
    #expect(
      all.turns.map { String($0.key.turn.suffix(4)) } == [
        "F000", "M000", "F001", "M001", "F002", "MXX0", "M002",
      ])
    #expect(all.ratings.count { $0.rater.name == "IEMOCAP" } == 5)
    #expect(all.ratings.count { $0.rater.kind == .selfReport } == 6)
    #expect(all.summary?.audioFound == 6 && all.summary?.audioMissing == 0)
    #expect(all.count(.shippedMean) == 1 && all.count(.malformedRow) == 1)
    #expect(all.warnings.count == 2)
  }

  @Test(.enabled(if: sharedData("fillets_ng/manifest.csv") != nil, absent))
  func `fillets has 1,756 turns in 78 dialogues, all with sound, by a map of its columns`() throws {
    let all = try imported(
      "manifest", #require(sharedData("fillets_ng/manifest.csv")),
      ImportOptions(columns: ["text_en": "text", "ogg": "audio"]))
    #expect(all.turns.count == 1_756)
    #expect(all.dialogues.count == 78)
    #expect(all.summary?.audioFound == 1_756)
    #expect(all.summary?.corpora == ["fillets_ng"])
    #expect(all.warnings.map(\.kind) == [.choice])
  }

  @Test(.enabled(if: sharedData("suggestions/meld_dev_logits.csv") != nil, absent))
  func `the published logits for MELD dev are 1,109 rows and 64 percent right`() throws {
    final class Box { var best: [String: String] = [:] }
    let box = Box()
    let summary = try SuggestionsReader.read(
      #require(sharedData("suggestions/meld_dev_logits.csv")), source: "dag-erc",
      options: ImportOptions(scheme: .meld)
    ) { suggestion in
      let best = zip(suggestion.labels, suggestion.posterior).max { $0.1 < $1.1 }
      box.best["\(suggestion.turn.dialogue)/\(suggestion.turn.turn)"] = best?.0
    }
    #expect(summary.rowsOfLogits == 1_109 && box.best.count == 1_109)
    let meld = try imported("meld", #require(sharedData("meld/dev_sent_emo.csv")))
    let right = meld.ratings.count {
      box.best["\($0.turn.dialogue.dialogue)/\($0.turn.turn)"] == $0.answer.labels[0]
    }
    #expect((Double(right) / 1_109 * 100).rounded() == 64)
  }

  @Test(.enabled(if: sharedData("ded/iemocap_iaan_logits.tsv") != nil, absent))
  func `published logits for IEMOCAP are 10,039 rows in 151 dialogues`() throws {
    final class Box { var dialogues: Set<String> = []; var turns: Set<String> = [] }
    let box = Box()
    let summary = try SuggestionsReader.read(
      #require(sharedData("ded/iemocap_iaan_logits.tsv")), source: "iaan",
      options: ImportOptions(scheme: .iemocap)
    ) { suggestion in
      box.dialogues.insert(suggestion.turn.dialogue)
      box.turns.insert(suggestion.turn.turn)
    }
    #expect(summary.labels == ["anger", "happiness", "neutral", "sadness"])
    #expect(summary.rowsOfLogits == 10_039 && summary.warnings.isEmpty)
    #expect(box.dialogues.count == 151 && box.turns.count == 10_039)
    FormatTable.add(
      "in", "suggestions", rows: summary.rowsOfLogits, checked: "IAAN's logits: turns, labels",
      reader: "undertone")
  }
}
