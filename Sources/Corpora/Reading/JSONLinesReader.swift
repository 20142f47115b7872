/// Reads JSON Lines: one JSON object a line, each a record whose names are the columns.
///
/// A list of plain values becomes one cell, its values joined by semicolons, as CSV would hold it; an
/// object or a nested list becomes its JSON text. `null` is an empty cell. Names need not be the same
/// in every line.
final class JSONLinesReader {
  private static let longestLine = 16 << 20

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

  private let file: ByteFile
  private let renaming: [String: String]
  private var places: [String: Int] = [:]
  private var cells: [String] = []
  private var line: [UInt8] = []
  private var offset = 0

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

  init(_ file: ByteFile, renaming: [String: String]) throws(CorpusError) {
    self.file = file
    self.renaming = renaming
    path = file.path
    unmetNames = Set(renaming.keys)
    try file.fill(at: 0)
    if file.buffer.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    let start = file.buffer.dropFirst(offset).first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    guard let start else { throw CorpusError(file: path, message: "it is empty.") }
    if start == UInt8(ascii: "[") {
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
      guard try readLine() else { return .end }
      row += 1
      if line.count > Self.longestLine {
        return .wrong("the line is longer than \(Self.longestLine >> 20) MiB.")
      }
    } while line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    var parser = JSONParser(line[...])
    let value: JSONValue
    do { value = try parser.parse() } catch {
      return .wrong("it is not JSON: \(error.reason).")
    }
    metForeignEncoding = parser.metForeignEncoding
    guard case .object(let members) = value else { return .wrong("it is not a JSON object.") }
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
