/// The closed set of emotions of a project, and the dimensions rated beside them, if any.
public struct LabelScheme: Equatable, Sendable, Codable {
  /// A short name, e.g. `MELD`.
  public var name: String
  /// The labels, in the order of their keys.
  public var labels: [Label]
  /// Dimensions such as valence; empty for a scheme of labels alone.
  public var dimensions: [Dimension]
  /// What raters should read before they start, as Markdown; may be empty.
  public var guidelines: String
  /// Labels of the corpora and the labels that were taken for them at import, such as `excited` to
  /// `happiness`: results on merged classes cannot be compared with others without it.
  public var mapping: [String: String] = [:]

  /// Creates a scheme.
  public init(
    name: String, labels: [Label], dimensions: [Dimension] = [], guidelines: String = ""
  ) {
    self.name = name
    self.labels = labels
    self.dimensions = dimensions
    self.guidelines = guidelines
  }

  /// One emotion an annotator can choose.
  public struct Label: Hashable, Sendable, Codable {
    /// The name in data, files and on screen, e.g. `joy`.
    public var name: String
    /// The key that gives this label: one character, e.g. `3`.
    public var key: String
    /// One column wide, tells labels apart where there is no colour, e.g. `^`.
    public var glyph: String
    /// One sentence: when to choose it.
    public var definition: String

    /// Creates a label.
    public init(name: String, key: String, glyph: String, definition: String = "") {
      self.name = name
      self.key = key
      self.glyph = glyph
      self.definition = definition
    }
  }

  /// A quantity rated on a scale, e.g. valence from 1 to 5.
  public struct Dimension: Hashable, Sendable, Codable {
    /// The name in data, files and on screen, e.g. `valence`.
    public var name: String
    /// The lowest value.
    public var low: Int
    /// The highest value.
    public var high: Int
    /// What the lowest value means, e.g. `negative`.
    public var lowMeaning: String
    /// What the highest value means, e.g. `positive`.
    public var highMeaning: String

    /// Creates a dimension.
    public init(name: String, low: Int, high: Int, lowMeaning: String, highMeaning: String) {
      self.name = name
      self.low = low
      self.high = high
      self.lowMeaning = lowMeaning
      self.highMeaning = highMeaning
    }
  }

  /// The place of a label in ``labels``; `nil` if the scheme does not have it.
  public func index(of label: String) -> Int? {
    labels.firstIndex { $0.name == label }
  }
}

extension LabelScheme {
  private enum CodingKeys: String, CodingKey {
    case name, labels, dimensions, guidelines, mapping
  }

  /// Reads a scheme; those written before mappings were kept have none.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    labels = try container.decode([Label].self, forKey: .labels)
    dimensions = try container.decode([Dimension].self, forKey: .dimensions)
    guidelines = try container.decode(String.self, forKey: .guidelines)
    mapping = try container.decodeIfPresent([String: String].self, forKey: .mapping) ?? [:]
  }

  /// Writes a scheme; an empty mapping is left out, as older programs have it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(labels, forKey: .labels)
    try container.encode(dimensions, forKey: .dimensions)
    try container.encode(guidelines, forKey: .guidelines)
    if !mapping.isEmpty { try container.encode(mapping, forKey: .mapping) }
  }

  /// The keys given to labels in turn, where a scheme does not name its own.
  ///
  /// Digits alone: they lie in one row on every keyboard and never collide with a command. Labels
  /// beyond the tenth have no key until the settings file gives them one; the annotator's palette
  /// lists them all.
  public static let defaultKeys: [String] = "1234567890".map(String.init)

  /// A scheme for a closed set of names that says nothing else about them.
  ///
  /// Labels known to ``known(_:)`` get their glyph and definition; others their first letter.
  public init(name: String, labels names: [String]) {
    self.init(
      name: name,
      labels: names.enumerated().map { place, name in
        let known = Self.known(name)
        return Label(
          name: name, key: place < Self.defaultKeys.count ? Self.defaultKeys[place] : "",
          glyph: known?.glyph ?? name.first.map { String($0).uppercased() } ?? "?",
          definition: known?.definition ?? "")
      })
  }

  /// MELD's seven emotions (Ekman's six and neutral), Poria et al. 2019, arXiv:1810.02508.
  public static let meld = LabelScheme(
    name: "MELD",
    labels: ["neutral", "surprise", "joy", "anger", "sadness", "disgust", "fear"])

  /// EmoryNLP's seven emotions, Zahiri and Choi 2018, arXiv:1708.04299.
  public static let emoryNLP = LabelScheme(
    name: "EmoryNLP",
    labels: ["Neutral", "Joyful", "Scared", "Mad", "Peaceful", "Powerful", "Sad"])

  /// IEMOCAP's ten categories and three dimensions, Busso et al. 2008,
  /// doi 10.1007/s10579-008-9076-6.
  public static let iemocap: LabelScheme = {
    var scheme = LabelScheme(
      name: "IEMOCAP",
      labels: [
        "neutral", "happiness", "excited", "anger", "sadness", "frustration", "fear", "surprise",
        "disgust", "other",
      ])
    scheme.dimensions = [
      Dimension(
        name: "valence", low: 1, high: 5, lowMeaning: "negative", highMeaning: "positive"),
      Dimension(name: "arousal", low: 1, high: 5, lowMeaning: "calm", highMeaning: "excited"),
      Dimension(name: "dominance", low: 1, high: 5, lowMeaning: "weak", highMeaning: "strong"),
    ]
    return scheme
  }()

  /// Glyph and definition of an emotion that labs commonly use, by its name in lower case.
  static func known(_ name: String) -> (glyph: String, definition: String)? {
    switch name.lowercased() {
    case "neutral": ("-", "No emotion is expressed beyond ordinary conversation.")
    case "surprise": ("!", "Something unexpected, pleasant or not, has just registered.")
    case "joy", "joyful", "happiness", "happy":
      ("+", "Pleasure, amusement, delight, gratitude.")
    case "excited": ("*", "High energy, eager anticipation, enthusiasm.")
    case "anger", "mad", "angry": ("#", "Irritation to rage, directed at someone or something.")
    case "frustration": ("%", "Blocked or thwarted, annoyed at a situation.")
    case "sadness", "sad": ("v", "Loss, disappointment, hurt, regret.")
    case "disgust": ("~", "Revulsion, contempt, moral or physical.")
    case "fear", "scared": ("?", "Threat or worry about what is coming.")
    case "peaceful": ("=", "Calm, content, at ease, trusting.")
    case "powerful": ("^", "Proud, confident, in control.")
    case "other": (".", "An emotion that none of the other labels names.")
    default: nil
    }
  }
}
