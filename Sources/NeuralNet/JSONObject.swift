/// As much of JSON as the header of a safetensors file needs: kept in order and with duplicate
/// keys, which a dictionary would hide and which are a way to smuggle in a second meaning.
enum JSONNode: Equatable, Sendable {
  case object([Member])
  case array([JSONNode])
  case string(String)
  case integer(Int)

  /// A key of an object and what it stands for.
  struct Member: Equatable, Sendable {
    var key: String
    var value: JSONNode
  }
}

/// A reader of the above.
///
/// Anything else that JSON allows (fractions, `null`, `true`) has no place in such a header and is
/// refused, like nesting deeper than the format has.
struct JSONReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) {
    rest = bytes
  }

  /// What is wrong with the text.
  struct Malformed: Error {}

  /// Reads the whole text as one value, followed by nothing but spaces (which the format uses as
  /// padding).
  static func read(_ bytes: ArraySlice<UInt8>) throws(Malformed) -> JSONNode {
    var reader = JSONReader(bytes)
    let value = try reader.value(depth: 0)
    reader.skipSpace()
    guard reader.rest.isEmpty else { throw Malformed() }
    return value
  }

  private mutating func skipSpace() {
    while let byte = rest.first, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { rest.removeFirst() }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  private mutating func value(depth: Int) throws(Malformed) -> JSONNode {
    guard depth < 4 else { throw Malformed() }
    skipSpace()
    switch rest.first {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    default: return .integer(try integer())
    }
  }

  private mutating func object(depth: Int) throws(Malformed) -> JSONNode {
    _ = take("{")
    var members: [JSONNode.Member] = []
    if take("}") { return .object(members) }
    repeat {
      skipSpace()
      guard rest.first == UInt8(ascii: "\"") else { throw Malformed() }
      let key = try string()
      guard take(":") else { throw Malformed() }
      members.append(JSONNode.Member(key: key, value: try value(depth: depth + 1)))
    } while take(",")
    guard take("}") else { throw Malformed() }
    return .object(members)
  }

  private mutating func array(depth: Int) throws(Malformed) -> JSONNode {
    _ = take("[")
    var elements: [JSONNode] = []
    if take("]") { return .array(elements) }
    repeat { elements.append(try value(depth: depth + 1)) } while take(",")
    guard take("]") else { throw Malformed() }
    return .array(elements)
  }

  private mutating func integer() throws(Malformed) -> Int {
    let digits = rest.prefix { (0x30...0x39).contains($0) }
    rest = rest.dropFirst(digits.count)
    guard let number = Int(String(decoding: digits, as: UTF8.self)) else { throw Malformed() }
    return number
  }

  private mutating func string() throws(Malformed) -> String {
    rest.removeFirst()
    var bytes: [UInt8] = []
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Malformed() }
        return text
      case UInt8(ascii: "\\"): bytes += try escaped()
      case ..<0x20: throw Malformed()
      default: bytes.append(byte)
      }
    }
    throw Malformed()
  }

  private mutating func escaped() throws(Malformed) -> [UInt8] {
    switch rest.popFirst() {
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "\""): return [UInt8(ascii: "\"")]
    case UInt8(ascii: "\\"): return [UInt8(ascii: "\\")]
    case UInt8(ascii: "/"): return [UInt8(ascii: "/")]
    case UInt8(ascii: "u"):
      let first = try codeUnit()
      var units = [first]
      if UTF16.isLeadSurrogate(first) {
        guard rest.popFirst() == UInt8(ascii: "\\"), rest.popFirst() == UInt8(ascii: "u") else {
          throw Malformed()
        }
        units.append(try codeUnit())
      }
      guard let text = String(validating: units, as: UTF16.self) else { throw Malformed() }
      return Array(text.utf8)
    default: throw Malformed()
    }
  }

  private mutating func codeUnit() throws(Malformed) -> UInt16 {
    let digits = rest.prefix(4)
    rest = rest.dropFirst(4)
    guard digits.count == 4, !digits.contains(UInt8(ascii: "+")),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw Malformed() }
    return unit
  }
}

/// A text as a JSON string, quoted.
func quotedJSON(_ text: String) -> String {
  var quoted = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": quoted += "\\\""
    case "\\": quoted += "\\\\"
    case "\n": quoted += "\\n"
    case "\r": quoted += "\\r"
    case "\t": quoted += "\\t"
    case _ where scalar.value < 0x20:
      let hex = String(scalar.value, radix: 16)
      quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
    default: quoted.unicodeScalars.append(scalar)
    }
  }
  return quoted + "\""
}
