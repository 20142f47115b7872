public import Dialogues

/// What can be written of a turn beside the turn itself.
public enum ExportPart: String, CaseIterable, Sendable {
  /// The gold label.
  case gold
  /// The soft label: how the votes behind the gold fell.
  case votes
  /// Each rater's labels.
  case raters
  /// Each rater's values on the dimensions.
  case dimensions
  /// The conditions of each rating.
  case conditions
  /// The suggested label and the probabilities.
  case suggestions
  /// The label after decoding the whole dialogue.
  case refined
}

/// What a person may say about an export beyond its format and path, and what the files say of the
/// project as a whole.
public struct ExportOptions: Sendable {
  /// What to write; `nil` for all that the format holds without being asked.
  public var parts: Set<ExportPart>?
  /// Whether something that is already at the path is replaced.
  public var overwrites: Bool
  /// The project's labels and dimensions.
  public var scheme: LabelScheme
  /// Everyone who rated, in the order their columns are to have.
  public var raters: [Rater]
  /// Whose votes the gold is made of.
  public var gold: GoldStandard
  /// What was suggested by; the name and the details are written where a format has a place.
  public var source: Source
  /// The corpus's labels and those taken for them, where the project merged any.
  public var labelMapping: [String: String]
  /// The program that writes, e.g. `undertone 0.1.0`.
  public var program: String

  /// Creates options.
  public init(
    parts: Set<ExportPart>? = nil, overwrites: Bool = false, scheme: LabelScheme = .meld,
    raters: [Rater] = [], gold: GoldStandard = GoldStandard(kind: .person),
    source: Source = Source(name: ""), labelMapping: [String: String] = [:], program: String = ""
  ) {
    self.parts = parts
    self.overwrites = overwrites
    self.scheme = scheme
    self.raters = raters
    self.gold = gold
    self.source = source
    self.labelMapping = labelMapping
    self.program = program
  }

  /// Whether a part is to be written, where the format has a place for it.
  public func wants(_ part: ExportPart) -> Bool { parts?.contains(part) ?? true }

  /// The dimensions of the scheme, and the usual ones where raters may have brought their own.
  var dimensionNames: [String] {
    let own = scheme.dimensions.map(\.name)
    return own + AnswerColumns.usualDimensions.filter { !own.contains($0) }
  }
}

extension JSONWriter {
  /// The members that say what an export is: its format, the scheme, the raters, whose votes made the
  /// gold, the source of suggestions, and the label mapping.
  mutating func describe(_ format: String, _ options: ExportOptions) {
    number("schema", 1)
    string("format", format)
    string("program", options.program)
    string("scheme", options.scheme.name)
    array("labels") {
      for label in options.scheme.labels {
        $0.object {
          $0.string("name", label.name)
          $0.string("definition", label.definition)
        }
      }
    }
    array("dimensions") {
      for dimension in options.scheme.dimensions {
        $0.object {
          $0.string("name", dimension.name)
          $0.number("low", dimension.low)
          $0.number("high", dimension.high)
        }
      }
    }
    object("label_mapping") {
      for (from, to) in options.labelMapping.sorted(by: { $0.key < $1.key }) {
        $0.member(from)
        $0.string(to)
      }
    }
    string("gold", options.gold.kind.rawValue)
    array("raters") {
      for rater in options.raters {
        $0.object {
          $0.string("name", rater.name)
          $0.string("kind", rater.kind.rawValue)
        }
      }
    }
    object("source") {
      $0.string("name", options.source.name)
      $0.string("details", options.source.details)
    }
  }
}
