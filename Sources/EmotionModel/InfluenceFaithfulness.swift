public import Dialogues
internal import NeuralNet

/// Whether influence is true of the model: compared with leaving turns out, and with orders that
/// need no model.
public struct InfluenceFaithfulness: Equatable, Sendable {
  /// The orders in which turns are left out or brought back.
  public enum Order: String, Sendable, CaseIterable {
    /// By influence, what speaks most for the label first.
    case influence
    /// By the opening of the model's gate, widest first.
    case gate
    /// The latest turn first.
    case mostRecentFirst = "most_recent_first"
    /// By lot, the mean over ten draws.
    case random
  }

  /// Judged turns that were looked at: those with at least two earlier turns in view.
  public private(set) var judgements = 0
  /// The median over judgements of Spearman's rank correlation of influence with leaving the turn
  /// out, over the turns in view, the judged one included; `nil` without a judgement.
  public private(set) var influenceCorrelation: Double?
  /// The same for the gates' openings with the size of what leaving the turn out changes, over
  /// the earlier turns alone: the judged turn has no gate.
  public private(set) var gateCorrelation: Double?
  /// The largest difference between an earlier turn's influence and leaving it out, in logits.
  public private(set) var largestDifference = 0.0
  /// For each order the mean margin of the label after leaving out 0, 1, 2, … earlier turns, in
  /// logits; the better the order, the faster it falls.
  public private(set) var deletion: [Order: [Double]] = [:]
  /// For each order the mean margin after bringing 0, 1, 2, … earlier turns back into an empty
  /// context; the better the order, the faster it rises.
  public private(set) var insertion: [Order: [Double]] = [:]

  /// Measures dialogues.
  ///
  /// - Parameters:
  ///   - classifier: the model.
  ///   - judged: dialogues and the places of the turns to judge in each.
  ///   - seed: of the random order.
  public init(
    _ classifier: EmotionClassifier, judging judged: [(dialogue: Dialogue, turns: [Int])],
    seed: UInt64 = 1
  ) {
    var random = RandomSource(seed: seed)
    var influences: [Double] = []
    var gates: [Double] = []
    for (dialogue, turns) in judged {
      let check = InfluenceCheck(classifier, dialogue)
      let places = Dictionary(
        dialogue.turns.enumerated().map { ($1.key.turn, $0) },
        uniquingKeysWith: { first, _ in first })
      for turn in turns {
        add(check, turn, places, &random, &influences, &gates)
      }
    }
    influenceCorrelation = Self.median(influences)
    gateCorrelation = Self.median(gates)
    deletion = deletion.mapValues { $0.map { $0 / Double(judgements) } }
    insertion = insertion.mapValues { $0.map { $0 / Double(judgements) } }
  }

  private mutating func add(
    _ check: InfluenceCheck, _ judged: Int, _ places: [String: Int],
    _ random: inout RandomSource, _ influences: inout [Double], _ gates: inout [Double]
  ) {
    let full = check.analysis(of: judged)
    let claims = full.influences.compactMap { influence in
      places[influence.turn].map { (turn: $0, value: influence.value) }
    }
    let earlier = claims.filter { $0.turn != judged }
    guard earlier.count >= 2 else { return }
    judgements += 1
    // The orders ask for the same few sets of turns again and again.
    var margins: [Set<Int>: Double] = [:]
    func margin(without left: Set<Int>) -> Double {
      if let known = margins[left] { return known }
      let logits = check.analysis(of: judged, without: left).logits
      let margin = logits[full.best] - logits[full.runnerUp]
      margins[left] = margin
      return margin
    }
    let whole = full.margin
    let changes = claims.map { whole - margin(without: [$0.turn]) }
    for (claim, change) in zip(claims, changes) where claim.turn != judged {
      largestDifference = max(largestDifference, abs(claim.value - change))
    }
    if let correlation = Self.rankCorrelation(claims.map(\.value), changes) {
      influences.append(correlation)
    }
    var openings: [Int: Double] = [:]
    for gate in full.gates {
      if let place = places[gate.turn] { openings[place, default: 0] += gate.opening }
    }
    let sizes = zip(claims, changes).filter { $0.0.turn != judged }.map { abs($0.1) }
    if let correlation = Self.rankCorrelation(earlier.map { openings[$0.turn] ?? 0 }, sizes) {
      gates.append(correlation)
    }
    let turns = earlier.map(\.turn)
    for order in Order.allCases {
      let draws = order == .random ? 10 : 1
      for _ in 0..<draws {
        var sequence = turns
        switch order {
        case .influence: sequence = earlier.sorted { $0.value > $1.value }.map(\.turn)
        case .gate: sequence.sort { (openings[$0] ?? 0, $0) > (openings[$1] ?? 0, $1) }
        case .mostRecentFirst: sequence.sort(by: >)
        case .random: random.shuffle(&sequence)
        }
        for step in 0...Self.steps {
          // Where fewer turns are in view, the curve stays where it ends.
          let count = min(step, sequence.count)
          let share = 1 / Double(draws)
          deletion[order, default: Self.zeros][step] +=
            share * margin(without: Set(sequence.prefix(count)))
          insertion[order, default: Self.zeros][step] +=
            share * margin(without: Set(sequence.dropFirst(count)))
        }
      }
    }
  }

  /// How many turns the curves leave out or bring back.
  static let steps = 5
  private static let zeros = [Double](repeating: 0, count: steps + 1)

  private static func median(_ values: [Double]) -> Double? {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return nil }
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  /// Spearman's rank correlation with mean ranks for ties; `nil` where one side is all ties.
  static func rankCorrelation(_ a: [Double], _ b: [Double]) -> Double? {
    let x = ranks(a)
    let y = ranks(b)
    let centre = Double(a.count - 1) / 2
    var (xy, xx, yy) = (0.0, 0.0, 0.0)
    for (p, q) in zip(x, y) {
      xy += (p - centre) * (q - centre)
      xx += (p - centre) * (p - centre)
      yy += (q - centre) * (q - centre)
    }
    return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : nil
  }

  private static func ranks(_ values: [Double]) -> [Double] {
    values.map { value in
      Double(values.count { $0 < value }) + Double(values.count { $0 == value } - 1) / 2
    }
  }
}
