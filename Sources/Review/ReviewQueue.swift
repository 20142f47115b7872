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
/// * changed after reveal: the share of people who changed;
/// * adjudicators differ: 1.
public struct ReviewQueue: Sendable {
  /// What to leave out and how to score.
  public struct Options: Equatable, Sendable {
    /// The reasons that count.
    public var reasons: Set<ReviewReason>
    /// How labels are held against the model.
    public var quality: LabelQuality
    /// Which turns are taken in.
    public var scope: ReviewScope
    /// Only turns this rater answered; everybody's if `nil`.
    public var rater: String?
    /// Only turns to which somebody or the model gave this label; all if `nil`.
    public var label: String?
    /// Only turns these two people answered differently; all if `nil`.
    public var pair: RaterPair?

    /// Creates options; without arguments, all reasons and no adjudicated turns.
    public init(
      reasons: Set<ReviewReason> = Set(ReviewReason.allCases),
      quality: LabelQuality = .selfConfidence, scope: ReviewScope = .toReview,
      rater: String? = nil, label: String? = nil, pair: RaterPair? = nil
    ) {
      self.reasons = reasons
      self.quality = quality
      self.scope = scope
      self.rater = rater
      self.label = label
      self.pair = pair
    }
  }

  /// A turn in the queue.
  public struct Entry: Equatable, Sendable {
    /// Where the turn is: the number it was added under.
    public var place: Int
    /// Its reasons, the one with the highest score first; none for a turn taken in for its standing.
    public var reasons: [Scored]
    /// How far it is settled.
    public var standing: Standing
    /// What people answered.
    public var answers: [TurnUnderReview.Opinion]
    /// The model's own label; `nil` without a suggestion.
    public var suggested: String?
    /// The label after decoding the dialogue; `nil` if that was not done.
    public var refined: String?

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

  /// How many of the turns that need a decision have one.
  public struct Settlement: Equatable, Sendable {
    /// Turns that are decided or that all people agree on.
    public var settled = 0
    /// Those and the ones people differ on.
    public var total = 0

    /// Creates a count, of nothing without arguments.
    public init(settled: Int = 0, total: Int = 0) {
      self.settled = settled
      self.total = total
    }

    /// Counts a turn in, or with −1 out.
    public mutating func count(_ standing: Standing, by number: Int = 1) {
      if standing.isSettled { settled += number }
      if standing.isSettled || standing.isOpen { total += number }
    }
  }

  /// What to leave out and how to score.
  public let options: Options
  /// How far the turns added so far are settled, those left out included.
  public private(set) var settlement = Settlement()
  private let reasons: [ReviewReason]
  private var found: [Entry] = []

  /// Creates an empty queue.
  public init(_ options: Options = Options()) {
    self.options = options
    reasons = ReviewReason.allCases.filter(options.reasons.contains)
  }

  /// The queue so far, the highest score first, turns of one score as they were added.
  public var entries: [Entry] {
    var queue = self
    return queue.takeEntries()
  }

  /// Hands over the queue as ``entries`` has it and leaves none behind: entries are moved, not copied,
  /// for a hundred thousand of them are felt.
  mutating func takeEntries() -> [Entry] {
    // Most turns have no reason: those need not be sorted.
    var scored: [(score: Double, index: Int)] = []
    var order: [Int] = []
    order.reserveCapacity(found.count)
    for index in found.indices where found[index].score > 0 {
      scored.append((found[index].score, index))
    }
    scored.sort { $0.score != $1.score ? $0.score > $1.score : $0.index < $1.index }
    for item in scored { order.append(item.index) }
    for index in found.indices where found[index].score == 0 { order.append(index) }
    var entries: [Entry] = []
    swap(&entries, &found)
    // `order` says what belongs in each place; each swap puts one entry where it belongs.
    for start in order.indices {
      var place = start
      while order[place] != start {
        let next = order[place]
        entries.swapAt(place, next)
        order[place] = place
        place = next
      }
      order[place] = place
    }
    return entries
  }

