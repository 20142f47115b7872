internal import GRDB
internal import GRDBSQLite

/// The rows of a query, one after another, looked at where SQLite has them.
///
/// For scans of a whole project by somebody who waits: GRDB's rows box every value, which takes several
/// times as long as SQLite takes for the row. Values of another kind than expected come as SQLite
/// converts them, so a damaged file gives wrong values here, never a trap.
final class RowReader {
  private let statement: Statement
  private let handle: SQLiteStatement

  init(_ db: Database, _ sql: String, _ values: [(any DatabaseValueConvertible)?]) throws {
    statement = try db.makeStatement(sql: sql)
    try statement.setArguments(StatementArguments(values))
    handle = statement.sqliteStatement
  }

  deinit {
    sqlite3_reset(handle)
  }

  /// Goes to the next row.
  ///
  /// - Returns: whether there is one.
  func next() throws -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default:
      let connection = sqlite3_db_handle(handle)
      throw DatabaseError(
        resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
        message: sqlite3_errmsg(connection).map { String(cString: $0) })
    }
  }

  func integer(_ column: CInt) -> Int64 { sqlite3_column_int64(handle, column) }

  /// The bytes of a text, until the next row; `nil` for NULL.
  func text(_ column: CInt) -> UnsafeBufferPointer<UInt8>? {
    guard let start = sqlite3_column_text(handle, column) else { return nil }
    return UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
  }

  /// Reads numbers of eight bytes each, little-endian, as ``SuggestionBytes`` writes them, into a list
  /// that is used again from row to row.
  func read(_ column: CInt, into numbers: inout [Double]) {
    numbers.removeAll(keepingCapacity: true)
    guard let start = sqlite3_column_blob(handle, column) else { return }
    let bytes = UnsafeRawBufferPointer(
      start: start, count: Int(sqlite3_column_bytes(handle, column)))
    for place in 0..<bytes.count / 8 {
      let bits = bytes.loadUnaligned(fromByteOffset: 8 * place, as: UInt64.self)
      numbers.append(Double(bitPattern: UInt64(littleEndian: bits)))
    }
  }
}
