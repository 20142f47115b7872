import EmotionModel
import Foundation
import TestSupport
import Testing

@Suite struct `The Dialogical Emotion Decoder` {
  /// IEMOCAP's turns with the published model's logits and the published decoder's decisions.
  struct Reference {
    var dialogues: [[(speaker: Int, label: String, logits: [Double], decision: Int)]] = []
    var sessions: [Substring] = []

    /// The file prints single precision with nine digits, which is what the published code had.
    init(_ path: String) throws {
      let rows = try String(contentsOfFile: path, encoding: .utf8)
        .split(whereSeparator: \.isNewline).dropFirst()
      var current: Substring?
      for row in rows {
        let cells = row.split(separator: "\t", omittingEmptySubsequences: false)
        if cells[0] != current {
          dialogues.append([])
          sessions.append(cells[0].prefix(5))
          current = cells[0]
        }
        let speaker = cells[1].split(separator: "_").last!.first!
        dialogues[dialogues.count - 1].append(
          (
            speaker == "F" ? 0 : 1, String(cells[2]), cells[3..<7].map { Double(Float($0)!) },
            Int(cells[7])!
          ))
      }
    }

    func prior(leavingOut session: Substring) -> ShiftProbability {
      var prior = ShiftProbability()
      for (dialogue, its) in zip(dialogues, sessions) where its != session {
        prior.add(speakers: dialogue.map(\.speaker), labels: dialogue.map(\.label))
      }
      return prior
    }
  }

  static let path = sharedData("ded/iemocap_iaan_logits.tsv")

  @Test(.enabled(if: path != nil, "needs ../shared/data/ded"))
  func `reproduces all 10,039 decisions of the published code on IEMOCAP`() throws {
    let reference = try Reference(#require(Self.path))
    var confusion = [[Int]](repeating: [0, 0, 0, 0], count: 4)
    let columns = ["ang": 0, "hap": 1, "exc": 1, "neu": 2, "sad": 3]
    var turns = 0
    var wrong = 0
    for (dialogue, session) in zip(reference.dialogues, reference.sessions) {
      let prior = try #require(reference.prior(leavingOut: session).value)
      let decoded = DialogicalEmotionDecoder(shiftProbability: prior).decode(
        logits: dialogue.map(\.logits), speakers: dialogue.map(\.speaker))
      for (turn, state) in zip(dialogue, decoded.states) {
        turns += 1
        wrong += state == turn.decision ? 0 : 1
        if let row = columns[turn.label] { confusion[row][state] += 1 }
      }
    }
    #expect(turns == 10_039)
    #expect(wrong == 0)
    // The confusion matrix and both accuracies as the published code reports them.
    #expect(
      confusion == [
        [802, 54, 194, 53], [63, 1128, 281, 164], [121, 301, 1010, 276], [23, 62, 96, 903],
      ])
  }

