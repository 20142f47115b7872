import Dialogues
import Foundation
import Testing

@testable import Corpora

/// Praat's TextGrids and ELAN's documents, with invented content in the layouts that Praat, praatio
/// 6.2, textgrid 1.6, pympi-ling 1.70 and ELAN write.
@Suite struct TierImportTests {
  static let long = """
    File type = "ooTextFile"
    Object class = "TextGrid"

    xmin = 0 
    xmax = 4 
    tiers? <exists> 
    size = 4 
    item []: 
        item [1]:
            class = "IntervalTier" 
            name = "Mara" 
            xmin = 0 
            xmax = 4 
            intervals: size = 4 
            intervals [1]:
                xmin = 0 
                xmax = 0.5 
                text = "" 
            intervals [2]:
                xmin = 0.5 
                xmax = 1.2 
                text = "You said ""now""
    and then?" 
            intervals [3]:
                xmin = 1.2 
                xmax = 2 
                text = "" 
            intervals [4]:
                xmin = 2 
                xmax = 3 
                text = "Hm" 
        item [2]:
            class = "IntervalTier" 
            name = "Theo" 
            xmin = 0 
            xmax = 4 
            intervals: size = 1 
            intervals [1]:
                xmin = 1.0 
                xmax = 1.9 
                text = "面包" 
        item [3]:
            class = "IntervalTier" 
            name = "emotion@Mara" 
            xmin = 0 
            xmax = 4 
            intervals: size = 2 
            intervals [1]:
                xmin = 0.5 
                xmax = 1.2 
                text = "anger" 
            intervals [2]:
                xmin = 2 
                xmax = 3 
                text = "joy;fear" 
        item [4]:
            class = "TextTier" 
            name = "notes" 
            xmin = 0 
            xmax = 4 
            points: size = 2 
            points [1]:
                number = 1.1 
                mark = "laughs" 
            points [2]:
                number = 3.5 
                mark = "door" 

    """
  static let short = """
    File type = "ooTextFile"
    Object class = "TextGrid"

    0
    4
    <exists>
    3
    "IntervalTier"
    "Mara"
    0
    4
    1
    0.5
    1.2
    "Hi there"
    "IntervalTier"
    "Mara - words"
    0
    4
    2
    0.5
    0.7
    "Hi"
    0.8
    1.1
    "there"
    "IntervalTier"
    "Mara - phones"
    0
    4
    1
    0.5
    0.7
    "HH"

    """

