/// What the trigger model sees of a candidate: position, speakers, emotions and the shape of the
/// texts, no words.
///
/// Each feature counts on its own and once more for each distance, so that a question three turns
/// ago need not count as much as one just before.
struct TriggerFeatures {
  /// A feature that is present, with its place among ``names`` and its value.
  typealias Entry = (place: Int, value: Double)

  /// The names of all weights, in order.
  static let names: [String] =
    (0...farthest).map { "distance \($0)\($0 == farthest ? "+" : "")" }
    + kinds.flatMap { kind in
      [kind] + (0...farthestKind).map { "\(kind), distance \($0)\($0 == farthestKind ? "+" : "")" }
    }

  /// Emotions of the turn in question that the model tells apart.
  private static let targets = [
    "neutral", "joy", "surprise", "anger", "sadness", "fear", "disgust",
  ]
  private static let kinds =
    [
      "after the speaker's own last turn", "same speaker", "tens of words", "same emotion",
      "neutral", "question", "at most two words", "its speaker's emotion changed there",
      "its speaker's first turn", "the speaker spoke just before",
      "turn in question of at most three words", "turn in question of fifteen words or more",
    ] + targets.map { "turn in question is \($0)" }
  private static let farthest = 5
  private static let farthestKind = 3

  /// The features of each turn as a candidate, in order.
  static func all(of shift: EmotionShift) -> [[Entry]] {
    let last = shift.count - 1
    let own = shift.ownLast
    let emotions = shift.emotions.map(LabelMapping.canonical)
    let words = shift.texts.map { $0.split(whereSeparator: \.isWhitespace).count }
    var context = [Double](repeating: 0, count: 3 + targets.count)
    context[0] = last > 0 && own == last - 1 ? 1 : 0
    context[1] = words[last] <= 3 ? 1 : 0
    context[2] = words[last] >= 15 ? 1 : 0
    if let target = targets.firstIndex(of: emotions[last]) { context[3 + target] = 1 }
    // The place of each speaker's latest turn so far.
    var latest: [String: Int] = [:]
    return (0...last).map { turn in
      let before = latest[shift.speakers[turn]]
      if !shift.speakers[turn].isEmpty { latest[shift.speakers[turn]] = turn }
      let isSame = turn != last && own >= 0 && shift.speakers[turn] == shift.speakers[last]
      let values =
        [
          turn > own ? 1 : 0, isSame ? 1 : 0, Double(min(words[turn], 30)) / 10,
          emotions[turn] == emotions[last] ? 1 : 0, emotions[turn] == "neutral" ? 1 : 0,
          shift.texts[turn].contains("?") ? 1 : 0, words[turn] <= 2 ? 1 : 0,
          before.map { emotions[$0] != emotions[turn] } ?? false ? 1 : 0, before == nil ? 1 : 0,
        ] + context
      return entries(values, distance: last - turn)
    }
  }

  private static func entries(_ values: [Double], distance: Int) -> [Entry] {
    let step = farthestKind + 2
    var entries: [Entry] = [(min(distance, farthest), 1)]
    for (kind, value) in values.enumerated() where value != 0 {
      let first = farthest + 1 + kind * step
      entries.append((first, value))
      entries.append((first + 1 + min(distance, farthestKind), value))
    }
    return entries
  }
}
