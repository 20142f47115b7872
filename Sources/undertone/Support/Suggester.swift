import Dialogues
import EmotionModel

/// Turns a dialogue into suggestions in a project's labels: the model's posterior and influences,
/// and the label after decoding the dialogue as a whole.
struct Suggester: Sendable {
  let classifier: EmotionClassifier
  let mapping: LabelMapping
  let decoder: DialogicalEmotionDecoder?
  /// Hears the turns that have sound; `nil` without the model of voices or without sound.
  let listener: VoiceListener?
  /// The labels that were mapped by hand.
  private let chosen: [String: String]
  /// Whether sounds were to be heard and there is nothing to hear them with.
  let lacksVoices: Bool
  let trigger: TriggerMarks
  private let scheme: LabelScheme
  private let vectors: ExternalVectors?
  /// For a checkpoint that listens by itself; `nil` for any other.
  private let sounds: TurnSounds?

  /// - Parameters:
  ///   - path: the checkpoint; `nil` for the one that ships with the program.
  ///   - sounds: where the turns' sound is; `nil` to read only.
  ///   - voices: how closely to listen.
  ///   - encoders: where encoders that are not part of the program are, for a checkpoint that needs
  ///     one.
  ///   - labels: for labels of the model the project's labels to take instead of those of the same
  ///     meaning.
  init(
    scheme: LabelScheme, checkpoint path: String?, sounds: TurnSounds? = nil,
    voices: Voices = .fast, locations: Locations,
    encoders: EncoderFolders = EncoderFolders(), labels chosen: [String: String] = [:]
  ) throws {
    classifier = try EmotionClassifier(
      contentsOf: try path ?? Self.shippedCheckpoint(locations))
    vectors = try ExternalVectors.load(
      for: classifier, in: encoders, cache: locations.features)
    let labels = classifier.labels
    let listens = classifier.usesAudio && (vectors?.hears ?? false)
    self.sounds = listens ? sounds : nil
    // Who listens already is not told a second time what was heard.
    listener =
      try listens
      ? nil
      : sounds.flatMap {
        try VoiceListener(
          labels: labels, sounds: $0, voices: voices, locations: locations,
          cache: locations.features)
      }
    lacksVoices = sounds != nil && !listens && listener == nil
    trigger = try TriggerMarks(locations)
    self.scheme = scheme
    mapping = try LabelMapping(from: classifier.labels, to: scheme.labels.map(\.name))
      .mapping(chosen)
    self.chosen = chosen
    guard mapping.places.contains(where: { $0 != nil }) else {
      throw Failure(
        "The model knows \(classifier.labels.joined(separator: ", ")), and none of these is a label "
          + "of this project, so it cannot suggest any.")
    }
    decoder = classifier.model.shiftProbability.map {
      DialogicalEmotionDecoder(shiftProbability: $0)
    }
  }

  /// The path of the checkpoint that ships with the program.
  static func shippedCheckpoint(_ locations: Locations) throws -> String {
    guard let path = locations.shared("models/bundled.safetensors") else {
      throw Failure(
        "The model that ships with Undertone cannot be found; “undertone doctor” says where it was "
          + "looked for. Labelling works without it.")
    }
    return path
  }

  /// What the suggestions are filed under.
  var source: Source {
    var source = classifier.source
    if let listener { source.details += "; \(listener.details)" }
    for (theirs, ours) in chosen.sorted(by: { $0.key < $1.key }) {
      source.details += "; \(theirs) taken for \(ours)"
    }
    return source
  }

  /// One suggestion a turn, in the project's labels.
  ///
  /// - Throws: ``EncoderError`` if the checkpoint's encoder from outside fails.
  func suggestions(for dialogue: Dialogue) throws -> [Suggestion] {
    let texts = try textVectors(of: dialogue)
    let heard = try sounds.flatMap { try vectors?.soundVectors(of: dialogue, $0) } ?? [:]
    var analyses = classifier.analyse(
      dialogue, text: { texts[$0.key] ?? nil }, audio: { heard[$0.key] })
    let readings = analyses.map(\.posterior)
    for (place, evidence) in (listener?.evidence(in: dialogue, readings: readings) ?? [])
      .enumerated()
    {
      if let evidence { analyses[place] = analyses[place].hearing(evidence) }
    }
    // From here on in the project's labels: what is explained and decoded is what is shown.
    analyses = analyses.map { $0.mapped(by: mapping) }
    let states = decoder?.decode(
      logits: analyses.map(\.logits), speakers: Self.voices(in: dialogue)
    ).states
    let marks = trigger.likeliest(in: dialogue, emotions: analyses.map { $0.labels[$0.best] })
    return analyses.enumerated().map { place, analysis in
      var suggestion = analysis.suggestion
      suggestion.labels = scheme.labels.map(\.name)
      let probabilities = Dictionary(
        zip(analysis.labels, analysis.posterior), uniquingKeysWith: { first, _ in first })
      suggestion.posterior = suggestion.labels.map { probabilities[$0] ?? 0 }
      if let state = states?[place] {
        suggestion.refined = analysis.labels[state]
        // Where decoding changed the label, the question is why this one and not the model's own.
        if state != analysis.best {
          suggestion.influences = analysis.influences(for: state, over: analysis.best)
        }
      }
      suggestion.trigger = marks[place]
      return suggestion
    }
  }

  /// What the checkpoint's encoder from outside makes of the turns' texts; nothing for a checkpoint
  /// with its own.
  func textVectors(of dialogue: Dialogue) throws -> [TurnKey: [Float]?] {
    let read = try vectors?.vectors(of: dialogue.turns.map(\.text)) ?? []
    return Dictionary(zip(dialogue.turns.map(\.key), read)) { first, _ in first }
  }

  /// Who speaks each turn, as numbers.
  ///
  /// Turns without a speaker are nobody's: none of them is taken for the same voice.
  static func voices(in dialogue: Dialogue) -> [Int] {
    var speakers: [String: Int] = [:]
    return dialogue.turns.enumerated().map { place, turn in
      let name = turn.speaker.isEmpty ? "\0\(place)" : turn.speaker
      let voice = speakers[name] ?? speakers.count
      speakers[name] = voice
      return voice
    }
  }
}

extension ExternalVectors {
  /// What an encoder that hears makes of the turns' sound; nothing for a turn without, and for one
  /// whose sound cannot be read: the annotator says so when it is played.
  ///
  /// - Throws: ``EncoderError`` if the encoder fails.
  func soundVectors(of dialogue: Dialogue, _ sounds: TurnSounds) throws -> [TurnKey: [Float]] {
    var found: [TurnKey: [Float]] = [:]
    guard hears else { return found }
    for turn in dialogue.turns {
      guard let samples = (try? sounds.samples(of: turn, rate: ExternalVectors.soundRate)) ?? nil
      else { continue }
      found[turn.key] = try vector(ofSound: samples)
    }
    return found
  }
}
