/// Keeps spreadsheets from running a cell as a formula.
///
/// A cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return is a formula to Excel,
/// LibreOffice or Google Sheets (OWASP, "CSV Injection"). An apostrophe before it makes it text. To be
/// reversible, a cell that already has apostrophes before such a character gets one more. A number with
/// a sign is a number to them, too, and stays one: scores of models are mostly negative.
enum FormulaEscape {
  /// The cell with an apostrophe before it where one is needed.
  static func added(_ cell: String) -> String { isFormula(cell) ? "'" + cell : cell }

  /// The cell as it was before ``added(_:)``.
  static func removed(_ cell: String) -> String {
    cell.utf8.first == UInt8(ascii: "'") && isFormula(cell) ? String(cell.dropFirst()) : cell
  }

  /// Whether a cell begins like a formula, apostrophes before it aside.
  static func isFormula(_ cell: String) -> Bool {
    let rest = cell.utf8.drop { $0 == UInt8(ascii: "'") }
    switch rest.first {
    case UInt8(ascii: "-"), UInt8(ascii: "+"): return !isNumber(rest)
    case UInt8(ascii: "="), UInt8(ascii: "@"), 0x09, 0x0D: return true
    default: return false
    }
  }

  private static func isNumber(_ text: Substring.UTF8View) -> Bool {
    let isDecimal = text.allSatisfy {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || "+-.eE".utf8.contains($0)
    }
    return isDecimal && Double(Substring(text)) != nil
  }
}
