public import Dialogues

/// What a person may say about an import beyond its format and path.
public struct ImportOptions: Sendable, Equatable {
  /// The file's column names to the names Undertone knows, such as `text_en` to `text`.
  public var columns: [String: String]
  /// The corpus's labels to the labels wanted, such as `excited` to `happiness`; others stay.
  public var labels: [String: String]
  /// The name of the corpus, for formats that do not fix it.
  public var corpus: String?
  /// The split of turns that do not name theirs.
  public var split: String?
  /// The rater of labels that do not name theirs.
  public var rater: Rater?
  /// The folder that audio paths start from, where it is not the folder of the file.
  public var root: String?
  /// The project's label scheme; `nil` for a project that does not have one yet.
  ///
  /// Labels outside it are kept and reported.
  public var scheme: LabelScheme?
  /// Whether the first wrong row ends the import with an error instead of being skipped.
  public var isStrict: Bool

  /// Creates options; without arguments, the ones that suit most imports.
  public init(
    columns: [String: String] = [:], labels: [String: String] = [:], corpus: String? = nil,
    split: String? = nil, rater: Rater? = nil, root: String? = nil, scheme: LabelScheme? = nil,
    isStrict: Bool = false
  ) {
    self.columns = columns
    self.labels = labels
    self.corpus = corpus
    self.split = split
    self.rater = rater
    self.root = root
    self.scheme = scheme
    self.isStrict = isStrict
  }
}
