internal import Dialogues

/// Praat's TextGrids: a folder of them, each a dialogue, or one file.
///
/// An interval tier is a speaker and its intervals with text are turns; ``TierName`` says how tiers of
/// labels, dimensions, words and ids are told from those. Turns without ids are numbered in the order
/// they begin. The recording is the file of the same name beside it, and a turn its part of it. Points
/// are no turns: their marks become further columns of the turns they fall into.
struct TextGridImporter: CorpusImporter {
  let name = "textgrid"
  let summary = "Praat TextGrids: a folder with one file a dialogue, or one file"

  private static let endings = ["textgrid"]

  func recognise(_ path: String) -> String? {
    DialogueFiles.recognise(path, endings: Self.endings, as: "a TextGrid")
  }

  func read(_ path: String, into run: ImportRun) throws {
    let folder = try DialogueFiles(path, endings: Self.endings, options: run.options)
    try folder.read(into: run) { file, text, key in
      let grid = try TextGridFile(text, path: file)
      for (row, reason) in grid.wrong { try run.warn(.malformedRow, file, row: row, reason) }
      var tiers: [Tier] = []
      for tier in grid.tiers {
        var meaning = TierName(tier.name)
        if tier.isPoints, meaning.role == .turns {
          meaning = TierName(tier.name + "@")
          try run.warn(
            .choice, file,
            "the tier \(quoted(tier.name)) holds points, which are no turns; its marks become further "
              + "columns of the turns they fall into.")
        }
        tiers.append(
          Tier(
            name: tier.name, meaning: meaning, speaker: TierName.speaker(tier.name),
            entries: tier.entries.map {
              Tier.Entry(start: $0.start, end: $0.end, text: $0.text, row: $0.row)
            }))
      }
      let recording = try folder.recording(of: file, run: run)
      var dialogue = TieredDialogue(key: key, file: file, audio: recording, run: run)
      dialogue.kinds = folder.kinds
      try dialogue.read(tiers)
    }
  }
}
