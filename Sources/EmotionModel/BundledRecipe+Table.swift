internal import NeuralNet

extension BundledRecipe {
  /// A small reader of the tables the recipe needs: separated values, quoted as RFC 4180 says.
  struct Table {
    /// A row with the line it starts on.
    struct Row {
      var line: Int
      var fields: [String]
    }

    /// The rows below the header.
    private(set) var rows: [Row] = []
    private var path: String
    private var columns: [String: Int] = [:]

    /// Reads a file.
    ///
    /// Without `columns` its first row names them. Only comma-separated tables have quotes.
    init(
      _ path: String, separator: Character, columns names: [String]? = nil
    ) throws(TrainingError) {
      self.path = path
      let bytes: [UInt8]
      do { bytes = try readFile(path) } catch { throw TrainingError(error.description) }
      var all = Self.parse(bytes, separator: separator.asciiValue ?? 0x2C, quotes: separator == ",")
      if let names {
        for (place, name) in names.enumerated() { columns[name] = place }
      } else if !all.isEmpty {
        for (place, name) in all.removeFirst().fields.enumerated() { columns[name] = place }
      }
      rows = all.filter { $0.fields != [""] }
    }

    /// A row's field in a column.
    func field(_ column: String, of row: Row) throws(TrainingError) -> String {
      guard let place = columns[column] else {
        throw TrainingError("\(path) has no column \(column).")
      }
      guard place < row.fields.count else { throw fault(row, "it has no \(column)") }
      return row.fields[place]
    }

    /// What is wrong with a row, for the person at the terminal.
    func fault(_ row: Row, _ what: String) -> TrainingError {
      TrainingError("\(path), line \(row.line): \(what).")
    }

    private static func parse(_ bytes: [UInt8], separator: UInt8, quotes: Bool) -> [Row] {
      var rows: [Row] = []
      var row = Row(line: 1, fields: [])
      var field: [UInt8] = []
      var isQuoted = false
      var line = 1
      func text() -> String { String(decoding: field, as: UTF8.self) }
      var place = 0
      while place < bytes.count {
        let byte = bytes[place]
        place += 1
        if byte == 0x0A { line += 1 }
        switch byte {
        case UInt8(ascii: "\"") where isQuoted && place < bytes.count && bytes[place] == byte:
          field.append(byte)
          place += 1
        case UInt8(ascii: "\"") where quotes && (isQuoted || field.isEmpty): isQuoted.toggle()
        case separator where !isQuoted:
          row.fields.append(text())
          field.removeAll()
        case 0x0A where !isQuoted:
          if field.last == 0x0D { field.removeLast() }
          row.fields.append(text())
          field.removeAll()
          rows.append(row)
          row = Row(line: line, fields: [])
        default: field.append(byte)
        }
      }
      if !field.isEmpty || !row.fields.isEmpty {
        row.fields.append(text())
        rows.append(row)
      }
      return rows
    }
  }
}
