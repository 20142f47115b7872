/// One utterance of a dialogue, as the corpus gives it.
public struct Turn: Equatable, Sendable {
  /// The turn's identity.
  public var key: TurnKey
  /// Who speaks: free text from the corpus, e.g. `Ross and Rachel`; empty where it is unknown.
  public var speaker: String
  /// What is said; empty where the corpus has only sound. Untrusted: may hold control characters.
  public var text: String
  /// Where the sound of the turn is; `nil` for a turn that is text only.
  public var audio: AudioSpan?
  /// When the turn happens in its dialogue or episode. Information only: times in corpora overlap,
  /// go backwards and lie, so nothing is ever played by them.
  public var time: TimeSpan?
  /// When each word is said, relative to the start of the turn's sound; empty where unknown.
  public var words: [WordTime]
  /// The columns of the corpus that Undertone has no field for, in the corpus's own order.
  public var metadata: [MetadataField]

  /// Creates a turn.
  public init(
    key: TurnKey, speaker: String = "", text: String = "", audio: AudioSpan? = nil,
    time: TimeSpan? = nil, words: [WordTime] = [], metadata: [MetadataField] = []
  ) {
    self.key = key
    self.speaker = speaker
    self.text = text
    self.audio = audio
    self.time = time
    self.words = words
    self.metadata = metadata
  }
}

/// Where the sound of a turn is.
public struct AudioSpan: Hashable, Sendable {
  /// The file, relative to the root of the corpus; never absolute, never holds `..`.
  public var path: String
  /// The part of the file that is the turn, in seconds; `nil` for the whole file.
  public var span: TimeSpan?

  /// Creates a reference to a file or a part of it.
  public init(path: String, span: TimeSpan? = nil) {
    self.path = path
    self.span = span
  }
}

/// A stretch of time, in seconds. `end` may lie before `start`: corpora do that.
public struct TimeSpan: Hashable, Sendable {
  /// Where it begins, in seconds.
  public var start: Double
  /// Where it ends, in seconds.
  public var end: Double

  /// Creates a span from its two ends, in seconds.
  public init(start: Double, end: Double) {
    self.start = start
    self.end = end
  }
}

/// One word of a turn and when it is said.
public struct WordTime: Hashable, Sendable {
  /// The word as the alignment spells it.
  public var word: String
  /// When it is said, in seconds from the start of the turn's sound.
  public var span: TimeSpan

  /// Creates a word with its time.
  public init(word: String, span: TimeSpan) {
    self.word = word
    self.span = span
  }
}

/// A column of the corpus that has no field of its own.
public struct MetadataField: Hashable, Sendable {
  /// The column's name, as the corpus spells it.
  public var name: String
  /// Its value, verbatim.
  public var value: String

  /// Creates a field.
  public init(name: String, value: String) {
    self.name = name
    self.value = value
  }
}

/// A conversation: its turns in the order they are spoken.
public struct Dialogue: Equatable, Sendable {
  /// The dialogue's identity.
  public var key: DialogueKey
  /// A title for people, e.g. `The moved boxes`; empty where the corpus has none.
  public var title: String
  /// The turns in spoken order.
  public var turns: [Turn]

  /// Creates a dialogue.
  public init(key: DialogueKey, title: String = "", turns: [Turn]) {
    self.key = key
    self.title = title
    self.turns = turns
  }
}
