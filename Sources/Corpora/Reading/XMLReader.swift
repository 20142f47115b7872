/// Reads XML one event at a time: as much of XML 1.0 as files of annotations use, and nothing that a
/// hostile one could use.
///
/// A reader of our own, because Foundation's brings libxml2 with it, which follows external entities
/// when asked wrongly, and starts slower than a small import runs. Here a document type is refused, so
/// there are no entities but the five of the standard and numbered characters; depth, attributes and
/// size are limited; tags must match. Namespaces are left in the names.
struct XMLReader {
  /// What comes next in a document.
  enum Event: Equatable {
    case start(name: String, attributes: [String: String])
    case end(name: String)
    /// Text between tags, its entities resolved; may come in several pieces.
    case text(String)
  }

  private static let deepest = 64
  private static let mostAttributes = 64

  /// The line that the event read last begins in, from 1.
  private(set) var row = 1

  private let path: String
  private let bytes: [UInt8]
  private var place = 0
  private var line = 1
  private var open: [String] = []
  private var hasRoot = false
  /// The end of an element that its own start tag closed.
  private var pendingEnd: String?

  /// - Parameters:
  ///   - text: the document as UTF-8.
  ///   - path: the file, for messages.
  init(_ text: [UInt8], path: String) {
    bytes = text
    self.path = path
  }

  /// The next event; `nil` at the end of the document.
  ///
  /// - Throws: ``CorpusError`` where the document is not well-formed, or uses what is refused.
  mutating func next() throws(CorpusError) -> Event? {
    if let name = pendingEnd {
      pendingEnd = nil
      return .end(name: name)
    }
    while place < bytes.count {
      row = line
      if bytes[place] == UInt8(ascii: "<") {
        if let event = try markup() { return event }
      } else {
        let text = try characters()
        if !open.isEmpty { return .text(text) }
        guard trimmed(text).isEmpty else {
          line = row
          throw wrong("text stands outside of the document.")
        }
      }
    }
    if let name = open.last { throw wrong("the element \(quoted(name)) is never closed.") }
    guard hasRoot else { throw wrong("it holds no XML element.") }
    return nil
  }

  private func wrong(_ message: String) -> CorpusError {
    CorpusError(file: path, row: line, message: "it is not XML that can be read: " + message)
  }

  private mutating func advance(_ count: Int) {
    for byte in bytes[place..<place + count] where byte == UInt8(ascii: "\n") { line += 1 }
    place += count
  }

  private func starts(with text: StaticString) -> Bool {
    let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    return bytes.count - place >= expected.count
      && bytes[place..<place + expected.count].elementsEqual(expected)
  }

  /// The place of `text` from here on.
  private func find(_ text: StaticString, from start: Int) -> Int? {
    let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    var place = start
    while place + expected.count <= bytes.count {
      if bytes[place] == expected[0],
        bytes[place..<place + expected.count].elementsEqual(expected)
      {
        return place
      }
      place += 1
    }
    return nil
  }

  private mutating func markup() throws(CorpusError) -> Event? {
    if starts(with: "<!--") { return try skip("-->", "a comment", 4) }
    if starts(with: "<?") { return try skip("?>", "an instruction", 2) }
    if starts(with: "<![CDATA[") {
      guard let end = find("]]>", from: place + 9) else { throw wrong("a CDATA is never closed.") }
      guard !open.isEmpty else { throw wrong("text stands outside of the document.") }
      let text = String(decoding: bytes[place + 9..<end], as: UTF8.self)
      advance(end + 3 - place)
      return .text(text)
    }
    if starts(with: "<!") {
      throw wrong("it has a document type or another declaration, which is not accepted.")
    }
    return starts(with: "</") ? try endTag() : try startTag()
  }

  private mutating func skip(
    _ end: StaticString, _ what: String, _ length: Int
  ) throws(CorpusError) -> Event? {
    guard let close = find(end, from: place + length) else {
      throw wrong("\(what) is never closed.")
    }
    advance(close + end.utf8CodeUnitCount - place)
    return nil
  }

