public import Dialogues
internal import Agreement
internal import Glibc

/// The formulas behind the reasons of a ``ReviewQueue``.
struct ReviewScoring: Sendable {
  private let quality: LabelQuality
  private let counted: [ReviewReason]

  init(quality: LabelQuality, reasons: Set<ReviewReason>) {
    self.quality = quality
    counted = ReviewReason.allCases.filter(reasons.contains)
  }

  /// Whether no reason is left out.
  var takesAll: Bool { counted.count == ReviewReason.allCases.count }

  /// The reasons that hold for a turn, with their scores.
  func reasons(
    for turn: TurnUnderReview, _ standing: Standing, best: Int?
  ) -> [ReviewQueue.Scored] {
    var scored: [ReviewQueue.Scored] = []
    for reason in counted {
      if let score = score(reason, turn, standing, best: best) {
        scored.append(ReviewQueue.Scored(reason: reason, score: score))
      }
    }
    return scored
  }

  /// The score of a reason; `nil` if it does not hold for the turn.
  func score(
    _ reason: ReviewReason, _ turn: TurnUnderReview, _ standing: Standing, best: Int?
  ) -> Double? {
    switch reason {
    case .modelAgainstPeople: return againstPeople(turn, best: best)
    case .betweenPeople: return betweenPeople(turn, standing)
    case .modelAgainstRefined:
      guard let refined = turn.refined, let best, turn.labels[best] != refined else { return nil }
      return doubt(of: refined, turn)
    case .goldMissed: return missedGold(turn)
    case .changedAfterReveal:
      return turn.changes.isEmpty || turn.answers.isEmpty
        ? nil : min(1, Double(turn.changes.count) / Double(turn.answers.count))
    case .adjudicatorsDiffer: return turn.adjudicatorsDiffer ? 1 : nil
    }
  }

  private func againstPeople(_ turn: TurnUnderReview, best: Int?) -> Double? {
    guard let best, !turn.answers.isEmpty else { return nil }
    let label = turn.labels[best]
    // By far the most usual case, without counting: everybody gave the model's label and no other.
    if turn.answers.allSatisfy({ $0.labels.count == 1 && $0.labels[0] == label }) { return nil }
    let votes = turn.votes
    let most = votes.lazy.map(\.count).max() ?? 0
    // Where people tie, the model's side with one of them is no disagreement of its own.
    let leading = votes.lazy.filter { $0.count == most }
    guard !leading.contains(where: { $0.label == label }) else { return nil }
    return leading.map { doubt(of: $0.label, turn) }.min()
  }

  private func betweenPeople(_ turn: TurnUnderReview, _ standing: Standing) -> Double? {
    // The standing says it already, unless somebody decided.
    guard turn.answers.count > 1,
      standing == .decided ? turn.unanimous == nil : standing != .unanimous
    else { return nil }
    let votes = turn.votes
    let total = Double(votes.reduce(0) { $0 + $1.count })
    let entropy = votes.reduce(0.0) { sum, vote in
      let share = Double(vote.count) / total
      return sum - share * log2(share)
    }
    let labels = max(turn.labels.count, votes.count)
    return entropy / log2(min(total, Double(labels)))
  }

  private func missedGold(_ turn: TurnUnderReview) -> Double? {
    guard let gold = turn.gold, !gold.isEmpty, !turn.answers.isEmpty else { return nil }
    let right = Set(gold)
    let missed = turn.answers.count { Set($0.labels).isDisjoint(with: right) }
    return missed == 0 ? nil : Double(missed) / Double(turn.answers.count)
  }

  /// How little a label fits the model's posterior; 1 for a label the model does not know.
  private func doubt(of label: String, _ turn: TurnUnderReview) -> Double {
    guard let place = turn.labels.firstIndex(of: label), turn.posterior.count > 1,
      place < turn.posterior.count
    else { return 1 }
    return 1 - quality.score(label: place, probabilities: turn.posterior)
  }
}

extension TurnUnderReview {
  /// Which of ``labels`` is the model's own, the earlier one on a tie; `nil` without a suggestion.
  var bestPlace: Int? {
    guard !posterior.isEmpty else { return nil }
    var best = 0
    for place in posterior.indices where posterior[place] > posterior[best] { best = place }
    return best < labels.count ? best : nil
  }

  /// The model's own label, the earlier one on a tie; `nil` without a suggestion.
  public var best: String? { bestPlace.map { labels[$0] } }
}
