internal import Glibc

/// A dialogue after decoding: the state of every turn, and what spoke for it.
public struct DecodedDialogue: Sendable {
  /// The state of each turn.
  public let states: [Int]
  /// The state the model alone would have chosen for each turn, the earlier one on a tie.
  public let unaided: [Int]

  let decoder: DialogicalEmotionDecoder
  let logits: [[Double]]
  let voices: [Int]
  /// The states of every pass, one after the other.
  let path: [Int]

  init(decoder: DialogicalEmotionDecoder, logits: [[Double]], voices: [Int], path: [Int]) {
    self.decoder = decoder
    self.logits = logits
    self.voices = voices
    self.path = path
    states = Array(path.suffix(logits.count))
    unaided = logits.map { row in
      row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 }
    }
  }

  /// What one turn adds to the score of a hypothesis; the search minimises minus its sum.
  public struct Terms: Equatable, Sendable {
    /// The model's logit of the state.
    public var emission: Double
    /// ln(1 − p₀) where the speaker's emotion persists, ln p₀ where it shifts or starts.
    public var shift: Double
    /// What the dialogue's earlier emotions say: ln N − ln(ΣN + α) for an emotion seen before, with
    /// α in the place of N for a new one or a speaker's first turn; 0 where the emotion persists.
    public var recurrence: Double

    /// All terms together.
    public var sum: Double { emission + shift + recurrence }
  }

  /// Why a turn has its state and not another one, in differences of ``Terms``: positive speaks for
  /// the state it has.
  public struct Contrast: Equatable, Sendable {
    /// From the turn itself.
    public var here: Terms
    /// From all later turns, which would fit the other state better or worse.
    public var later: Terms

    /// All terms together.
    public var sum: Double { here.sum + later.sum }
  }

  /// The terms of each turn for the states it has, in the last pass.
  public var terms: [Terms] { Array(terms(of: path).suffix(logits.count)) }

  /// Compares the state of a turn with another state of the same turn, all other turns kept.
  ///
  /// The sum is the difference of the two whole hypotheses' scores, so nothing is left unexplained.
  /// It may be negative: the best hypothesis is best as a whole, and a beam is not exhaustive.
  ///
  /// - Parameters:
  ///   - turn: the turn, from 0.
  ///   - other: the state to compare with, e.g. what ``unaided`` has for the turn.
  public func contrast(turn: Int, with other: Int) -> Contrast {
    let place = path.count - logits.count + turn
    var changed = path
    changed[place] = other
    var contrast = Contrast(here: Terms(), later: Terms())
    for (step, pair) in zip(terms(of: path), terms(of: changed)).enumerated() where step >= place {
      let difference = Terms(
        emission: pair.0.emission - pair.1.emission, shift: pair.0.shift - pair.1.shift,
        recurrence: pair.0.recurrence - pair.1.recurrence)
      if step == place { contrast.here = difference } else { contrast.later += difference }
    }
    return contrast
  }

  /// The terms of any sequence of states over all passes.
  private func terms(of path: [Int]) -> [Terms] {
    var counts = [Int](repeating: 0, count: logits.first?.count ?? 0)
    var total = 0
    var latest: [Int: Int] = [:]
    return path.enumerated().map { step, state in
      let turn = step % logits.count
      let last = latest.updateValue(state, forKey: voices[turn])
      let emission = logits[turn][state]
      if last == state {
        return Terms(emission: emission, shift: decoder.logStay, recurrence: 0)
      }
      let known =
        last == nil || counts[state] == 0 ? decoder.logConcentration : log(Double(counts[state]))
      let recurrence = known - log(Double(total) + decoder.options.concentration)
      counts[state] += 1
      total += 1
      return Terms(emission: emission, shift: decoder.logShift, recurrence: recurrence)
    }
  }
}

extension DecodedDialogue.Terms {
  init() { self.init(emission: 0, shift: 0, recurrence: 0) }

  static func += (sum: inout Self, term: Self) {
    sum.emission += term.emission
    sum.shift += term.shift
    sum.recurrence += term.recurrence
  }
}
