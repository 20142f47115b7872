/// How often a speaker's emotion changes from one of their turns to their next one, counted in
/// training dialogues.
///
/// The published decoder estimated it from the labels it was tested on; here it is a value of its
/// own, so that the caller decides which dialogues it comes from.
public struct ShiftProbability: Equatable, Sendable {
  /// Pairs of a speaker's consecutive turns with different labels.
  public private(set) var shifts = 0
  /// Pairs of a speaker's consecutive turns that both have a label.
  public private(set) var pairs = 0

  /// Counts of no dialogue.
  public init() {}

  /// Adds the turns of one dialogue in spoken order.
  ///
  /// - Parameters:
  ///   - speakers: who speaks each turn.
  ///   - labels: each turn's label; `nil` where it has none, which leaves out the pairs it is in.
  ///     Labels the model does not know count as what they are: a shift is a shift.
  public mutating func add<Speaker: Hashable, Label: Hashable>(
    speakers: [Speaker], labels: [Label?]
  ) {
    var latest: [Speaker: Label?] = [:]
    for (speaker, label) in zip(speakers, labels) {
      if let before = latest.updateValue(label, forKey: speaker), let before, let label {
        pairs += 1
        shifts += before == label ? 0 : 1
      }
    }
  }

  /// Adds the counts of other dialogues.
  public mutating func add(_ other: ShiftProbability) {
    shifts += other.shifts
    pairs += other.pairs
  }

  /// The counts without those of some of their dialogues, for leaving one group out.
  public func without(_ part: ShiftProbability) -> ShiftProbability {
    var rest = self
    rest.shifts -= part.shifts
    rest.pairs -= part.pairs
    return rest
  }

  /// p₀ = (1 + shifts) / pairs, as published; `nil` without a single pair, which says nothing.
  ///
  /// Where all pairs (or all but one) are shifts the published value is 1 or more, which is no
  /// probability; there (1 + shifts) / (2 + pairs) is used, Laplace's estimate.
  public var value: Double? {
    guard pairs > 0 else { return nil }
    return shifts + 1 < pairs
      ? Double(1 + shifts) / Double(pairs) : Double(1 + shifts) / Double(2 + pairs)
  }
}
