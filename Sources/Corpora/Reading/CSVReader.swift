/// Reads CSV as RFC 4180 describes it, and as spreadsheets and scripts really write it.
///
/// Records end in CRLF, LF or CR; cells in quotes may hold separators, line ends and doubled quotes;
/// a byte order mark is skipped; the separator is the one of comma, tab and semicolon that the
/// header has most of. A record that breaks the rules is passed over with its row and a reason. A
/// quote that is never closed would swallow the rest of the file: reading goes on at the line after
/// it.
///
/// Works on bytes and by position, so a file of any size takes the same memory.
public final class CSVReader {
  /// The most bytes a cell may have: far more than any turn, far less than a file read as one cell.
  public static let longestField = 1 << 20
  private static let mostColumns = 4096
  private static let mostRecoveries = 1000

  /// The path as the person named it.
  public let path: String
  /// The column names of the header, as renamed.
  public private(set) var columns: [String] = []
  /// The row read last; the header is row 1.
  ///
  /// A cell with line ends does not count as several rows.
  public private(set) var row = 0
  /// Whether a cell asked for since ``next()`` was not UTF-8 and was read as Windows-1252.
  public private(set) var metForeignEncoding = false

  private let file: ByteFile
  private var separator = UInt8(ascii: ",")
  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  private var offset = 0
  private var isAfterCarriageReturn = false
  private var recoveries = 0

  /// Opens a CSV file and reads its header.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - renaming: the header's names to the names wanted.
  /// - Throws: ``CorpusError`` if the file cannot be read, is empty, is not text, or its header names
  ///   a column twice.
  public convenience init(
    path: String, renaming: [String: String] = [:]
  ) throws(CorpusError) {
    try self.init(ByteFile(path), renaming: renaming)
  }

  init(_ file: ByteFile, renaming: [String: String]) throws(CorpusError) {
    self.file = file
    path = file.path
    try file.fill(at: 0)
    try checkStart()
    switch try next() {
    case .end: throw CorpusError(file: path, message: "it is empty.")
    case .wrong(let reason): throw CorpusError(file: path, row: row, message: reason)
    case .record: break
    }
    var names = ends.indices.map { trimmed(text($0)) }
    while names.last == "" { names.removeLast() }
    if names.isEmpty {
      throw CorpusError(file: path, row: row, message: "the header names no columns.")
    }
    columns = try rename(names, by: renaming, in: path)
  }

  private func checkStart() throws(CorpusError) {
    let start = file.buffer
    if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) {
      throw CorpusError(file: path, message: "it is UTF-16; save it as UTF-8 and try again.")
    }
    if start.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    if start.prefix(4096).contains(0) {
      throw CorpusError(file: path, message: "it is not a text file (it holds zero bytes).")
    }
    separator = Self.separator(of: start.dropFirst(offset))
  }

  private static func separator(of start: ArraySlice<UInt8>) -> UInt8 {
    let candidates = [UInt8(ascii: ","), UInt8(ascii: "\t"), UInt8(ascii: ";")]
    var counts = [0, 0, 0]
    var isQuoted = false
    for byte in start {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if isQuoted { continue }
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { break }
      if let place = candidates.firstIndex(of: byte) { counts[place] += 1 }
    }
    var best = 0
    for place in counts.indices where counts[place] > counts[best] { best = place }
    return candidates[best]
  }

  /// How many cells the record read last has.
  public var fieldCount: Int { ends.count }
}

extension CSVReader: RecordReader {
  /// The size of the file in bytes.
  public var size: Int { file.size }

  var position: RecordPosition {
    RecordPosition(offset: offset, row: row, isAfterCarriageReturn: isAfterCarriageReturn)
  }

  func seek(_ position: RecordPosition) {
    isAfterCarriageReturn = position.isAfterCarriageReturn
    offset = position.offset
    row = position.row
  }

  /// The place of a column, to ask for its cells; `nil` if the file does not have it.
  public func column(_ name: String) -> Int? { columns.firstIndex(of: name) }

  /// A cell of the record read last, verbatim; empty where the record does not have it.
  public func text(_ column: Int) -> String {
    guard column < ends.count else { return "" }
    let (text, isUTF8) = TextDecoding.decode(
      bytes[(column == 0 ? 0 : ends[column - 1])..<ends[column]])
    if !isUTF8 { metForeignEncoding = true }
    return text
  }

  /// Reads the next record that is not an empty line.
  ///
  /// - Throws: ``CorpusError`` if the file cannot be read, or so many rows have broken quotes that it
  ///   is hardly CSV.
  public func next() throws(CorpusError) -> RecordOutcome {
    metForeignEncoding = false
    while true {
      let start = try skipLineFeed()
      row += 1
      guard let problem = try scan() else { return .end }
      switch problem {
      case .runaway(let reason):
        try resume(afterLineOf: start)
        return .wrong(reason)
      case .broken(let reason):
        return .wrong(reason)
      case .none where ends.count == 1 && bytes.isEmpty:
        continue
      case .none:
        break
      }
      if !columns.isEmpty && ends.count != columns.count {
        let extra = ends.count > columns.count ? bytes.count - ends[columns.count - 1] : 1
        if extra > 0 {
          return .wrong("it has \(ends.count) columns where the header has \(columns.count).")
        }
      }
      return .record
    }
  }

