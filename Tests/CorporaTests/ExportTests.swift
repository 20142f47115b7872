import Dialogues
import Foundation
import Testing

@testable import Corpora

@Suite struct ExportTests {
  private func text(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
  }

  @Test func `csv has the columns that scripts rely on, and no cell that a spreadsheet would run`()
    throws
  {
    let folder = try InventedFolder()
    let losses = try ExportFixture.write("csv", to: folder["out.csv"])
    let lines = try text(folder["out.csv"])
    #expect(
      lines.hasPrefix(
        "corpus,split,dialogue,turn,speaker,text,start,end,gold,rater:Lab,rater:Lab/self,rater:ana,"
          + "rater:ben,rater:gpt-4o,suggestion,probability,refined,valence:Lab,valence:Lab/self,"
          + "valence:ana,valence:ben,valence:gpt-4o\n"))
    #expect(
      lines.contains(
        "\nLab,dev,3,1,Ross & Rachel,'=SUM(A1:A9),2,3.125,anger;fear;joy,fear,fear,joy;fear,anger,,"
          + "joy,0.625,anger,,1,,,\n"))
    #expect(lines.contains(",''-quoted; 50 %,6,6,joy,"))
    #expect(
      losses.sentences.contains(
        "csv has no place for the conditions of 24 ratings unless asked; --what all writes them."))
    #expect(losses.sentences.contains("csv has no place for the 1 label mappings of the project."))
  }

  @Test func `soft labels and conditions are columns of the csv that asks for them`() throws {
    let folder = try InventedFolder()
    try ExportFixture.write(
      "csv", to: folder["soft.csv"], ExportFixture.options([.gold, .votes, .conditions]))
    let lines = try text(folder["soft.csv"]).split(separator: "\n")
    let header = lines[0].split(separator: ",").map(String.init)
    #expect(header.contains("votes:fear") && !header.contains("rater:ana"))
    let row = try #require(lines.first { $0.hasPrefix("Lab,test,7,1,") })
      .split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let cell: (String) throws -> String = { row[try #require(header.firstIndex(of: $0))] }
    // ana said joy and fear, ben anger: half a vote, half a vote, one vote.
    #expect(try cell("votes:joy") == "0.25" && cell("votes:fear") == "0.25")
    #expect(try cell("votes:anger") == "0.5" && cell("votes:neutral") == "0")
    #expect(try cell("gold") == "anger;fear;joy", "a tie stays a tie")
    #expect(try cell("heard_seconds:ana") == "1.5" && cell("answer_seconds:ben") == "2.75")
    #expect(try cell("shown_label:ana") == "", "nothing was shown on odd turns")
  }

  @Test func `what is adjudicated is gold, else the majority, and a corpus's consensus is its own`()
    throws
  {
    let ratings = ExportFixture.dialogues[0].turns[1].ratings
    let people = GoldStandard(kind: .person)
    #expect(people.decide(ratings, corpus: "Lab").gold == ["anger", "fear", "joy"])
    #expect(people.decide(ratings, corpus: "Lab", adjudicated: ["fear"]).gold == ["fear"])
    #expect(people.decide(ratings, corpus: "Lab", adjudicated: []).gold == [])
    let corpus = GoldStandard(kind: .corpus).decide(ratings, corpus: "Lab")
    #expect(corpus.gold == ["fear"])
    #expect(corpus.votes == [Vote(label: "fear", raters: 1, share: 1)])
    #expect(people.decide([], corpus: "Lab").gold == [])
  }

  @Test func `MELD goes out with its eleven columns, texts bare, and comes back the same`() throws {
    let folder = try InventedFolder([
      "in/dev_sent_emo.csv": meld(
        #"1,"It’s, well, ""mine"".",Mara,joy,positive,3,0,4,7,"00:20:57,256","01:21:00,049""#,
        #"2,-leg?,'=Theo,surprise,negative,3,2,4,7,"00:21:01,927","00:21:03,261""#)
    ])
    let all = try imported("meld", folder["in"])
    let turns = zip(all.turns, all.ratings).map {
      ExportedTurn(turn: $0, gold: $1.answer.labels, ratings: [ExportedRating($1)])
    }
    let dialogue = ExportedDialogue(key: all.turns[0].key.dialogue, turns: turns)
    let losses = try ExportFixture.write("meld", to: folder["out"], ExportOptions(), [dialogue])
    #expect(try text(folder["out/dev_sent_emo.csv"]) == text(folder["in/dev_sent_emo.csv"]))
    #expect(losses.sentences.map { $0.prefix(30) } == ["2 cells begin like a formula a"])
    try ExportFixture.write("meld", to: folder["one.csv"], ExportOptions(), [dialogue])
    #expect(try text(folder["one.csv"]) == text(folder["in/dev_sent_emo.csv"]))
  }

  @Test func `dialogues of two splits in one MELD file keep their turns apart`() throws {
    let folder = try InventedFolder()
    let losses = try ExportFixture.write("meld", to: folder["dev.csv"])
    let all = try imported("meld", folder["dev.csv"])
    #expect(all.dialogues.map(\.dialogue.key.dialogue) == ["3", "0", "7"])
    #expect(all.turns.map(\.text) == ExportFixture.turns.map(\.turn.text))
    #expect(losses.count(of: .merged) == 7 && losses.count(of: .renumbered) == 1)
    #expect(losses.count(of: .tiedGold) == 4 && losses.count(of: .noGold) == 4)
  }

  @Test func `a file appears whole or not at all, and replaces none unless asked`() throws {
    let folder = try InventedFolder(["out.csv": "what was there\n"])
    let format = try #require(ExportFormats.named("csv"))
    let refusal = #expect(throws: CorpusError.self) {
      _ = try format.begin(folder["out.csv"], ExportFixture.options())
    }
    #expect(refusal?.message.contains("--overwrite") == true)
    do {
      let exporter = try format.begin(folder["out.csv"], ExportFixture.options(overwrites: true))
      try exporter.write(ExportFixture.dialogues[0])
    }
    #expect(try text(folder["out.csv"]) == "what was there\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["out.csv"])
    try ExportFixture.write("csv", to: folder["out.csv"], ExportFixture.options(overwrites: true))
    #expect(try text(folder["out.csv"]).hasPrefix("corpus,"))
    #expect(throws: CorpusError.self) {
      _ = try format.begin(folder["absent/out.csv"], ExportFixture.options())
    }
    #expect(throws: CorpusError.self) {
      _ = try format.begin(folder.path, ExportFixture.options(overwrites: true))
    }
    let late = try format.begin(folder["late.csv"], ExportFixture.options())
    try folder.write("late.csv", Data("theirs".utf8))
    #expect(throws: CorpusError.self) { try late.finish() }
    #expect(try text(folder["late.csv"]) == "theirs")
  }

  @Test(arguments: ["iemocap", "audformat", "textgrid", "eaf", "meld"])
  func `a folder appears whole or not at all, and never takes somebody's files with it`(
    _ name: String
  ) throws {
    let folder = try InventedFolder()
    let format = try #require(ExportFormats.named(name))
    do {
      let exporter = try format.begin(folder["out"], ExportFixture.options())
      try exporter.write(ExportFixture.dialogues[0])
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    try ExportFixture.write(name, to: folder["out"])
    #expect(throws: CorpusError.self) {
      _ = try format.begin(folder["out"], ExportFixture.options())
    }
    let before = try FileManager.default.subpathsOfDirectory(atPath: folder["out"]).sorted()
    try ExportFixture.write(name, to: folder["out"], ExportFixture.options(overwrites: true))
    #expect(
      try FileManager.default.subpathsOfDirectory(atPath: folder["out"]).sorted() == before)
    try folder.write("out/mine.txt", Data("mine".utf8))
    let refusal = #expect(throws: CorpusError.self) {
      _ = try format.begin(folder["out"], ExportFixture.options(overwrites: true))
    }
    #expect(refusal?.message.contains("mine.txt") == true)
    try folder.write("home/letter.txt", Data("dear".utf8))
    #expect(throws: CorpusError.self) {
      _ = try format.begin(folder["home"], ExportFixture.options(overwrites: true))
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["home", "out"])
  }

  @Test(arguments: ExportFormats.all.map(\.name))
  func `the same project gives the same bytes`(_ name: String) throws {
    let folder = try InventedFolder()
    for place in ["a", "b"] {
      try FileManager.default.createDirectory(
        atPath: folder[place], withIntermediateDirectories: false)
      try ExportFixture.write(name, to: folder["\(place)/\(ExportFixture.fileName(name))"])
    }
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder["a"]).sorted()
    #expect(try FileManager.default.subpathsOfDirectory(atPath: folder["b"]).sorted() == files)
    for file in files where !folder["a/\(file)"].isFolder {
      #expect(try text(folder["a/\(file)"]) == text(folder["b/\(file)"]))
    }
  }

  @Test func `the label mapping is in every format that has a place for it`() throws {
    let folder = try InventedFolder()
    let places = [
      "jsonl": "", "audformat": "/db.yaml", "textgrid": "/undertone.json",
      "iemocap": "/undertone.json", "eaf": "/Lab/dev/3.eaf", "label-studio": "",
    ]
    for (format, file) in places {
      let path = folder[ExportFixture.fileName(format)]
      try ExportFixture.write(format, to: path)
      #expect(try text(path + file).contains("excited"), "\(format)")
    }
  }

  @Test func `a label Studio task may not lack its setup`() throws {
    let folder = try InventedFolder(["tasks.xml": "mine"])
    #expect(throws: CorpusError.self) {
      try ExportFixture.write("label-studio", to: folder["tasks.json"])
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["tasks.xml"])
  }

  @Test func `ids become names of files that stay inside the folder and differ`() {
    let ids = ["", "_", ".", "..", "../x", "a/b", "a%2Fb", ".hidden", "a\nb", "中文"]
    let names = ids.map(FileName.escaped)
    #expect(Set(names).count == ids.count)
    #expect(names.allSatisfy { !$0.contains("/") && !$0.hasPrefix(".") && !$0.isEmpty })
  }

  @Test func `numbers need no exponent and read back as they were`() {
    for value in [0, 1, -2, 0.1, 1e-7, 1.5e-9, 2.5, 976.059, 123456789.125, 1e14, 1.0 / 3] {
      #expect(Double(Decimal.text(value)) == value)
      #expect(!Decimal.text(value).contains("e"))
    }
    #expect(Decimal.fixed(12.0351, places: 4) == "12.0351" && Decimal.fixed(3, places: 0) == "3")
    #expect(Decimal.fixed(-0.00001, places: 4) == "0.0000")
  }
}

extension String {
  /// Whether a folder is at this path.
  var isFolder: Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: self, isDirectory: &isFolder)
      && isFolder.boolValue
  }
}