  @Test func `a tier is a speaker, its intervals with text are turns in the order they begin`()
    throws
  {
    let folder = try InventedFolder(["d.TextGrid": Self.long, "d.wav": "RIFF"])
    let all = try imported("textgrid", folder["d.TextGrid"], ImportOptions(corpus: "c"))
    #expect(all.dialogues.map(\.dialogue.key) == [DialogueKey(corpus: "c", dialogue: "d")])
    #expect(all.turns.map(\.key.turn) == ["1", "2", "3"])
    #expect(all.turns.map(\.speaker) == ["Mara", "Theo", "Mara"])
    #expect(all.turns.map(\.text) == ["You said \"now\"\nand then?", "面包", "Hm"])
    #expect(all.turns[0].time == TimeSpan(start: 0.5, end: 1.2))
    #expect(
      all.turns[0].audio == AudioSpan(path: "d.wav", span: TimeSpan(start: 0.5, end: 1.2)))
    #expect(all.rating("corpus", "1")?.answer.labels == ["anger"])
    #expect(all.rating("corpus", "3")?.answer.labels == ["joy", "fear"])
    #expect(all.rating("corpus", "2") == nil)
    FormatTable.add(
      "in", "textgrid", rows: all.turns.count, checked: "turns, times, labels, points, long format",
      reader: "own")
  }

  @Test func `points are no turns: marks go to the turn they fall into, or are reported`() throws {
    let folder = try InventedFolder(["d.TextGrid": Self.long])
    let all = try imported("textgrid", folder["d.TextGrid"])
    // 1.1 s lies in a turn of Mara's and in a longer one of Theo's: the shorter is meant.
    #expect(all.turns.map(\.metadata) == [[MetadataField(name: "notes", value: "laughs")], [], []])
    #expect(all.count(.incompleteTurn) == 1)
    #expect(all.warnings.contains { $0.message.contains("“door”") && $0.row != nil })
    #expect(all.count(.missingFile) == 1)
  }

  @Test func `the short format says the same, and forced alignment becomes word times`() throws {
    let folder = try InventedFolder(["d.TextGrid": Self.short])
    let all = try imported("textgrid", folder.path)
    #expect(all.turns.map(\.text) == ["Hi there"])
    let words = all.turns[0].words
    #expect(words.map(\.word) == ["Hi", "there"])
    #expect(abs(words[1].span.start - 0.3) < 1e-9 && abs(words[1].span.end - 0.6) < 1e-9)
    #expect(all.warnings.contains { $0.message.contains("sounds within words") })
  }

  @Test(arguments: [true, false]) func `UTF-16 is read by its byte order mark`(isLittle: Bool)
    throws
  {
    let folder = try InventedFolder()
    let mark = Data(isLittle ? [0xFF, 0xFE] : [0xFE, 0xFF])
    let text = try #require(
      Self.long.data(using: isLittle ? .utf16LittleEndian : .utf16BigEndian))
    try folder.write("d.TextGrid", mark + text)
    let all = try imported("textgrid", folder.path)
    #expect(all.turns.map(\.text) == ["You said \"now\"\nand then?", "面包", "Hm"])
    #expect(all.count(.encoding) == 0)
  }

  @Test func `a TextGrid that ends early keeps what came before and names the row`() throws {
    let cut = try #require(Self.long.range(of: "text = \"Hm\""))
    let folder = try InventedFolder(["d.TextGrid": String(Self.long[..<cut.lowerBound])])
    let all = try imported("textgrid", folder.path)
    #expect(all.turns.map(\.text) == ["You said \"now\"\nand then?"])
    let wrong = all.warnings.filter(\.kind.isWrongRow)
    #expect(wrong.count == 1 && wrong[0].row == 31)
    #expect(throws: CorpusError.self) {
      try imported("textgrid", folder.path, ImportOptions(isStrict: true))
    }
  }

  @Test(arguments: [
    ("", "it is empty"), ("x", "does not begin like a TextGrid"),
    ("ooBinaryFile\u{8}TextGrid", "binary"),
    ("File type = \"ooTextFile\"\nObject class = \"Pitch\"\n", "no TextGrid"),
    (#"File type = "ooTextFile" "TextGrid" 0 1 <exists> 1 "IntervalTier" "a"#, "never closed"),
    (#"File type = "ooTextFile" "TextGrid" 0 1 <exists> 99999999"#, "how many tiers"),
  ])
  func `what is no TextGrid is an error that says why`(text: String, reason: String) throws {
    let folder = try InventedFolder(["d.TextGrid": text])
    let error = #expect(throws: CorpusError.self) { try imported("textgrid", folder.path) }
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
  }

  @Test func `a folder of folders is splits, and two levels are corpora`() throws {
    let folder = try InventedFolder([
      "train/a.TextGrid": Self.short, "dev/a.TextGrid": Self.short,
      "Talk/_/b%2Fc.TextGrid": Self.short,
    ])
    let all = try imported("textgrid", folder.path, ImportOptions())
    #expect(
      Set(all.dialogues.map { "\($0.dialogue.key.split)/\($0.dialogue.key.dialogue)" })
        == ["train/a", "dev/a", "/b/c"])
    #expect(all.dialogues.contains { $0.dialogue.key.corpus == "Talk" })
  }

  // MARK: ELAN

  static let eaf = """
    <?xml version="1.0" encoding="UTF-8"?>
    <ANNOTATION_DOCUMENT AUTHOR="x" DATE="2026-11-22T18:25:42+00:00" VERSION="3.0"
      xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
    <!-- two speakers -->
    <HEADER TIME_UNITS="milliseconds">
      <MEDIA_DESCRIPTOR MEDIA_URL="file:///C:/Users/x/my%20talk.wav" MIME_TYPE="audio/x-wav"/>
    </HEADER>
    <TIME_ORDER>
      <TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="500"/>
      <TIME_SLOT TIME_SLOT_ID="ts2"/>
      <TIME_SLOT TIME_SLOT_ID="ts3" TIME_VALUE="1200"/>
      <TIME_SLOT TIME_SLOT_ID="ts4" TIME_VALUE="1000"/>
      <TIME_SLOT TIME_SLOT_ID="ts5" TIME_VALUE="1900"/>
    </TIME_ORDER>
    <TIER TIER_ID="utterance-M" PARTICIPANT="Mara" LINGUISTIC_TYPE_REF="u">
      <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a2" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts3">
        <ANNOTATION_VALUE>You &lt;said&gt; &amp; &quot;now&quot; caf&#xE9; <![CDATA[<b>]]></ANNOTATION_VALUE>
      </ALIGNABLE_ANNOTATION></ANNOTATION>
    </TIER>
    <TIER TIER_ID="emotion@utterance-M" PARENT_REF="utterance-M" ANNOTATOR="ana" LINGUISTIC_TYPE_REF="e">
      <ANNOTATION><REF_ANNOTATION ANNOTATION_ID="a4" ANNOTATION_REF="a2">
        <ANNOTATION_VALUE>anger</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>
    </TIER>
    <TIER TIER_ID="words@utterance-M" PARENT_REF="utterance-M" LINGUISTIC_TYPE_REF="w">
      <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a6" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2">
        <ANNOTATION_VALUE>You</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
    </TIER>
    <TIER TIER_ID="Theo" LINGUISTIC_TYPE_REF="u">
      <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a3" TIME_SLOT_REF1="ts4" TIME_SLOT_REF2="ts5">
        <ANNOTATION_VALUE></ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
      <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a9" TIME_SLOT_REF1="ts4" TIME_SLOT_REF2="ts99">
        <ANNOTATION_VALUE>lost</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
    </TIER>
    </ANNOTATION_DOCUMENT>

    """

  @Test func `an ELAN tier is a speaker, and a child tier's annotator is the rater`() throws {
    let folder = try InventedFolder(["d.eaf": Self.eaf, "my talk.wav": "RIFF"])
    let all = try imported("eaf", folder["d.eaf"])
    #expect(all.turns.map(\.speaker) == ["Mara", "Theo"])
    #expect(all.turns[0].text == "You <said> & \"now\" café <b>")
    #expect(all.turns[0].time == TimeSpan(start: 0.5, end: 1.2))
    #expect(all.turns[0].audio?.path == "my talk.wav")
    #expect(all.rating("ana", "1")?.answer.labels == ["anger"])
    // The slot without a time lies in the middle of its neighbours, 0.5 s and 1.2 s.
    #expect(all.turns[0].words.map(\.word) == ["You"])
    #expect(abs((all.turns[0].words.first?.span.end ?? 0) - 0.35) < 1e-9)
    let wrong = all.warnings.filter(\.kind.isWrongRow)
    #expect(wrong.count == 1 && wrong[0].message.contains("“a9”") && wrong[0].row == 31)
    FormatTable.add(
      "in", "eaf", rows: all.turns.count,
      checked: "turns, slots without time, references, linked sound", reader: "own")
  }

  @Test func `a recording that begins before the document's time 0 moves every turn`() throws {
    let folder = try InventedFolder([
      "d.eaf": Self.eaf.replacing("MIME_TYPE=", with: "TIME_ORIGIN=\"2500\" MIME_TYPE=")
    ])
    let turns = try imported("eaf", folder.path).turns
    #expect(turns.map(\.time) == [(3, 3.7), (3.5, 4.4)].map { TimeSpan(start: $0, end: $1) })
  }

  @Test func `an annotation in which nothing is written is a turn that is only heard`() throws {
    let folder = try InventedFolder(["d.eaf": Self.eaf])
    let all = try imported("eaf", folder.path)
    #expect(all.turns[1].text == "" && all.turns[1].time == TimeSpan(start: 1, end: 1.9))
  }

  @Test(arguments: [
    ("<a>", "begins with"), ("<ANNOTATION_DOCUMENT>", "never closed"),
    ("<ANNOTATION_DOCUMENT></TIER>", "closed where something else"),
    ("<!DOCTYPE x [<!ENTITY a \"b\">]><ANNOTATION_DOCUMENT/>", "document type"),
    ("<ANNOTATION_DOCUMENT>&a;</ANNOTATION_DOCUMENT>", "not one of the characters"),
    ("<ANNOTATION_DOCUMENT>&#0;</ANNOTATION_DOCUMENT>", "not one of the characters"),
    ("<ANNOTATION_DOCUMENT A=\"1\" A=\"2\"/>", "given twice"),
    ("<ANNOTATION_DOCUMENT/><ANNOTATION_DOCUMENT/>", "more than one"),
    ("just text", "outside"), ("", "it is empty"), ("<!-- x -->", "no XML element"),
  ])
  func `XML that is broken or wants more than it should is refused`(text: String, reason: String)
    throws
  {
    let folder = try InventedFolder(["d.eaf": text])
    let error = #expect(throws: CorpusError.self) { try imported("eaf", folder.path) }
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
  }

  @Test func `elements nested without end stop at a depth, not at the stack's end`() throws {
    let folder = try InventedFolder([
      "d.eaf": "<ANNOTATION_DOCUMENT>" + String(repeating: "<a>", count: 100_000)
    ])
    let error = #expect(throws: CorpusError.self) { try imported("eaf", folder.path) }
    #expect(error?.message.contains("deeper than 64") == true)
  }

  @Test func `annotations that refer to each other in a ring are reported, not followed`() throws {
    let ring = """
      <ANNOTATION_DOCUMENT><TIME_ORDER/><TIER TIER_ID="A"><ANNOTATION>
      <REF_ANNOTATION ANNOTATION_ID="a1" ANNOTATION_REF="a2"><ANNOTATION_VALUE>x</ANNOTATION_VALUE>
      </REF_ANNOTATION></ANNOTATION><ANNOTATION>
      <REF_ANNOTATION ANNOTATION_ID="a2" ANNOTATION_REF="a1"><ANNOTATION_VALUE>y</ANNOTATION_VALUE>
      </REF_ANNOTATION></ANNOTATION></TIER></ANNOTATION_DOCUMENT>
      """
    let folder = try InventedFolder(["d.eaf": ring])
    let all = try imported("eaf", folder.path)
    #expect(all.turns.isEmpty && all.count(.malformedRow) == 2)
  }

  @Test(
    arguments: [
      ("Mara", TierName.Role.turns, nil), ("emotion@Mara", .labels(rater: nil), "Mara"),
      ("emotion:ana@Mara", .labels(rater: "ana"), "Mara"), ("Emotions", .labels(rater: nil), nil),
      ("valence:IEMOCAP/E1@A@b", .dimension("valence", rater: "IEMOCAP/E1"), "A@b"),
      ("Theo - words", .words, "Theo"), ("gesture@Mara", .metadata("gesture"), "Mara"),
      ("time", .turns, nil), ("time@Mara", .time, "Mara"),
    ] as [(String, TierName.Role, String?)])
  func `the names of tiers say what they hold`(name: String, role: TierName.Role, subject: String?)
  {
    #expect(TierName(name).role == role)
    #expect(TierName(name).subject == subject)
  }
}