  /// Takes over what a queue of the same options found, of turns that come after all of this one's.
  public mutating func append(_ later: ReviewQueue) {
    if found.isEmpty { found = later.found } else { found += later.found }
    settlement.settled += later.settlement.settled
    settlement.total += later.settlement.total
  }

  /// Looks at a turn and takes it in if there is a reason, or if the scope asks for it.
  ///
  /// - Parameter place: what the entry will be known by, ascending.
  public mutating func add(_ turn: TurnUnderReview, at place: Int) {
    let standing = turn.standing
    settlement.count(standing)
    if let entry = entry(turn, standing, at: place) { found.append(entry) }
  }

  /// The entry of a turn; `nil` if it is not in the queue.
  public func entry(_ turn: TurnUnderReview, at place: Int) -> Entry? {
    entry(turn, turn.standing, at: place)
  }

  private func entry(_ turn: TurnUnderReview, _ standing: Standing, at place: Int) -> Entry? {
    if let rater = options.rater, !turn.answers.contains(where: { $0.rater == rater }) {
      return nil
    }
    if let label = options.label, !turn.mentions(label) { return nil }
    if let pair = options.pair, !pair.differs(in: turn.answers) { return nil }
    var scored: [Scored] = []
    for reason in reasons {
      if let score = score(reason, turn) { scored.append(Scored(reason: reason, score: score)) }
    }
    let isIn = options.scope.contains(
      standing, hasReason: !scored.isEmpty,
      adjudicatorsDiffer: scored.contains { $0.reason == .adjudicatorsDiffer })
    guard isIn else { return nil }
    if scored.isEmpty {
      // Asked for by its standing, not by a reason; where reasons were chosen, they are needed.
      guard reasons.count == ReviewReason.allCases.count, standing != .unrated else { return nil }
    } else if scored.count > 1 {
      scored.sort {
        $0.score != $1.score ? $0.score > $1.score : $0.reason.rawValue < $1.reason.rawValue
      }
    }
    return Entry(
      place: place, reasons: scored, standing: standing, answers: turn.answers,
      suggested: turn.best, refined: turn.refined)
  }

  /// The score of a reason; `nil` if it does not hold for the turn.
  public func score(_ reason: ReviewReason, _ turn: TurnUnderReview) -> Double? {
    switch reason {
    case .modelAgainstPeople: return againstPeople(turn)
    case .betweenPeople: return betweenPeople(turn)
    case .modelAgainstRefined:
      guard let refined = turn.refined, let best = turn.best, best != refined else { return nil }
      return doubt(of: refined, turn)
    case .goldMissed: return missedGold(turn)
    case .changedAfterReveal:
      return turn.changes.isEmpty || turn.answers.isEmpty
        ? nil : min(1, Double(turn.changes.count) / Double(turn.answers.count))
    case .adjudicatorsDiffer: return turn.adjudicatorsDiffer ? 1 : nil
    }
  }

  private func againstPeople(_ turn: TurnUnderReview) -> Double? {
    guard let best = turn.best, !turn.answers.isEmpty else { return nil }
    // By far the most usual case, without counting: everybody gave the model's label and no other.
    if turn.answers.allSatisfy({ $0.labels.count == 1 && $0.labels[0] == best }) { return nil }
    let votes = turn.votes
    let most = votes.lazy.map(\.count).max() ?? 0
    // Where people tie, the model's side with one of them is no disagreement of its own.
    let leading = votes.lazy.filter { $0.count == most }
    guard !leading.contains(where: { $0.label == best }) else { return nil }
    return leading.map { doubt(of: $0.label, turn) }.min()
  }

  private func betweenPeople(_ turn: TurnUnderReview) -> Double? {
    guard turn.answers.count > 1, turn.unanimous == nil else { return nil }
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

  fileprivate func mentions(_ label: String) -> Bool {
    best == label || refined == label || answers.contains { $0.labels.contains(label) }
  }
}
