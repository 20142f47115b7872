import Dialogues
import EmotionModel

/// Turns a dialogue into suggestions in a project's labels: the model's posterior and influences,
/// and the label after decoding the dialogue as a whole.
struct Suggester: Sendable {
  let classifier: EmotionClassifier
  let mapping: LabelMapping
  private let decoder: DialogicalEmotionDecoder?
  private let scheme: LabelScheme
  private let vectors: ExternalVectors?

  /// - Parameters:
  ///   - path: the checkpoint; `nil` for the one that ships with the program.
  ///   - encoders: where encoders that are not part of the program are, for a checkpoint that needs
  ///     one.
  init(
    scheme: LabelScheme, checkpoint path: String?, locations: Locations,
    encoders: EncoderFolders = EncoderFolders()
  ) throws {
    guard let path = path ?? locations.shared("models/bundled.safetensors") else {
      throw Failure(
        "The model that ships with Undertone cannot be found; “undertone doctor” says where it was "
          + "looked for. Labelling works without it.")
    }
    classifier = try EmotionClassifier(contentsOf: path)
    vectors = try ExternalVectors.load(
      for: classifier.checkpoint, in: encoders, cache: locations.features)
    self.scheme = scheme
    mapping = LabelMapping(from: classifier.labels, to: scheme.labels.map(\.name))
    guard mapping.places.contains(where: { $0 != nil }) else {
      throw Failure(
        "The model knows \(classifier.labels.joined(separator: ", ")), and none of these is a label "
          + "of this project, so it cannot suggest any.")
    }
    decoder = classifier.checkpoint.shiftProbability.map {
      DialogicalEmotionDecoder(shiftProbability: $0)
    }
  }

  /// What the suggestions are filed under.
  var source: Source { classifier.source }

  /// One suggestion a turn, in the project's labels.
  ///
  /// - Throws: ``EncoderError`` if the checkpoint's encoder from outside fails.
  func suggestions(for dialogue: Dialogue) throws -> [Suggestion] {
    let read = try vectors?.vectors(of: dialogue.turns.map(\.text)) ?? []
    let texts = Dictionary(zip(dialogue.turns.map(\.key), read)) { first, _ in first }
    let analyses = classifier.analyse(dialogue, text: { texts[$0.key] ?? nil })
    var speakers: [String: Int] = [:]
    let voices = dialogue.turns.enumerated().map { place, turn in
      // Turns without a speaker are nobody's: none of them is taken for the same voice.
      let name = turn.speaker.isEmpty ? "\0\(place)" : turn.speaker
      let voice = speakers[name] ?? speakers.count
      speakers[name] = voice
      return voice
    }
    let states = decoder?.decode(logits: analyses.map(\.logits), speakers: voices).states
    return analyses.enumerated().map { place, analysis in
      var suggestion = analysis.suggestion
      suggestion.labels = scheme.labels.map(\.name)
      suggestion.posterior = mapping.apply(analysis.posterior).posterior
      suggestion.refined = states.flatMap { mapping.places[$0[place]] }.map {
        scheme.labels[$0].name
      }
      return suggestion
    }
  }
}