  @Test(.enabled(if: path != nil, "needs ../shared/data/ded"))
  func `its prior leaves the session that is decoded out`() throws {
    let reference = try Reference(#require(Self.path))
    let values = ["Ses01", "Ses02", "Ses03", "Ses04", "Ses05"].map {
      String(format: "%.6f", reference.prior(leavingOut: Substring($0)).value ?? .nan)
    }
    #expect(values == ["0.396664", "0.407087", "0.405219", "0.401222", "0.405033"])
  }

  /// A generator that repeats, after Marsaglia's xorshift; the tests only need variety.
  struct Dice {
    var state: UInt64
    mutating func roll() -> Double {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Double(state >> 11) * 0x1p-53
    }
  }

  /// The cost of a sequence of states, written down from the paper without any incremental count.
  func cost(_ path: [Int], _ logits: [[Double]], _ speakers: [Int], p0: Double, alpha: Double)
    -> Double
  {
    var cost = 0.0
    for (step, state) in path.enumerated() {
      let turn = step % logits.count
      let earlier = (0..<step).filter { speakers[$0 % logits.count] == speakers[turn] }
      if let last = earlier.last, path[last] == state {
        cost -= logits[turn][state] + log(1 - p0)
        continue
      }
      let blocks = (0..<step).filter { place in
        let before = (0..<place).last {
          speakers[$0 % logits.count] == speakers[place % logits.count]
        }
        return before.map { path[$0] != path[place] } ?? true
      }
      let known = blocks.count { path[$0] == state }
      let weight = earlier.isEmpty || known == 0 ? alpha : Double(known)
      cost -= logits[turn][state] + log(p0) + log(weight / (Double(blocks.count) + alpha))
    }
    return cost
  }

  @Test(arguments: 1...20)
  func `with a beam that holds everything, finds the best of all sequences`(seed: UInt64) {
    var dice = Dice(state: seed &* 0x9E37_79B9_7F4A_7C15)
    let turns = 6
    let speakers = (0..<turns).map { _ in Int(dice.roll() * 2) }
    let logits = (0..<turns).map { _ in (0..<3).map { _ in dice.roll() * 3 } }
    let p0 = 0.1 + 0.8 * dice.roll()
    let decoded = DialogicalEmotionDecoder(
      shiftProbability: p0, options: .init(concentration: 0.7, beamWidth: 729, passes: 1)
    ).decode(logits: logits, speakers: speakers)
    let all = (0..<729).map { number in
      let powers = [1, 3, 9, 27, 81, 243]
      return cost(powers.map { number / $0 % 3 }, logits, speakers, p0: p0, alpha: 0.7)
    }
    let found = cost(decoded.states, logits, speakers, p0: p0, alpha: 0.7)
    #expect(abs(found - all.min()!) < 1e-9)
    let explained = decoded.terms.reduce(0) { $0 + $1.sum }
    #expect(abs(explained + found) < 1e-9)
  }

  @Test(arguments: 1...20)
  func `the contrast with another label is the whole difference in score`(seed: UInt64) {
    var dice = Dice(state: seed &* 0xD134_2543_DE82_EF95)
    let speakers = (0..<7).map { _ in Int(dice.roll() * 3) }
    let logits = (0..<7).map { _ in (0..<4).map { _ in dice.roll() * 2 } }
    let decoded = DialogicalEmotionDecoder(shiftProbability: 0.3, options: .init(passes: 1))
      .decode(logits: logits, speakers: speakers)
    for turn in 0..<7 {
      for other in 0..<4 {
        var changed = decoded.states
        changed[turn] = other
        let difference =
          cost(changed, logits, speakers, p0: 0.3, alpha: 1)
          - cost(decoded.states, logits, speakers, p0: 0.3, alpha: 1)
        let contrast = decoded.contrast(turn: turn, with: other)
        #expect(abs(contrast.sum - difference) < 1e-9)
        #expect(
          contrast.here.emission == logits[turn][decoded.states[turn]] - logits[turn][other])
      }
    }
  }

  @Test func `a lone outlier is overruled by the speaker's other turns`() {
    let calm = [2.0, 0]
    let decoded = DialogicalEmotionDecoder(shiftProbability: 0.05).decode(
      logits: [calm, calm, [0, 0.5], calm, calm], speakers: [0, 0, 0, 0, 0])
    #expect(decoded.unaided == [0, 0, 1, 0, 0])
    #expect(decoded.states == [0, 0, 0, 0, 0])
    let why = decoded.contrast(turn: 2, with: 1)
    #expect(why.here.emission == -0.5)
    #expect(why.here.shift > 0 && why.here.recurrence > 0 && why.later.sum > 0)
  }

  @Test func `a dialogue without turns has no states`() {
    let decoded = DialogicalEmotionDecoder(shiftProbability: 0.4).decode(logits: [], speakers: [])
    #expect(decoded.states.isEmpty && decoded.terms.isEmpty)
  }

  @Test func `a prior without a pair is undefined, and one of nothing but shifts stays below 1`() {
    var prior = ShiftProbability()
    #expect(prior.value == nil)
    prior.add(speakers: ["a", "b", "a"], labels: ["joy", "joy", nil])
    #expect(prior.value == nil)
    prior.add(speakers: ["a", "b", "a"], labels: ["joy", "joy", "anger"])
    #expect((prior.shifts, prior.pairs) == (1, 1))
    #expect(prior.value == 2.0 / 3)
    prior.add(speakers: [0, 0, 0, 0, 0], labels: ["a", "a", "a", "a", "a"])
    #expect(prior.value == 2.0 / 5)
  }
}
