public import Agreement
public import Dialogues

/// Which turns to look at again, the most doubtful first.
///
/// Every reason has a score from 0 to 1 with a formula of its own, and a turn stands in the queue by
/// the highest of them, turns that are alike in it by the next one: two people who differ always score 1,
/// and what the model makes of it tells such turns apart:
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
  private let scoring: ReviewScoring
  private var found = ReviewEntries()

  /// Creates an empty queue.
  public init(_ options: Options = Options()) {
    self.options = options
    scoring = ReviewScoring(quality: options.quality, reasons: options.reasons)
  }

  /// The queue so far, the highest score first, of one score that with the higher score for its next
  /// reason, and then as they were added.
  public var entries: ReviewEntries {
    var entries = found
    entries.sort()
    return entries
  }

  /// Takes over what a queue of the same options found, of turns that come after all of this one's.
  public mutating func append(_ later: ReviewQueue) {
    found.append(later.found)
    settlement.settled += later.settlement.settled
    settlement.total += later.settlement.total
  }

  /// Looks at a turn and takes it in if there is a reason, or if the scope asks for it.
  ///
  /// - Parameter place: what the entry will be known by, ascending.
  public mutating func add(_ turn: TurnUnderReview, at place: Int) {
    let standing = turn.standing
    settlement.count(standing)
    if let rater = options.rater, !turn.answers.contains(where: { $0.rater == rater }) { return }
    if let label = options.label, !turn.mentions(label) { return }
    if let pair = options.pair, !pair.differs(in: turn.answers) { return }
    let best = turn.bestPlace
    var scored = scoring.reasons(for: turn, standing, best: best)
    let isIn = options.scope.contains(
      standing, hasReason: !scored.isEmpty,
      adjudicatorsDiffer: scored.contains { $0.reason == .adjudicatorsDiffer })
    guard isIn else { return }
    if scored.isEmpty {
      // Asked for by its standing, not by a reason; where reasons were chosen, they are needed.
      guard scoring.takesAll, standing != .unrated else { return }
    } else if scored.count > 1 {
      scored.sort {
        $0.score != $1.score ? $0.score > $1.score : $0.reason.rawValue < $1.reason.rawValue
      }
    }
    found.append(turn, standing, at: place, best: best, reasons: scored)
  }

  /// The entry of a turn; `nil` if it is not in the queue.
  public func entry(_ turn: TurnUnderReview, at place: Int) -> Entry? {
    var queue = ReviewQueue(options)
    queue.add(turn, at: place)
    return queue.found.first
  }

  /// The score of a reason; `nil` if it does not hold for the turn.
  public func score(_ reason: ReviewReason, _ turn: TurnUnderReview) -> Double? {
    scoring.score(reason, turn, turn.standing, best: turn.bestPlace)
  }
}

extension TurnUnderReview {
  fileprivate func mentions(_ label: String) -> Bool {
    best == label || refined == label || answers.contains { $0.labels.contains(label) }
  }
}
