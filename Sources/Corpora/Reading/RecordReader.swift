/// A place in a file of records to come back to.
struct RecordPosition: Hashable {
  /// Where the next record begins, in bytes.
  var offset: Int
  /// The row before it.
  var row: Int
  /// Whether a line feed right there still belongs to the record before it.
  var isAfterCarriageReturn = false
}

/// What came of reading one record.
public enum RecordOutcome: Equatable, Sendable {
  /// Its cells can be asked for.
  case record
  /// It breaks the rules of the format and was passed over; the sentence says how.
  case wrong(String)
  /// There are no more.
  case end
}

/// A file of records with named cells, one after the other: CSV or JSON Lines.
protocol RecordReader: AnyObject {
  /// The path as the person named it.
  var path: String { get }
  /// The size of the file in bytes.
  var size: Int { get }
  /// The columns met so far, under the names Undertone knows them by. In CSV all of them.
  var columns: [String] { get }
  /// The row read last: its place in the file, the first being 1. A CSV's header is row 1.
  var row: Int { get }
  /// Whether a cell asked for since ``next()`` was not UTF-8.
  var metForeignEncoding: Bool { get }
  /// Where the next record begins.
  var position: RecordPosition { get }

  /// The place of a column, to ask for its cells; `nil` if the file does not have it.
  func column(_ name: String) -> Int?
  /// Reads the next record.
  func next() throws(CorpusError) -> RecordOutcome
  /// Goes back to a position met before.
  func seek(_ position: RecordPosition)
  /// A cell of the record read last, verbatim; empty where the record does not have it.
  func text(_ column: Int) -> String
}

extension RecordReader {
  /// A cell of a column that may not exist; empty where it does not.
  func text(_ column: Int?) -> String { column.map(text) ?? "" }

  /// The place of a column the file must have.
  func requiredColumn(_ name: String, for format: String) throws(CorpusError) -> Int {
    if let column = column(name) { return column }
    throw CorpusError(
      file: path,
      message: "\(format) needs a column \(quoted(name)); the file has "
        + columns.map { quoted($0) }.joined(separator: ", ") + ".")
  }
}

/// Opens a file of records by what it holds: JSON Lines if the first character is a brace (or the
/// name ends in `.jsonl` or `.ndjson`), CSV otherwise.
///
/// - Parameter renaming: the file's column names to the names Undertone knows.
func openRecords(
  _ path: String, renaming: [String: String] = [:]
) throws(CorpusError) -> any RecordReader {
  if FileSystem.isFolder(path) {
    throw CorpusError(file: path, message: "it is a folder; name a file in it.")
  }
  let file = try ByteFile(path)
  try file.fill(at: 0)
  let start = file.buffer.drop { [0xEF, 0xBB, 0xBF, 0x20, 0x09, 0x0A, 0x0D].contains($0) }.first
  let isNamedJSON = ["jsonl", "ndjson"].contains(FileSystem.fileExtension(path))
  if isNamedJSON || start == UInt8(ascii: "{") {
    return try JSONLinesReader(file, renaming: renaming)
  }
  return try CSVReader(file, renaming: renaming)
}

/// What a table's columns are called after ``ImportOptions/columns``.
func rename(
  _ columns: [String], by renaming: [String: String], in path: String
) throws(CorpusError) -> [String] {
  for theirs in renaming.keys.sorted() where !columns.contains(theirs) {
    throw CorpusError(
      file: path,
      message: "it has no column \(quoted(theirs)) to read as \(quoted(renaming[theirs] ?? "")); "
        + "it has " + columns.map { quoted($0) }.joined(separator: ", ") + ".")
  }
  let renamed = columns.map { renaming[$0] ?? $0 }
  var seen: Set<String> = []
  for name in renamed where !name.isEmpty && !seen.insert(name).inserted {
    throw CorpusError(
      file: path,
      message:
        "it has two columns called \(quoted(name)); rename one in the file, or map the other "
        + "to a name of its own. If its first row names no columns, add one that does.")
  }
  return renamed
}
