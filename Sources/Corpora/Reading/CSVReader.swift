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
  private var record = CSVRecord()
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
    var names = record.ends.indices.map { trimmed(text($0)) }
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
      throw CorpusError(
        file: path,
        message: "it is not a text file (it holds zero bytes); if it is UTF-16, save it as UTF-8.")
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
  public var fieldCount: Int { record.ends.count }
}

extension CSVReader: RecordReader {
  /// The size of the file in bytes.
  public var size: Int { file.size }

  /// How much of the file has been read, 0 to 1.
  public var fractionRead: Double { size == 0 ? 1 : Double(offset) / Double(size) }

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
    guard column < record.ends.count else { return "" }
    let cell = (column == 0 ? 0 : record.ends[column - 1])..<record.ends[column]
    let (text, isUTF8) = record.bytes.withUnsafeBufferPointer { TextDecoding.decode($0[cell]) }
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
      case .none where record.ends.count == 1 && record.bytes.isEmpty:
        continue
      case .none:
        break
      }
      let count = record.ends.count
      if !columns.isEmpty && count != columns.count {
        let extra = count > columns.count ? record.bytes.count - record.ends[columns.count - 1] : 1
        if extra > 0 {
          return .wrong("it has \(count) columns where the header has \(columns.count).")
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

  /// Reads one record; `nil` at the end of the file.
  private func scan() throws(CorpusError) -> Problem? {
    // Taken out of the reader, so that the loop does not check for overlapping access at every byte.
    var record = CSVRecord()
    swap(&record, &self.record)
    defer { swap(&record, &self.record) }
    record.begin(separator: separator)
    guard try load() else { return nil }
    while try load() {
      let start = offset - file.origin
      let (place, outcome) = file.buffer.withUnsafeBufferPointer { record.read($0, from: start) }
      offset = file.origin + place
      switch outcome {
      case .more: continue
      case .ended(let byte):
        isAfterCarriageReturn = byte == UInt8(ascii: "\r")
        return record.flaw.map(Problem.broken) ?? Problem.none
      case .runaway(let reason): return .runaway(reason)
      }
    }
    if record.isQuoted { return .runaway("a quote is never closed.") }
    record.endCell()
    return record.flaw.map(Problem.broken) ?? Problem.none
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
