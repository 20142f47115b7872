internal import Dialogues

/// A queue that is worked through: its order stays as it was made while turns are settled, so that
/// “next” and “previous” mean the same all along.
public struct ReviewBook: Sendable {
  /// All turns of the queue in the order to look at them.
  public private(set) var entries: ReviewEntries
  /// How far the project is settled.
  public private(set) var settlement: ReviewQueue.Settlement

  /// Takes over a queue.
  public init(_ queue: ReviewQueue) {
    settlement = queue.settlement
    entries = queue.entries
  }

  /// Puts what is known of a turn now in the place of what was known; a turn not met before comes last.
  public mutating func replace(_ entry: ReviewQueue.Entry) {
    settlement.count(entry.standing)
    if let rank = entries.rank(ofPlace: entry.place) {
      settlement.count(entries.row(atRank: rank).standing, by: -1)
    }
    entries.replace(entry)
  }

  /// Takes note that a turn is being decided.
  public mutating func decide(_ place: Int) {
    guard let rank = entries.rank(ofPlace: place) else { return }
    var entry = entries[rank]
    entry.standing = .decided
    entry.reasons.removeAll { $0.reason == .adjudicatorsDiffer }
    replace(entry)
  }

  /// Takes note that nothing is known of a turn any more.
  public mutating func clear(_ place: Int) {
    guard let rank = entries.rank(ofPlace: place) else { return }
    var entry = entries[rank]
    entry.standing = .unrated
    entry.reasons = []
    entry.answers = []
    replace(entry)
  }

  /// The turn that comes next among some of the entries, round the end.
  ///
  /// - Parameters:
  ///   - ranks: places in ``entries``, ascending.
  ///   - place: the turn to go on from, one of them or not; from the start if `nil`.
  ///   - forward: whether to go down the list.
  /// - Returns: a place in `ranks`; `nil` if there is no other turn.
  public func step(among ranks: [Int], from place: Int?, forward: Bool) -> Int? {
    guard !ranks.isEmpty else { return nil }
    guard let place else { return 0 }
    guard let current = entries.rank(ofPlace: place) else { return forward ? 0 : ranks.count - 1 }
    // The first of the list that does not come before the turn in front.
    var (low, high) = (0, ranks.count)
    while low < high {
      let middle = (low + high) / 2
      if ranks[middle] < current { low = middle + 1 } else { high = middle }
    }
    let isListed = low < ranks.count && ranks[low] == current
    if isListed, ranks.count == 1 { return nil }
    let next = forward ? low + (isListed ? 1 : 0) : low - 1
    return (next + ranks.count) % ranks.count
  }
}
