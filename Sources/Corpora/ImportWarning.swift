/// Something an import met that a person should know of.
///
/// Nothing is skipped or changed without one.
public struct ImportWarning: Hashable, Sendable, CustomStringConvertible {
  /// What kind of thing.
  public var kind: Kind
  /// The file, as the person named it or below the folder they named.
  public var file: String
  /// The row, counted as ``CorpusError/row`` is; `nil` where it is about the file as a whole.
  public var row: Int?
  /// What was found and what was done about it.
  public var message: String

  /// Creates a warning.
  public init(kind: Kind, file: String, row: Int? = nil, message: String) {
    self.kind = kind
    self.file = file
    self.row = row
    self.message = message
  }

  /// The warning as one line: file, row, message.
  public var description: String {
    row.map { "\(file), row \($0): \(message)" } ?? "\(file): \(message)"
  }

  /// The kinds of warning a summary counts.
  public enum Kind: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// The row breaks the rules of its file format.
    case malformedRow = "malformed-row"
    /// The row lacks an id or other value it must have, or has one nobody can read.
    case wrongValue = "wrong-value"
    /// The row says again, or differently, what an earlier one said.
    case duplicate
    /// The row names a file outside the folder of the corpus.
    case unsafePath = "unsafe-path"
    /// A file of the corpus cannot be read, or is not what its name says, and was skipped.
    case unreadableFile = "unreadable-file"
    /// The text is not UTF-8 and was read as Windows-1252, a superset of Latin-1.
    case encoding
    /// The text was damaged by a wrong conversion and has been repaired.
    case repairedText = "repaired-text"
    /// A time or a number beside the essential ones cannot be read; the turn is kept without it.
    case unreadableValue = "unreadable-value"
    /// A turn ends before it starts.
    case backwardTime = "backward-time"
    /// The turn should have sound, and its file is not there.
    case missingAudio = "missing-audio"
    /// The sound of the turn is known or seen to be broken.
    case brokenAudio = "broken-audio"
    /// A file or folder the corpus should have is absent or unreadable.
    case missingFile = "missing-file"
    /// A label is not in the label scheme. It is kept verbatim.
    case unknownLabel = "unknown-label"
    /// A turn stands in one list of the corpus and not in another.
    case incompleteTurn = "incomplete-turn"
    /// A mean the corpus ships is not the mean of its raters' answers. The answers are used.
    case shippedMean = "shipped-mean"
    /// Something was decided that another option would decide differently.
    case choice

    /// Whether it is about a row or a file that was skipped; under `--strict` such a one ends the
    /// import.
    public var isWrongRow: Bool {
      switch self {
      case .malformedRow, .wrongValue, .duplicate, .unsafePath, .unreadableFile: true
      default: false
      }
    }

    /// The kind in plain words, for a summary: `3 rows skipped: …`.
    public var description: String {
      switch self {
      case .malformedRow: "rows skipped: they break the rules of the file format"
      case .wrongValue: "rows skipped: a needed value is missing or unreadable"
      case .duplicate: "rows skipped: they repeat or contradict an earlier row"
      case .unsafePath: "rows skipped: they name a file outside the corpus"
      case .unreadableFile: "files skipped: they cannot be read"
      case .encoding: "not UTF-8, read as Windows-1252"
      case .repairedText: "texts damaged by a wrong conversion, repaired"
      case .unreadableValue: "values left out: they cannot be read"
      case .backwardTime: "turns that end before they start, kept as they are"
      case .missingAudio: "turns whose sound is not there"
      case .brokenAudio: "turns whose sound is broken"
      case .missingFile: "files the corpus should have and does not"
      case .unknownLabel: "labels outside the label scheme, kept verbatim"
      case .incompleteTurn: "turns that only part of the corpus knows"
      case .shippedMean: "means that are not those of the raters' answers; the answers are used"
      case .choice: "choices made for you"
      }
    }
  }
}