  private enum Problem {
    case none
    case broken(String)
    /// The record cannot be trusted to have ended where it did.
    case runaway(String)
  }

  private enum State {
    case start, plain, quoted, quote
  }

  /// Passes the line feed of a CRLF that ended the record before, and says where this one begins.
  private func skipLineFeed() throws(CorpusError) -> Int {
    if isAfterCarriageReturn {
      isAfterCarriageReturn = false
      if try load(), file.buffer[offset - file.origin] == UInt8(ascii: "\n") { offset += 1 }
    }
    return offset
  }

  /// Makes sure the byte at ``offset`` is in the buffer; false at the end of the file.
  private func load() throws(CorpusError) -> Bool {
    if offset < file.origin || offset >= file.origin + file.buffer.count {
      try file.fill(at: offset)
    }
    return !file.buffer.isEmpty
  }

  /// Reads one record into `bytes` and `ends`; `nil` at the end of the file.
  private func scan() throws(CorpusError) -> Problem? {
    // In locals, so that the loop does not check for overlapping access at every byte.
    var bytes = self.bytes
    var ends = self.ends
    self.bytes = []
    self.ends = []
    defer {
      self.bytes = bytes
      self.ends = ends
    }
    let separator = self.separator
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    guard try load() else { return nil }
    var state = State.start
    var problem = Problem.none
    while try load() {
      let buffer = file.buffer
      var place = offset - file.origin
      while place < buffer.count {
        if bytes.count - (ends.last ?? 0) > Self.longestField {
          return .runaway(
            "a cell is longer than \(Self.longestField >> 20) MiB; is a quote never closed?")
        }
        let byte = buffer[place]
        switch state {
        case .quoted:
          var end = place
          let limit = min(buffer.count, place + Self.longestField + 1)
          while end < limit, buffer[end] != UInt8(ascii: "\""), buffer[end] != 0 { end += 1 }
          bytes += buffer[place..<end]
          place = end
          guard end < limit else { continue }
          if buffer[end] == 0 {
            problem = .broken("it holds a zero byte.")
          } else {
            state = .quote
          }
          place += 1
          continue
        case .start where byte == UInt8(ascii: "\""):
          state = .quoted
          place += 1
          continue
        case .quote where byte == UInt8(ascii: "\""):
          bytes.append(byte)
          state = .quoted
          place += 1
          continue
        default:
          break
        }
        switch byte {
        case separator:
          ends.append(bytes.count)
          state = .start
          if ends.count > Self.mostColumns {
            return .runaway("it has more than \(Self.mostColumns) columns.")
          }
          place += 1
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
          ends.append(bytes.count)
          offset = file.origin + place + 1
          isAfterCarriageReturn = byte == UInt8(ascii: "\r")
          // A quoted empty cell alone in its line is a record, and no table has a use for it.
          return problem
        case 0:
          problem = .broken("it holds a zero byte.")
          place += 1
        default:
          if state == .quote {
            problem = .broken(
              "text follows a closing quote; a quote inside a quoted cell must be doubled.")
          }
          state = .plain
          var end = place
          let limit = min(buffer.count, place + Self.longestField + 1)
          while end < limit, buffer[end] != separator, buffer[end] != UInt8(ascii: "\n"),
            buffer[end] != UInt8(ascii: "\r"), buffer[end] != 0
          { end += 1 }
          bytes += buffer[place..<end]
          place = end
        }
      }
      offset = file.origin + place
    }
    ends.append(bytes.count)
    if state == .quoted { return .runaway("a quote is never closed.") }
    return problem
  }

  /// Goes on at the line after the one that begins at `start`.
  private func resume(afterLineOf start: Int) throws(CorpusError) {
    recoveries += 1
    if recoveries > Self.mostRecoveries {
      throw CorpusError(
        file: path, row: row,
        message: "more than \(Self.mostRecoveries) rows have broken quotes; this is not CSV.")
    }
    offset = start
    while try load() {
      for (place, byte) in file.buffer[(offset - file.origin)...].enumerated()
      where byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
        offset += place + 1
        isAfterCarriageReturn = byte == UInt8(ascii: "\r")
        return
      }
      offset = file.origin + file.buffer.count
    }
  }
}

/// Text without the spaces, tabs and line ends around it.
func trimmed(_ text: String) -> String {
  let bytes = text.utf8
  guard let first = bytes.first, let last = bytes.last else { return text }
  return isSpace(first) || isSpace(last) ? trimmed(Substring(text)) : text
}

/// Text without the spaces, tabs and line ends around it.
func trimmed(_ text: Substring) -> String {
  var rest = text.utf8.drop(while: isSpace)
  while let last = rest.last, isSpace(last) { rest.removeLast() }
  return String(Substring(rest))
}

/// Whether a byte is a space, a tab or a line end.
func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
