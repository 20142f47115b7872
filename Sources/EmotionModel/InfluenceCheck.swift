public import Dialogues
internal import NeuralNet

/// Judges turns of one dialogue again with some turns not heard, to check what influence claims.
///
/// The slots of a turn left out are empty and everything above them is computed again from
/// scratch, gates included. Not safe to use from two threads at once.
public final class InfluenceCheck {
  private let classifier: EmotionClassifier
  private let ids: [TurnKey]
  private let fillers: [[Int]]
  private let inputs: GatedNetwork.Inputs

  /// Encodes the turns of a dialogue once.
  public init(
    _ classifier: EmotionClassifier, _ dialogue: Dialogue,
    text: (Turn) -> [Float]? = { _ in nil }, audio: (Turn) -> [Float]? = { _ in nil }
  ) {
    self.classifier = classifier
    let prepared = classifier.prepare(dialogue, text: text, audio: audio)
    ids = dialogue.turns.map(\.key)
    fillers = prepared.table.fillers
    inputs = classifier.encode(prepared)
  }

  /// The judgements on all turns, from the turns as they were encoded.
  public func analyses() -> [TurnAnalysis] {
    classifier.analyse(Array(ids.indices), inputs, fillers, ids)
  }

  /// The judgement on one turn without some turns, the judged one possibly among them.
  public func analysis(of judged: Int, without left: Set<Int> = []) -> TurnAnalysis {
    var inputs = inputs
    for turn in left {
      inputs.hasText[turn] = false
      inputs.hasAudio[turn] = false
    }
    return classifier.analyse([judged], inputs, fillers, ids)[0]
  }

  /// How much the difference of two logits falls if a turn had not been heard: positive if the turn
  /// speaks for the first label.
  ///
  /// ``TurnAnalysis/influences(for:over:)`` says the same without computing again.
  public func leavingOut(
    _ left: Int, judging judged: Int, for label: Int, over other: Int
  ) -> Double {
    let full = analysis(of: judged).logits
    let reduced = analysis(of: judged, without: [left]).logits
    return (full[label] - full[other]) - (reduced[label] - reduced[other])
  }
}

extension EmotionClassifier {
  /// How much a judgement changes if a turn had not been heard: ``InfluenceCheck`` for one pair of
  /// turns.
  ///
  /// - Parameters:
  ///   - left: the place of the turn left out.
  ///   - judged: the place of the judged turn.
  ///   - dialogue: the dialogue.
  ///   - text: as for ``analyse(_:text:audio:)``.
  ///   - audio: as for ``analyse(_:text:audio:)``.
  /// - Returns: the margin, in logits, of the full judgement's best label over its runner-up with
  ///   the turn, minus that without it: positive if the turn speaks for the label.
  public func leaveOneOut(
    _ left: Int, judging judged: Int, in dialogue: Dialogue,
    text: (Turn) -> [Float]? = { _ in nil }, audio: (Turn) -> [Float]? = { _ in nil }
  ) -> Double {
    let check = InfluenceCheck(self, dialogue, text: text, audio: audio)
    let full = check.analysis(of: judged)
    return check.leavingOut(left, judging: judged, for: full.best, over: full.runnerUp)
  }
}
