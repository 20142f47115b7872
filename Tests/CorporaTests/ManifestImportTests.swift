import Dialogues
import Foundation
import Testing

@testable import Corpora

@Suite struct ManifestImportTests {
  @Test func `columns are mapped, unknown ones kept, and order is that of the file`() throws {
    let folder = try InventedFolder([
      "lab.csv": """
      dialog,nr,who,said,mood,take
      d2,b,Mara,First.,joy,1
      d2,a,Theo,Second.,anger,2

      """
    ])
    let all = try imported(
      "manifest", folder["lab.csv"],
      ImportOptions(columns: [
        "dialog": "dialogue", "nr": "turn", "who": "speaker", "said": "text", "mood": "label",
      ]))
    #expect(all.turns.map(\.key.description) == ["lab//d2/b", "lab//d2/a"])
    #expect(all.turns.map(\.speaker) == ["Mara", "Theo"])
    #expect(all.turns[0].metadata == [MetadataField(name: "take", value: "1")])
    #expect(all.ratings[0].rater == Rater(name: "corpus", kind: .corpus))
    #expect(all.ratings.map(\.answer.labels) == [["joy"], ["anger"]])
    #expect(all.summary?.scheme == .meld)
    FormatTable.add(
      "in", "manifest", rows: all.turns.count, checked: "mapped columns, order, labels, metadata",
      reader: "undertone")
  }

