import Dialogues
import Foundation
import Testing

@testable import Corpora

/// Random damage to small files of every format.
///
/// The seeds are fixed, so a failure comes back.
@Suite struct FuzzTests {
  /// The generator SplitMix64 of Steele, Lea and Flood 2014.
  private struct Random: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  private static let tokens =
    [
      "\"", "\"\"", ",", "\r", "\n", "\r\n", "\0", ";", "\t", "..", "/", "{", "}", "[", "]", ":",
      "\\u",
      "\\ud83d", "-", "1e999", "nan", "99999999999999999999", "\u{FEFF}", "(", ")", "'", "%",
      "null",
    ].map { Data($0.utf8) } + [Data([0xFF]), Data([0xC3]), Data([0xE2, 0x80])]

  private static func damaged(_ data: Data, by random: inout Random) -> Data {
    var bytes = data
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let place = Int.random(in: 0...bytes.count, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0 where place < bytes.count:
        bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 1:
        let end = min(bytes.count, place + Int.random(in: 1...30, using: &random))
        bytes.removeSubrange(place..<end)
      case 2:
        bytes = Data(bytes.prefix(place))
      case 3:
        let end = min(bytes.count, place + Int.random(in: 1...80, using: &random))
        bytes.insert(contentsOf: Data(bytes[place..<end]), at: place)
      default:
        bytes.insert(contentsOf: tokens.randomElement(using: &random) ?? Data(), at: place)
      }
    }
    return bytes
  }

  /// Damages one file of a format again and again, and hands what an import made of it to `check`;
  /// `nil` where it ended in an error, which must be one for people.
  private func fuzz(
    _ files: [String: String], damaging name: String, rounds: Int,
    import read: (InventedFolder) throws -> Imported,
    check: (InventedFolder, Imported?) throws -> Void = { _, _ in }
  ) throws {
    let folder = try InventedFolder(files)
    let whole = Data((files[name] ?? "").utf8)
    var failures = 0
    for round in 0..<rounds {
      var random = Random(state: UInt64(round) &* 7919 &+ UInt64(name.utf8.count))
      try folder.write(name, Self.damaged(whole, by: &random))
      do {
        let all = try read(folder)
        for turn in all.turns {
          let path = turn.audio?.path ?? "none"
          #expect(!path.hasPrefix("/"))
          #expect(!path.split { $0 == "/" || $0 == "\\" }.contains(".."))
        }
        try check(folder, all)
      } catch let error as CorpusError {
        failures += 1
        #expect(!error.message.isEmpty && !error.file.isEmpty)
        try check(folder, nil)
      }
    }
    // Damage that always, or never, ends the import would test little.
    #expect(failures < rounds)
  }

  private static let meldFile = meld(
    #"1,"It’s, well, ""mine"".",Mara,joy,positive,3,0,4,7,"00:20:57,256","01:21:00,049""#,
    #"2,What?,Theo,surprise,negative,3,2,4,7,"0:21:01,927","0:21:03,261""#,
    "3,Donâ€™t,All,anger,negative,3,3,4,7,,", "4,Oh,Mara,fear,negative,4,0,4,7,,",
    "5,Ah,Theo,joy,positive,4,1,4,7,,")

  @Test func `a damaged MELD file loses no row without a word`() throws {
    try fuzz(["dev.csv": Self.meldFile], damaging: "dev.csv", rounds: 1500) { folder in
      try imported("meld", folder["dev.csv"])
    } check: { folder, all in
      guard let all else { return }
      let reader = try CSVReader(path: folder["dev.csv"])
      var rows = 0
      while try reader.next() != .end { rows += 1 }
      #expect(rows == all.turns.count + all.warnings.count { $0.kind.isWrongRow })
    }
  }

  @Test func `a damaged MELT or EmoryNLP file never traps`() throws {
    let melt = Self.meldFile.split(separator: "\r\n").enumerated()
      .map { $0.element + ($0.offset == 0 ? ",llm_label" : ",comfort") }.joined(separator: "\n")
    try fuzz(["t.csv": melt], damaging: "t.csv", rounds: 500) {
      try imported("melt", $0["t.csv"])
    }
    let emory = """
      Utterance,Speaker,Emotion,Scene_ID,Utterance_ID,Season,Episode,Start_Time,End_Time
      Two of us.,"['Mara Lind', 'Theo Bo']",Joyful,4,3,1,15,00:00:03.795,00:00:05.004
      Hm.,"[""Mara's \\boss""]",Peaceful,4,1,1,15,00:00:01.000,00:00:02.000

      """
    try fuzz(["t.csv": emory], damaging: "t.csv", rounds: 600) {
      try imported("emorynlp", $0["t.csv"])
    }
  }

  @Test func `a damaged manifest never traps and never leads out of its folder`() throws {
    let csv = """
      dialogue,turn,speaker,text,audio,start,end,split,label,rater,valence,time
      d,1,Mara,"Hm, no",a.wav,0,1.5,dev,joy;fear,ana,2,2026-05-01T12:00:00+02:00
      d,1,Mara,,,,,dev,joy,ben,,17
      d,2,Theo,What?,b/c.wav,1.5,2,dev,anger,ana,3.5,

      """
    try fuzz(["m.csv": csv, "a.wav": "x"], damaging: "m.csv", rounds: 1500) {
      try imported("manifest", $0["m.csv"])
    }
    let json = """
      {"dialogue": "d", "turn": 1, "text": "Hm \\ud83d\\ude00", "label": ["joy", "fear"], "start": 1e1}
      {"schema":1,"dialogue":"d","turn":"2","text":"x","ratings":[{"rater":"a","kind":"llm",\
      "labels":["joy"],"dimensions":[{"name":"valence","value":2.5}],"confidence":2,"time":null}],\
      "words":[{"word":"x","start":0,"end":1}],"metadata":[{"name":"a","value":"b"}]}

      """
    try fuzz(["m.jsonl": json], damaging: "m.jsonl", rounds: 1500) {
      try imported("manifest", $0["m.jsonl"])
    }
  }

  @Test(arguments: [
    "Session2/dialog/EmoEvaluation/Ses02M_script01_1b.txt",
    "Session2/dialog/transcriptions/Ses02M_script01_1b.txt",
    "Session2/sentences/ForcedAlignment/Ses02M_script01_1b/Ses02M_script01_1b_F000.wdseg",
  ])
  func `a damaged IEMOCAP file never traps`(file: String) throws {
    try fuzz(IEMOCAPImportTests.files, damaging: file, rounds: 600) {
      try imported("iemocap", $0.path)
    }
  }

  @Test func `damaged ratings and suggestions never trap, and posteriors stay probabilities`()
    throws
  {
    let ratings =
      "dialogue,turn,rater,label,valence,time,kind\n1,1,ana,joy;fear,3,1e9,self\n1,2,b,x,,,\n"
    try fuzz(["t.csv": ratings], damaging: "t.csv", rounds: 600) { folder in
      _ = try RatingsReader.read(folder["t.csv"], consume: { _ in })
      return Imported()
    }
    let suggestions = "dialogue,turn,joy,anger,fear\n1,1,0.25,0.5,0.25\n1,2,-3.5,1e300,2\n"
    try fuzz(["t.csv": suggestions], damaging: "t.csv", rounds: 600) { folder in
      _ = try SuggestionsReader.read(
        folder["t.csv"], source: "s",
        consume: { suggestion in
          #expect(abs(suggestion.posterior.reduce(0, +) - 1) < 1e-9)
          #expect(suggestion.posterior.allSatisfy { (0...1).contains($0) })
        })
      return Imported()
    }
  }

  @Test func `damaged files of other tools never trap`() throws {
    try fuzz(["d.TextGrid": TierImportTests.long], damaging: "d.TextGrid", rounds: 500) {
      try imported("textgrid", $0.path)
    }
    try fuzz(["d.eaf": TierImportTests.eaf], damaging: "d.eaf", rounds: 500) {
      try imported("eaf", $0.path)
    }
    try fuzz(["t.json": LabelStudioImportTests.tasks], damaging: "t.json", rounds: 500) {
      try imported("label-studio", $0["t.json"])
    }
    try fuzz(AudformatImportTests.files, damaging: "db.yaml", rounds: 300) {
      try imported("audformat", $0.path)
    }
    try fuzz(AudformatImportTests.files, damaging: "db.turns.csv", rounds: 300) {
      try imported("audformat", $0.path)
    }
    try fuzz(
      ["e-dev.json": EmoryNLPDocumentTests.document], damaging: "e-dev.json", rounds: 300
    ) { try imported("emorynlp", $0["e-dev.json"]) }
  }

  @Test func `an export whose ratings have nameless labels or twice a rater is a wrong row`() throws
  {
    func line(_ ratings: String) -> String {
      #"{"schema":1,"dialogue":"d","turn":"1","text":"x","ratings":["# + ratings
        + #"],"words":[],"metadata":[]}"# + "\n"
    }
    let rating = #"{"rater":"a","kind":"llm","labels":["joy"],"dimensions":[]}"#
    for (ratings, count) in [
      (rating, 0), (#"{"rater":"a","kind":"llm","labels":[""],"dimensions":[]}"#, 1),
      (#"{"rater":"a","kind":"llm","labels":[],"dimensions":[]}"#, 1), (rating + "," + rating, 1),
    ] {
      let folder = try InventedFolder(["m.jsonl": line(ratings)])
      #expect(try imported("manifest", folder["m.jsonl"]).count(.wrongValue) == count)
    }
  }
}
