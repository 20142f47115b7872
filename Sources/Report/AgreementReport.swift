public import Agreement

/// A summary of agreement with what a reader must know beside the numbers.
public struct AgreementReport: Sendable {
  /// What was summarised; may hold control characters.
  public var title: String
  /// What kind of raters, such as `person`; `nil` where that is not known.
  public var group: String?
  /// The statistics.
  public var summary: AgreementSummary
  /// Sentences to print under the title, such as what was left out.
  public var notes: [String]

  /// Creates a report.
  public init(
    title: String, group: String? = nil, summary: AgreementSummary, notes: [String] = []
  ) {
    self.title = title
    self.group = group
    self.summary = summary
    self.notes = notes
  }
}
