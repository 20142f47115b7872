internal import Dialogues
internal import GRDB

/// An answer as it lies in the columns `labels`, `dimensions` and `confidence`.
struct StoredAnswer: Hashable {
  var labels: String
  var dimensions: String?
  var confidence: Int?

  init(_ answer: Answer) {
    labels = StoredText.list(answer.labels)
    dimensions = StoredText.object(answer.dimensions)
    confidence = answer.confidence
  }

  /// Reads three neighbouring columns; `nil` if there is no answer.
  init?(_ row: Row, from column: Int) throws {
    guard let labels = try row.optionalText(column) else { return nil }
    self.labels = labels
    dimensions = try row.optionalText(column + 1)
    confidence = try row.optionalInteger(column + 2).map(Int.init)
  }

  var answer: Answer {
    Answer(
      labels: StoredText.strings(labels), dimensions: StoredText.numbers(dimensions),
      confidence: confidence)
  }

  /// Refuses an answer that no column or no reader of exports could carry.
  static func check(_ answer: Answer, path: String) throws {
    guard answer.dimensions.values.allSatisfy(\.isFinite) else {
      throw ProjectError(
        .refused, "\(path): a rating on a dimension is not a number; give one within its scale.")
    }
    guard answer.confidence.map((1...3).contains) ?? true else {
      throw ProjectError(.refused, "\(path): confidence goes from 1 (guess) to 3 (sure).")
    }
  }
}