  private mutating func characters() throws(CorpusError) -> String {
    let end = bytes[place...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
    let text = try resolved(bytes[place..<end])
    advance(end - place)
    return text
  }

  private mutating func name() throws(CorpusError) -> String {
    let start = place
    while place < bytes.count, !isSpace(bytes[place]), !Self.ends.contains(bytes[place]) {
      place += 1
    }
    guard place > start, place - start <= 256 else { throw wrong("a name is missing or too long.") }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  private static let ends = Set("<>/=\"'&".utf8)

  private mutating func skipSpace() {
    while place < bytes.count, isSpace(bytes[place]) { advance(1) }
  }

  private mutating func accept(_ byte: UInt8) -> Bool {
    guard place < bytes.count, bytes[place] == byte else { return false }
    place += 1
    return true
  }

  private mutating func endTag() throws(CorpusError) -> Event {
    advance(2)
    let name = try name()
    skipSpace()
    guard accept(UInt8(ascii: ">")) else { throw wrong("a closing tag is cut off.") }
    guard open.popLast() == name else {
      throw wrong("\(quoted(name)) is closed where something else is open.")
    }
    return .end(name: name)
  }

  private mutating func startTag() throws(CorpusError) -> Event {
    advance(1)
    let name = try name()
    if open.isEmpty {
      if hasRoot { throw wrong("it holds more than one document.") }
      hasRoot = true
    }
    guard open.count < Self.deepest else {
      throw wrong("elements are nested deeper than \(Self.deepest).")
    }
    var attributes: [String: String] = [:]
    while true {
      let before = place
      skipSpace()
      if accept(UInt8(ascii: ">")) {
        open.append(name)
        return .start(name: name, attributes: attributes)
      }
      if accept(UInt8(ascii: "/")) {
        guard accept(UInt8(ascii: ">")) else { throw wrong("a tag is cut off.") }
        pendingEnd = name
        return .start(name: name, attributes: attributes)
      }
      guard place > before, attributes.count < Self.mostAttributes else {
        throw wrong("the tag \(quoted(name)) is cut off or has too many attributes.")
      }
      let (key, value) = try attribute()
      guard attributes.updateValue(value, forKey: key) == nil else {
        throw wrong("the attribute \(quoted(key)) is given twice.")
      }
    }
  }

  private mutating func attribute() throws(CorpusError) -> (String, String) {
    let key = try name()
    skipSpace()
    guard accept(UInt8(ascii: "=")) else {
      throw wrong("the attribute \(quoted(key)) has no value.")
    }
    skipSpace()
    guard place < bytes.count,
      bytes[place] == UInt8(ascii: "\"") || bytes[place] == UInt8(ascii: "'"),
      let end = bytes[(place + 1)...].firstIndex(of: bytes[place])
    else { throw wrong("the value of \(quoted(key)) is not in quotes.") }
    let value = bytes[place + 1..<end]
    guard !value.contains(UInt8(ascii: "<")) else {
      throw wrong("the value of \(quoted(key)) holds a “<”.")
    }
    let text = try resolved(value)
    advance(end + 1 - place)
    return (key, text)
  }

  /// Text with its references resolved.
  private func resolved(_ raw: ArraySlice<UInt8>) throws(CorpusError) -> String {
    guard raw.contains(UInt8(ascii: "&")) else { return String(decoding: raw, as: UTF8.self) }
    var result: [UInt8] = []
    var rest = raw
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "&") else {
        result.append(byte)
        continue
      }
      guard let end = rest.prefix(12).firstIndex(of: UInt8(ascii: ";")) else {
        throw wrong("a “&” stands alone; it must be written “&amp;”.")
      }
      let name = String(decoding: rest[..<end], as: UTF8.self)
      guard let scalar = Self.scalar(of: name) else {
        throw wrong("\(quoted("&\(name);")) is not one of the characters XML knows.")
      }
      result += String(scalar).utf8
      rest = rest[(end + 1)...]
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func scalar(of name: String) -> Unicode.Scalar? {
    switch name {
    case "amp": return "&"
    case "lt": return "<"
    case "gt": return ">"
    case "quot": return "\""
    case "apos": return "'"
    default: break
    }
    guard name.hasPrefix("#") else { return nil }
    let digits = name.dropFirst()
    let isHexadecimal = digits.hasPrefix("x")
    guard digits.first.map({ $0 != "+" && $0 != "-" }) ?? false,
      let code = UInt32(
        isHexadecimal ? digits.dropFirst() : digits, radix: isHexadecimal ? 16 : 10),
      code >= 0x20 || [0x09, 0x0A, 0x0D].contains(code)
    else { return nil }
    return Unicode.Scalar(code)
  }
}
