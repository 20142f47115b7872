import Dialogues
import Foundation
import Testing

@testable import Corpora

/// audformat databases, with invented content in the layout that audformat 1.4 writes.
@Suite struct AudformatImportTests {
  static let files = [
    "db.yaml": """
    name: mydb
    description: 'd: "q"

      more'
    source: x
    usage: research
    languages: [eng]
    media:
      microphone: {type: other, format: wav, sampling_rate: 16000}
    raters:
      ana: {type: human}
      gold: {type: vote}
      model: {type: machine}
    schemes:
      emotion:
        dtype: str
        labels: [anger, joy, neutral]
      speaker:
        dtype: str
        labels:
          m: {gender: female, age: 30}
          t: {gender: male}
      transcription: {dtype: str}
      valence: {dtype: float, minimum: 1, maximum: 5}
    splits:
      dev: {type: dev}
    tables:
      files:
        type: filewise
        columns:
          emotion: {scheme_id: emotion, rater_id: gold}
      turns:
        type: segmented
        split_id: dev
        media_id: microphone
        columns:
          speaker: {scheme_id: speaker}
          text: {scheme_id: transcription}
          emotion.ana: {scheme_id: emotion, rater_id: ana}
          emotion.model: {scheme_id: emotion, rater_id: model}
          valence: {scheme_id: valence, rater_id: ana}
          scene: {}
    misc_tables:
      meta:
        levels: {id: int}
        columns:
          v: {}

    """,
    "db.turns.csv": #"""
    file,start,end,speaker,text,emotion.ana,emotion.model,valence,scene
    audio/d1.wav,0 days 00:00:01.500000,0 days 00:00:02.250000,t,面包,joy,joy,,
    audio/d1.wav,0 days 00:00:00.000000,0 days 00:00:01.200000,m,"Hi, ""x""",anger,joy,1.5,kitchen
    audio/d2.wav,0 days 00:00:00.000000,,m,Z,,neutral,3.0,

    """#,
    "db.files.csv": "file,emotion\naudio/d2.wav,joy\n", "db.meta.csv": "id,v\n1,a\n",
    "audio/d1.wav": "RIFF",
  ]

  @Test func `parts of a file are turns of its dialogue, and columns with a rater their ratings`()
    throws
  {
    let folder = try InventedFolder(Self.files)
    let all = try imported("audformat", folder.path)
    #expect(
      all.dialogues.map(\.dialogue.key) == [
        DialogueKey(corpus: "mydb", split: "dev", dialogue: "audio/d1"),
        DialogueKey(corpus: "mydb", split: "dev", dialogue: "audio/d2"),
      ])
    let first = all.dialogues[0].dialogue.turns
    #expect(first.map(\.text) == ["Hi, \"x\"", "面包"])
    #expect(first.map(\.key.turn) == ["0.0-1.2", "1.5-2.25"])
    #expect(first.map(\.speaker) == ["m", "t"])
    #expect(
      first[1].audio == AudioSpan(path: "audio/d1.wav", span: TimeSpan(start: 1.5, end: 2.25)))
    let ana = try #require(all.rating("ana", "0.0-1.2"))
    #expect(ana.answer == Answer(labels: ["anger"], dimensions: ["valence": 1.5]))
    #expect(ana.rater.kind == .corpus)
    #expect(all.rating("model", "0.0-1.2")?.rater.kind == .model)
    #expect(first[0].metadata == [MetadataField(name: "scene", value: "kitchen")])
    FormatTable.add(
      "in", "audformat", rows: all.turns.count,
      checked: "segments, files, raters, schemes, splits", reader: "own; YAML by Yams")
  }

  @Test func `a whole file in two tables is one turn with the ratings of both`() throws {
    let folder = try InventedFolder(Self.files)
    let all = try imported("audformat", folder.path)
    let second = all.dialogues[1]
    #expect(second.dialogue.turns.count == 1 && second.dialogue.turns[0].text == "Z")
    #expect(second.dialogue.turns[0].audio == AudioSpan(path: "audio/d2.wav"))
    #expect(Set(second.ratings.map(\.rater.name)) == ["ana", "gold", "model"])
    #expect(all.summary?.audioFound == 2 && all.summary?.audioMissing == 1)
  }

  @Test func `the header's scheme is the label scheme, in its order and with its dimensions`()
    throws
  {
    let folder = try InventedFolder(Self.files)
    let scheme = try #require(try imported("audformat", folder.path).summary?.scheme)
    #expect(scheme.labels.map(\.name) == ["anger", "joy", "neutral"])
    #expect(scheme.dimensions.map(\.name) == ["valence"] && scheme.dimensions[0].high == 5)
  }

  @Test func `in a database of whole files a folder is a dialogue`() throws {
    let folder = try InventedFolder([
      "db.yaml":
        "name: clips\nschemes: {emotion: {dtype: str, labels: [a, b]}}\n"
        + "tables: {f: {type: filewise, columns: {emotion: {scheme_id: emotion}}}}\n",
      "db.f.csv": "file,emotion\nx/2.wav,b\nx/1.wav,a\ny/1.wav,a\n",
    ])
    let all = try imported("audformat", folder.path)
    #expect(all.dialogues.map(\.dialogue.key.dialogue) == ["x", "y"])
    #expect(all.dialogues[0].dialogue.turns.map(\.key.turn) == ["2", "1"])
    #expect(all.rating("clips", "2")?.answer.labels == ["b"])
  }

  @Test func `tables that are not CSV are named, and never unpickled`() throws {
    var files = Self.files
    files["db.files.csv"] = nil
    files["db.files.parquet"] = "PAR1"
    files["db.files.pkl"] = "cos\nsystem\n"
    let folder = try InventedFolder(files)
    let all = try imported("audformat", folder.path)
    #expect(
      all.warnings.contains { $0.kind == .missingFile && $0.message.contains("storage_format") })
    #expect(all.turns.count == 3)
  }

  @Test(arguments: [
    ("[", "not YAML"), ("a: b\n", "no tables"), ("", "no tables"), ("tables: 5\n", "no tables"),
  ])
  func `a db.yaml that is none is an error that says why`(text: String, reason: String) throws {
    let folder = try InventedFolder(["db.yaml": text])
    let error = #expect(throws: CorpusError.self) { try imported("audformat", folder.path) }
    #expect(error?.message.contains(reason) == true)
  }

  @Test func `a table's name cannot lead out of the folder, nor can a file's`() throws {
    let folder = try InventedFolder([
      "db.yaml":
        "name: x\ntables: {'../../etc/x': {type: filewise, columns: {}}, f: {type: filewise, columns: {}}}\n",
      "db.f.csv": "file\n../../etc/passwd\n/etc/passwd\n",
    ])
    let all = try imported("audformat", folder.path)
    #expect(all.turns.isEmpty && all.count(.unsafePath) == 2 && all.count(.missingFile) == 1)
  }

  @Test(
    arguments: [
      ("0 days 00:00:01.500000", 1.5), ("1 days 00:00:00", 86_400), ("00:01:02.5", 62.5),
      ("NaT", nil),
      ("0 days", nil), ("-1 days 00:00:00", nil),
    ] as [(String, Double?)])
  func `times are read as pandas writes them`(text: String, seconds: Double?) {
    #expect(AudformatTable.seconds(text) == seconds)
  }
}
