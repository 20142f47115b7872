internal import Glibc

/// Decodes the emotions of a dialogue as a whole: each speaker's emotion tends to persist, and an
/// emotion that the dialogue has already shown tends to come back.
///
/// The Dialogical Emotion Decoder of Yeh, Lin and Lee, ICASSP 2020, doi
/// 10.1109/icassp40776.2020.9053561: a beam search whose cost adds, for every turn, the model's own
/// logit, the probability that the speaker's emotion shifts, and a Chinese restaurant process over
/// the emotions of the dialogue. It works on the scores of any model.
public struct DialogicalEmotionDecoder: Sendable {
  /// What the decoder can be told.
  public struct Options: Equatable, Sendable {
    /// The concentration α of the Chinese restaurant process, above 0: how readily the dialogue
    /// takes up an emotion it has not shown yet.
    public var concentration: Double
    /// How many hypotheses are kept after each turn, at least 1.
    public var beamWidth: Int
    /// How often the dialogue is decoded in a row, at least 1.
    ///
    /// The states of the last pass are returned: a second pass lets the first turns profit from
    /// what the dialogue turned out to be.
    public var passes: Int

    /// The published settings unless said otherwise.
    public init(concentration: Double = 1, beamWidth: Int = 5, passes: Int = 2) {
      self.concentration = concentration
      self.beamWidth = beamWidth
      self.passes = passes
    }
  }

  /// The probability p₀ that a speaker's next turn has another emotion; between 0 and 1.
  public let shiftProbability: Double
  /// Concentration, beam width and passes.
  public let options: Options

  let logStay: Double
  let logShift: Double
  let logConcentration: Double

  /// Creates a decoder.
  ///
  /// - Parameter shiftProbability: strictly between 0 and 1; see ``ShiftProbability`` for how it is
  ///   estimated from training labels.
  public init(shiftProbability: Double, options: Options = Options()) {
    precondition(shiftProbability > 0 && shiftProbability < 1, "p0 must lie between 0 and 1")
    precondition(options.concentration > 0, "the concentration must be above 0")
    precondition(options.beamWidth >= 1 && options.passes >= 1)
    self.shiftProbability = shiftProbability
    self.options = options
    logStay = log(1 - shiftProbability)
    logShift = log(shiftProbability)
    logConcentration = log(options.concentration)
  }

  /// Decodes one dialogue.
  ///
  /// - Parameters:
  ///   - logits: for every turn in spoken order one finite number a state; log probabilities do as
  ///     well. All rows are of the same length, at least 1.
  ///   - speakers: who speaks each turn; numbers only need to differ between speakers.
  /// - Returns: the best hypothesis; empty for a dialogue without turns.
  ///
  /// Time and memory grow with turns x beam width x (states + speakers): a hypothesis holds its
  /// counts and each speaker's latest state, and its history only as a back pointer.
  public func decode(logits: [[Double]], speakers: [Int]) -> DecodedDialogue {
    precondition(logits.count == speakers.count, "one speaker a turn")
    let states = logits.first?.count ?? 0
    precondition(logits.allSatisfy { $0.count == states }, "one logit a state")
    var compact: [Int: Int] = [:]
    let voices = speakers.map { speaker in
      if let voice = compact[speaker] { return voice }
      let voice = compact.count
      compact[speaker] = voice
      return voice
    }
    guard states > 0 else {
      return DecodedDialogue(decoder: self, logits: logits, voices: voices, path: [])
    }
    let path = search(
      flat: logits.flatMap(\.self), voices: voices, voiceCount: compact.count, states: states)
    return DecodedDialogue(decoder: self, logits: logits, voices: voices, path: path)
  }
}
