internal import Dialogues

extension [PreparedDialogue] {
  /// Reads the turns of the data they were prepared from as word pieces, for an encoder that is
  /// trained; without one, does nothing.
  mutating func readPieces(of data: TrainingData, _ encoder: MiniLM?) {
    guard let encoder else { return }
    for (place, dialogue) in data.dialogues.enumerated() {
      self[place].pieces = dialogue.turns.map { encoder.ids(of: $0.text) }
    }
  }
}
