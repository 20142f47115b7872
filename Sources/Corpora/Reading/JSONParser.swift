/// A JSON value, keeping what it needs to be written again as it was.
indirect enum JSONValue {
  case null
  case bool(Bool)
  /// The number as it is spelled: ids such as `12` must not turn into `12.0`.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([(key: String, value: JSONValue)])

  /// The text of a string; `nil` for any other value.
  var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The values of a list; `nil` for any other value.
  var list: [JSONValue]? {
    if case .array(let values) = self { values } else { nil }
  }

  /// The members of an object by name, the first of each; `nil` for any other value.
  var members: [String: JSONValue]? {
    guard case .object(let members) = self else { return nil }
    return Dictionary(members.map { ($0.key, $0.value) }) { first, _ in first }
  }

  /// The value of a finite number; `nil` for any other value.
  var double: Double? {
    guard case .number(let text) = self, let value = Double(text), value.isFinite else {
      return nil
    }
    return value
  }

  /// The value as one line of JSON.
  var encoded: String {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends ``encoded`` to bytes.
  func append(to bytes: inout [UInt8]) {
    switch self {
    case .null: bytes += "null".utf8
    case .bool(let value): bytes += (value ? "true" : "false").utf8
    case .number(let text): bytes += text.utf8
    case .string(let text): JSONText.append(text, to: &bytes)
    case .array(let values):
      bytes.append(UInt8(ascii: "["))
      for (place, value) in values.enumerated() {
        if place > 0 { bytes.append(UInt8(ascii: ",")) }
        value.append(to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (place, member) in members.enumerated() {
        if place > 0 { bytes.append(UInt8(ascii: ",")) }
        JSONText.append(member.key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.value.append(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }
}

/// Writes strings as JSON has them.
enum JSONText {
  /// Appends the text in quotes, escaped as RFC 8259 asks.
  static func append(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): bytes += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0x0A: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
      case 0x0D: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
      case 0x09: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
      case 0..<0x20, 0x7F:
        let digits = Array("0123456789abcdef".utf8)
        bytes += Array("\\u00".utf8)
        bytes += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}

/// Reads one JSON value from bytes (RFC 8259).
///
/// Nesting is limited, so no input can exhaust the stack.
struct JSONParser {
  /// What is wrong with the text, as the end of a sentence.
  struct Failure: Error {
    var reason: String
  }

  private static let deepest = 64

  private let bytes: ArraySlice<UInt8>
  private var place: Int
  private(set) var metForeignEncoding = false

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    place = bytes.startIndex
  }

  /// The one value the bytes hold.
  mutating func parse() throws(Failure) -> JSONValue {
    let whole = try value(depth: 0)
    skipSpace()
    guard place == bytes.endIndex else { throw Failure(reason: "more follows the value") }
    return whole
  }

  private mutating func skipSpace() {
    while place < bytes.endIndex,
      bytes[place] == 0x20 || bytes[place] == 0x09 || bytes[place] == 0x0A || bytes[place] == 0x0D
    {
      place += 1
    }
  }

  private mutating func accept(_ byte: UInt8) -> Bool {
    skipSpace()
    guard place < bytes.endIndex, bytes[place] == byte else { return false }
    place += 1
    return true
  }

  private mutating func value(depth: Int) throws(Failure) -> JSONValue {
    guard depth <= Self.deepest else {
      throw Failure(reason: "values are nested deeper than \(Self.deepest)")
    }
    skipSpace()
    guard place < bytes.endIndex else { throw Failure(reason: "a value is missing") }
    switch bytes[place] {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    default: return try number()
    }
  }

  private mutating func literal(
    _ word: StaticString, _ value: JSONValue
  ) throws(Failure) -> JSONValue {
    let length = word.utf8CodeUnitCount
    let expected = word.description.utf8
    guard bytes.endIndex - place >= length, bytes[place..<place + length].elementsEqual(expected)
    else { throw Failure(reason: "a word is neither true, false nor null") }
    place += length
    return value
  }

  private mutating func number() throws(Failure) -> JSONValue {
    let start = place
    if place < bytes.endIndex, bytes[place] == UInt8(ascii: "-") { place += 1 }
    let whole = digits()
    guard whole > 0 else { throw Failure(reason: "a value is missing or not in quotes") }
    if place < bytes.endIndex, bytes[place] == UInt8(ascii: ".") {
      place += 1
      guard digits() > 0 else { throw Failure(reason: "a number ends in its point") }
    }
    if place < bytes.endIndex, bytes[place] | 0x20 == UInt8(ascii: "e") {
      place += 1
      if place < bytes.endIndex,
        bytes[place] == UInt8(ascii: "+") || bytes[place] == UInt8(ascii: "-")
      {
        place += 1
      }
      guard digits() > 0 else { throw Failure(reason: "a number ends in its exponent") }
    }
    return .number(String(decoding: bytes[start..<place], as: UTF8.self))
  }

  private mutating func digits() -> Int {
    let start = place
    while place < bytes.endIndex, (0x30...0x39).contains(bytes[place]) { place += 1 }
    return place - start
  }

  private mutating func array(depth: Int) throws(Failure) -> JSONValue {
    place += 1
    var values: [JSONValue] = []
    if accept(UInt8(ascii: "]")) { return .array(values) }
    repeat { values.append(try value(depth: depth + 1)) } while accept(UInt8(ascii: ","))
    guard accept(UInt8(ascii: "]")) else { throw Failure(reason: "a list is not closed") }
    return .array(values)
  }

  private mutating func object(depth: Int) throws(Failure) -> JSONValue {
    place += 1
    var members: [(key: String, value: JSONValue)] = []
    if accept(UInt8(ascii: "}")) { return .object(members) }
    repeat {
      skipSpace()
      guard place < bytes.endIndex, bytes[place] == UInt8(ascii: "\"") else {
        throw Failure(reason: "a name in quotes is missing")
      }
      let key = try string()
      guard accept(UInt8(ascii: ":")) else {
        throw Failure(reason: "a colon is missing after \(quoted(key))")
      }
      members.append((key, try value(depth: depth + 1)))
    } while accept(UInt8(ascii: ","))
    guard accept(UInt8(ascii: "}")) else { throw Failure(reason: "an object is not closed") }
    return .object(members)
  }

  private mutating func string() throws(Failure) -> String {
    place += 1
    let start = place
    while place < bytes.endIndex, bytes[place] != UInt8(ascii: "\""),
      bytes[place] != UInt8(ascii: "\\"), bytes[place] >= 0x20
    {
      place += 1
    }
    guard place < bytes.endIndex else { throw Failure(reason: "a quote is never closed") }
    if bytes[place] == UInt8(ascii: "\"") {
      place += 1
      return decode(bytes[start..<place - 1])
    }
    return try escapedString(Array(bytes[start..<place]))
  }

  private mutating func escapedString(_ head: [UInt8]) throws(Failure) -> String {
    var result = head
    while place < bytes.endIndex {
      let byte = bytes[place]
      place += 1
      switch byte {
      case UInt8(ascii: "\""): return decode(result[...])
      case UInt8(ascii: "\\"): try escape(into: &result)
      case 0..<0x20: throw Failure(reason: "a control character stands in a text unescaped")
      default: result.append(byte)
      }
    }
    throw Failure(reason: "a quote is never closed")
  }

  private mutating func escape(into result: inout [UInt8]) throws(Failure) {
    guard place < bytes.endIndex else { throw Failure(reason: "a quote is never closed") }
    let byte = bytes[place]
    place += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(byte)
    case UInt8(ascii: "b"): result.append(0x08)
    case UInt8(ascii: "f"): result.append(0x0C)
    case UInt8(ascii: "n"): result.append(0x0A)
    case UInt8(ascii: "r"): result.append(0x0D)
    case UInt8(ascii: "t"): result.append(0x09)
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if (0xD800..<0xDC00).contains(code), place + 1 < bytes.endIndex,
        bytes[place] == UInt8(ascii: "\\"), bytes[place + 1] == UInt8(ascii: "u")
      {
        place += 2
        let low = try hexadecimal()
        guard (0xDC00..<0xE000).contains(low) else {
          throw Failure(reason: "half a surrogate pair stands alone")
        }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else {
        throw Failure(reason: "half a surrogate pair stands alone")
      }
      result += Array(String(scalar).utf8)
    default: throw Failure(reason: "an unknown escape stands in a text")
    }
  }

  private mutating func hexadecimal() throws(Failure) -> UInt32 {
    guard bytes.endIndex - place >= 4 else { throw Failure(reason: "an escape is cut off") }
    var code: UInt32 = 0
    for byte in bytes[place..<place + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw Failure(reason: "an escape is not four hexadecimal digits")
      }
      code = code << 4 | UInt32(digit)
    }
    place += 4
    return code
  }

  private mutating func decode(_ bytes: ArraySlice<UInt8>) -> String {
    let (text, isUTF8) = TextDecoding.decode(bytes)
    if !isUTF8 { metForeignEncoding = true }
    return text
  }
}
