public import Dialogues

/// A checkpoint that was adapted to what a project's people answered, as it is listed: what it
/// learned from, how it did where it did not, and whether it is used.
public struct LearnedModel: Equatable, Sendable, Codable {
  /// Counts the attempts of a project from 1, those not used as well.
  public var version: Int
  /// The source its suggestions are filed under.
  ///
  /// It ends in a hash of the weights: two copies of a project learn different things, and merging
  /// them must not take their suggestions for those of one source.
  public var source: String
  /// When, in seconds since 1970.
  public var time: Double
  /// How many ratings people had given in the project.
  public var ratings: Int
  /// The dialogues it learned from, as text, in alphabetical order.
  ///
  /// It never suggests in them: it would tell what others answered there.
  public var dialogues: [String]
  /// How many turns of them had a label.
  public var turns: Int
  /// How it judges the dialogues that are held out.
  public var score: HeldOutScore
  /// What was in use before.
  public var before: String
  /// How that judges the same turns.
  public var scoreBefore: HeldOutScore

  /// Whether it is used: it is not worse than what was in use before.
  public var isUsed: Bool { score.isNotWorse(than: scoreBefore) }

  /// Whether it learned from a dialogue.
  public func learned(from dialogue: DialogueKey) -> Bool { dialogues.contains("\(dialogue)") }

  /// The beginning of the name of every such source.
  static let prefix = "gatedxlstm-adapted-"

  /// Whether suggestions of a source come from such a model.
  public static func isSource(_ name: String) -> Bool { name.hasPrefix(prefix) }

  /// Whether the source is named as such sources are: it is part of a path, and the record may come
  /// from a stranger.
  var isNamedByRule: Bool {
    let hash = source.dropFirst("\(Self.prefix)\(version)-".count)
    return source.hasPrefix("\(Self.prefix)\(version)-") && hash.count == 8
      && hash.allSatisfy(\.isHexDigit)
  }

  /// What it learned from and how it did, in words.
  public var details: String {
    "adapted to \(turns) rated turns of \(dialogues.count) dialogues; on \(score.turns) held-out turns "
      + "log loss \(rounded(score.logLoss)), accuracy \(rounded(score.accuracy)), where \(before) has "
      + "\(rounded(scoreBefore.logLoss)) and \(rounded(scoreBefore.accuracy))"
  }

  private func rounded(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
}
