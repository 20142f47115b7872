/// Whoever gave a rating.
public struct Rater: Hashable, Sendable, Codable {
  /// The name ratings are filed under, e.g. `ana`, `IEMOCAP/E1`, `gpt-4o`.
  public var name: String
  /// What kind of rater it is. Kinds are never mixed silently.
  public var kind: Kind

  /// Creates a rater.
  public init(name: String, kind: Kind) {
    self.name = name
    self.kind = kind
  }

  /// The kinds of rater that statistics keep apart.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// Someone who uses Undertone.
    case person
    /// A rater who came with the corpus, or the corpus's consensus.
    case corpus
    /// A speaker's rating of their own turns.
    case selfReport = "self"
    /// A model whose answer was imported as a rating.
    case model
    /// A large language model.
    case llm
    /// A made-up rater of the sample dialogues.
    case demonstration
    /// A person's answers on dialogues given to them a second time, kept apart from their first
    /// ones to measure how far they agree with themselves.
    case retest
  }
}

/// What a rater says about one turn.
public struct Answer: Hashable, Sendable, Codable {
  /// The labels chosen: usually one; none for an answer of dimensions alone; several where a
  /// corpus's rater gave several. Verbatim, also where the scheme does not have them.
  public var labels: [String]
  /// Values of the scheme's dimensions by name, in the dimension's own units.
  public var dimensions: [String: Double]
  /// How sure the rater is, 1 (guess) to 3 (sure); `nil` if not said.
  public var confidence: Int?

  /// Creates an answer.
  public init(labels: [String], dimensions: [String: Double] = [:], confidence: Int? = nil) {
    self.labels = labels
    self.dimensions = dimensions
    self.confidence = confidence
  }
}

/// Under what conditions an answer was given. Every rating in Undertone carries them, because a
/// rating made with a suggestion in view is not the same measurement as one made without.
public struct RatingConditions: Equatable, Sendable, Codable {
  /// The suggestion that was on screen when the answer was given; `nil` if none was.
  public var shown: ShownSuggestion?
  /// The how-manieth different turn this rater met in this sitting, from 0; `nil` if unknown.
  public var order: Int?
  /// How many milliseconds of the turn had been heard, the longest single playback; 0 for none.
  public var heardMilliseconds: Int
  /// How often the turn had been started again after the first time.
  public var replays: Int
  /// Milliseconds from the first sound of the turn (or, without sound, from the moment it was
  /// shown) to the answer; `nil` if unknown.
  public var answerMilliseconds: Int?
  /// The program that recorded it, e.g. `undertone 0.1.0`.
  public var program: String
  /// The protocol in force; `nil` in answers older than protocols were recorded.
  public var annotationProtocol: AnnotationProtocol?
  /// Which arm of the study the dialogue is in; `nil` as for ``annotationProtocol``.
  public var arm: StudyArm?
  /// Which of the two answers of `commit-then-reveal` it is; `nil` under another protocol.
  public var stage: AnswerStage?

  /// Creates conditions.
  public init(
    shown: ShownSuggestion? = nil, order: Int? = nil, heardMilliseconds: Int = 0,
    replays: Int = 0, answerMilliseconds: Int? = nil, program: String = "",
    annotationProtocol: AnnotationProtocol? = nil, arm: StudyArm? = nil, stage: AnswerStage? = nil
  ) {
    self.annotationProtocol = annotationProtocol
    self.arm = arm
    self.stage = stage
    self.shown = shown
    self.order = order
    self.heardMilliseconds = heardMilliseconds
    self.replays = replays
    self.answerMilliseconds = answerMilliseconds
    self.program = program
  }

  /// What of a suggestion was in view.
  public struct ShownSuggestion: Equatable, Sendable, Codable {
    /// The source's name, e.g. `gatedxlstm+ded`.
    public var source: String
    /// The label it suggested.
    public var label: String
    /// The probability shown beside it, 0 to 1.
    public var probability: Double

    /// Creates a record of what was in view.
    public init(source: String, label: String, probability: Double) {
      self.source = source
      self.label = label
      self.probability = probability
    }
  }
}

/// One rater's answer on one turn, as imported from a corpus or read from a project.
public struct Rating: Equatable, Sendable {
  /// The turn it is about.
  public var turn: TurnKey
  /// Who gave it.
  public var rater: Rater
  /// What they said.
  public var answer: Answer
  /// When, in seconds since 1970; `nil` if unknown.
  public var time: Double?

  /// Creates a rating.
  public init(turn: TurnKey, rater: Rater, answer: Answer, time: Double? = nil) {
    self.turn = turn
    self.rater = rater
    self.answer = answer
    self.time = time
  }
}
