import Dialogues
import Foundation
import Testing

@testable import Corpora

@Suite struct IEMOCAPImportTests {
  /// A session with one dialogue and the traps of the release, with invented content.
  static let files: [String: String] = [
    "Session2/dialog/EmoEvaluation/Ses02M_script01_1b.txt": """
    % [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]

    [1.0000 - 2.0000]\tSes02M_script01_1b_F000\tfru\t[2.5000, 3.0000, 1.5000]
    C-E2:\tFrustration; Anger;\t(both; at once)
    C-E4:\tNeutral state;\t()
    C-F1:\tOther;\t(disbelief; mostly)
    A-E3:\tval 3; act 2; dom  3;\t()
    A-E4:\tval 2; act 4; dom  ;\t(calm)
    A-F1:\tval 1; act 1; dom  1;\t()

    [6.0000 - 7.0000]\tSes02M_script01_1b_F001\txxx\t[3.0000, 3.0000, 3.0000]
    C-E2:\tSadness;\t()

    [1.5000 - 3.0000]\tSes02M_script01_1b_M000\texc\t[3.0000, 3.0000, 3.0000]
    C-E2:\tExcited;\t()
    A-E3:\tval 3; act 3; dom 3;\t()

    """,
    "Session2/dialog/transcriptions/Ses02M_script01_1b.txt": """
    Ses02M_script01_1b_F000 [001.0000-002.0000]: Where is it?
    Ses02M_script01_1b_M000 [001.5000-003.0000]: Right [LAUGHTER] here.
    Ses02M_script01_1b_MXX0 [004.0000-005.0000]: [BREATHING]
    Ses02M_script01_1b_F001 [006.0000-007.0000]: Oh.
    M: a stray line

    """,
    "Session2/sentences/wav/Ses02M_script01_1b/Ses02M_script01_1b_F000.wav": "RIFF",
    "Session2/sentences/wav/Ses02M_script01_1b/Ses02M_script01_1b_M000.wav": "RIFF",
    "Session2/sentences/ForcedAlignment/Ses02M_script01_1b/Ses02M_script01_1b_F000.wdseg": """
    \t SFrm  EFrm    SegAScr Word
    \t    0     9     -12345 <s>
    \t   10    29     -13122 WHERE
    \t   30    44     -13899 IS(2)
    \t   45    50     -13899 ++BREATHING++
    \t   51    99     -13899 IT
     Total score:     -120516

    """,
  ]
  static let traps: [String: String] = [
    "Session2/dialog/EmoEvaluation/._Ses02M_script01_1b.txt": "\0\u{5}Mac OS X",
    "Session2/dialog/transcriptions/._Ses02M_script01_1b.txt": "\0\u{5}Mac OS X",
    "Session2/dialog/EmoEvaluation/Categorical/Ses02M_script01_1b_e2_cat.txt": "x :Anger; ()",
    "Session2/dialog/EmoEvaluation/Attribute/Ses02M_script01_1b_e2_atr.txt": "x :act 3; ()",
    "Session2/dialog/EmoEvaluation/Self-evaluation/Ses02M_script01_1b_f.txt": "x :Anger; ()",
    "Session2/dialog/MOCAP_rotated/Ses02M_script01_1b.txt": "Frame# Time",
    "Session2/dialog/avi/DivX/Ses02M_script01_1b.avi": "x",
  ]

  private func whole() throws -> Imported {
    let folder = try InventedFolder(Self.files.merging(Self.traps) { first, _ in first })
    return try imported("iemocap", folder.path)
  }

