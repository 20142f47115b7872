import EmotionModel
import Foundation
import TestSupport
import Testing

@Suite struct `Evaluation of a source` {
  let letters = ["a", "b", "c", "d"]

  // Label a is found 3 times of 4 and given 4 times, b 2 of 2 and 4, c 2 of 4 and 2: F1 of 6/8,
  // 4/6 and 4/6.
  let truth = [0, 0, 0, 1, 1, 2, 2, 2, 2, 0]
  let predicted = [0, 1, 0, 1, 1, 2, 0, 2, 1, 0]

  @Test func `rates follow their definitions, and a label nobody expressed is left out`() {
    let evaluation = Evaluation(labels: letters, truth: truth, predicted: predicted)
    let confusion: [[Int]] = [[3, 1, 0, 0], [0, 2, 0, 0], [1, 1, 2, 0], [0, 0, 0, 0]]
    #expect(evaluation.confusion == confusion)
    #expect(evaluation.weightedAccuracy == 0.7)
    #expect(abs(evaluation.unweightedAccuracy! - 0.75) < 1e-12)
    #expect(abs(evaluation.macroF1! - 25.0 / 36) < 1e-12)
    #expect(abs(evaluation.weightedF1! - 0.7) < 1e-12)
    let last = evaluation.perLabel[3]
    #expect(last.precision == nil && last.recall == nil && last.f1 == nil)
    #expect(evaluation.perLabel[1].precision == 0.5)
    #expect(evaluation.perLabel[2].recall == 0.5)
  }

  @Test func `no turn at all leaves every rate undefined`() {
    let evaluation = Evaluation(labels: letters, truth: [], predicted: [])
    #expect(evaluation.turns == 0)
    #expect(evaluation.weightedAccuracy == nil && evaluation.unweightedAccuracy == nil)
    #expect(evaluation.macroF1 == nil && evaluation.weightedF1 == nil)
    #expect(evaluation.chance.weightedAccuracy == nil)
    let intervals = EvaluationIntervals(labels: letters, dialogues: [])
    #expect(intervals.weightedAccuracy == nil && intervals.labelF1.allSatisfy { $0 == nil })
  }

  @Test func `the rows to beat are always answering the commonest label, and chance`() {
    let evaluation = Evaluation(labels: letters, truth: truth, predicted: predicted)
    #expect(evaluation.majority.weightedAccuracy == 0.4)
    #expect(evaluation.majority.unweightedAccuracy! == 1.0 / 3)
    #expect(evaluation.chance.unweightedAccuracy! == 1.0 / 3)
    #expect(abs(evaluation.chance.weightedAccuracy! - 0.36) < 1e-12)
  }

  @Test func `calibration follows its definitions`() throws {
    let calibration = try #require(
      Calibration(posteriors: [[0.9, 0.1], [0.6, 0.4], [0.25, 0.75]], truth: [0, 1, 1]))
    let error = calibration.expectedCalibrationError
    #expect(abs(calibration.logLoss * 3 + log(0.27)) < 1e-12)
    #expect(abs(calibration.brier * 3 - 0.865) < 1e-12)
    #expect(abs(error * 3 - 0.95) < 1e-12)
    #expect(calibration.bins[8].turns == 1 && calibration.bins[5].right == 0)
    #expect(Calibration(posteriors: [], truth: []) == nil)
  }

  @Test func `intervals repeat with their seed and hold the rate`() throws {
    var dialogues: [[(truth: Int, predicted: Int)]] = []
    for dialogue in 0..<40 {
      dialogues.append((0..<8).map { ($0 % 3, ($0 * dialogue) % 5 == 0 ? 1 : $0 % 3) })
    }
    let one = EvaluationIntervals(labels: letters, dialogues: dialogues, replicates: 200, seed: 7)
    #expect(
      one == EvaluationIntervals(labels: letters, dialogues: dialogues, replicates: 200, seed: 7))
    #expect(
      one != EvaluationIntervals(labels: letters, dialogues: dialogues, replicates: 200, seed: 8))
    let flat = dialogues.flatMap(\.self)
    let evaluation = Evaluation(
      labels: letters, truth: flat.map(\.truth), predicted: flat.map(\.predicted))
    let interval = try #require(one.weightedAccuracy)
    #expect(interval.low < evaluation.weightedAccuracy!)
    #expect(evaluation.weightedAccuracy! < interval.high)
    #expect(one.labelF1[3] == nil)
  }
}

@Suite struct `Refining a file of suggestions` {
  func turn(
    _ dialogue: String, _ speaker: String, _ label: String, _ scores: [Double],
    group: String? = nil
  ) -> ScoredTurn {
    ScoredTurn(
      dialogue: dialogue, turn: "", speaker: speaker, label: label, group: group, scores: scores)
  }

