/// Writes JSON straight into bytes: no value is built that is only to be written.
struct JSONWriter {
  /// What was written.
  private(set) var bytes: [UInt8] = []
  private var isFirst = true

  /// Begins anew with the same memory.
  mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
    isFirst = true
  }

  private mutating func separate() {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
  }

  /// An object whose members the closure writes.
  mutating func object(_ members: (inout JSONWriter) -> Void) {
    separate()
    enclose(UInt8(ascii: "{"), UInt8(ascii: "}"), members)
  }

  /// A list whose values the closure writes.
  mutating func array(_ values: (inout JSONWriter) -> Void) {
    separate()
    enclose(UInt8(ascii: "["), UInt8(ascii: "]"), values)
  }

  private mutating func enclose(
    _ open: UInt8, _ close: UInt8, _ body: (inout JSONWriter) -> Void
  ) {
    bytes.append(open)
    isFirst = true
    body(&self)
    bytes.append(close)
    isFirst = false
  }

  private mutating func name(_ name: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    name.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    isFirst = true
  }

  /// The name of a member that is known only when the program runs; its value must follow.
  mutating func member(_ name: String) {
    separate()
    JSONText.append(name, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    isFirst = true
  }

  mutating func object(_ key: StaticString, _ members: (inout JSONWriter) -> Void) {
    name(key)
    object(members)
  }

  mutating func array(_ key: StaticString, _ values: (inout JSONWriter) -> Void) {
    name(key)
    array(values)
  }

  mutating func string(_ key: StaticString, _ value: String?) {
    name(key)
    if let value { string(value) } else { null() }
  }

  /// A number; `null` for one that JSON cannot hold.
  mutating func number(_ key: StaticString, _ value: Double?) {
    name(key)
    number(value)
  }

  /// A number with a decimal point also where it is whole: readers that infer a column's type from
  /// its first values must not take it for integers.
  mutating func real(_ key: StaticString, _ value: Double?) {
    name(key)
    let start = bytes.count
    number(value)
    if value?.isFinite == true, !bytes[start...].contains(UInt8(ascii: ".")),
      !bytes[start...].contains(UInt8(ascii: "e"))
    {
      bytes.append(contentsOf: ".0".utf8)
    }
  }

  mutating func boolean(_ key: StaticString, _ value: Bool?) {
    name(key)
    guard let value else { return null() }
    separate()
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  mutating func number(_ key: StaticString, _ value: Int?) {
    name(key)
    if let value { number(value) } else { null() }
  }

  mutating func strings(_ key: StaticString, _ values: [String]) {
    array(key) { for value in values { $0.string(value) } }
  }

  mutating func string(_ value: String) {
    separate()
    JSONText.append(value, to: &bytes)
  }

  mutating func number(_ value: Double?) {
    guard let value, value.isFinite else { return null() }
    separate()
    bytes.append(contentsOf: Decimal.text(value).utf8)
  }

  mutating func number(_ value: Int) {
    separate()
    bytes.append(contentsOf: String(value).utf8)
  }

  mutating func null() {
    separate()
    bytes.append(contentsOf: "null".utf8)
  }

  /// A line break between two values.
  mutating func newline() { bytes.append(0x0A) }
}
