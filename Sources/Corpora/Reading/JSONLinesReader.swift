/// Reads JSON Lines: one JSON object a line, each a record whose names are the columns. Or, where it is
/// asked to, a list of objects in one JSON document, one after the other as well.
///
/// A list of plain values becomes one cell, its values joined by semicolons, as CSV would hold it; an
/// object or a nested list becomes its JSON text. `null` is an empty cell. Names need not be the same
/// in every line.
final class JSONLinesReader {
  private static let longestLine = 16 << 20
  /// After so many lines that are no objects, and none that is, the file is something else.
  private static let mostFutileLines = 20

  /// The path as the person named it.
  let path: String
  /// The columns met so far, as renamed.
  private(set) var columns: [String] = []
  /// The row read last: the line of the file, from 1.
  private(set) var row = 0
  /// Whether the record read last was not UTF-8 and was read as Windows-1252.
  private(set) var metForeignEncoding = false
  /// The names of ``ImportOptions/columns`` that no record so far had.
  private(set) var unmetNames: Set<String>

  /// The object read last; its members in the file's order.
  private(set) var object: [(key: String, value: JSONValue)] = []

  private let file: ByteFile
  private let renaming: [String: String]
  /// The member of each object whose members are the cells; `nil` for the object itself.
  private let nested: String?
  private var isList = false
  private var places: [String: Int] = [:]
  private var cells: [String] = []
  private var line: [UInt8] = []
  private var offset = 0
  private var hasObject = false

  /// Opens a file of JSON Lines.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - renaming: the records' names to the names wanted.
  /// - Throws: ``CorpusError`` if the file cannot be read, is empty or holds one big JSON list.
  convenience init(
    path: String, renaming: [String: String] = [:]
  ) throws(CorpusError) {
    try self.init(ByteFile(path), renaming: renaming)
  }

  /// - Parameters:
  ///   - nested: the member of each object whose members are the cells, such as a task's `data`;
  ///     given, the file may also be one list, and the row is then the place in it.
  init(
    _ file: ByteFile, renaming: [String: String], nested: String? = nil
  ) throws(CorpusError) {
    self.file = file
    self.renaming = renaming
    self.nested = nested
    path = file.path
    unmetNames = Set(renaming.keys)
    try file.fill(at: 0)
    if file.buffer.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    let start = file.buffer.dropFirst(offset).first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    guard let start else { throw CorpusError(file: path, message: "it is empty.") }
    isList = start == UInt8(ascii: "[")
    if isList && nested == nil {
      throw CorpusError(
        file: path,
        message: "it is one JSON list; write one object a line (jq -c '.[]' does that).")
    }
  }
}

extension JSONLinesReader: RecordReader {
  var size: Int { file.size }

  var position: RecordPosition { RecordPosition(offset: offset, row: row) }

  func seek(_ position: RecordPosition) {
    offset = position.offset
    row = position.row
  }

  /// Any name has a place, since any line may bring it.
  func column(_ name: String) -> Int? { place(name) }

  private func place(_ name: String) -> Int {
    if let place = places[name] { return place }
    places[name] = columns.count
    columns.append(name)
    return columns.count - 1
  }

  func text(_ column: Int) -> String { column < cells.count ? cells[column] : "" }

  func next() throws(CorpusError) -> RecordOutcome {
    metForeignEncoding = false
    cells.removeAll(keepingCapacity: true)
    repeat {
      guard try isList ? readElement() : readLine() else { return .end }
      row += 1
      if line.count > Self.longestLine {
        return .wrong("the line is longer than \(Self.longestLine >> 20) MiB.")
      }
    } while line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    var parser = JSONParser(line[...])
    let value: JSONValue
    do { value = try parser.parse() } catch {
      if !hasObject, !isList, row >= Self.mostFutileLines {
        throw CorpusError(
          file: path,
          message:
            "none of its first \(row) lines is a JSON object; if it is one JSON document, write "
            + "one object a line (jq -c does that).")
      }
      return .wrong("it is not JSON: \(error.reason).")
    }
    hasObject = true
    metForeignEncoding = parser.metForeignEncoding
    guard case .object(var members) = value else { return .wrong("it is not a JSON object.") }
    object = members
    if let nested {
      guard case .object(let inner)? = members.first(where: { $0.key == nested })?.value else {
        return .wrong("it has no object \(quoted(nested)).")
      }
      members = inner
    }
    var seen = ColumnSet([])
    for (key, value) in members {
      if renaming[key] != nil { unmetNames.remove(key) }
      let place = place(renaming[key] ?? key)
      if seen.contains(place) {
        return .wrong("it has the name \(quoted(columns[place])) twice.")
      }
      seen.insert(place)
      if place >= cells.count {
        cells += Array(repeating: "", count: place + 1 - cells.count)
      }
      cells[place] = Self.cell(value)
    }
    return .record
  }

  private static func cell(_ value: JSONValue) -> String {
    switch value {
    case .null: return ""
    case .string(let text): return text
    case .array(let values):
      var parts: [String] = []
      for value in values {
        switch value {
        case .array, .object: return JSONValue.array(values).encoded
        default: parts.append(cell(value))
        }
      }
      return parts.joined(separator: ";")
    default: return value.encoded
    }
  }

  /// Reads the next element of a list into `line`, or what stands in its place; false at the end of the
  /// file.
  ///
  /// Only brackets and quotes are looked at; whether it is JSON is seen when it is parsed.
  private func readElement() throws(CorpusError) -> Bool {
    line.removeAll(keepingCapacity: true)
    var depth = 0
    var isQuoted = false
    var isEscaped = false
    while true {
      if offset < file.origin || offset >= file.origin + file.buffer.count {
        try file.fill(at: offset)
      }
      if file.buffer.isEmpty { return !line.isEmpty }
      var place = offset - file.origin
      while place < file.buffer.count {
        let byte = file.buffer[place]
        place += 1
        if line.isEmpty {
          // Between elements: the list's own brackets, commas and blanks.
          guard byte == UInt8(ascii: "{") || ![0x5B, 0x5D, 0x2C].contains(byte) && !isSpace(byte)
          else { continue }
        }
        if depth == 0, !line.isEmpty, byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") {
          offset = file.origin + place
          return true
        }
        if line.count <= Self.longestLine { line.append(byte) }
        if isEscaped {
          isEscaped = false
        } else if isQuoted {
          if byte == UInt8(ascii: "\\") { isEscaped = true }
          if byte == UInt8(ascii: "\"") { isQuoted = false }
        } else {
          switch byte {
          case UInt8(ascii: "\""): isQuoted = true
          case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
          case UInt8(ascii: "}"), UInt8(ascii: "]"):
            depth -= 1
            if depth == 0 {
              offset = file.origin + place
              return true
            }
          default: break
          }
        }
      }
      offset = file.origin + place
    }
  }

  /// Reads up to the next line feed into `line`, without it; false at the end of the file.
  ///
  /// Of a line that is too long only the beginning is kept.
  private func readLine() throws(CorpusError) -> Bool {
    line.removeAll(keepingCapacity: true)
    var hasRead = false
    while true {
      if offset < file.origin || offset >= file.origin + file.buffer.count {
        try file.fill(at: offset)
      }
      if file.buffer.isEmpty { return hasRead }
      hasRead = true
      let rest = file.buffer[(offset - file.origin)...]
      let end = rest.firstIndex(of: UInt8(ascii: "\n"))
      if line.count <= Self.longestLine { line += rest[..<(end ?? rest.endIndex)] }
      offset = file.origin + (end.map { $0 + 1 } ?? rest.endIndex)
      if end != nil { return true }
    }
  }
}
