import Dialogues
import Foundation
import Testing

@testable import Corpora

@Suite struct RatingsReaderTests {
  private final class Box<Value> { var values: [Value] = []; var warnings: [ImportWarning] = [] }

  private func read(
    _ text: String, _ options: ImportOptions = ImportOptions()
  ) throws -> ([ImportedRating], [ImportWarning], ImportSummary) {
    let folder = try InventedFolder(["r.csv": text])
    let box = Box<ImportedRating>()
    let summary = try RatingsReader.read(
      folder["r.csv"], options: options, consume: { box.values.append($0) },
      warn: { box.warnings.append($0) })
    return (box.values, box.warnings, summary)
  }

  @Test
  func `ratings name turns by the corpus's own ids, and what they leave out matches anything`()
    throws
  {
    let (ratings, warnings, summary) = try read(
      """
      dialogue,turn,rater,label,split,valence,kind
      12,3,ana,joy,dev,4.5,
      12,4,ben,,,2,self
      12,5,gpt,joy,,,llm

      """, ImportOptions(scheme: .iemocap))
    #expect(warnings.map(\.kind) == [.unknownLabel])
    #expect(summary.unknownLabels == ["joy": 2] && summary.ratings == 3)
    #expect(ratings[0].turn == TurnReference(split: "dev", dialogue: "12", turn: "3"))
    #expect(ratings[1].turn == TurnReference(dialogue: "12", turn: "4"))
    #expect(ratings.map(\.rater.kind) == [.person, .selfReport, .llm])
    #expect(ratings[0].answer.dimensions == ["valence": 4.5])
    let key = TurnKey(
      dialogue: DialogueKey(corpus: "MELD", split: "dev", dialogue: "12"), turn: "3")
    #expect(ratings[0].turn.matches(key) && !ratings[1].turn.matches(key))
    FormatTable.add(
      "in", "ratings", rows: ratings.count, checked: "turns, raters and kinds, labels, dimensions",
      reader: "undertone")
  }

  @Test func `a rating may have several labels and a time`() throws {
    let (ratings, _, _) = try read(
      "dialogue,turn,rater,label,time\n1,1,ana,joy; fear,2026-05-01T12:00:00Z\n1,2,ana,joy,17.5\n")
    #expect(ratings.map(\.answer.labels) == [["joy", "fear"], ["joy"]])
    #expect(ratings.map(\.time) == [1_777_636_800, 17.5])
  }

  @Test(
    arguments: [
      ("2026-05-01T12:00:00Z", 1_777_636_800), ("2026-05-01 14:00:00+02:00", 1_777_636_800),
      ("2026-05-01T09:30:00-0230", 1_777_636_800), ("2026-05-01T12:00:00.25Z", 1_777_636_800.25),
      ("1970-01-01T00:00:00", 0), ("17.5", 17.5), ("2026-13-01T12:00:00Z", nil), ("soon", nil),
      ("2026-05-01T12:00:00+2", nil),
    ] as [(String, Double?)])
  func `times are read with their offset from UTC`(text: String, seconds: Double?) {
    #expect(Timestamp.seconds(text) == seconds)
  }

  @Test func `a rating without rater, turn, answer or with an unknown kind is skipped by row`()
    throws
  {
    let (ratings, warnings, _) = try read(
      "dialogue,turn,rater,label,kind\n1,1,,joy,\n1,,ana,joy,\n1,1,ana,,\n1,1,ana,joy,robot\n1,1,ana,joy,\n"
    )
    #expect(warnings.map(\.row) == [2, 3, 4, 5])
    #expect(ratings.map(\.row) == [6])
  }

  @Test func `a file without raters asks for one`() throws {
    let text = "Dialogue_ID,Utterance_ID,label\n1,1,joy\n"
    #expect(throws: CorpusError.self) { try read(text) }
    let (ratings, _, _) = try read(
      text, ImportOptions(rater: Rater(name: "bert", kind: .model)))
    #expect(ratings.map(\.rater) == [Rater(name: "bert", kind: .model)])
  }
}

@Suite struct SuggestionsReaderTests {
  private final class Box {
    var values: [ImportedSuggestion] = []; var warnings: [ImportWarning] = []
  }

  private func read(
    _ text: String, _ options: ImportOptions = ImportOptions()
  ) throws -> ([ImportedSuggestion], [ImportWarning], SuggestionsSummary) {
    let folder = try InventedFolder(["s.csv": text])
    let box = Box()
    let summary = try SuggestionsReader.read(
      folder["s.csv"], source: "theirs", options: options, consume: { box.values.append($0) },
      warn: { box.warnings.append($0) })
    return (box.values, box.warnings, summary)
  }

  @Test func `logits and probabilities are told apart row by row, and counted`() throws {
    let (suggestions, warnings, summary) = try read(
      """
      dialogue,turn,joy,anger,refined
      1,1,0.25,0.75,joy
      1,2,0,1.0986122886681098,
      1,3,1,1,

      """)
    #expect(warnings.isEmpty)
    #expect(summary.labels == ["joy", "anger"])
    #expect(summary.rowsOfProbabilities == 1 && summary.rowsOfLogits == 2)
    #expect(suggestions[0].posterior == [0.25, 0.75] && suggestions[0].refined == "joy")
    // softmax(0, ln 3) = (1, 3) / 4.
    #expect(zip(suggestions[1].posterior, [0.25, 0.75]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(suggestions[2].posterior == [0.5, 0.5])
    #expect(suggestions[0].source == "theirs")
    FormatTable.add(
      "in", "suggestions", rows: suggestions.count,
      checked: "logits by softmax, probabilities, refined", reader: "undertone")
  }

  @Test func `a prefix settles what a column holds`() throws {
    let (logits, _, summary) = try read("dialogue,turn,logit_joy,logit_anger\n1,1,0,1\n")
    #expect(summary.rowsOfLogits == 1)
    #expect(abs(logits[0].posterior[1] - 0.731_058_578_630_004_9) < 1e-12)
    let (good, warnings, _) = try read(
      "dialogue,turn,prob_joy,prob_anger\n1,1,0.5,0.5\n1,2,3,4\n1,3,x,1\n1,4,nan,1\n1,5,,1\n")
    #expect(good.count == 1)
    #expect(warnings.map(\.row) == [3, 4, 5, 6])
  }

  @Test func `huge logits do not overflow`() throws {
    let (suggestions, _, _) = try read("dialogue,turn,logit_joy,logit_anger\n1,1,1e308,-1e308\n")
    #expect(suggestions[0].posterior == [1, 0])
  }

  @Test func `labels are spelled as the project spells them, IEMOCAP's codes too`() throws {
    let (_, warnings, summary) = try read(
      "dialog,utt,logit_ang,logit_NEUTRAL,logit_smug\na,b,1,2,3\n", ImportOptions(scheme: .iemocap))
    #expect(summary.labels == ["anger", "neutral", "smug"])
    #expect(summary.unknownLabels == ["smug"] && warnings.count == 1)
  }

  @Test func `a file without labels for columns says how they are called`() throws {
    let error = #expect(throws: CorpusError.self) { try read("dialogue,turn,x,y\n1,1,2,3\n") }
    #expect(error?.message.contains("logit_LABEL") == true)
  }
}
