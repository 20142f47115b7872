internal import Glibc

/// What the fundamental frequency of one frame may be.
struct PitchCandidates {
  /// How many are kept at most, besides "not voiced".
  static let most = 5

  /// How many there are.
  private(set) var count = 0
  /// Frequencies in Hz, the best first.
  private(set) var frequencies = SIMD8<Float>.zero
  /// The correlations at them, 0 to 1.
  private(set) var periodicities = SIMD8<Float>.zero
  /// What each is worth by itself: see ``PitchTrack/strength(_:_:)``.
  private(set) var strengths = SIMD8<Float>.zero
  /// How loud the frame's loudest sample is beside the sound's.
  let loudness: Float

  /// The best local maxima of a frame's correlation, interpolated by parabolas.
  ///
  /// - Parameters:
  ///   - correlation: one value a lag.
  ///   - firstLag: the lag of the first.
  ///   - rate: samples per second.
  init(_ correlation: LagProducts, firstLag: Int, rate: Float, loudness: Float) {
    self.loudness = loudness
    guard loudness > 0 else { return }
    withUnsafeBytes(of: correlation) { bytes in
      let values = bytes.assumingMemoryBound(to: Float.self)
      for place in 1..<values.count - 1 where values[place] > 0.3 {
        let (left, middle, right) = (values[place - 1], values[place], values[place + 1])
        guard middle > left, middle >= right else { continue }
        let curve = left - 2 * middle + right
        let shift = curve < 0 ? (left - right) / (2 * curve) : 0
        let frequency = rate / (Float(firstLag + place) + shift)
        let height = min(1, middle - (left - right) * shift / 4)
        guard frequency >= 60, frequency <= 500 else { continue }
        insert(frequency, height)
      }
    }
  }

  private mutating func insert(_ frequency: Float, _ height: Float) {
    // Where whole periods fit equally well, the shortest is meant.
    let worth = PitchTrack.strength(frequency, height)
    var place = count
    while place > 0, strengths[place - 1] < worth { place -= 1 }
    guard place < Self.most else { return }
    count = min(count + 1, Self.most)
    for behind in stride(from: count - 1, to: place, by: -1) {
      frequencies[behind] = frequencies[behind - 1]
      periodicities[behind] = periodicities[behind - 1]
      strengths[behind] = strengths[behind - 1]
    }
    frequencies[place] = frequency
    periodicities[place] = height
    strengths[place] = worth
  }
}

/// The cheapest path through frames' candidates (Viterbi), with the costs Boersma 1993 gives.
struct PitchTrack {
  private static let octaveCost: Float = 0.01
  private static let octaveJumpCost: Float = 0.35
  private static let voicingCost: Float = 0.14
  private static let voicingThreshold: Float = 0.45
  private static let silenceThreshold: Float = 0.03

  /// The places of a frame's candidates; 0 is "not voiced".
  private static let states = PitchCandidates.most + 1
  private var frequencies: [Float] = []
  private var octaves: [Float] = []
  private var periodicities: [Float] = []
  private var origins: [UInt8] = []
  private var scores = SIMD8<Float>.zero

  init(frames: Int) {
    frequencies.reserveCapacity(frames * Self.states)
    octaves.reserveCapacity(frames * Self.states)
    periodicities.reserveCapacity(frames * Self.states)
    origins.reserveCapacity(frames * Self.states)
  }

  static func strength(_ frequency: Float, _ periodicity: Float) -> Float {
    periodicity + octaveCost * log2f(frequency / 60)
  }

  mutating func add(_ frame: PitchCandidates) {
    let start = frequencies.count
    let unvoiced =
      Self.voicingThreshold
      + max(0, 2 - frame.loudness / Self.silenceThreshold * (1 + Self.voicingThreshold))
    var now = SIMD8<Float>(repeating: -.infinity)
    for state in 0..<Self.states {
      let isVoiced = state > 0
      let exists = state <= frame.count
      let frequency = isVoiced && exists ? frame.frequencies[state - 1] : 0
      let periodicity = isVoiced && exists ? frame.periodicities[state - 1] : 0
      let octave = frequency > 0 ? log2f(frequency) : 0
      frequencies.append(frequency)
      octaves.append(octave)
      periodicities.append(periodicity)
      guard exists else {
        origins.append(0)
        continue
      }
      let own = isVoiced ? frame.strengths[state - 1] : unvoiced
      var best = start == 0 ? 0 : -Float.infinity
      var origin = 0
      if start > 0 {
        for before in 0..<Self.states where scores[before] > -.infinity {
          let cost: Float
          switch (before > 0, isVoiced) {
          case (true, true):
            cost = Self.octaveJumpCost * abs(octaves[start - Self.states + before] - octave)
          case (false, false): cost = 0
          default: cost = Self.voicingCost
          }
          if scores[before] - cost > best {
            best = scores[before] - cost
            origin = before
          }
        }
      }
      now[state] = best + own
      origins.append(UInt8(origin))
    }
    scores = now
  }

  /// The frequencies and periodicities along the best path.
  func path() -> (frequency: [Float], periodicity: [Float]) {
    let count = frequencies.count / Self.states
    var frequency = [Float](repeating: 0, count: count)
    var periodicity = frequency
    var state = (0..<Self.states).reduce(0) { scores[$1] > scores[$0] ? $1 : $0 }
    for frame in stride(from: count - 1, through: 0, by: -1) {
      let place = frame * Self.states + state
      frequency[frame] = frequencies[place]
      periodicity[frame] = periodicities[place]
      state = Int(origins[place])
    }
    return (frequency, periodicity)
  }
}
