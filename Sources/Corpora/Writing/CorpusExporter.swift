/// A format that can be written.
///
/// One file a format; ``ExportFormats`` holds the list.
public protocol ExportFormat: Sendable {
  /// The name on the command line, such as `meld`.
  var name: String { get }
  /// What it writes, for the help, such as `a TextGrid for Praat for each dialogue`.
  var summary: String { get }
  /// Begins to write at a path.
  ///
  /// Nothing appears there before ``CorpusExporter/finish()``.
  ///
  /// - Throws: ``CorpusError`` if something is there and may not be replaced, or nothing can be
  ///   written.
  func begin(_ path: String, _ options: ExportOptions) throws(CorpusError) -> any CorpusExporter
}

/// An export that is being written, one dialogue at a time, in the project's order.
///
/// Memory does not grow with the corpus beyond a few bytes a dialogue.
public protocol CorpusExporter: AnyObject {
  /// Writes one dialogue.
  ///
  /// - Throws: ``CorpusError`` if it cannot be written or the disk is full.
  func write(_ dialogue: ExportedDialogue) throws(CorpusError)
  /// Makes the file or folder appear under its name. Without it nothing is left behind.
  ///
  /// - Throws: ``CorpusError`` if the disk is full or gone; what was there is then as it was.
  func finish() throws(CorpusError)
  /// What the format could not hold of what was written so far.
  var losses: LossCount { get }
}

/// The formats that can be exported.
public enum ExportFormats {
  /// All of them, in the order of the help.
  public static let all: [any ExportFormat] = [
    CSVFormat(),
    JSONLinesFormat(),
    MELDFormat(),
    IEMOCAPFormat(),
    AudformatFormat(),
    TextGridFormat(),
    ELANFormat(),
    LabelStudioFormat(),
  ]

  /// The format of that name; `nil` if there is none.
  public static func named(_ name: String) -> (any ExportFormat)? {
    all.first { $0.name == name }
  }
}
