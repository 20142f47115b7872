internal import GRDB
internal import GRDBSQLite

/// The rows of a query, one after another, looked at where SQLite has them.
///
/// For scans of a whole project by somebody who waits: GRDB's rows box every value, which takes several
/// times as long as SQLite takes for the row. Values of another kind than expected come as SQLite
/// converts them, so a damaged file gives wrong values here, never a trap.
final class RowReader {
  private let statement: Statement

  init(_ db: Database, _ sql: String, _ values: [(any DatabaseValueConvertible)?]) throws {
    statement = try db.makeStatement(sql: sql)
    try statement.setArguments(StatementArguments(values))
  }

  deinit {
    sqlite3_reset(statement.sqliteStatement)
  }

  /// Goes to the next row.
  ///
  /// - Returns: whether there is one.
  func next() throws -> Bool {
    switch sqlite3_step(statement.sqliteStatement) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default:
      let handle = sqlite3_db_handle(statement.sqliteStatement)
      throw DatabaseError(
        resultCode: ResultCode(rawValue: sqlite3_extended_errcode(handle)),
        message: sqlite3_errmsg(handle).map { String(cString: $0) })
    }
  }

  func integer(_ column: CInt) -> Int64 { sqlite3_column_int64(statement.sqliteStatement, column) }

  /// The bytes of a text, until the next row; `nil` for NULL.
  func text(_ column: CInt) -> UnsafeBufferPointer<UInt8>? {
    let handle = statement.sqliteStatement
    guard let start = sqlite3_column_text(handle, column) else { return nil }
    return UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
  }

  /// Numbers of eight bytes each, little-endian, as ``SuggestionBytes`` writes them.
  func doubles(_ column: CInt) -> [Double] {
    let handle = statement.sqliteStatement
    guard let start = sqlite3_column_blob(handle, column) else { return [] }
    let bytes = UnsafeRawBufferPointer(
      start: start, count: Int(sqlite3_column_bytes(handle, column)))
    return [Double](unsafeUninitializedCapacity: bytes.count / 8) { numbers, count in
      count = bytes.count / 8
      for place in 0..<count {
        let bits = bytes.loadUnaligned(fromByteOffset: 8 * place, as: UInt64.self)
        numbers.initializeElement(
          at: place, to: Double(bitPattern: UInt64(littleEndian: bits)))
      }
    }
  }
}
