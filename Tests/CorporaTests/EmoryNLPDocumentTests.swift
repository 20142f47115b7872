import Dialogues
import Foundation
import Testing

@testable import Corpora

/// EmoryNLP's JSON, with invented content in the layout of github.com/emorynlp/emotion-detection.
@Suite struct EmoryNLPDocumentTests {
  static let document = """
    {"season_id": "s01", "episodes": [{"episode_id": "s01_e15", "scenes": [{"scene_id": "s01_e15_c04",
      "utterances": [
       {"utterance_id": "s01_e15_c04_u003", "speakers": ["Mara Lind", "Theo Bo"],
        "transcript": "Two of us.", "tokens": [["Two", "of", "us", "."]], "emotion": "Joyful"},
       {"utterance_id": "s01_e15_c04_u001", "speakers": ["Mara Lind"], "transcript": "Hm.",
        "tokens": [["Hm", "."]], "emotion": "Peaceful"},
       {"utterance_id": "s01_e15_c05_u001", "speakers": [], "transcript": "Astray.", "emotion": "Mad"},
       {"utterance_id": "s01_e15_c04_u001", "speakers": [], "transcript": "Again.", "emotion": "Mad"}
      ]}]}]}
    """

  @Test func `the JSON and the CSV give the same turns the same ids`() throws {
    let folder = try InventedFolder([
      "json/emotion-detection-dev.json": Self.document,
      "csv/emorynlp_dev_final.csv": """
      Utterance,Speaker,Emotion,Scene_ID,Utterance_ID,Season,Episode,Start_Time,End_Time
      Two of us.,"['Mara Lind', 'Theo Bo']",Joyful,4,3,1,15,00:00:03.795,00:00:05.004
      Hm.,['Mara Lind'],Peaceful,4,1,1,15,00:00:01.000,00:00:02.000

      """,
    ])
    let json = try imported("emorynlp", folder["json"])
    let csv = try imported("emorynlp", folder["csv"])
    #expect(json.turns.map(\.key) == csv.turns.map(\.key) && json.turns.count == 2)
    #expect(json.turns.map(\.text) == csv.turns.map(\.text))
    #expect(json.turns.map(\.speaker) == csv.turns.map(\.speaker))
    #expect(json.ratings == csv.ratings)
    #expect(json.turns[0].key.description == "EmoryNLP/dev/s01_e15_c04/1")
    FormatTable.add(
      "in", "emorynlp", rows: 4, checked: "JSON and CSV give the same turns and ratings",
      reader: "own")
  }

  @Test func `an utterance of another scene and one that comes twice are skipped and said`() throws
  {
    let folder = try InventedFolder(["emotion-detection-trn.json": Self.document])
    let all = try imported("emorynlp", folder["emotion-detection-trn.json"])
    #expect(all.turns.map(\.key.dialogue.split) == ["train", "train"])
    #expect(all.warnings.filter(\.kind.isWrongRow).map(\.kind) == [.wrongValue, .duplicate])
  }

  @Test(arguments: ["", "{", "[1, 2", "{\"episodes\": 5}"])
  func `JSON that is broken is an error or a warning, never a crash`(text: String) throws {
    let folder = try InventedFolder(["a.json": "{\"episode_id\": 1" + text])
    _ = try? imported("emorynlp", folder["a.json"])
    let error = #expect(throws: CorpusError.self) { try imported("emorynlp", folder["a.json"]) }
    #expect(error?.message.isEmpty == false)
  }
}
