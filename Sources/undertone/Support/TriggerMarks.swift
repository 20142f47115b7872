import Dialogues
import EmotionModel

/// Marks the turns that probably caused a change of a speaker's emotion.
struct TriggerMarks: Sendable {
  private let model: TriggerModel?

  /// Loads the trigger model that ships with the program; without its file nothing is marked.
  ///
  /// - Throws: a sentence if the file is there and damaged.
  init(_ locations: Locations) throws {
    model = try locations.shared("models/trigger.safetensors").map { path throws(CheckpointError) in
      try TriggerModel(contentsOf: path)
    }
  }

  /// Whether the file is not there, so that nothing is marked.
  var isMissing: Bool { model == nil }

  /// For each turn at which its speaker's emotion changed, the likeliest cause.
  ///
  /// - Parameter emotions: each turn's emotion, from a model or a person; `nil` where it is
  ///   unknown.
  func likeliest(in dialogue: Dialogue, emotions: [String?]) -> [Suggestion.Influence?] {
    guard let model, emotions.count == dialogue.turns.count else {
      return dialogue.turns.map { _ in nil }
    }
    let speakers = dialogue.turns.map(\.speaker)
    let texts = dialogue.turns.map(\.text)
    return dialogue.turns.indices.map { turn in
      guard
        let shift = EmotionShift(
          endingAt: turn, speakers: speakers, emotions: emotions, texts: texts),
        let found = model.likeliest(in: shift)
      else { return nil }
      let place = turn - (shift.count - 1) + found.turn
      return Suggestion.Influence(
        turn: dialogue.turns[place].key.turn, value: found.probability)
    }
  }
}
