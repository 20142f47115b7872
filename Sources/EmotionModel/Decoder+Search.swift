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
    var next = Beam(width: width, states: states, voices: voiceCount)
    defer {
      beam.free()
      next.free()
    }
    beam.size = 1
    var parents = [Int32](repeating: 0, count: steps * width)
    var chosen = [Int32](repeating: 0, count: steps * width)
    logits.withUnsafeBufferPointer { logits in
      withUnsafeTemporaryAllocation(of: Candidate.self, capacity: width) { kept in
        for step in 0..<steps {
          let turn = step % turns
          let voice = voices[turn]
          var size = 0
          var worst = Double.infinity
          for hypothesis in 0..<beam.size {
            let last = Int(beam.latest[hypothesis * voiceCount + voice])
            let total = logTotal[Int(beam.totals[hypothesis])]
            let opening = logShift + logConcentration - total
            let base = beam.costs[hypothesis]
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
              let cost = base + loss
              guard cost < worst else { continue }
              // The lowest costs in order, dropping the highest of a full beam; an equal cost stays
              // behind those that came first.
              var place = size == width ? width - 1 : size
              while place > 0, cost < kept[place - 1].cost {
                kept[place] = kept[place - 1]
                place -= 1
              }
              kept[place] = Candidate(cost: cost, parent: hypothesis, state: state)
              if size < width { size += 1 }
              if size == width { worst = kept[width - 1].cost }
            }
          }
          for place in 0..<size {
            next.become(kept[place], of: beam, at: place, voice: voice)
            parents[step * width + place] = Int32(kept[place].parent)
            chosen[step * width + place] = Int32(kept[place].state)
          }
          next.size = size
          swap(&beam, &next)
        }
      }
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

  /// The hypotheses alive after a turn, as flat tables over hypothesis and state or speaker.
  private struct Beam {
    var size = 0
    let states: Int
    let voices: Int
    let costs: UnsafeMutablePointer<Double>
    let totals: UnsafeMutablePointer<Int32>
    let counts: UnsafeMutablePointer<Int32>
    /// Each speaker's latest state; −1 before the speaker's first turn.
    let latest: UnsafeMutablePointer<Int32>

    init(width: Int, states: Int, voices: Int) {
      self.states = states
      self.voices = voices
      costs = .allocate(capacity: width)
      totals = .allocate(capacity: width)
      counts = .allocate(capacity: width * states)
      latest = .allocate(capacity: width * voices)
      costs.initialize(repeating: 0, count: width)
      totals.initialize(repeating: 0, count: width)
      counts.initialize(repeating: 0, count: width * states)
      latest.initialize(repeating: -1, count: width * voices)
    }

    func free() {
      costs.deallocate()
      totals.deallocate()
      counts.deallocate()
      latest.deallocate()
    }

    /// Makes the hypothesis at `place` what `candidate` makes of its parent.
    func become(_ candidate: Candidate, of beam: Beam, at place: Int, voice: Int) {
      let parent = candidate.parent
      costs[place] = candidate.cost
      (counts + place * states).update(from: beam.counts + parent * states, count: states)
      (latest + place * voices).update(from: beam.latest + parent * voices, count: voices)
      totals[place] = beam.totals[parent]
      let state = Int32(candidate.state)
      if latest[place * voices + voice] != state {
        counts[place * states + candidate.state] += 1
        totals[place] += 1
      }
      latest[place * voices + voice] = state
    }
  }
}