  @Test func `turns are ordered by start time, not as the files list them`() throws {
    let all = try whole()
    #expect(all.dialogues.count == 1)
    #expect(
      all.turns.map(\.key.turn) == [
        "Ses02M_script01_1b_F000", "Ses02M_script01_1b_M000", "Ses02M_script01_1b_MXX0",
        "Ses02M_script01_1b_F001",
      ])
    #expect(all.turns.map(\.speaker) == ["Ses02_F", "Ses02_M", "Ses02_M", "Ses02_F"])
    #expect(
      all.turns[0].key.dialogue == DialogueKey(corpus: "IEMOCAP", dialogue: "Ses02M_script01_1b"))
  }

  @Test func `each turn plays its own wav, and a missing one is named`() throws {
    let all = try whole()
    #expect(
      all.turns[0].audio?.path
        == "Session2/sentences/wav/Ses02M_script01_1b/Ses02M_script01_1b_F000.wav")
    #expect(all.turns[0].audio?.span == nil)
    #expect(all.summary?.audioFound == 2)
    #expect(all.warnings.filter { $0.kind == .missingAudio }.count == 1)
  }

  @Test func `turns that nobody rated or cut are context without sound, label or warning`() throws {
    let all = try whole()
    let context = try #require(all.turn("Ses02M_script01_1b_MXX0"))
    #expect(context.audio == nil && context.text == "[BREATHING]")
    #expect(!all.ratings.contains { $0.turn == context.key })
    #expect(all.count(.incompleteTurn) == 0)
  }

  @Test func `the corpus's raters, its consensus and the speakers' own answers are kept apart`()
    throws
  {
    let all = try whole()
    let turn = "Ses02M_script01_1b_F000"
    #expect(all.rating("IEMOCAP", turn)?.answer.labels == ["frustration"])
    let two = try #require(all.rating("IEMOCAP/E2", turn))
    #expect(two.answer.labels == ["frustration", "anger"] && two.rater.kind == .corpus)
    #expect(all.rating("IEMOCAP/E4", turn)?.answer.labels == ["neutral"])
    let own = try #require(all.rating("IEMOCAP/self", turn))
    #expect(own.rater.kind == .selfReport && own.answer.labels == ["other"])
    #expect(own.answer.dimensions == ["valence": 1, "arousal": 1, "dominance": 1])
    #expect(all.rating("IEMOCAP", "Ses02M_script01_1b_M000")?.answer.labels == ["excited"])
    #expect(
      all.turn(turn)?.metadata.contains(
        MetadataField(name: "C-F1 comment", value: "disbelief; mostly")) == true)
    #expect(
      all.turn(turn)?.metadata.contains(
        MetadataField(name: "C-E2 comment", value: "both; at once")) == true)
  }

  @Test
  func `an empty dimension is absent, and the mean is that of the answers, not the shipped one`()
    throws
  {
    let all = try whole()
    let turn = "Ses02M_script01_1b_F000"
    #expect(all.rating("IEMOCAP/E4", turn)?.answer.dimensions == ["valence": 2, "arousal": 4])
    // By hand: valence (3 + 2) / 2, arousal (2 + 4) / 2, dominance 3 / 1; the file says 1.5.
    #expect(
      all.rating("IEMOCAP", turn)?.answer.dimensions
        == ["valence": 2.5, "arousal": 3, "dominance": 3])
    let warnings = all.warnings.filter { $0.kind == .shippedMean }
    #expect(warnings.map(\.row) == [3])
    #expect(warnings.first?.message.contains("dominance") == true)
  }

  @Test func `xxx means no majority: the raters' answers are there, the consensus is not`() throws {
    let all = try whole()
    let turn = "Ses02M_script01_1b_F001"
    #expect(all.rating("IEMOCAP", turn) == nil)
    #expect(all.rating("IEMOCAP/E2", turn)?.answer.labels == ["sadness"])
    #expect(
      all.turn(turn)?.metadata.contains(MetadataField(name: "EmoEvaluation", value: "xxx")) == true)
  }

  @Test func `forced alignment becomes word times, without silences and noises`() throws {
    #expect(
      try whole().turns[0].words == [
        WordTime(word: "WHERE", span: TimeSpan(start: 0.1, end: 0.3)),
        WordTime(word: "IS", span: TimeSpan(start: 0.3, end: 0.45)),
        WordTime(word: "IT", span: TimeSpan(start: 0.51, end: 1)),
      ])
  }

  @Test func `a stray line is reported and nothing else is wrong`() throws {
    let wrong = try whole().warnings.filter(\.kind.isWrongRow)
    #expect(wrong.map(\.row) == [5])
    #expect(wrong[0].file.hasSuffix("transcriptions/Ses02M_script01_1b.txt"))
  }

  @Test func `script01_1 and script01_1b are two dialogues`() throws {
    var files = Self.files
    files["Session2/dialog/transcriptions/Ses02M_script01_1.txt"] = """
      Ses02M_script01_1_F000 [001.0000-002.0000]: Mine.
      Ses02M_script01_1b_F000 [001.0000-002.0000]: Not mine.

      """
    let folder = try InventedFolder(files)
    let all = try imported("iemocap", folder.path)
    #expect(
      all.dialogues.map(\.dialogue.key.dialogue) == ["Ses02M_script01_1", "Ses02M_script01_1b"])
    #expect(all.dialogues[0].dialogue.turns.map(\.text) == ["Mine."])
    #expect(all.warnings.contains { $0.kind == .wrongValue && $0.row == 2 })
    #expect(all.warnings.contains { $0.kind == .missingFile })
  }

  @Test func `one session alone has the same paths and ids as in the release`() throws {
    let folder = try InventedFolder(Self.files)
    let release = try imported("iemocap", folder.path)
    let session = try imported("iemocap", folder["Session2/"])
    #expect(release.turns == session.turns)
    #expect(release.summary?.root == session.summary?.root)
  }

  @Test func `a transcript in Latin-1 is read, and said`() throws {
    let folder = try InventedFolder(Self.files)
    let line = "Ses02M_script01_1b_F000 [001.0000-002.0000]: caf"
    try folder.write(
      "Session2/dialog/transcriptions/Ses02M_script01_1b.txt",
      Data(line.utf8) + Data([0xE9, 0x0D, 0x0A]))
    let all = try imported("iemocap", folder.path)
    #expect(all.turn("Ses02M_script01_1b_F000")?.text == "café")
    #expect(all.count(.encoding) == 1)
    // The two rated turns that lost their text are reported too.
    #expect(all.count(.incompleteTurn) == 2)
  }

  @Test func `labels can be mapped, such as excited into happiness`() throws {
    let folder = try InventedFolder(Self.files)
    let all = try imported(
      "iemocap", folder.path, ImportOptions(labels: ["excited": "happiness"]))
    #expect(all.rating("IEMOCAP", "Ses02M_script01_1b_M000")?.answer.labels == ["happiness"])
    #expect(all.summary?.labels["excited"] == nil)
  }

  @Test func `the release's other files are no dialogues`() throws {
    let plain = try InventedFolder(Self.files)
    let alone = try imported("iemocap", plain.path)
    let all = try whole()
    #expect(all.dialogues == alone.dialogues)
    #expect(all.warnings.map(\.message) == alone.warnings.map(\.message))
  }

  @Test(arguments: [
    ("Ses01F_impro01_F000", "Ses01F_impro01", "Ses01_F", false),
    ("Ses01F_impro01_M013", "Ses01F_impro01", "Ses01_M", false),
    ("Ses05M_script01_1b_F004", "Ses05M_script01_1b", "Ses05_F", false),
    ("Ses03M_impro05a_M000", "Ses03M_impro05a", "Ses03_M", false),
    ("Ses02F_script03_2_FXX7", "Ses02F_script03_2", "Ses02_F", true),
  ])
  func `a turn's id names its dialogue and its speaker, by the letter before the digits`(
    id: String, dialogue: String, speaker: String, isContext: Bool
  ) throws {
    let name = try #require(IEMOCAPNames.turn(id))
    #expect(name.dialogue == dialogue && name.speaker == speaker && name.isContext == isContext)
  }

  @Test(arguments: [
    "Ses06F_impro01_F000", "Ses01X_impro01_F000", "Ses01F_impro1_F000", "Ses01F_impro01c_F000",
    "Ses01F_script01_F000", "Ses01F_script01_1_F00", "Ses01F_impro01_F0000", "Ses01F_impro01_X000",
    "Ses01F_impro01_FXXX", "Ses01F_impro01", "", "._Ses01F_impro01_F000",
  ])
  func `what only looks like a turn's id is none`(id: String) {
    #expect(IEMOCAPNames.turn(id) == nil)
  }

  @Test func `every code of the consensus has its label, and xxx none`() throws {
    let codes = [
      ("neu", "neutral"), ("hap", "happiness"), ("exc", "excited"), ("ang", "anger"),
      ("sad", "sadness"), ("fru", "frustration"), ("sur", "surprise"), ("fea", "fear"),
      ("dis", "disgust"), ("oth", "other"), ("xxx", nil),
    ]
    let turns = codes.enumerated().map { place, code in
      "[\(place).0000 - \(place).5000]\tSes01F_impro01_F\(place < 10 ? "00" : "0")\(place)\t"
        + "\(code.0)\t[3.0000, 3.0000, 3.0000]\nC-E2:\tNeutral;\t()\n\n"
    }
    let folder = try InventedFolder([
      "Session1/dialog/EmoEvaluation/Ses01F_impro01.txt": "% header\n\n" + turns.joined()
    ])
    let all = try imported("iemocap", folder.path)
    #expect(all.turns.count == 11)
    let given = all.turns.map { all.rating("IEMOCAP", $0.key.turn)?.answer.labels.first }
    #expect(given == codes.map(\.1))
    #expect(all.count(.unknownLabel) == 0)
  }

  @Test func `a folder that is not IEMOCAP says what is missing`() throws {
    let folder = try InventedFolder(["a.txt": "x"])
    let error = #expect(throws: CorpusError.self) { try imported("iemocap", folder.path) }
    #expect(error?.message.contains("dialog/EmoEvaluation") == true)
  }
}
