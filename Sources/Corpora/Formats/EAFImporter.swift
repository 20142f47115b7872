internal import Dialogues

/// ELAN's documents (`.eaf`): a folder of them, each a dialogue, or one file.
///
/// A tier without a parent is a speaker (its participant, else its name), its annotations with text
/// are turns; ``TierName`` says how other tiers are told from those. A child tier's annotations belong
/// to the turn they refer to, or whose time they share; its annotator is the rater. Turns without ids
/// are numbered in the order they begin. A turn plays its part of the linked recording.
struct EAFImporter: CorpusImporter {
  let name = "eaf"
  let summary = "ELAN documents (.eaf): a folder with one a dialogue, or one file"

  private static let endings = ["eaf"]

  func recognise(_ path: String) -> String? {
    DialogueFiles.recognise(path, endings: Self.endings, as: "an ELAN document")
  }

  func read(_ path: String, into run: ImportRun) throws {
    let folder = try DialogueFiles(path, endings: Self.endings, options: run.options)
    try folder.read(into: run) { file, text, key in
      let document = try EAFFile(text, path: file)
      for (row, reason) in document.wrong { try run.warn(.malformedRow, file, row: row, reason) }
      let recording = try folder.recording(of: file, named: document.media, run: run)
      var dialogue = TieredDialogue(key: key, file: file, audio: recording, run: run)
      dialogue.kinds = folder.kinds
      dialogue.title = document.properties["undertone:title"] ?? ""
      dialogue.source = document.properties["undertone:source"] ?? ""
      try dialogue.read(Self.tiers(document))
    }
  }

  private static func tiers(_ document: EAFFile) -> [Tier] {
    let byID = Dictionary(document.tiers.map { ($0.id, $0) }) { first, _ in first }
    return document.tiers.map { tier in
      var meaning = TierName(tier.id)
      let parent = tier.parent.flatMap { byID[$0] }
      if let parent {
        // A child is never turns of its own: it says something about those of its parent.
        if meaning.role == .turns { meaning.role = .metadata(tier.id) }
        meaning.subject = ancestor(of: parent, in: byID).id
      }
      let isLabels =
        switch meaning.role {
        case .labels, .dimension: true
        default: false
        }
      return Tier(
        name: tier.id, meaning: meaning, speaker: speaker(of: tier),
        rater: isLabels && !tier.annotator.isEmpty ? tier.annotator : nil,
        // Whoever made an annotation made a turn, also where nothing is written in it.
        keepsEmpty: true,
        entries: tier.annotations.compactMap { annotation in
          annotation.span.map {
            Tier.Entry(
              id: annotation.id, start: $0.start + document.origin, end: $0.end + document.origin,
              text: annotation.value,
              parent: parent?.parent == nil ? annotation.reference : nil, row: annotation.row)
          }
        })
    }
  }

  private static func speaker(of tier: EAFFile.Tier) -> String {
    tier.participant.isEmpty ? TierName.speaker(tier.id) : tier.participant
  }

  /// The topmost tier above one; a ring of parents has none, and any of it will do.
  private static func ancestor(
    of tier: EAFFile.Tier, in tiers: [String: EAFFile.Tier]
  ) -> EAFFile.Tier {
    var tier = tier
    for _ in 0..<64 {
      guard let parent = tier.parent.flatMap({ tiers[$0] }) else { break }
      tier = parent
    }
    return tier
  }
}
