/// One turn with a source's scores, as read from a file.
public struct ScoredTurn: Equatable, Sendable {
  /// The id of its dialogue.
  public var dialogue: String
  /// The id of the turn, carried along.
  public var turn: String
  /// Who speaks.
  public var speaker: String
  /// The true label; empty where there is none, and possibly one the source does not know.
  public var label: String
  /// The group whose labels must not be used for this turn, as a session; `nil` for the dialogue.
  public var group: String?
  /// One number a label of the source: logits, log probabilities or probabilities.
  public var scores: [Double]

  /// Creates a turn.
  public init(
    dialogue: String, turn: String, speaker: String, label: String, group: String? = nil,
    scores: [Double]
  ) {
    self.dialogue = dialogue
    self.turn = turn
    self.speaker = speaker
    self.label = label
    self.group = group
    self.scores = scores
  }
}

/// A source's labels before and after decoding whole dialogues, compared with the true labels.
///
/// This is what `refine` prints and writes.
public struct Refinement: Equatable, Sendable {
  /// The source's labels.
  public let labels: [String]
  /// For every turn, in the order given, the label with the best score.
  public let unaided: [String]
  /// For every turn, in the order given, the label after decoding its dialogue.
  public let refined: [String]
  /// The shift probability used for each group, in order of first appearance.
  public let priors: [Prior]
  /// Whether the scores were taken for probabilities: none negative, each row summing to 1.
  public let scoresAreProbabilities: Bool
  /// The unaided labels against the true ones, over turns whose true label the source knows.
  public let before: Evaluation
  /// The refined labels against the true ones, over the same turns.
  public let after: Evaluation
  /// Intervals of ``before``.
  public let beforeIntervals: EvaluationIntervals
  /// Intervals of ``after``, from the same resampled dialogues.
  public let afterIntervals: EvaluationIntervals
  /// How well the source's probabilities hold, before decoding: it leaves no probabilities behind.
  public let calibration: Calibration?

  /// The number of turns whose label decoding changed.
  public var changed: Int { zip(unaided, refined).count { $0 != $1 } }

  /// The shift probability of one group and where it comes from.
  public struct Prior: Equatable, Sendable {
    /// The group, or the dialogue where turns have no group.
    public var group: String
    /// p₀.
    public var value: Double
    /// Where it comes from.
    public var origin: Origin

    /// Creates a prior.
    public init(group: String, value: Double, origin: Origin) {
      self.group = group
      self.value = value
      self.origin = origin
    }

    /// Where a shift probability comes from.
    public enum Origin: Equatable, Sendable {
      /// Said by the caller.
      case given
      /// Counted over that many pairs of turns of all other groups.
      case otherGroups(pairs: Int)
      /// No other group has a speaker with two labelled turns in a row; ½ was used.
      case nothingKnown
    }
  }

  /// Why turns cannot be refined.
  ///
  /// Rows are counted from 1, without a header.
  public enum Failure: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file has no label columns.
    case noLabels
    /// Two columns have the same label.
    case duplicateLabel(String)
    /// A row has too few or too many scores.
    case scoreCount(row: Int, found: Int, expected: Int)
    /// A score is not a number, or infinite.
    case notANumber(row: Int, label: String)
    /// A score cannot be read.
    case unreadable(row: Int, label: String, text: String)
    /// A dialogue's turns are in two groups.
    case splitDialogue(row: Int, dialogue: String)
    /// The shift probability is not between 0 and 1.
    case shiftProbability(Double)

