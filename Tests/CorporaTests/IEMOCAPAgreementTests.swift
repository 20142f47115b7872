import Agreement
import Corpora
import Dialogues
import TestSupport
import Testing

/// The self-test that the corpus allows: its raters' lines, imported, agree as much as they do by hand.
@Suite struct IEMOCAPAgreementTests {
  private static let absent: Comment = "the shared data is not on this machine"

  private func table(_ all: Imported, _ answer: (Answer) -> String?) throws -> RatingTable {
    var builder = RatingTable.Builder()
    for rating in all.ratings where rating.rater.name.hasPrefix("IEMOCAP/E") {
      if let label = answer(rating.answer) {
        try builder.add(item: rating.turn.turn, rater: rating.rater.name, label: label)
      }
    }
    return try builder.table()
  }

  /// The first category of each rater's line, from `EmoEvaluation/Ses01F_impro01.txt`:
  ///
  /// | turn | E2 | E3 | E4 | agreeing pairs of 3 |
  /// |---|---|---|---|---|
  /// | F000 | neutral | neutral | neutral | 3 |
  /// | F001 | frustration | frustration (and anger) | surprise | 1 |
  /// | F002 | anger | frustration | surprise (and excited) | 0 |
  /// | M000 | sadness | sadness | neutral | 1 |
  /// | M001 | happiness | happiness | excited | 1 |
  /// | M002 | neutral | neutral | neutral | 3 |
  ///
  /// Observed agreement: 9 pairs of 18, 1/2. Of the 18 labels 7 are neutral, 3 frustration, 2 each
  /// surprise, sadness and happiness, 1 each anger and excited.
  ///
  /// Fleiss: P_e = (49 + 9 + 4 + 4 + 4 + 1 + 1) / 324 = 72/324 = 2/9, κ = (1/2 − 2/9) / (7/9) = 5/14.
  ///
  /// Krippendorff, nominal: D_e = 1 − (42 + 6 + 2 + 2 + 2) / (18 · 17) = 252/306 = 14/17,
  /// α = 1 − (1/2) / (14/17) = 11/28.
  @Test(.enabled(if: sharedData("iemocap_layout") != nil, absent))
  func `the categories of the corpus's raters agree as they do by hand`() throws {
    let all = try imported("iemocap", #require(sharedData("iemocap_layout")))
    let table = try table(all) { $0.labels.first }
    let fleiss = try #require(table.fleissKappa.kappa.value)
    let alpha = try #require(table.alpha(.nominal).alpha.value)
    #expect(abs(fleiss - 5.0 / 14) < 1e-12)
    #expect(abs(alpha - 11.0 / 28) < 1e-12)
    FormatTable.add(
      "in", "iemocap", rows: all.turns.count,
      checked: "raters' agreement by hand: Fleiss 5/14, alpha 11/28", reader: "own")
  }

  /// Valence of E3 and E4: F000 3 2, F001 2 2, F002 3 2, M000 2 2, M001 4 3, M002 4 4.
  ///
  /// Squared differences within turns: 1, 0, 1, 0, 1, 0, so D_o = 3/6 = 1/2. The twelve values are 2
  /// six times, 3 three times, 4 three times: Σv = 33, Σv² = 24 + 27 + 48 = 99, and the mean squared
  /// difference of two of them is 2 · (12 · 99 − 33²) / (12 · 11) = 2 · 99 / 132 = 3/2.
  /// α = 1 − (1/2) / (3/2) = 2/3.
  @Test(.enabled(if: sharedData("iemocap_layout") != nil, absent))
  func `the valence of the corpus's raters agrees as it does by hand`() throws {
    let all = try imported("iemocap", #require(sharedData("iemocap_layout")))
    let table = try table(all) { $0.dimensions["valence"].map { "\($0)" } }
    let alpha = try #require(table.alpha(.interval).alpha.value)
    #expect(abs(alpha - 2.0 / 3) < 1e-12)
  }
}
