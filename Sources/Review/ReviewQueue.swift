public import Agreement
public import Dialogues
internal import Glibc

/// Which turns to look at again, the most doubtful first.
///
/// Every reason has a score from 0 to 1 with a formula of its own, and a turn stands in the queue by
/// the highest of them:
///
/// * model against people: 1 − ``Agreement/LabelQuality`` of the people's label under the model's
///   posterior, the self-confidence unless asked otherwise (the numbers are cleanlab's);
/// * people differ: the entropy of the votes over the largest that so many votes can have,
///   log₂ min(votes, labels);
/// * model against dialogue: 1 − the quality of the refined label, likewise;
/// * gold missed: the share of people who missed it;
/// * changed after reveal: the share of people who changed.
public struct ReviewQueue: Sendable {
  /// What to leave out and how to score.
  public struct Options: Equatable, Sendable {
    /// The reasons that count.
    public var reasons: Set<ReviewReason>
    /// How labels are held against the model.
    public var quality: LabelQuality
    /// Whether turns that are adjudicated already are listed, too.
    public var includesAdjudicated: Bool
    /// Only turns this rater answered; everybody's if `nil`.
    public var rater: String?
    /// Only turns to which somebody or the model gave this label; all if `nil`.
    public var label: String?

    /// Creates options; without arguments, all reasons and no adjudicated turns.
    public init(
      reasons: Set<ReviewReason> = Set(ReviewReason.allCases),
      quality: LabelQuality = .selfConfidence, includesAdjudicated: Bool = false,
      rater: String? = nil, label: String? = nil
    ) {
      self.reasons = reasons
      self.quality = quality
      self.includesAdjudicated = includesAdjudicated
      self.rater = rater
      self.label = label
    }
  }

  /// A turn in the queue.
  public struct Entry: Equatable, Sendable {
    /// Where the turn is: the number it was added under.
    public var place: Int
    /// Its reasons, the one with the highest score first.
    public var reasons: [Scored]

    /// What the turn stands in the queue by.
    public var score: Double { reasons.first?.score ?? 0 }
  }

  /// A reason and how much it weighs, 0 to 1.
  public struct Scored: Equatable, Sendable {
    /// The reason.
    public var reason: ReviewReason
    /// Its score.
    public var score: Double

    /// Creates a scored reason.
    public init(reason: ReviewReason, score: Double) {
      self.reason = reason
      self.score = score
    }
  }

  /// What to leave out and how to score.
  public let options: Options
  private var found: [Entry] = []

  /// Creates an empty queue.
  public init(_ options: Options = Options()) {
    self.options = options
  }

  /// The queue so far, the highest score first, turns of one score as they were added.
  public var entries: [Entry] {
    found.sorted { ($1.score, $0.place) < ($0.score, $1.place) }
  }

  /// Looks at a turn and takes it in if there is a reason.
  ///
  /// - Parameter place: what the entry will be known by, ascending.
  public mutating func add(_ turn: TurnUnderReview, at place: Int) {
    if turn.isAdjudicated, !options.includesAdjudicated { return }
    if let rater = options.rater, !turn.answers.contains(where: { $0.rater == rater }) { return }
    if let label = options.label, !turn.mentions(label) { return }
    var reasons = options.reasons.compactMap { reason in
      score(reason, turn).map { Scored(reason: reason, score: $0) }
    }
    guard !reasons.isEmpty else { return }
    reasons.sort { ($1.score, $0.reason.rawValue) < ($0.score, $1.reason.rawValue) }
    found.append(Entry(place: place, reasons: reasons))
  }

  /// The score of a reason; `nil` if it does not hold for the turn.
  public func score(_ reason: ReviewReason, _ turn: TurnUnderReview) -> Double? {
    switch reason {
    case .modelAgainstPeople: againstPeople(turn)
    case .betweenPeople: betweenPeople(turn)
    case .modelAgainstRefined:
      turn.refined.flatMap { refined in
        turn.best == nil || turn.best == refined ? nil : doubt(of: refined, turn)
      }
    case .goldMissed: missedGold(turn)
    case .changedAfterReveal:
      turn.changes.isEmpty || turn.answers.isEmpty
        ? nil : min(1, Double(turn.changes.count) / Double(turn.answers.count))
    }
  }

  private func againstPeople(_ turn: TurnUnderReview) -> Double? {
    guard let best = turn.best, !turn.answers.isEmpty else { return nil }
    let votes = turn.votes
    let most = votes.map(\.count).max() ?? 0
    // Where people tie, the model's side with one of them is no disagreement of its own.
    let leading = votes.filter { $0.count == most }.map(\.label)
    guard !leading.contains(best) else { return nil }
    return leading.map { doubt(of: $0, turn) }.min()
  }

  private func betweenPeople(_ turn: TurnUnderReview) -> Double? {
    let votes = turn.votes
    guard votes.count > 1 else { return nil }
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
    return 1 - options.quality.score(label: place, probabilities: turn.posterior)
  }
}

extension TurnUnderReview {
  /// The model's own label, the earlier one on a tie; `nil` without a suggestion.
  public var best: String? {
    guard let most = posterior.max(), let place = posterior.firstIndex(of: most),
      place < labels.count
    else { return nil }
    return labels[place]
  }

  /// How many people gave each label, in the order they were first given.
  public var votes: [(label: String, count: Int)] {
    var votes: [(label: String, count: Int)] = []
    for label in answers.lazy.flatMap(\.labels) {
      if let place = votes.firstIndex(where: { $0.label == label }) {
        votes[place].count += 1
      } else {
        votes.append((label, 1))
      }
    }
    return votes
  }

  /// Whether at least two people answered and all of them alike: what an adjudicator need not decide.
  public var unanimous: [String]? {
    guard answers.count > 1, let first = answers.first?.labels,
      answers.allSatisfy({ $0.labels == first })
    else { return nil }
    return first
  }

  fileprivate func mentions(_ label: String) -> Bool {
    best == label || refined == label || answers.contains { $0.labels.contains(label) }
  }
}
