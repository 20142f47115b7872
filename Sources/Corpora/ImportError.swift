/// Why a file could not be read or written, in words for the person who asked for it.
public struct CorpusError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file or folder, as the person named it.
  public var file: String
  /// The row it is about, as a spreadsheet or an editor counts: the first line of a file is row 1.
  ///
  /// In CSV a row may span lines. `nil` where it is about the file as a whole.
  public var row: Int?
  /// What was found, what was expected and what to do: one or two sentences.
  public var message: String

  /// Creates an error.
  public init(file: String, row: Int? = nil, message: String) {
    self.file = file
    self.row = row
    self.message = message
  }

  /// The error as one line: file, row, message.
  public var description: String {
    row.map { "\(file), row \($0): \(message)" } ?? "\(file): \(message)"
  }
}