    /// One or two sentences for the person.
    public var description: String {
      switch self {
      case .noLabels:
        "There is no score column. Beside dialogue, turn, speaker and label there must be one "
          + "column for each label."
      case .duplicateLabel(let label):
        "Two columns are named \(label). Each label needs one column."
      case .scoreCount(let row, let found, let expected):
        "Row \(row) has \(found) scores where \(expected) are expected."
      case .notANumber(let row, let label):
        "Row \(row): the score of \(label) is not a finite number."
      case .unreadable(let row, let label, let text):
        "Row \(row): the score of \(label) is \u{201C}\(text)\u{201D}, which is not a number."
      case .splitDialogue(let row, let dialogue):
        "Row \(row): dialogue \(dialogue) was in another group before. A dialogue must lie in one "
          + "group, or its own labels would be used to decode it."
      case .shiftProbability(let value):
        "The shift probability must lie between 0 and 1, and \(value) does not."
      }
    }
  }

  /// Decodes all dialogues and evaluates the result.
  ///
  /// p₀ of a dialogue is estimated from the true labels of all other groups, never from its own;
  /// without groups from all other dialogues. Labels the source does not know count for it too.
  ///
  /// - Parameters:
  ///   - labels: the source's labels, in the order of the scores.
  ///   - turns: all turns; those of a dialogue in spoken order.
  ///   - aliases: true labels that are scored as another one, e.g. `exc` as `hap`. Priors see the
  ///     label as it stands.
  ///   - shiftProbability: p₀ for all dialogues instead of an estimate.
  ///   - options: of the decoder.
  ///   - replicates: how many bootstrap replicates the intervals have.
  ///   - seed: of the bootstrap.
  public init(
    labels: [String], turns: [ScoredTurn], aliases: [String: String] = [:],
    shiftProbability: Double? = nil, options: DialogicalEmotionDecoder.Options = .init(),
    replicates: Int = 1000, seed: UInt64 = 1
  ) throws(Failure) {
    try Self.check(labels: labels, turns: turns)
    if let given = shiftProbability, !(given > 0 && given < 1) {
      throw .shiftProbability(given)
    }
    let dialogues = try Self.dialogues(of: turns)
    let probabilities = Self.areProbabilities(turns)
    let logits = probabilities ? turns.map { $0.scores.map(logarithm) } : turns.map(\.scores)
    let priors = Self.priors(turns: turns, dialogues: dialogues, given: shiftProbability)

    let before = turns.map { bestPlace($0.scores) }
    var after = before
    for (dialogue, prior) in zip(dialogues, priors.ofDialogue) {
      let decoder = DialogicalEmotionDecoder(
        shiftProbability: priors.all[prior].value, options: options)
      var voices: [String: Int] = [:]
      var speakers: [Int] = []
      for row in dialogue {
        let voice = voices[turns[row].speaker] ?? voices.count
        voices[turns[row].speaker] = voice
        speakers.append(voice)
      }
      let decoded = decoder.decode(logits: dialogue.map { logits[$0] }, speakers: speakers)
      for (row, state) in zip(dialogue, decoded.states) { after[row] = state }
    }

    let places = Dictionary(uniqueKeysWithValues: zip(labels, labels.indices))
    let truth = turns.map { places[aliases[$0.label] ?? $0.label] }
    let scored = dialogues.map { $0.filter { truth[$0] != nil } }.filter { !$0.isEmpty }
    let rows = scored.flatMap(\.self)
    func pairs(_ predicted: [Int], _ rows: [Int]) -> [(truth: Int, predicted: Int)] {
      rows.map { (truth[$0] ?? 0, predicted[$0]) }
    }
    func evaluation(_ predicted: [Int]) -> Evaluation {
      Evaluation(
        labels: labels, truth: rows.map { truth[$0] ?? 0 }, predicted: rows.map { predicted[$0] })
    }
    func intervals(_ predicted: [Int]) -> EvaluationIntervals {
      EvaluationIntervals(
        labels: labels, dialogues: scored.map { pairs(predicted, $0) }, replicates: replicates,
        seed: seed)
    }
    self.labels = labels
    unaided = before.map { labels[$0] }
    refined = after.map { labels[$0] }
    self.priors = priors.all
    scoresAreProbabilities = probabilities
    self.before = evaluation(before)
    self.after = evaluation(after)
    beforeIntervals = intervals(before)
    afterIntervals = intervals(after)
    calibration = Calibration(
      posteriors: rows.map { probabilities ? turns[$0].scores : softmax(turns[$0].scores) },
      truth: rows.map { truth[$0] ?? 0 })
  }
}
