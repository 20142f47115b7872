internal import Dialogues

/// The times of a dialogue's turns, for formats in which every turn must have one.
///
/// A turn without a time, or one that does not end after it starts, gets a second of its own behind
/// all others: such a turn would otherwise be lost. Formats that can say so mark it.
struct PlacedTimes {
  /// For each turn where it stands, in seconds.
  let spans: [TimeSpan]
  /// For each turn whether it stands where its own time says.
  let isOwn: [Bool]
  /// Where the last one ends, in seconds.
  let end: Double

  /// - Parameters:
  ///   - turns: the turns of one dialogue.
  ///   - precision: how many units a second has; times are rounded to them.
  init(_ turns: [ExportedTurn], unitsPerSecond units: Double) {
    var isOwn: [Bool] = []
    var end = 0.0
    let round: (Double) -> Double = { ($0 * units).rounded() / units }
    for turn in turns {
      let time = turn.turn.time.map { TimeSpan(start: round($0.start), end: round($0.end)) }
      isOwn.append(time.map { $0.start >= 0 && $0.end > $0.start && $0.end < 1e9 } ?? false)
      if let time, isOwn.last == true { end = max(end, time.end) }
    }
    var next = end.rounded(.up)
    spans = zip(turns, isOwn).map { turn, isOwn in
      if isOwn, let time = turn.turn.time {
        return TimeSpan(start: round(time.start), end: round(time.end))
      }
      next += 1
      return TimeSpan(start: next - 1, end: next)
    }
    self.isOwn = isOwn
    self.end = max(end, next)
  }

  /// Counts what became of the turns' own times.
  func count(_ turns: [ExportedTurn], in losses: inout LossCount) {
    for (place, turn) in turns.enumerated() {
      guard let time = turn.turn.time else {
        losses.add(.untimed)
        continue
      }
      if !isOwn[place] { losses.add(.unrepresentable) }
      if isOwn[place], spans[place] != time { losses.add(.roundedTimes) }
    }
  }
}
