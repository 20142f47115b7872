/// A stretch of dialogue that ends in a turn whose speaker's emotion has changed since the
/// speaker's own last turn, and the question which turns caused the change.
///
/// All lists have one entry a turn, in spoken order; the last one is the turn in question.
public struct EmotionShift: Equatable, Sendable {
  /// Who speaks.
  public let speakers: [String]
  /// The emotion of each turn, as any common scheme calls it; empty where it is unknown.
  public let emotions: [String]
  /// What is said; may be empty.
  public let texts: [String]

  /// How many turns back a cause is looked for. The longest excerpt of MELD-FR has 23 turns.
  public static let reach = 24

  /// The names of emotions in files of excerpts, in lower case: those of MELD, EmoryNLP, IEMOCAP,
  /// Ekman's and MaSaC's schemes.
  public static let knownEmotions = [
    "anger", "angry", "contempt", "disgust", "disgusted", "excited", "excitement", "fear",
    "fearful", "frustrated", "frustration", "happiness", "happy", "joy", "joyful", "mad",
    "neutral", "peaceful", "powerful", "sad", "sadness", "scared", "surprise", "surprised",
  ]

  /// Creates an excerpt.
  ///
  /// - Precondition: the lists are of one length, at least 1.
  public init(speakers: [String], emotions: [String], texts: [String]) {
    precondition(!speakers.isEmpty, "an excerpt has at least the turn in question")
    precondition(speakers.count == emotions.count && speakers.count == texts.count)
    self.speakers = speakers
    self.emotions = emotions
    self.texts = texts
  }

  /// The excerpt that ends in a turn of a dialogue, if the emotion of its speaker changed there.
  ///
  /// - Parameters:
  ///   - turn: the turn's place.
  ///   - speakers: who speaks each turn of the dialogue; empty for somebody unknown, who is taken
  ///     for no other unknown speaker and so has no change.
  ///   - emotions: each turn's emotion; `nil` where it is unknown.
  ///   - texts: what is said.
  /// - Returns: `nil` if the speaker's own last turn is not among the ``reach`` turns before, one
  ///   of the two emotions is unknown, or they are the same.
  public init?(
    endingAt turn: Int, speakers: [String], emotions: [String?], texts: [String]
  ) {
    guard !speakers[turn].isEmpty, let emotion = emotions[turn] else { return nil }
    let start = max(0, turn - Self.reach)
    guard let own = (start..<turn).last(where: { speakers[$0] == speakers[turn] }),
      let before = emotions[own], before != emotion
    else { return nil }
    self.init(
      speakers: Array(speakers[start...turn]), emotions: emotions[start...turn].map { $0 ?? "" },
      texts: Array(texts[start...turn]))
  }

  /// How many turns there are.
  public var count: Int { speakers.count }

  /// The place of the speaker's own last turn; −1 if there is none.
  var ownLast: Int {
    guard let speaker = speakers.last, !speaker.isEmpty else { return -1 }
    return speakers.dropLast().lastIndex(of: speaker) ?? -1
  }
}
