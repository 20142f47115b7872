internal import Glibc

extension DialogicalEmotionDecoder {
  /// The states of the best hypothesis over all passes, turn after turn.
  ///
  /// The arithmetic keeps the order of the published code, so that its decisions are reproduced to
  /// the last one: a turn's loss is built first and then added to the cost, and hypotheses of equal
  /// cost keep the order (hypothesis, state) in which they were made.
  func search(flat logits: [Double], voices: [Int], voiceCount: Int, states: Int) -> [Int] {
    let turns = voices.count
    let steps = turns * options.passes
    let width = options.beamWidth
    // ln N for every count that can occur, and ln(ΣN + α) likewise: a logarithm costs more than the
    // rest of a candidate.
    let logCount = (0...steps).map { log(Double($0)) }
    let logTotal = (0...steps).map { log(Double($0) + options.concentration) }

    var beam = Beam(width: width, states: states, voices: voiceCount)
    var next = beam
    beam.size = 1
    var parents = [Int32](repeating: 0, count: steps * width)
    var chosen = [Int32](repeating: 0, count: steps * width)
    var kept = [Candidate]()
    kept.reserveCapacity(width + 1)

    for step in 0..<steps {
      let turn = step % turns
      let voice = voices[turn]
      kept.removeAll(keepingCapacity: true)
      var worst = Double.infinity
      for hypothesis in 0..<beam.size {
        let last = Int(beam.latest[hypothesis * voiceCount + voice])
        let total = logTotal[Int(beam.totals[hypothesis])]
        let opening = logShift + logConcentration - total
        for state in 0..<states {
          let logit = logits[turn * states + state]
          let count = Int(beam.counts[hypothesis * states + state])
          let loss: Double
          if last < 0 || count == 0 {
            loss = -logit - opening
          } else if last == state {
            loss = -logit - logStay
          } else {
            loss = -logit - (logShift + logCount[count] - total)
          }
          let cost = beam.costs[hypothesis] + loss
          guard cost < worst else { continue }
          insert(Candidate(cost: cost, parent: hypothesis, state: state), into: &kept)
          if kept.count == width { worst = kept[width - 1].cost }
        }
      }
      for (place, candidate) in kept.enumerated() {
        next.become(candidate, of: beam, at: place, voice: voice)
        parents[step * width + place] = Int32(candidate.parent)
        chosen[step * width + place] = Int32(candidate.state)
      }
      next.size = kept.count
      swap(&beam, &next)
    }

    var path = [Int](repeating: 0, count: steps)
    var place = 0
    for step in stride(from: steps - 1, through: 0, by: -1) {
      path[step] = Int(chosen[step * width + place])
      place = Int(parents[step * width + place])
    }
    return path
  }

  private struct Candidate {
    var cost: Double
    var parent: Int
    var state: Int
  }

  /// Keeps the lowest costs in order, dropping the highest of a full beam; an equal cost stays behind those that came first.
  private func insert(_ candidate: Candidate, into kept: inout [Candidate]) {
    if kept.count == options.beamWidth { kept.removeLast() }
    var place = kept.count
    while place > 0, candidate.cost < kept[place - 1].cost { place -= 1 }
    kept.insert(candidate, at: place)
  }

  /// The hypotheses alive after a turn, as flat arrays over hypothesis and state or speaker.
  private struct Beam {
    var size = 0
    let states: Int
    let voices: Int
    var costs: [Double]
    var totals: [Int32]
    var counts: [Int32]
    /// Each speaker's latest state; −1 before the speaker's first turn.
    var latest: [Int32]

    init(width: Int, states: Int, voices: Int) {
      self.states = states
      self.voices = voices
      costs = Array(repeating: 0, count: width)
      totals = Array(repeating: 0, count: width)
      counts = Array(repeating: 0, count: width * states)
      latest = Array(repeating: -1, count: width * voices)
    }

    /// Makes the hypothesis at `place` what `candidate` makes of its parent.
    mutating func become(_ candidate: Candidate, of beam: Beam, at place: Int, voice: Int) {
      let parent = candidate.parent
      costs[place] = candidate.cost
      for state in 0..<states {
        counts[place * states + state] = beam.counts[parent * states + state]
      }
      for other in 0..<voices {
        latest[place * voices + other] = beam.latest[parent * voices + other]
      }
      totals[place] = beam.totals[parent]
      if latest[place * voices + voice] != Int32(candidate.state) {
        counts[place * states + candidate.state] += 1
        totals[place] += 1
      }
      latest[place * voices + voice] = Int32(candidate.state)
    }
  }
}
