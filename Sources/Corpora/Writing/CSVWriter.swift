/// Writes CSV as RFC 4180 describes it.
///
/// Cells that a spreadsheet would run as a formula are escaped.
///
/// The file appears under its name only when ``finish()`` has succeeded; a writer that is dropped
/// before leaves nothing behind.
public final class CSVWriter {
  private let file: any ByteSink
  private let lineEnd: [UInt8]
  private let escapesFormulas: Bool

  /// Begins a file.
  ///
  /// - Parameters:
  ///   - path: where it will appear.
  ///   - columns: the header.
  ///   - usesCRLF: whether lines end in CRLF, as RFC 4180 and MELD have it, or LF.
  ///   - escapesFormulas: whether cells a spreadsheet would run get an apostrophe before them.
  ///   - overwrites: whether a file that is there already is replaced.
  /// - Throws: ``CorpusError`` if no file can be made there, or one is there and may not be replaced.
  public init(
    path: String, columns: [String], usesCRLF: Bool = false, escapesFormulas: Bool = true,
    overwrites: Bool = true
  ) throws(CorpusError) {
    file = try OutputFile(path, overwrites: overwrites)
    lineEnd = usesCRLF ? [0x0D, 0x0A] : [0x0A]
    self.escapesFormulas = escapesFormulas
    try write(columns)
  }

  /// Begins a file in a folder that appears as a whole.
  init(
    in folder: OutputFolder, name: String, columns: [String], usesCRLF: Bool = false,
    escapesFormulas: Bool = true
  ) throws(CorpusError) {
    file = try folder.file(name)
    lineEnd = usesCRLF ? [0x0D, 0x0A] : [0x0A]
    self.escapesFormulas = escapesFormulas
    try write(columns)
  }

  /// Writes one row.
  ///
  /// - Throws: ``CorpusError`` if the disk is full or gone.
  public func write(_ cells: [String]) throws(CorpusError) {
    try file.append { bytes in
      for (place, cell) in cells.enumerated() {
        if place > 0 { bytes.append(UInt8(ascii: ",")) }
        Self.append(escapesFormulas ? FormulaEscape.added(cell) : cell, to: &bytes)
      }
      bytes += lineEnd
    }
  }

  /// Makes the file appear.
  ///
  /// - Throws: ``CorpusError`` if the disk is full or gone; the file is then as it was before.
  public func finish() throws(CorpusError) { try file.finish() }

  private static func append(_ cell: String, to bytes: inout [UInt8]) {
    let needsQuotes = cell.utf8.contains {
      $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == 0x0A || $0 == 0x0D
    }
    guard needsQuotes else {
      bytes.append(contentsOf: cell.utf8)
      return
    }
    bytes.append(UInt8(ascii: "\""))
    for byte in cell.utf8 {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
