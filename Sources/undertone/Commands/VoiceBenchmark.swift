import Corpora
import Dialogues
import EmotionModel

/// What hearing a dialogue costs: the longest sample dialogue, from files to what its sounds are
/// evidence for.
struct VoiceBenchmark {
  private let labels: [String]
  private let locations: Locations
  private let sounds: TurnSounds
  let dialogue: Dialogue

  /// - Parameter labels: those of the model that reads.
  /// - Returns: `nil` where the sample dialogues cannot be found.
  init?(labels: [String], locations: Locations) throws {
    guard let folder = locations.shared("sample-dialogs"),
      let importer = CorpusFormats.named("manifest")
    else { return nil }
    self.labels = labels
    self.locations = locations
    sounds = TurnSounds(folders: ["samples": folder])
    var longest: Dialogue?
    _ = try importer.read(
      "\(folder)/manifest.csv", options: ImportOptions(corpus: "samples", root: folder),
      consume: {
        if $0.dialogue.turns.count > longest?.turns.count ?? 0 { longest = $0.dialogue }
      })
    guard let longest else { return nil }
    dialogue = longest
  }

  /// A listener that heard nothing yet.
  ///
  /// - Parameters:
  ///   - voices: how closely it listens.
  ///   - cache: where statistics are remembered.
  func listener(_ voices: Voices = .fast, cache: String?) throws -> VoiceListener? {
    try VoiceListener(
      labels: labels, sounds: sounds, voices: voices, locations: locations, cache: cache)
  }

  /// The samples of each turn.
  func samples() throws -> [[Float]] {
    try dialogue.turns.compactMap { try sounds.samples(of: $0) }
  }

  /// Statistics of samples.
  func statistics(of samples: [[Float]], _ statistics: VoiceStatistics) -> Int {
    statistics.values(of: samples).count { $0 != nil }
  }
}