  @Test func `a column to map that is not there is an error with those that are`() throws {
    let folder = try InventedFolder([
      "m.csv": "dialogue,turn,text\n1,1,x\n",
      "m.jsonl": "{\"dialogue\":1,\"turn\":1,\"text\":\"x\"}\n",
    ])
    for file in ["m.csv", "m.jsonl"] {
      let error = #expect(throws: CorpusError.self) {
        try imported("manifest", folder[file], ImportOptions(columns: ["words": "text2"]))
      }
      #expect(
        error?.message.contains("“words”") == true && error?.message.contains("“text”") == true)
    }
  }

  @Test func `missing columns are an error that says which`() throws {
    let folder = try InventedFolder([
      "a.csv": "dialogue,text\n1,x\n", "b.csv": "dialogue,turn\n1,1\n",
    ])
    #expect(
      #expect(throws: CorpusError.self) { try imported("manifest", folder["a.csv"]) }?
        .message.contains("“turn”") == true)
    #expect(
      #expect(throws: CorpusError.self) { try imported("manifest", folder["b.csv"]) }?
        .message.contains("--map") == true)
  }

  @Test func `paths outside the corpus are errors that name the row`() throws {
    let outside = try InventedFolder(["secret.wav": "x"])
    let folder = try InventedFolder(["in/a.wav": "x"])
    try FileManager.default.createSymbolicLink(
      atPath: folder["link.wav"], withDestinationPath: outside["secret.wav"])
    try FileManager.default.createSymbolicLink(
      atPath: folder["linked"], withDestinationPath: outside.path)
    try FileManager.default.createSymbolicLink(
      atPath: folder["fine.wav"], withDestinationPath: folder["in/a.wav"])
    let paths = [
      "in/a.wav", "../x.wav", "in/../../x.wav", "/etc/passwd", outside["secret.wav"], "C:\\x.wav",
      "..\\x.wav", "link.wav", "linked/secret.wav", "fine.wav", "./in/a.wav", "in\\a.wav",
      "absent.wav",
    ]
    let rows = paths.enumerated().map { "d,\($0.offset),\($0.element)\n" }.joined()
    try folder.write("m.csv", Data("dialogue,turn,audio\n\(rows)".utf8))
    let all = try imported("manifest", folder["m.csv"])
    #expect(all.warnings.filter { $0.kind == .unsafePath }.map(\.row) == [3, 4, 5, 6, 7, 8, 9, 10])
    #expect(
      all.turns.map(\.audio?.path) == [
        "in/a.wav", "fine.wav", "in/a.wav", "in/a.wav", "absent.wav",
      ])
    #expect(all.warnings.filter { $0.kind == .missingAudio }.map(\.row) == [14])
    #expect(all.summary?.audioFound == 4)
    let error = #expect(throws: CorpusError.self) {
      try imported("manifest", folder["m.csv"], ImportOptions(isStrict: true))
    }
    #expect(error?.row == 3)
  }

  @Test func `turns that share a recording play their part of it, others their whole file`() throws
  {
    let folder = try InventedFolder([
      "m.csv": """
      dialogue,turn,audio,start,end
      d,1,long.wav,0,2.5
      d,2,long.wav,2.5,4
      d,3,own.wav,4,6

      """
    ])
    #expect(
      try imported("manifest", folder["m.csv"]).turns.map(\.audio?.span) == [
        TimeSpan(start: 0, end: 2.5), TimeSpan(start: 2.5, end: 4), nil,
      ])
  }

  @Test func `a turn may have a row for each rater, and contradictions are reported`() throws {
    let folder = try InventedFolder([
      "m.csv": """
      dialogue,turn,text,rater,label,valence,time
      d,1,Hm.,ana,joy,4,2026-05-01T12:00:00Z
      d,1,,ben,joy;surprise,,1777636800
      d,1,Hm.,ben,anger,,
      d,1,Something else.,cleo,anger,,
      d,1,,cleo/self,,high,

      """
    ])
    let all = try imported("manifest", folder["m.csv"])
    #expect(all.turns.count == 1)
    #expect(all.ratings.map(\.rater.name) == ["ana", "ben"])
    #expect(all.ratings[0].answer == Answer(labels: ["joy"], dimensions: ["valence": 4]))
    #expect(all.ratings[0].time == 1_777_636_800)
    #expect(all.ratings[1].time == 1_777_636_800)
    #expect(all.ratings[1].answer.labels == ["joy", "surprise"])
    #expect(all.warnings.filter { $0.kind == .duplicate }.map(\.row) == [4, 5, 6])
    #expect(all.warnings.filter { $0.kind == .unreadableValue }.map(\.row) == [6])
  }

  @Test
  func `a rater whose name ends in self speaks of themselves, all others came with the corpus`()
    throws
  {
    let folder = try InventedFolder([
      "m.csv": "dialogue,turn,text,rater,label\nd,1,Hm.,ana,joy\nd,1,,mara/self,fear\n"
    ])
    let raters = try imported("manifest", folder["m.csv"]).ratings.map(\.rater)
    #expect(
      raters == [
        Rater(name: "ana", kind: .corpus), Rater(name: "mara/self", kind: .selfReport),
      ])
  }

  @Test func `JSON Lines say the same as CSV`() throws {
    let folder = try InventedFolder([
      "one/turns.csv": "dialogue,turn,text,label,start,end,note\n7,1,\"a, b\",joy;fear,0.5,1,n\n",
      "two/turns.jsonl":
        #"{"dialogue":7,"turn":1,"text":"a, b","label":["joy","fear"],"start":0.5,"end":1,"note":"n"}"#,
    ])
    let options = ImportOptions(corpus: "Lab")
    let csv = try imported("manifest", folder["one"], options)
    let json = try imported("manifest", folder["two"], options)
    #expect(csv.dialogues == json.dialogues)
    #expect(csv.turns.count == 1)
  }

  @Test func `the corpus is named by its column, then the option, then the file, then the folder`()
    throws
  {
    let folder = try InventedFolder([
      "Friday/manifest.csv": "dialogue,turn,text\n1,1,x\n",
      "Friday/kitchen.csv": "dialogue,turn,text\n1,1,x\n",
      "Friday/train.csv": "dialogue,turn,text,corpus\n1,1,x,Own\n1,2,y,\n",
    ])
    let key = { (name: String, options: ImportOptions) in
      try imported("manifest", folder["Friday/\(name).csv"], options).turns.map(\.key.description)
    }
    #expect(try key("manifest", ImportOptions()) == ["Friday//1/1"])
    #expect(try key("kitchen", ImportOptions()) == ["kitchen//1/1"])
    #expect(try key("kitchen", ImportOptions(corpus: "Lab")) == ["Lab//1/1"])
    #expect(
      try key("train", ImportOptions(corpus: "Lab")) == ["Own/train/1/1", "Lab/train/1/2"])
  }

  @Test func `labels that no known scheme has make a scheme of their own`() throws {
    let folder = try InventedFolder([
      "kitchen.csv": "dialogue,turn,text,label\n1,1,x,smug\n1,2,x,neutral\n1,3,x,bored\n"
    ])
    let scheme = try imported("manifest", folder["kitchen.csv"]).summary?.scheme
    #expect(scheme?.name == "kitchen")
    #expect(scheme?.labels.map(\.name) == ["neutral", "bored", "smug"])
    let project = try imported(
      "manifest", folder["kitchen.csv"], ImportOptions(scheme: .meld))
    #expect(project.summary?.unknownLabels == ["smug": 1, "bored": 1])
  }

  @Test func `rows without an id or anything to show are skipped`() throws {
    let folder = try InventedFolder([
      "m.csv": "dialogue,turn,text,audio\n,1,x,\n1,,x,\n1,2,,\n1,3,x,\n"
    ])
    let all = try imported("manifest", folder["m.csv"])
    #expect(all.turns.map(\.key.turn) == ["3"])
    #expect(all.warnings.filter { $0.kind == .wrongValue }.map(\.row) == [2, 3, 4])
  }

  @Test func `control characters in a file never reach a message`() throws {
    let folder = try InventedFolder([
      "m.csv": "dialogue,turn,audio\n1,1,../\u{1B}[2J\u{202E}x.wav\n"
    ])
    let message = try #require(imported("manifest", folder["m.csv"]).warnings.last?.message)
    #expect(!message.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E })
  }
}
