/// Values known by number: each is kept once, however often it occurs.
struct Numbered<Value: Hashable & Sendable>: Sendable {
  /// The values; what numbers them is their place.
  private(set) var values: [Value] = []
  private var numbers: [Value: Int32] = [:]

  /// The number of a value, a new one for a value not met before.
  mutating func number(of value: Value) -> Int32 {
    // A project has a few names and labels, mostly: they are found sooner by going through them.
    for place in 0..<Swift.min(values.count, 16) where values[place] == value {
      return Int32(place)
    }
    if let number = numbers[value] { return number }
    let number = Int32(values.count)
    values.append(value)
    if values.count > 16 { numbers[value] = number }
    return number
  }

  subscript(number: Int32) -> Value { values[Int(number)] }
}