  @Test(.enabled(if: sharedData("ded/iemocap_iaan_logits.tsv") != nil, "needs ../shared/data/ded"))
  func `reports the published accuracies before and after on IEMOCAP`() throws {
    let text = try String(
      contentsOfFile: #require(sharedData("ded/iemocap_iaan_logits.tsv")), encoding: .utf8)
    let rows = text.split(whereSeparator: \.isNewline).dropFirst().map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    let labels = ["ang", "hap", "neu", "sad"]
    let scores = try Refinement.scores(reading: rows.map { Array($0[3..<7]) }, labels: labels)
    let turns = zip(rows, scores).map { row, scores in
      ScoredTurn(
        dialogue: row[0], turn: row[1], speaker: String(row[1].suffix(4).prefix(1)), label: row[2],
        group: String(row[0].prefix(5)), scores: scores)
    }
    let refinement = try Refinement(
      labels: labels, turns: turns, aliases: ["exc": "hap"], replicates: 20)
    let percent = { (rate: Double?) in String(format: "%.4f", 100 * (rate ?? .nan)) }
    #expect(refinement.before.turns == 5531)
    #expect(percent(refinement.before.unweightedAccuracy).hasPrefix("67.19"))
    #expect(percent(refinement.before.weightedAccuracy).hasPrefix("65.2"))
    #expect(percent(refinement.after.unweightedAccuracy) == "71.0239")
    #expect(percent(refinement.after.weightedAccuracy) == "69.4811")
    #expect(refinement.priors.map(\.group) == ["Ses01", "Ses02", "Ses03", "Ses04", "Ses05"])
    #expect(!refinement.scoresAreProbabilities)
    #expect(zip(rows, refinement.refined).allSatisfy { labels[Int($0[7])!] == $1 })
  }

  @Test func `probabilities and their logarithms give the same labels`() throws {
    let scores = [[0.6, 0.4], [0.45, 0.55], [0.9, 0.1], [0.2, 0.8]]
    func refined(_ map: (Double) -> Double) throws -> Refinement {
      try Refinement(
        labels: ["joy", "fear"], turns: scores.map { turn("1", "a", "joy", $0.map(map)) },
        replicates: 10)
    }
    let plain = try refined { $0 }
    #expect(plain.scoresAreProbabilities)
    #expect(try refined { log($0) }.refined == plain.refined)
    #expect(plain.priors == [.init(group: "1", value: 0.5, origin: .nothingKnown)])
  }

  @Test func `the labels of a dialogue are never used to decode it`() throws {
    var turns = (0..<30).map { turn("a", "x", $0 % 2 == 0 ? "joy" : "fear", [1, 0]) }
    turns += (0..<30).map { _ in turn("b", "x", "joy", [1, 0]) }
    let refinement = try Refinement(labels: ["joy", "fear"], turns: turns, replicates: 10)
    // The turns of `a` all differ, those of `b` never do: each gets the other's prior.
    let expected: [Refinement.Prior] = [
      .init(group: "a", value: 1.0 / 29, origin: .otherGroups(pairs: 29)),
      .init(group: "b", value: 30.0 / 31, origin: .otherGroups(pairs: 29)),
    ]
    #expect(refinement.priors == expected)
  }

  @Test func `what cannot be refined is refused with the row`() {
    func failure(_ labels: [String], _ turns: [ScoredTurn], p0: Double? = nil)
      -> Refinement.Failure?
    {
      do {
        _ = try Refinement(labels: labels, turns: turns, shiftProbability: p0, replicates: 1)
        return nil
      } catch { return error }
    }
    let good = turn("1", "a", "joy", [1, 2])
    #expect(failure([], []) == .noLabels)
    #expect(failure(["joy", "joy"], [good]) == .duplicateLabel("joy"))
    #expect(
      failure(["joy", "fear"], [good, turn("1", "a", "", [1])])
        == .scoreCount(row: 2, found: 1, expected: 2))
    #expect(
      failure(["joy", "fear"], [turn("1", "a", "", [1, .nan])])
        == .notANumber(row: 1, label: "fear"))
    #expect(
      failure(["joy", "fear"], [good, turn("1", "a", "", [1, 2], group: "g")])
        == .splitDialogue(row: 2, dialogue: "1"))
    #expect(failure(["joy", "fear"], [good], p0: 1) == .shiftProbability(1))
    #expect(failure(["joy", "fear"], []) == nil)
    #expect(throws: Refinement.Failure.unreadable(row: 1, label: "fear", text: "x")) {
      try Refinement.scores(reading: [["1", "x"]], labels: ["joy", "fear"])
    }
  }

  @Test func `nine digits are read as single precision, more as double`() throws {
    let single = try Refinement.scores(reading: [["-1.51849222"], ["0.5"]], labels: ["a"])
    #expect(single[0][0] == Double(-1.51849222 as Float) && single[1][0] == 0.5)
    let double = try Refinement.scores(reading: [["-1.518492220001"]], labels: ["a"])
    #expect(double[0][0] == -1.518492220001)
  }
}
