/// Numbers as all files have them: a decimal point, no exponent, no more digits than needed.
enum Decimal {
  /// The shortest decimal that reads back as the same number; for values beyond what is written
  /// without an exponent, as Swift writes them.
  static func text(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
    let short = "\(value)"
    guard value.isFinite, let exponent = short.firstIndex(of: "e"), value > 0, value < 1,
      let power = Int(short[short.index(after: exponent)...])
    else { return short }
    let digits = short[..<exponent].filter { $0 != "." }
    return "0." + String(repeating: "0", count: -power - 1)
      + (digits.hasSuffix("0") && digits.count == 2 ? String(digits.dropLast()) : digits)
  }

  /// The value with a fixed number of places after the point, the way C's `%.4f` has it for the
  /// sizes that times and ratings have.
  static func fixed(_ value: Double, places: Int) -> String {
    var scale = 1
    for _ in 0..<places { scale *= 10 }
    let limited = min(max(value.isFinite ? value : 0, -1e12), 1e12)
    let units = Int((abs(limited) * Double(scale)).rounded(.toNearestOrEven))
    let fraction = String(units % scale)
    return (limited < 0 && units > 0 ? "-" : "") + String(units / scale)
      + (places > 0 ? "." + String(repeating: "0", count: places - fraction.count) + fraction : "")
  }
}
