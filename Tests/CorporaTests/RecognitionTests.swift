import Foundation
import Testing

@testable import Corpora

@Suite struct RecognitionTests {
  /// Every format by what it looks like, and a part of the sentence that says why.
  @Test(arguments: [
    ("meld", "meld", "1 CSV file with MELD's columns, the first is train_sent_emo.csv"),
    ("meld/train_sent_emo.csv", "meld", "its header has MELD's columns"),
    ("melt", "melt", "MELD's columns and llm_label"),
    ("melt/meld_dev.csv", "melt", "MELD's columns and llm_label"),
    ("emory", "emorynlp", "CSV with EmoryNLP's columns"),
    ("emory/emorynlp_dev.csv", "emorynlp", "Scene_ID, Season, Episode"),
    ("emory-json", "emorynlp", "JSON with EmoryNLP's episodes"),
    ("emory-json/emotion-detection-dev.json", "emorynlp", "episodes, scenes and utterances"),
    ("iemocap", "iemocap", "1 session folder with dialog/EmoEvaluation"),
    ("iemocap/Session2", "iemocap", "1 session folder with dialog/EmoEvaluation"),
    ("tasks.json", "label-studio", "data and annotations or predictions"),
    ("audformat", "audformat", "it holds a db.yaml"),
    ("audformat/db.yaml", "audformat", "it is named db.yaml"),
    ("grids", "textgrid", "it holds 2 TextGrids"),
    ("grids/a.TextGrid", "textgrid", "it is named like a TextGrid"),
    ("elan", "eaf", "it holds an ELAN document"),
    ("elan/d.eaf", "eaf", "it is named like an ELAN document"),
    ("lab", "manifest", "manifest.jsonl has the columns dialogue, turn and text"),
    ("lab/heard.csv", "manifest", "heard.csv has the columns dialogue, turn and audio"),
  ])
  func `a format is recognised, with the reason`(path: String, format: String, reason: String)
    throws
  {
    let folder = try InventedFolder(
      [
        "meld/train_sent_emo.csv": meld("1,a,A,joy,positive,0,0,1,1,,"),
        "melt/meld_dev.csv":
          "Utterance,Speaker,Emotion,Dialogue_ID,Utterance_ID,llm_label\na,A,joy,0,0,joy\n",
        "emory/emorynlp_dev.csv":
          "Utterance,Speaker,Emotion,Scene_ID,Utterance_ID,Season,Episode\na,[],Mad,1,1,1,1\n",
        "emory-json/emotion-detection-dev.json": EmoryNLPDocumentTests.document,
        "tasks.json": LabelStudioImportTests.tasks,
        "grids/a.TextGrid": TierImportTests.short, "grids/sub/b.TextGrid": TierImportTests.long,
        "elan/d.eaf": TierImportTests.eaf,
        "lab/manifest.jsonl": "{\"dialogue\":1,\"turn\":1,\"text\":\"x\"}\n",
        "lab/heard.csv": "dialogue,turn,audio\n",
      ].merging(
        IEMOCAPImportTests.files.map { ("iemocap/\($0.key)", $0.value) }
      ) { first, _ in first }
      .merging(AudformatImportTests.files.map { ("audformat/\($0.key)", $0.value) }) { first, _ in
        first
      })
    let found = try #require(CorpusFormats.recognise(folder[path]))
    #expect(found.importer.name == format)
    #expect(found.reason.contains(reason), "\(found.reason)")
  }

  @Test(arguments: [
    ("nothing", "“a.csv”, and it has the columns “a”, “b”; a manifest needs dialogue, turn"),
    ("nothing/a.csv", "--map theirs=ours"), ("absent", "No such file"),
    ("clips", "it holds “1.wav”, “2.wav”, “3.wav” and 1 more"), ("hollow", "nothing"),
    ("ratings.csv", "undertone import ratings"), ("logits.csv", "undertone import suggestions"),
    ("empty.csv", "it is empty"), ("utf16.csv", "UTF-16"),
  ])
  func `what no format recognises gets a reason and a way on`(path: String, reason: String) throws {
    let folder = try InventedFolder([
      "nothing/a.csv": "a,b\n1,2\n", "clips/1.wav": "", "clips/2.wav": "", "clips/3.wav": "",
      "clips/4.wav": "", "hollow/.hidden": "", "empty.csv": "",
      "ratings.csv": "dialogue,turn,rater,label\n1,1,ana,joy\n",
      "logits.csv": "Dialogue_ID,Utterance_ID,logit_joy,logit_fear\n1,1,0,1\n",
    ])
    try folder.write("utf16.csv", Data([0xFF, 0xFE, 0x61, 0x00]))
    #expect(CorpusFormats.recognise(folder[path]) == nil)
    let why = CorpusFormats.whyUnrecognised(folder[path])
    #expect(why.contains(reason), "\(why)")
    #expect(why.hasSuffix("."))
  }

  @Test func `names of formats are unique`() {
    #expect(Set(CorpusFormats.all.map(\.name)).count == CorpusFormats.all.count)
  }

  @Test func `the corpus's name is found without reading the file to its end`() throws {
    let folder = try InventedFolder(["m.csv": "dialogue,turn,text\n1,1,x\n2,1,x\n3,,x\n"])
    let manifest = try #require(CorpusFormats.named("manifest"))
    // The last row is wrong, which a strict reading of the whole file finds.
    let options = ImportOptions(isStrict: true)
    #expect(try manifest.examine(folder["m.csv"], options: options)?.corpus == "m")
    #expect(throws: CorpusError.self) { try imported("manifest", folder["m.csv"], options) }
  }

  @Test func `the corpus's name is found where the first dialogue turns out to be empty`() throws {
    let folder = try InventedFolder([
      "m.csv": "dialogue,turn,text,corpus\n1,1,,One\n2,1,x,Two\n"
    ])
    let found = try #require(try CorpusFormats.named("manifest")?.examine(folder["m.csv"]))
    #expect(found.corpus == "Two")
    let hollow = try InventedFolder(["m.csv": "dialogue,turn,text\n"])
    #expect(try CorpusFormats.named("manifest")?.examine(hollow["m.csv"]) == nil)
  }
}
