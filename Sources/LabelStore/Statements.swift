internal import GRDB

extension Database {
  /// Runs a statement that is compiled once per connection.
  func run(_ sql: String, _ values: (any DatabaseValueConvertible)?...) throws {
    let statement = try cachedStatement(sql: sql)
    statement.setUncheckedArguments(StatementArguments(values))
    try statement.execute()
  }

  /// The first row of a query that is compiled once per connection.
  func row(_ sql: String, _ values: (any DatabaseValueConvertible)?...) throws -> Row? {
    try Row.fetchOne(cachedStatement(sql: sql), arguments: StatementArguments(values))
  }

  /// All rows of a query that is compiled once per connection.
  func rows(_ sql: String, _ values: (any DatabaseValueConvertible)?...) throws -> [Row] {
    try Row.fetchAll(cachedStatement(sql: sql), arguments: StatementArguments(values))
  }

  /// The rows of a query, one by one; its own statement, so that several can be read in step.
  func cursor(_ sql: String, _ values: (any DatabaseValueConvertible)?...) throws -> RowCursor {
    try Row.fetchCursor(makeStatement(sql: sql), arguments: StatementArguments(values))
  }

  /// The first value of the first row, as an integer.
  func integer(_ sql: String, _ values: (any DatabaseValueConvertible)?...) throws -> Int64? {
    try Int64.fetchOne(cachedStatement(sql: sql), arguments: StatementArguments(values))
  }
}

/// Columns read without trust: a damaged or doctored file may hold a NULL or another type where the
/// schema forbids it, and GRDB's subscripts trap there.
extension Row {
  func text(_ column: Int) throws -> String {
    guard let text = try optionalText(column) else { throw Row.damage }
    return text
  }

  func optionalText(_ column: Int) throws -> String? {
    switch (self[column] as DatabaseValue).storage {
    case .string(let text): return text
    case .null: return nil
    default: throw Row.damage
    }
  }

  func integer(_ column: Int) throws -> Int64 {
    guard let number = try optionalInteger(column) else { throw Row.damage }
    return number
  }

  func optionalInteger(_ column: Int) throws -> Int64? {
    switch (self[column] as DatabaseValue).storage {
    case .int64(let number): return number
    case .null: return nil
    default: throw Row.damage
    }
  }

  func count(_ column: Int) throws -> Int { Int(try integer(column)) }

  func optionalReal(_ column: Int) throws -> Double? {
    switch (self[column] as DatabaseValue).storage {
    case .double(let number): return number
    case .int64(let number): return Double(number)
    case .null: return nil
    default: throw Row.damage
    }
  }

  func blob(_ column: Int) throws -> [UInt8] {
    switch (self[column] as DatabaseValue).storage {
    case .blob(let bytes): return [UInt8](bytes)
    case .null: return []
    default: throw Row.damage
    }
  }

  func eventID(_ column: Int) throws -> EventID {
    guard let id = EventID(bytes: try blob(column)) else { throw Row.damage }
    return id
  }

  private static var damage: DatabaseError {
    DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a value is not of the kind its column has")
  }
}
