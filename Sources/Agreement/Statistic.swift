/// A statistic's value, or why it has none.
///
/// Agreement statistics divide by what chance leaves over, which can be nothing. Libraries then
/// answer 1, 0, NaN or crash; here it is a case of its own, so that no report can print it as a
/// number.
public enum Statistic: Equatable, Sendable {
  /// The value; negative where raters agree less than chance.
  case value(Double)
  /// There is no value.
  case undefined(Reason)

  /// Why a statistic has no value.
  public enum Reason: Hashable, Sendable {
    /// No item has ratings by two raters.
    case nothingShared
    /// All ratings that count are the same label, so chance agreement is complete as well.
    case noVariation
    /// Chance alone would agree on everything.
    case chanceIsComplete
    /// Raters, or rated items, differ in number where the definition needs a constant number.
    case unequalNumbers
    /// The table does not have exactly two raters.
    case notTwoRaters
    /// The label does not occur in any rating that counts.
    case labelNotUsed
    /// A label is not a number where the level of measurement needs numbers.
    case notNumeric
    /// A value is negative where the ratio level needs a natural zero.
    case negativeValue
    /// There are more raters than pairs can be formed of in reasonable time.
    case tooManyRaters
    /// There are more distinct values than can be compared with one another.
    case tooManyValues
    /// Fewer than two items have the ratings the definition needs.
    case tooFewItems
    /// The values do not vary.
    case noVariance
    /// Nobody rated the item.
    case notRated
    /// The raters who count have no weight together.
    case noWeight
    /// The others' ratings have no majority.
    case noMajority
    /// No answer was given with a suggestion in view.
    case nothingShown
    /// No answer in the arm with suggestions is to a turn that has one.
    case nothingAssisted
    /// No answer in the control arm is to a turn that has a suggestion.
    case noControl
    /// No answer was given again after a reveal.
    case nothingRevealed
    /// Of no answer it is known how long it took and how long the sound is.
    case notTimed
    /// No turn that was answered has sound.
    case notAudible
  }

  /// The value, if there is one.
  public var value: Double? {
    if case .value(let value) = self { value } else { nil }
  }

  /// Why there is no value, if there is none.
  public var reason: Reason? {
    if case .undefined(let reason) = self { reason } else { nil }
  }

  /// A quotient: undefined for `reason` where the divisor is 0, or neither is a finite number.
  static func quotient(_ part: Double, _ whole: Double, else reason: Reason) -> Statistic {
    let quotient = part / whole
    return whole == 0 || !quotient.isFinite ? .undefined(reason) : .value(quotient)
  }

  /// (observed − expected) / (1 − expected), the form all κ share.
  ///
  /// Sums of fractions that should make 1 miss it by a few units of the last place; a remainder
  /// that small is nothing.
  static func corrected(observed: Double, expected: Double) -> Statistic {
    let rest = 1 - expected
    return rest < 1e-13
      ? .undefined(.chanceIsComplete) : .value((observed - expected) / rest)
  }
}

extension Statistic.Reason: CustomStringConvertible {
  /// The reason as part of a sentence, such as `no item has two ratings`.
  public var description: String {
    switch self {
    case .nothingShared: "no item has two ratings"
    case .noVariation: "all ratings are the same label"
    case .chanceIsComplete: "chance alone would agree on everything"
    case .unequalNumbers: "items differ in their number of ratings"
    case .notTwoRaters: "needs exactly two raters"
    case .labelNotUsed: "nobody used the label where two rated"
    case .notNumeric: "labels are not numbers"
    case .negativeValue: "a value is negative"
    case .tooManyRaters: "too many raters to compare in pairs"
    case .tooManyValues: "too many different values"
    case .tooFewItems: "fewer than two items are rated by all"
    case .noVariance: "the values do not vary"
    case .notRated: "nobody rated the item"
    case .noWeight: "the raters' weights do not add up to more than nothing"
    case .noMajority: "the others' ratings have no majority"
    case .nothingShown: "no answer was given with a suggestion in view"
    case .nothingAssisted: "no answer in the arm with suggestions is to a turn that has one"
    case .noControl: "no answer in the control arm is to a turn that has a suggestion"
    case .nothingRevealed: "no answer was given again after a reveal"
    case .notTimed: "no answer has both its time and the length of its sound"
    case .notAudible: "no turn that was answered has sound"
    }
  }
}
