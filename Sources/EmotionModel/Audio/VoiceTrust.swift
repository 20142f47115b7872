/// How often the sound of a corpus's turns has to do with what is said in them, learned from the
/// corpus's own turns without anybody's labels.
///
/// A sound either has to do with its turn's label, with probability w, or it does not. If s is what
/// is expected of the voice's likelihood ratio under what the text says, Σ p(label | text) ·
/// p(label | sound) / p̄(label), a turn's likelihood is 1 + w·(s − 1): where voices and words go
/// together s is above 1 more than below, and where they do not its mean is 1 and w falls. p̄ is what
/// the model of voices says of this corpus on average, so that a microphone that makes everybody
/// sound angry counts for nothing. w is found by expectation and maximisation (Dempster, Laird and
/// Rubin 1977), held back by a beta prior.
public struct VoiceTrust: Sendable {
  /// What w is taken to be before anything was heard.
  ///
  /// Trained on acted speech, models like this one are right in 0.30 to 0.55 of four classes of
  /// another corpus, where chance is 0.25: between one and four in ten sounds were of use there.
  public static let expected = 0.4
  /// How many turns the expectation is worth.
  private static let expectedTurns = 50.0
  /// More turns than these are not kept.
  private static let mostTurns = 2000

  private var readings: [[Double]] = []
  private var hearings: [[Double]] = []

  /// Creates what is known before anything was heard.
  public init() {}

  /// How many turns it was learned from.
  public var turns: Int { readings.count }

  /// Takes in what the text of a turn says and what its sound says.
  ///
  /// - Parameters:
  ///   - reading: a probability a label.
  ///   - hearing: likewise; labels no voice speaks for have 0. See ``VoiceEvidence/shares(_:)``.
  public mutating func note(reading: [Double], hearing: [Double]) {
    guard reading.count == hearing.count, readings.first.map({ $0.count == reading.count }) ?? true,
      (reading + hearing).allSatisfy({ $0.isFinite && $0 >= 0 }), turns < Self.mostTurns
    else { return }
    readings.append(reading)
    hearings.append(hearing)
  }

  /// w, above 0 and below 1.
  public var related: Double {
    guard let width = hearings.first?.count else { return Self.expected }
    var sums = [Double](repeating: 0, count: width)
    for hearing in hearings { for label in 0..<width { sums[label] += hearing[label] } }
    let count = Double(turns)
    let ratios = zip(readings, hearings).map { reading, hearing -> Double in
      var ratio = 0.0
      for label in 0..<width {
        // What the text gives to labels no voice speaks for neither supports the voice nor refutes
        // it.
        let factor = sums[label] > 0 ? hearing[label] * count / sums[label] : 1
        ratio += reading[label] * factor
      }
      return ratio
    }
    var related = Self.expected
    for _ in 0..<200 {
      var shares = 0.0
      for ratio in ratios { shares += related * ratio / (related * ratio + 1 - related) }
      related = (shares + Self.expected * Self.expectedTurns) / (count + Self.expectedTurns)
    }
    return related
  }
}
