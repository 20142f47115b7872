import Corpora
import Dialogues
import Foundation
import Testing

@Suite struct MELDImportTests {
  @Test func `ids restart in each split, so the split is part of a turn's identity`() throws {
    let row = #"1,Not the boxes!,Mara,anger,negative,0,0,1,2,"00:00:01,000","00:00:02,500""#
    let folder = try InventedFolder([
      "train_sent_emo.csv": meld(row), "dev_sent_emo.csv": meld(row),
      "test_sent_emo.csv": meld(row),
    ])
    let all = try imported("meld", folder.path)
    #expect(all.dialogues.map(\.dialogue.key.split) == ["train", "dev", "test"])
    #expect(all.turns[0].key.description == "MELD/train/0/0")
    #expect(all.turns[0].time == TimeSpan(start: 1, end: 2.5))
    #expect(all.ratings[0].rater == Rater(name: "MELD", kind: .corpus))
    #expect(all.ratings[0].answer.labels == ["anger"])
    #expect(
      all.turns[0].metadata == [
        MetadataField(name: "Sr No.", value: "1"),
        MetadataField(name: "Sentiment", value: "negative"),
        MetadataField(name: "Season", value: "1"), MetadataField(name: "Episode", value: "2"),
      ])
    #expect(all.summary?.scheme == .meld)
    FormatTable.add(
      "in", "meld", rows: all.turns.count, checked: "ids, splits, times, labels, metadata",
      reader: "undertone")
  }

  @Test func `a missing dialogue and gaps in the ids are no error, and turns go by Utterance_ID`()
    throws
  {
    let folder = try InventedFolder([
      "dev_sent_emo.csv": meld(
        "1,c,A,joy,positive,59,10,1,1,,", "2,a,A,joy,positive,59,2,1,1,,",
        "3,x,B,joy,positive,61,0,1,1,,", "4,b,A,joy,positive,59,7,1,1,,")
    ])
    let all = try imported("meld", folder["dev_sent_emo.csv"])
    #expect(all.dialogues.map(\.dialogue.key.dialogue) == ["59", "61"])
    #expect(all.dialogues[0].dialogue.turns.map(\.text) == ["a", "b", "c"])
    #expect(all.count(.malformedRow) + all.count(.wrongValue) + all.count(.duplicate) == 0)
  }

  @Test
  func `one-digit hours, starts that go back, zero length and five minutes are kept as they are`()
    throws
  {
    let folder = try InventedFolder([
      "dev.csv": meld(
        #"1,a,A,joy,positive,0,0,1,1,"0:16:16,059","0:16:21,731""#,
        #"2,b,A,joy,positive,0,1,1,1,"0:16:10,000","0:21:15,000""#,
        #"3,c,A,joy,positive,0,2,1,1,"0:16:10,500","0:16:10,500""#,
        #"4,d,A,joy,positive,0,3,1,1,"0:16:10,500","0:16:09,000""#,
        #"5,e,A,joy,positive,0,4,1,1,soon,later"#)
    ])
    let all = try imported("meld", folder["dev.csv"])
    #expect(
      all.turns.map(\.time) == [
        TimeSpan(start: 976.059, end: 981.731), TimeSpan(start: 970, end: 1275),
        TimeSpan(start: 970.5, end: 970.5), TimeSpan(start: 970.5, end: 969), nil,
      ])
    #expect(all.warnings.filter { $0.kind == .backwardTime }.map(\.row) == [5])
    #expect(all.warnings.filter { $0.kind == .unreadableValue }.map(\.row) == [6])
  }

  @Test func `the same text by the same speaker twice in a dialogue is two turns`() throws {
    let folder = try InventedFolder([
      "dev.csv": meld("1,No.,A,anger,negative,0,0,1,1,,", "2,No.,A,anger,negative,0,1,1,1,,")
    ])
    #expect(try imported("meld", folder["dev.csv"]).turns.count == 2)
  }

  @Test func `text of copies from before November 2020 and mojibake are repaired, and said`() throws
  {
    let folder = try InventedFolder([
      "dev.csv": meld(
        "1,It\u{92}s \u{93}mine\u{94}\u{85},A,joy,positive,0,0,1,1,,",
        "2,Donâ€™t! A cafÃ©â€¦,A,joy,positive,0,1,1,1,,",
        "3,Already ‘right’ – naïve café,A,joy,positive,0,2,1,1,,")
    ])
    let all = try imported("meld", folder["dev.csv"])
    #expect(
      all.turns.map(\.text) == ["It’s “mine”…", "Don’t! A café…", "Already ‘right’ – naïve café"])
    #expect(all.warnings.filter { $0.kind == .repairedText }.map(\.row) == [2, 3])
  }

  @Test func `a raw Windows-1252 copy is read, and said`() throws {
    let folder = try InventedFolder()
    var data = Data("\(meldHeader)\r\n1,It".utf8)
    data.append(0x92)
    data.append(Data("s,A,joy,positive,0,0,1,1,,\r\n".utf8))
    try folder.write("dev.csv", data)
    let all = try imported("meld", folder["dev.csv"])
    #expect(all.turns[0].text == "It’s")
    #expect(all.warnings.filter { $0.kind == .encoding }.map(\.row) == [2])
  }

  @Test func `speakers are free text`() throws {
    let folder = try InventedFolder([
      "dev.csv": meld(
        "1,a,Mara and Theo,joy,positive,0,0,1,1,,", "2,b,All,joy,positive,0,1,1,1,,",
        "3,c,Fireman #1,joy,positive,0,2,1,1,,")
    ])
    #expect(
      try imported("meld", folder["dev.csv"]).turns.map(\.speaker) == [
        "Mara and Theo", "All", "Fireman #1",
      ])
  }

  @Test func `clips are found where the release keeps them, with its known defects named`() throws {
    let row = { (dialogue: Int, turn: Int) in "1,a,A,joy,positive,\(dialogue),\(turn),1,1,," }
    let folder = try InventedFolder([
      "train_sent_emo.csv": meld(row(125, 3), row(125, 4)),
      "dev_sent_emo.csv": meld(row(110, 6), row(110, 7)),
      "test_sent_emo.csv": meld(row(0, 0), row(0, 1)),
      "train/train_splits/dia125_utt3.mp4": "x", "train/train_splits/dia125_utt4.mp4": "x",
      "dev/dev_splits_complete/dia110_utt6.mp4": "x",
      "dev/dev_splits_complete/._dia110_utt7.mp4": "x",
      "test/output_repeated_splits_test/dia0_utt0.mp4": "wrong one",
      "test/output_repeated_splits_test/final_videos_testdia0_utt0.mp4": "right one",
      "test/output_repeated_splits_test/dia0_utt1.mp4": "x",
    ])
    let all = try imported("meld", folder.path)
    #expect(all.summary?.audioFound == 5)
    #expect(all.summary?.audioMissing == 1)
    #expect(all.warnings.filter { $0.kind == .brokenAudio }.map(\.row) == [2])
    let missing = all.warnings.first { $0.kind == .missingAudio }
    #expect(missing?.row == 3 && missing?.message.contains("dia110_utt7.mp4") == true)
    #expect(
      all.turns.map(\.audio?.path) == [
        "train/train_splits/dia125_utt3.mp4", "train/train_splits/dia125_utt4.mp4",
        "dev/dev_splits_complete/dia110_utt6.mp4", "dev/dev_splits_complete/dia110_utt7.mp4",
        "test/output_repeated_splits_test/final_videos_testdia0_utt0.mp4",
        "test/output_repeated_splits_test/dia0_utt1.mp4",
      ])
  }

  @Test func `a turn's own clip plays whole, whatever its times say`() throws {
    let folder = try InventedFolder([
      "dev_sent_emo.csv": meld(#"1,a,A,joy,positive,0,0,1,1,"0:16:16,059","0:21:15,000""#),
      "dev/dev_splits_complete/dia0_utt0.mp4": "x",
    ])
    let audio = try imported("meld", folder.path).turns[0].audio
    #expect(audio == AudioSpan(path: "dev/dev_splits_complete/dia0_utt0.mp4", span: nil))
  }

  @Test func `without clips the turns are text only, and it is said once a split`() throws {
    let folder = try InventedFolder(["dev_sent_emo.csv": meld("1,a,A,joy,positive,0,0,1,1,,")])
    let all = try imported("meld", folder.path)
    #expect(all.turns[0].audio == nil)
    #expect(all.warnings.map(\.kind) == [.missingFile])
  }

  @Test func `wrong rows are skipped with file, row and reason, or end a strict import`() throws {
    let folder = try InventedFolder([
      "dev.csv": meld(
        "1,a,A,joy,positive,0,0,1,1,,", "2,b,A,joy,positive,zero,1,1,1,,", "3,short",
        "4,again,A,joy,positive,0,0,1,1,,", "5,e,A,joy,positive,0,5,1,1,,")
    ])
    let all = try imported("meld", folder["dev.csv"])
    #expect(all.turns.map(\.text) == ["a", "e"])
    #expect(all.warnings.filter(\.kind.isWrongRow).map(\.row) == [3, 4, 5])
    #expect(all.warnings.allSatisfy { $0.file == folder["dev.csv"] })
    let error = #expect(throws: CorpusError.self) {
      try imported("meld", folder["dev.csv"], ImportOptions(isStrict: true))
    }
    #expect(error?.row == 3)
  }

  @Test func `rows of a dialogue that stand apart are brought together`() throws {
    let folder = try InventedFolder([
      "dev.csv": meld(
        "1,a,A,joy,positive,0,0,1,1,,", "2,x,A,joy,positive,1,0,1,1,,",
        "3,b,A,joy,positive,0,1,1,1,,",
        "broken", "4,y,A,joy,positive,1,1,1,1,,", "5,c,A,joy,positive,0,2,1,1,,")
    ])
    let all = try imported("meld", folder["dev.csv"])
    #expect(all.dialogues.map { $0.dialogue.turns.map(\.text) } == [["a", "b", "c"], ["x", "y"]])
    #expect(all.progress.last == 1 && all.progress == all.progress.sorted())
  }

  @Test func `the two-speaker variant has no Sr No and finds its clips by the old ids`() throws {
    let folder = try InventedFolder([
      "dev_sent_emo_dya.csv": """
      Utterance,Speaker,Emotion,Sentiment,Dialogue_ID,Utterance_ID,Old_Dialogue_ID,Old_Utterance_ID,\
      Season,Episode,StartTime,EndTime
      a,A,joy,positive,0,0,17,4,1,1,,

      """,
      "dev_splits_complete/dia17_utt4.mp4": "x",
    ])
    let all = try imported("meld", folder.path)
    #expect(all.turns[0].key.description == "MELD_Dyadic/dev/0/0")
    #expect(all.turns[0].audio?.path == "dev_splits_complete/dia17_utt4.mp4")
    #expect(all.turns[0].metadata.contains(MetadataField(name: "Old_Dialogue_ID", value: "17")))
  }

  @Test func `MELT files its turns under MELD, with the language model as a rater of its own kind`()
    throws
  {
    let folder = try InventedFolder([
      "meld_test.csv": """
      filename,Sr_No.,Utterance,Speaker,Emotion,Sentiment,Dialogue_ID,Utterance_ID,Season,Episode,\
      StartTime,EndTime,llm_label
      dia0_utt0.wav,1,I€™m fine,mara,joy,positive,0,0,1,1,,,comfort

      """
    ])
    let all = try imported("melt", folder.path)
    #expect(all.turns[0].key.description == "MELD/test/0/0")
    #expect(all.turns[0].text == "I’m fine")
    #expect(all.rating("gpt-4o", "0")?.rater.kind == .llm)
    #expect(all.rating("gpt-4o", "0")?.answer.labels == ["comfort"])
    #expect(all.rating("MELD", "0")?.answer.labels == ["joy"])
    #expect(all.summary?.unknownLabels == ["comfort": 1])
    #expect(all.count(.unknownLabel) == 1)
    FormatTable.add(
      "in", "melt", rows: all.turns.count, checked: "ids, repaired texts, both raters",
      reader: "undertone")
  }

  @Test func `a file that is not MELD's says which column it lacks`() throws {
    let folder = try InventedFolder(["x.csv": "a,b\n1,2\n", "train_sent_emo.csv": ""])
    #expect(throws: CorpusError.self) { try imported("meld", folder.path) }
    let error = #expect(throws: CorpusError.self) { try imported("meld", folder["x.csv"]) }
    #expect(error?.message.contains("needs a column “Dialogue_ID”") == true)
  }
}

