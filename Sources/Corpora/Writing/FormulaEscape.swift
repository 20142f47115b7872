/// Keeps spreadsheets from running a cell as a formula.
///
/// A cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return is a formula to Excel,
/// LibreOffice or Google Sheets (OWASP, "CSV Injection"). An apostrophe before it makes it text. To be
/// reversible, a cell that already has apostrophes before such a character gets one more.
enum FormulaEscape {
  /// The cell with an apostrophe before it where one is needed.
  static func added(_ cell: String) -> String { isFormula(cell) ? "'" + cell : cell }

  /// The cell as it was before ``added(_:)``.
  static func removed(_ cell: String) -> String {
    cell.utf8.first == UInt8(ascii: "'") && isFormula(cell) ? String(cell.dropFirst()) : cell
  }

  /// Whether a cell begins like a formula, apostrophes before it aside.
  static func isFormula(_ cell: String) -> Bool {
    switch cell.utf8.first(where: { $0 != UInt8(ascii: "'") }) {
    case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0D:
      true
    default: false
    }
  }
}
