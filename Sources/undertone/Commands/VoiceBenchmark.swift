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
  init?(labels: [String], locations: Locations) {
    guard let folder = locations.shared("sample-dialogs") else { return nil }
    self.labels = labels
    self.locations = locations
    sounds = TurnSounds(folders: ["samples": folder])
    let key = DialogueKey(corpus: "samples", dialogue: "eclipse")
    dialogue = Dialogue(
      key: key,
      turns: (1...20).map { turn in
        Turn(
          key: TurnKey(dialogue: key, turn: "\(turn)"), speaker: ["Mara", "Theo"][turn % 2],
          text: "Something said in turn \(turn).",
          audio: AudioSpan(path: "audio/eclipse/\(turn).opus"))
      })
  }

  /// A listener that heard nothing yet.
  ///
  /// - Parameter cache: where statistics are remembered.
  func listener(cache: String?) throws -> VoiceListener? {
    try VoiceListener(labels: labels, sounds: sounds, locations: locations, cache: cache)
  }

  /// The samples of each turn.
  func samples() throws -> [[Float]] {
    try dialogue.turns.compactMap { try sounds.samples(of: $0) }
  }

  /// Statistics of samples.
  func statistics(of samples: [[Float]]) -> Int { samples.compactMap(VoiceModel.statistics).count }
}
