internal import NeuralNet

/// Learning from another encoder's vectors of the same texts: each tower learns a linear map after
/// which its vector points where the other's does. A reduced encoder began as the other and has no
/// map: its own vectors shall point there.
///
/// The maps are dropped after training. What the other encoder has read in a billion sentences
/// comes down to a network a hundredth of its cost (as in arXiv:1503.02531, for vectors).
enum Distillation {
  /// The width of the vectors to learn from; `nil` where there are none.
  static func width(of tasks: [PreparedTask]) -> Int? {
    tasks.lazy.flatMap(\.dialogues).flatMap(\.vectors).first { $0 != nil }??.count
  }

  /// The parameters of a tower's map.
  static func parameters(of tower: TextEncoderNetwork, width: Int) -> [ParameterShape] {
    ParameterShape.linear(name(of: tower), out: width, in: tower.shape.width)
  }

  private static func name(of tower: TextEncoderNetwork) -> String { "distilled.\(tower.name)" }

  /// The mean distance between towers' mapped vectors and those to learn from; `nil` where no turn
  /// has one.
  ///
  /// - Parameters:
  ///   - text: turns × text width, the towers' vectors side by side.
  ///   - dialogues: the same turns, with the vectors to learn from.
  ///   - towers: none for a reduced encoder.
  static func loss(
    _ text: Node<Float>, _ dialogues: [PreparedDialogue], _ towers: [TextEncoderNetwork],
    _ tape: Tape<Float>, _ parameters: ParameterSet<Float>
  ) -> Node<Float>? {
    var rows: [Int] = []
    var elements: [Float] = []
    var row = 0
    for dialogue in dialogues {
      for (turn, vector) in dialogue.vectors.enumerated() {
        if let vector, !dialogue.texts[turn].words.isEmpty || towers.isEmpty {
          rows.append(row)
          elements += vector
        }
        row += 1
      }
    }
    guard !rows.isEmpty else { return nil }
    let targets = Matrix(
      rows: rows.count, columns: elements.count / rows.count, elements: elements)
    let ones = [Float](repeating: 1, count: rows.count)
    let seen = tape.gatherRows(text, rows)
    if towers.isEmpty { return tape.cosineDistance(seen, to: targets, weights: ones) }
    var start = 0
    var losses: [(loss: Node<Float>, weight: Float)] = []
    for tower in towers {
      let own = tape.columns(seen, start..<start + tower.shape.width)
      start += tower.shape.width
      let mapped = tape.linear(
        own, parameters["\(name(of: tower)).weight"], bias: parameters["\(name(of: tower)).bias"])
      losses.append(
        (tape.cosineDistance(mapped, to: targets, weights: ones), 1 / Float(towers.count)))
    }
    return losses.isEmpty ? nil : tape.weightedSum(losses)
  }
}