@Suite struct EmoryNLPImportTests {
  @Test func `speakers are Python lists, scenes are dialogues, and ids have gaps`() throws {
    let folder = try InventedFolder([
      "emorynlp_dev_final.csv": """
      Utterance,Speaker,Emotion,Scene_ID,Utterance_ID,Season,Episode,Start_Time,End_Time
      Two of us.,"['Mara Lind', 'Theo Bo']",Joyful,4,3,1,15,00:00:03.795,00:00:05.004
      Hm.,"[""Mara's boss""]",Peaceful,4,1,1,15,00:00:01.000,00:00:02.000
      Ah.,nobody,Mad,4,1,2,15,,

      """
    ])
    let all = try imported("emorynlp", folder.path)
    #expect(
      all.dialogues.map(\.dialogue.key.description) == [
        "EmoryNLP/dev/s01_e15_c04", "EmoryNLP/dev/s02_e15_c04",
      ])
    #expect(all.turns.map(\.speaker) == ["Mara's boss", "Mara Lind and Theo Bo", "nobody"])
    #expect(all.turns[1].time == TimeSpan(start: 3.795, end: 5.004))
    #expect(all.summary?.scheme == .emoryNLP)
    #expect(all.ratings[0].rater.name == "EmoryNLP")
  }

  @Test func `labels are those of the corpus, and clips are found by season, episode and scene`()
    throws
  {
    let labels = ["Neutral", "Joyful", "Scared", "Mad", "Peaceful", "Powerful", "Sad"]
    let rows = labels.enumerated().map { "a,['A'],\($1),4,\($0 + 1),1,15,,\n" }.joined()
    let folder = try InventedFolder([
      "emorynlp_dev_final.csv":
        "Utterance,Speaker,Emotion,Scene_ID,Utterance_ID,Season,Episode,Start_Time,End_Time\n"
        + rows,
      "clips/sea1_ep15_sc4_utt2.mp4": "x",
    ])
    let all = try imported("emorynlp", folder.path)
    #expect(all.ratings.map(\.answer.labels) == labels.map { [$0] })
    #expect(all.count(.unknownLabel) == 0)
    #expect(all.turns[1].audio?.path == "clips/sea1_ep15_sc4_utt2.mp4")
    #expect(all.summary?.audioFound == 1 && all.summary?.audioMissing == 6)
  }
}
