import Dialogues
import Foundation
import Testing

@testable import Corpora

/// Label Studio's JSON, with invented content in the layout of its export and of its guide "Import
/// pre-annotated data".
@Suite struct LabelStudioImportTests {
  static let tasks = """
    [{"id": 31, "data": {"dialogue": "d", "turn": 1, "text": "Hm, no", "speaker": "Mara",
       "audio": "/data/local-files/?d=a%20b.wav", "start": 0.5, "end": 1.5, "scene": "kitchen"},
      "annotations": [
        {"id": 1, "completed_by": {"id": 1, "email": "ana@lab.example"}, "was_cancelled": false,
         "created_at": "2026-05-01T12:00:00.500000Z", "lead_time": 4.5,
         "result": [
          {"from_name": "emotion", "to_name": "t", "type": "choices", "value": {"choices": ["joy"]}},
          {"from_name": "valence", "to_name": "t", "type": "rating", "value": {"rating": 4}},
          {"from_name": "tone", "to_name": "t", "type": "choices", "value": {"choices": ["ironic"]}},
          {"from_name": "why", "to_name": "t", "type": "textarea", "value": {"text": ["so it is"]}}]},
        {"id": 2, "completed_by": 7, "was_cancelled": true,
         "result": [{"from_name": "emotion", "type": "choices", "value": {"choices": ["fear"]}}]},
        {"id": 3, "completed_by": 7,
         "result": [{"from_name": "emotion", "type": "choices", "value": {"choices": ["fear", "joy"]}}]}],
      "predictions": [
        {"model_version": "m1", "score": 0.58,
         "result": [{"from_name": "emotion", "type": "choices", "value": {"choices": ["anger"]}}]},
        {"model_version": "m1", "score": 0.3,
         "result": [{"from_name": "emotion", "type": "choices", "value": {"choices": ["joy"]}}]}]},
     {"id": 32, "data": {"dialogue": "d", "turn": 2, "text": "What, [really]? \\"}"},
      "annotations": [], "predictions": []}
    ]
    """

  @Test func `a task is a turn, an annotation a rating by who completed it`() throws {
    let folder = try InventedFolder(["talk.json": Self.tasks, "a b.wav": "RIFF"])
    let all = try imported("label-studio", folder["talk.json"])
    #expect(all.turns.map(\.key.turn) == ["1", "2"])
    #expect(all.turns[0].key.dialogue == DialogueKey(corpus: "talk", dialogue: "d"))
    #expect(all.turns[1].text == "What, [really]? \"}")
    #expect(all.turns[0].audio?.path == "a b.wav" && all.summary?.audioFound == 1)
    let ana = try #require(all.rating("ana@lab.example", "1"))
    #expect(ana.rater.kind == .person && ana.answer.labels == ["joy"])
    #expect(ana.answer.dimensions == ["valence": 4])
    #expect(ana.time == 1_777_636_800.5)
    #expect(all.rating("annotator 7", "1")?.answer.labels == ["fear", "joy"])
    #expect(
      all.turns[0].metadata == [
        MetadataField(name: "scene", value: "kitchen"),
        MetadataField(name: "tone by ana@lab.example", value: "ironic"),
        MetadataField(name: "why by ana@lab.example", value: "so it is"),
      ])
    FormatTable.add(
      "in", "label-studio", rows: all.turns.count,
      checked: "tasks, annotations, predictions, files",
      reader: "own")
  }

  @Test func `predictions become suggestions, and what their scores leave is spread evenly`() throws
  {
    let folder = try InventedFolder(["talk.json": Self.tasks])
    let all = try imported("label-studio", folder["talk.json"])
    let predictions = all.dialogues.flatMap(\.predictions)
    #expect(predictions.map(\.source) == ["m1"])
    #expect(predictions[0].scores == ["anger": 0.58, "joy": 0.3])
    let suggestion = predictions[0].suggestion(over: ["joy", "fear", "anger", "neutral"])
    #expect(suggestion.labels == ["joy", "fear", "anger", "neutral"])
    for (value, wanted) in zip(suggestion.posterior, [0.3, 0.06, 0.58, 0.06]) {
      #expect(abs(value - wanted) < 1e-12)
    }
    #expect(suggestion.best?.label == "anger")
    #expect(all.summary?.predictions == 1)
  }

  @Test func `a task that is a conversation is a dialogue, its paragraph labels are of its turns`()
    throws
  {
    let folder = try InventedFolder([
      "c.json": """
      {"id": 7, "data": {"talk": [{"author": "Mara", "text": "Hm"}, {"author": "Theo", "text": "What?"},
       {"author": "Mara", "text": "No"}]}, "annotations": [{"completed_by": 1, "result": [
       {"from_name": "label", "to_name": "d", "type": "paragraphlabels",
        "value": {"start": "0", "end": "1", "paragraphlabels": ["joy"]}}]}]}
      """.replacing("\n", with: " ")
    ])
    let all = try imported("label-studio", folder["c.json"])
    #expect(all.dialogues.map(\.dialogue.key.dialogue) == ["7"])
    #expect(all.turns.map(\.speaker) == ["Mara", "Theo", "Mara"])
    #expect(all.ratings.map(\.turn.turn) == ["0", "1"])
  }

  @Test func `broken tasks are skipped by their place, whole files of something else refused`()
    throws
  {
    let folder = try InventedFolder([
      "a.json":
        #"[{"data": {"text": "a", "turn": "1"}}, 5, {"id": 2}, {"data": {"text": "b", "turn": "1"}},"#
        + #" {"data": {"text": "c", "turn": "3"}, "annotations": [{"completed_by": 1, "result": [1]}]}"#
    ])
    let all = try imported("label-studio", folder["a.json"])
    #expect(all.turns.map(\.text) == ["a", "c"])
    #expect(all.warnings.filter(\.kind.isWrongRow).map(\.row) == [2, 3, 4])
    #expect(
      all.warnings.contains { $0.kind == .choice && $0.message.contains("--map NAME=dialogue") })
    #expect(throws: CorpusError.self) {
      try imported("label-studio", folder["a.json"], ImportOptions(isStrict: true))
    }
  }

  @Test func `an audio path outside the corpus is an error of its row`() throws {
    let folder = try InventedFolder([
      "a.json":
        #"[{"data": {"text": "a", "turn": "1", "audio": "/data/local-files/?d=..%2F..%2Fetc%2Fpasswd"}}]"#
    ])
    let all = try imported("label-studio", folder["a.json"])
    #expect(all.turns.isEmpty && all.warnings.filter { $0.kind == .unsafePath }.map(\.row) == [1])
  }

  @Test(arguments: [
    ("a/b.wav", "a/b.wav"), ("/data/upload/3/ab%20c.wav", "ab c.wav"),
    ("https://host/x/y.wav?sig=1", "y.wav"), ("/data/local-files/?d=x/y.wav", "x/y.wav"),
  ])
  func `addresses of sound are brought down to files`(address: String, file: String) {
    #expect(LabelStudioTasks.fileName(address) == file)
  }
}
