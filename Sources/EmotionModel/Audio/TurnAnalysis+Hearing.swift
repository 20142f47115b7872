internal import Dialogues
internal import NeuralNet

extension TurnAnalysis {
  /// The analysis of the same turn once its sound was heard as well.
  ///
  /// The product of two experts: what the words say, times how much more probable the sound is
  /// with each label. What the sound adds is the turn's own contribution, so influence stays exact.
  ///
  /// - Parameter evidence: see ``VoiceEvidence/logLikelihoodRatios(_:related:)``; one number a label.
  public func hearing(_ evidence: [Double]) -> TurnAnalysis {
    guard evidence.count == logits.count, evidence.allSatisfy(\.isFinite) else { return self }
    var heard = self
    for label in evidence.indices { heard.logits[label] += evidence[label] }
    heard.posterior = softmax(heard.logits)
    if let own = heard.contributions.firstIndex(where: { $0.turn == turn.turn }) {
      for label in evidence.indices { heard.contributions[own].logits[label] += evidence[label] }
    } else {
      heard.contributions.append(Contribution(turn: turn.turn, logits: evidence))
    }
    return heard
  }
}
