// What the model learned from corrections, and going back to what it said before.

extension State {
  /// Says what came of learning.
  ///
  /// Nothing where no suggestion may be seen: who labels blind is not to wonder what a model would
  /// say by now.
  mutating func tell(_ news: LearningNews) {
    guard showsSuggestions, overlay == nil, message?.kind != .problem else { return }
    let scores =
      "\(percent(news.accuracy)) of held-out turns right, \(percent(news.accuracyBefore)) before"
    inform(
      news.isUsed
        ? "The model learned from \(news.turns) turns: \(scores). "
          + "\(keys.key(of: .earlierSuggestions)) goes back."
        : "What the model learned from \(news.turns) turns is not used: \(scores).")
  }

  mutating func goBackToEarlierSource() -> [Effect] {
    guard let dialogue else { return [] }
    guard showsSuggestions else {
      inform("No suggestions are shown here, so there are none to go back to.")
      return []
    }
    return [.goBackToEarlierSource(dialogue: dialogue.place)]
  }

  mutating func tellSource(_ source: String?, isLearned: Bool) {
    guard let source else {
      inform("Nothing that was learned from corrections is shown in this project.")
      return
    }
    inform(
      isLearned
        ? "Suggestions come from \(source) from now on, except where that learned; "
          + "\(keys.key(of: .earlierSuggestions)) goes on."
        : "Nothing has been learned from corrections yet: suggestions come from \(source).")
  }

  private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
}
