/// A rater's labels against the majority of the other raters.
public struct AgainstMajority: Equatable, Sendable {
  /// Items by the rater's label (row) and the others' majority (column): the rater's confusions. Its
  /// ``PairTable/rawAgreement`` is the rater's accuracy, its ``PairTable/cohenKappa`` that beyond
  /// chance.
  public let table: PairTable
  /// Items that others rated too, but without one label ahead: left out of the table.
  public let ties: Int
}
