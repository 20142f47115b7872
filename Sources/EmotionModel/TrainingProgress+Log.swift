internal import FoundationEssentials

extension TrainingProgress {
  /// The version of the layout of ``jsonLine``.
  public static let logSchema = 1

  /// The progress as one line of a JSON-lines log, keys in snake case and alphabetical order,
  /// without the end of the line.
  public var jsonLine: String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let line = Line(schema: Self.logSchema, progress: self)
    return (try? encoder.encode(line)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }

  private struct Line: Encodable {
    var schema: Int
    var progress: TrainingProgress
  }
}
