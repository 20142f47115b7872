import Testing

@testable import Corpora

struct FormulaEscapeTests {
  @Test(arguments: [
    "=1+1", "+1+1", "-1+A1", "@SUM(A1)", "\tx", "-", "+", "-e", "'=1", "--1", "-1e",
  ])
  func `what a spreadsheet would run gets an apostrophe and loses it again`(cell: String) {
    #expect(FormulaEscape.added(cell) == "'" + cell)
    #expect(FormulaEscape.removed("'" + cell) == cell)
  }

  @Test(arguments: ["-1.5", "+3", "-2e-07", "'-1.5", "", "'", "happy", "0.5-", "a=b"])
  func `a number with a sign stays a number, and a text a text`(cell: String) {
    #expect(FormulaEscape.added(cell) == cell)
    #expect(FormulaEscape.removed(cell) == cell)
  }
}
