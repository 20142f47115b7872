/// An excerpt in which people have said which turns caused the change.
public struct TriggerCase: Equatable, Sendable {
  /// The excerpt.
  public let shift: EmotionShift
  /// Whether each turn is a cause; `nil` where nobody said.
  public let triggers: [Bool?]

  /// Creates a case.
  ///
  /// - Precondition: there is one answer a turn.
  public init(shift: EmotionShift, triggers: [Bool?]) {
    precondition(shift.count == triggers.count, "one answer a turn")
    self.shift = shift
    self.triggers = triggers
  }

  /// A hash of speakers and texts (FNV-1a), by which a model knows what it was trained on.
  public var fingerprint: UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for text in shift.speakers + shift.texts {
      for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
      hash = (hash ^ 0xFF) &* 0x100_0000_01B3
    }
    return hash
  }

  /// One row for each turn somebody gave an answer for.
  var rows: [LogisticRegression.Row] {
    zip(TriggerFeatures.all(of: shift), triggers).compactMap { features, answer in
      answer.map { LogisticRegression.Row(features: features, isPositive: $0) }
    }
  }

  /// For each case the number of the dialogue it was cut from.
  ///
  /// MELD-FR cuts a dialogue anew for each change in it, so its opening turns come again and
  /// again, in files that do not name the dialogue. Cases belong together if they share a turn of
  /// five words or more, or two turns in a row; whoever does not keep them together tests on what
  /// was trained on.
  public static func dialogues(of cases: [TriggerCase]) -> [Int] {
    var parents = Array(cases.indices)
    func root(_ place: Int) -> Int {
      var place = place
      while parents[place] != place { place = parents[place] }
      return place
    }
    var owners: [[String]: Int] = [:]
    for (place, annotated) in cases.enumerated() {
      let shift = annotated.shift
      let texts = shift.texts.map { text in
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")
      }
      var keys: [[String]] = []
      for turn in texts.indices {
        if texts[turn].split(separator: " ").count >= 5 {
          keys.append([shift.speakers[turn], texts[turn]])
        }
        if turn > 0 { keys.append([texts[turn - 1], texts[turn], ""]) }
      }
      for key in keys {
        if let owner = owners[key] {
          // The earlier case is the root, so that numbers do not depend on hashing.
          let (a, b) = (root(owner), root(place))
          parents[max(a, b)] = min(a, b)
        } else {
          owners[key] = place
        }
      }
    }
    return cases.indices.map(root)
  }
}
