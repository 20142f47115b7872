internal import GRDB
internal import GRDBSQLite

/// A statement that writes one row, run for every row of an import.
///
/// GRDB's own way of running one boxes every value and looks at the statement's parameters and at
/// possible observers each time, which takes longer than SQLite takes for the row. This binds the values
/// and steps.
final class RowInsertion {
  /// The value of one parameter.
  enum Value {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)

    static func optional(_ value: String?) -> Value { value.map(Value.text) ?? .null }
    static func optional(_ value: Double?) -> Value { value.map(Value.real) ?? .null }
    static func optional(_ value: Int?) -> Value { value.map { .integer(Int64($0)) } ?? .null }
  }

  private let sql: String
  private var statement: Statement?

  /// - Parameter sql: a statement that returns no rows, its parameters written `?`. It is made when it
  ///   is first run.
  init(_ sql: String) {
    self.sql = sql
  }

  /// Runs the statement.
  ///
  /// - Parameters:
  ///   - db: the same connection each time.
  ///   - values: one for each parameter, in their order.
  /// - Throws: what GRDB throws where SQLite refuses the row.
  func run(_ db: Database, _ values: [Value]) throws {
    let statement = try statement ?? db.makeStatement(sql: sql)
    self.statement = statement
    let handle = statement.sqliteStatement
    defer { sqlite3_reset(handle) }
    var index: CInt = 0
    for value in values {
      index += 1
      try check(Self.bind(value, to: handle, at: index), SQLITE_OK, db)
    }
    try check(sqlite3_step(handle), SQLITE_DONE, db)
  }

  private static func bind(_ value: Value, to handle: SQLiteStatement, at index: CInt) -> CInt {
    switch value {
    case .null: return sqlite3_bind_null(handle, index)
    case .integer(let number): return sqlite3_bind_int64(handle, index, number)
    case .real(let number): return sqlite3_bind_double(handle, index, number)
    case .text(var text):
      return text.withUTF8 { bytes in
        // SQLite copies the bytes (its SQLITE_TRANSIENT, a cast that Swift does not import); no
        // address at all would be a NULL.
        bytes.withMemoryRebound(to: CChar.self) { characters in
          characters.isEmpty
            ? sqlite3_bind_text(handle, index, "", 0, Self.copying)
            : sqlite3_bind_text64(
              handle, index, characters.baseAddress, UInt64(characters.count), Self.copying,
              UInt8(SQLITE_UTF8))
        }
      }
    }
  }

  private static let copying = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  private func check(_ code: CInt, _ expected: CInt, _ db: Database) throws {
    guard code != expected else { return }
    throw DatabaseError(
      resultCode: ResultCode(rawValue: code),
      message: sqlite3_errmsg(db.sqliteConnection).map { String(cString: $0) }, sql: sql)
  }
}
