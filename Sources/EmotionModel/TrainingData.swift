public import Dialogues
internal import NeuralNet

/// Labelled dialogues to train on or to measure with.
public struct TrainingData: Sendable {
  /// What it is called in logs and model cards, such as `MELD`.
  public var name: String
  /// The labels its targets speak of, in their order.
  public var labels: [String]
  /// The dialogues, turns in spoken order.
  ///
  /// Turns without a target still are context for others.
  public var dialogues: [Dialogue]
  /// For a turn, one number a label, not negative: 1 and zeros for one answer, counts of votes for
  /// several raters' answers.
  ///
  /// They are scaled to sum to 1.
  public var targets: [TurnKey: [Float]]
  /// For a turn, its audio as the architecture's audio encoder gives it; empty for text alone.
  public var audio: [TurnKey: [Float]]
  /// For a turn, its text's vector by another encoder, such as MiniLM.
  ///
  /// The input of an architecture without a text encoder; one with a text encoder learns to point
  /// the same way, if the plan says so.
  public var textVectors: [TurnKey: [Float]] = [:]

  /// Creates data from targets.
  public init(
    name: String, labels: [String], dialogues: [Dialogue], targets: [TurnKey: [Float]],
    audio: [TurnKey: [Float]] = [:]
  ) {
    self.name = name
    self.labels = labels
    self.dialogues = dialogues
    self.targets = targets
    self.audio = audio
  }

  /// Creates data from ratings: each label a rater chose is a vote.
  ///
  /// Labels that are not among `labels` are not counted; compare is exact.
  ///
  /// - Parameter counts: whether a rater's word counts.
  public init(
    name: String, labels: [String], dialogues: [Dialogue], ratings: some Sequence<Rating>,
    where counts: (Rater) -> Bool = { _ in true }
  ) {
    var targets: [TurnKey: [Float]] = [:]
    for rating in ratings where counts(rating.rater) {
      let chosen = rating.answer.labels.compactMap(labels.firstIndex(of:))
      for place in chosen {
        targets[rating.turn, default: [Float](repeating: 0, count: labels.count)][place] +=
          1 / Float(chosen.count)
      }
    }
    self.init(name: name, labels: labels, dialogues: dialogues, targets: targets)
  }

  /// Puts whole dialogues aside for development: the same ones for a seed.
  ///
  /// - Parameter share: about how many of the dialogues, 0 to 1; if above 0, at least one of two.
  public func split(development share: Double, seed: UInt64) -> (
    training: TrainingData, development: TrainingData
  ) {
    var order = Array(dialogues.indices)
    var random = RandomSource(seed: seed)
    random.shuffle(&order)
    let wanted = Int((share * Double(order.count)).rounded())
    let count = share <= 0 || order.count < 2 ? 0 : min(order.count - 1, max(1, wanted))
    let chosen = Set(order.prefix(count))
    var parts = (self, self)
    parts.0.dialogues = dialogues.indices.filter { !chosen.contains($0) }.map { dialogues[$0] }
    parts.1.dialogues = dialogues.indices.filter { chosen.contains($0) }.map { dialogues[$0] }
    return parts
  }
}

extension TrainingData {
  /// How often a speaker's emotion changes from one of their turns to their next, by the label with
  /// the most votes, the earlier one on a tie; `nil` where no speaker has two labelled turns in a
  /// row.
  var shiftProbability: Double? {
    var shifts = ShiftProbability()
    for dialogue in dialogues {
      let labels = dialogue.turns.map { turn -> Int? in
        guard let votes = targets[turn.key], let most = votes.max(), most > 0 else { return nil }
        return votes.firstIndex(of: most)
      }
      shifts.add(speakers: dialogue.turns.map(\.speaker), labels: labels)
    }
    return shifts.value
  }
}
