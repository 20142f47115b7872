public import Agreement

/// Agreement between raters with what a reader must know beside the numbers.
///
/// One value for all formats: ``text()``, ``json()``, ``csv()``, ``latex()`` and ``html()`` print it
/// and compute nothing.
public struct AgreementReport: Sendable {
  /// What answers are: names, places in an order, values, or sets.
  public enum Level: String, CaseIterable, Sendable {
    case nominal, ordinal, interval, ratio
    case sets = "set"
  }

  /// What was summarised, such as the path of a project; may hold control characters.
  public var title: String
  /// The program and its version, such as `undertone 0.1.0`; for methods paragraphs.
  public var program: String
  /// What kind of raters, such as `person`; `nil` where that is not known.
  public var group: String?
  /// Sentences to print under the title, such as what was left out.
  public var notes: [String]
  /// What answers are.
  public var level: Level
  /// What the statistics rest on.
  public var counts: RatingCounts
  /// How intervals were made.
  public var resampling: Resampling
  /// The statistics to read first: α with its interval, raw agreement, AC1 or AC2.
  public var headline: [Measure]
  /// The other statistics over everything.
  public var others: [Measure]
  /// Each label against the rest; empty for values on a scale.
  public var labels: [LabelRow]
  /// The raters' names; places in ``pairwise`` count in it.
  public var raters: [String]
  /// Each rater that was compared.
  public var raterRows: [RaterRow]
  /// Labels of pairs of raters; `nil` for values on a scale, which are not counted by label.
  public var pairwise: Pairwise?
  /// The answers that ``pairwise`` and ``RaterRow/answers`` count, in their order.
  public var answers: [String]
  /// The headline by speaker, position and the like.
  public var breakdowns: [Breakdown]
  /// What the votes on turns say of their labels; `nil` where it was not asked for, or answers are no
  /// labels.
  public var truth: TruthReport?
  /// How far raters agree with themselves; empty where nobody rated anything again.
  public var repeats: [RepeatRow]
  /// How suggestions moved people, and how people worked; `nil` for ratings from nowhere.
  public var study: StudyReport?
  /// Models beside people; empty where none was asked for.
  public var models: [ModelBesidePeople]
  /// Reports on values of dimensions such as valence, and on other groups of raters.
  public var parts: [AgreementReport]
}

/// A statistic of a report with what it rests on.
public struct Measure: Equatable, Sendable {
  /// Which statistic.
  public var quantity: Quantity
  /// Its value and interval, or why there is none.
  public var estimate: Estimate
  /// How many turns it rests on.
  public var turns: Int

  /// Creates a measure.
  public init(_ quantity: Quantity, _ estimate: Estimate, turns: Int) {
    self.quantity = quantity
    self.estimate = estimate
    self.turns = turns
  }
}

/// One label against the rest.
public struct LabelRow: Equatable, Sendable {
  /// The label.
  public var label: String
  /// Its ratings on turns with at least two.
  public var ratings: Int
  /// Its share of those.
  public var prevalence: Statistic
  /// Of the pairs with one rating of the label, the share with two; not for sets.
  public var specific: Estimate?
  /// Fleiss's κ; not for sets.
  public var kappa: Estimate?
  /// Krippendorff's α.
  public var alpha: Estimate
}

/// One rater beside the others.
public struct RaterRow: Equatable, Sendable {
  /// The name.
  public var rater: String
  /// Their ratings.
  public var ratings: Int
  /// How often they gave each answer of ``AgreementReport/answers``; empty for values.
  public var answers: [Int]
  /// What sets them apart: mean κ and α without them, or bias and spread.
  public var measures: [Measure]
  /// Turns by the rater's answer (row) and the majority of the others (column), row after row; empty for
  /// values.
  public var againstMajority: [Int] = []
}

/// How far one rater agrees with themselves.
public struct RepeatRow: Equatable, Sendable {
  /// The name.
  public var rater: String
  /// Turns rated again.
  public var turns: Int
  /// Raw agreement, κ of the first with the second answers, α.
  public var measures: [Measure]
}

/// The headline in each part of the ratings, such as each speaker's turns.
public struct Breakdown: Equatable, Sendable {
  /// What the ratings were cut by: `speaker`, `label`, `position`, `condition`, `window`, `split`.
  public var scope: String
  /// What a part is, in a sentence.
  public var explanation: String
  /// Whether the parts have an order, such as that of time.
  public var isOrdered: Bool
  /// The parts.
  public var parts: [Part]

  /// The headline of one part.
  public struct Part: Equatable, Sendable {
    /// Its name, such as the speaker's.
    public var name: String
    /// What it rests on.
    public var counts: RatingCounts
    /// The same statistics as ``AgreementReport/headline``.
    public var measures: [Measure]
    /// The same as ``AgreementReport/others``; for JSON and CSV.
    public var others: [Measure] = []
    /// Each label against the rest; for JSON and CSV.
    public var labels: [LabelRow] = []
  }
}

/// A model beside people.
public struct ModelBesidePeople: Equatable, Sendable {
  /// The model's name.
  public var model: String
  /// What the comparison found.
  public var comparison: ModelComparison

  /// Creates an entry of a report.
  public init(model: String, comparison: ModelComparison) {
    self.model = model
    self.comparison = comparison
  }
}
