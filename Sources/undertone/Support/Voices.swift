import ArgumentParser
import EmotionModel

/// How closely voices are listened to.
enum Voices: String, CaseIterable, ExpressibleByArgument {
  /// By statistics that cost next to nothing.
  case fast
  /// And by an encoder of speakers, which takes several times as long and errs less.
  case thorough

  /// The name of the model of voices that is trained for it.
  var modelName: String {
    switch self {
    case .fast: "voice-3"
    case .thorough: "voice-4"
    }
  }

  /// The model of voices that ships with the program; `nil` if its file is not there.
  ///
  /// - Throws: ``CheckpointError`` if it is damaged.
  func model(_ locations: Locations) throws -> (model: VoiceModel, statistics: VoiceStatistics)? {
    let file = self == .fast ? "models/audio.safetensors" : "models/audio-thorough.safetensors"
    guard let path = locations.shared(file) else { return nil }
    let statistics = try statistics(locations)
    return (try VoiceModel(contentsOf: path, statistics: statistics), statistics)
  }

  /// What is heard of a sound.
  ///
  /// - Throws: a sentence if the encoder of speakers is wanted and missing or damaged.
  func statistics(_ locations: Locations) throws -> VoiceStatistics {
    guard self == .thorough else { return VoiceStatistics() }
    guard let path = locations.shared("models/speaker.safetensors") else {
      throw Failure(
        "The encoder of speakers that ships with Undertone cannot be found; “undertone doctor” says "
          + "where it was looked for. It is not needed with: voices = \"fast\"")
    }
    return VoiceStatistics(speaker: try SpeakerEncoder(contentsOf: path))
  }
}

/// `--voices`, for the commands that listen.
struct VoicesOption: ParsableArguments {
  @Option(
    name: .long,
    help: """
      How closely voices are listened to: fast, or thorough, which errs less and takes several times \
      as long. As the settings say, else fast.
      """)
  var voices: Voices?

  /// What is wanted: on the command line, else by the settings.
  func choice(_ settings: @autoclosure () -> Settings) -> Voices { voices ?? settings().voices }
}
