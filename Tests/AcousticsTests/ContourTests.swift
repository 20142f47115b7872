import Foundation
import Testing

@testable import Acoustics

/// Expected values were computed with NumPy 2 and librosa 0.11 by scripts/acoustics_reference.py.
@Suite struct ContourTests {
  private static let wave = (0..<50).map { Float(sin(0.3 * Double($0)) + 0.02 * Double($0)) }
  private static let bump = (0..<50).map { Float(pow(cos(0.21 * Double($0)), 2)) }

  @Test func `contours relate to each other, at once and later, as NumPy says`() {
    var table = ContourTable(count: 50)
    table.add(Self.wave)
    table.add(Self.bump)
    #expect(abs(table.correlation(0, 1) - 0.0305671) < 1e-5)
    #expect(abs(table.correlation(0, 1, delay: 4) - 0.1607251) < 1e-5)
    #expect(abs(table.correlation(0, 1, delay: 20) - 0.1781764) < 1e-5)
    #expect(abs(table.correlation(1, 0, delay: 20) - -0.1835502) < 1e-5)
  }

  @Test func `what stands still relates to nothing`() {
    var table = ContourTable(count: 3)
    table.add([5, 5, 5])
    table.add([1, 2, 3])
    #expect(table.correlation(0, 1) == 0)
    // Further on than there are values.
    #expect(table.correlation(1, 1, delay: 20) == 0)
  }

  @Test func `changes are those of librosa, to the very ends`() {
    let changes = changes(of: Self.wave)
    for (place, value) in [(0, 0.1524805), (1, 0.2291296), (25, 0.1187776), (49, -0.0327036)] {
      #expect(abs(Double(changes[place]) - value) < 1e-6)
    }
  }

  @Test func `pitch goes on in straight lines where the voice pauses`() {
    let pitch = PitchContour(
      frequency: [0, 0, 120, 0, 0, 0, 240, 0, 60, 0], periodicity: [Float](repeating: 0, count: 10))
    // numpy.interp over the voiced frames.
    #expect(pitch.continuousSemitones(above: 60) == [12, 12, 12, 15, 18, 21, 24, 12, 0, 0])
    #expect(pitch.semitones(above: 60) == [0, 0, 12, 0, 0, 0, 24, 0, 0, 0])
    let silent = PitchContour(frequency: [0, 0], periodicity: [0, 0])
    #expect(silent.continuousSemitones(above: 60) == [0, 0])
  }

  @Test func `a voice that rises in its second half is heard to do so`() throws {
    // 100 Hz, then 200 Hz: an octave, so each half lies six semitones from the mean.
    let sound = (0..<16_000).map { n -> Float in
      let hertz = n < 8_000 ? 100.0 : 200.0
      return Float(
        (1...8).reduce(0.0) {
          $0 + sin(2 * Double.pi * hertz * Double($1 * n) / 16_000) / Double($1)
        })
        * 0.1
    }
    let values = SpeechStatistics(try #require(SpeechSound(sound))).values
    func value(_ name: String) throws -> Float {
      values[try #require(SpeechStatistics.names.firstIndex(of: name))]
    }
    #expect(abs(try value("part2.pitch") - -6) < 0.5)
    #expect(abs(try value("part7.pitch") - 6) < 0.5)
    #expect(try value("part4.voiced") > 0.9)
    // Where the pitch is high it was higher than it is on average 40 ms ago.
    #expect(try value("pitch~pitch.after40") > 0.7)
  }

  @Test func `percentiles of many values are those of the values in order`() {
    var state: UInt64 = 7
    for count in [50, 101, 400] {
      let values = (0..<count).map { _ -> Float in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(state >> 40)
      }
      let ordered = values.sorted()
      // Hyndman and Fan's type 7, on the sorted values.
      func percentile(_ share: Double) -> Float {
        let position = share * Double(count - 1)
        let (low, rest) = (Int(position), Float(position - position.rounded(.down)))
        return ordered[low] + (ordered[min(low + 1, count - 1)] - ordered[low]) * rest
      }
      let deciles = ContourStatistics(values).deciles
      for (ours, share) in [(deciles.low, 0.1), (deciles.median, 0.5), (deciles.high, 0.9)] {
        #expect(abs(ours - percentile(share)) <= 2)
      }
    }
  }

  @Test func `percentiles are exact wherever the values lie`() {
    let crowd = (0..<300).map { Float(($0 * 7919) % 300) * 1e-6 }
    let cases: [[Float]] = [
      // All in one bin but one; two crowds far apart; all the same; too near to be told apart.
      crowd + [1e6], crowd + crowd.map { $0 + 1e4 }, [Float](repeating: -3, count: 57),
      [1, Float(1).nextUp, 1], [0, .leastNonzeroMagnitude, 0, 0], [-1e38, 1e38, 0], [5],
    ]
    for values in cases {
      let ordered = values.sorted()
      func percentile(_ percent: Int) -> Float {
        let (below, rest) = (percent * (values.count - 1)).quotientAndRemainder(dividingBy: 100)
        guard rest > 0 else { return ordered[below] }
        return ordered[below] + (ordered[below + 1] - ordered[below]) * Float(rest) / 100
      }
      #expect(
        ContourStatistics(values).deciles == (percentile(10), percentile(50), percentile(90)))
    }
  }

  @Test func `a sound at a quarter of its rate is what its definition says`() {
    let sound = (0..<500).map { Float(sin(0.05 * Double($0)) + 0.3 * cos(1.9 * Double($0)) + 0.2) }
    let mean = sound.reduce(0) { $0 + Double($1) } / 500
    // A sinc that ends at a fifth of the rate under a Hamming window, in double precision.
    let taps = (-23...23).map { place -> Double in
      let x = Double(place)
      let sinc = place == 0 ? 0.4 : sin(0.4 * Double.pi * x) / (Double.pi * x)
      return sinc * (0.54 + 0.46 * cos(Double.pi * x / 24))
    }
    let gain = taps.reduce(0, +)
    for count in [1, 2, 3, 4, 5, 40, 131] {
      let reduced = Decimation.quarter(of: sound, from: -40, count: count)
      #expect(reduced.count == count)
      for (place, value) in reduced.enumerated() {
        var expected = 0.0
        for (tap, weight) in taps.enumerated() {
          let from = 4 * place - 40 + tap - 23
          if sound.indices.contains(from) { expected += weight * (Double(sound[from]) - mean) }
        }
        #expect(abs(Double(value) - expected / gain) < 1e-5)
      }
    }
  }

  @Test func `a steady tone is periodic throughout, and noise has no pitch`() throws {
    let tone = (0..<16_000).map { Float(sin(2 * Double.pi * 150 * Double($0) / 16_000)) * 0.3 }
    let pitch = PitchContour(samples: tone, frames: 98)
    // At the lag of a whole period a tone correlates perfectly with itself.
    #expect(pitch.periodicity[5..<93].allSatisfy { $0 > 0.99 })
    var state: UInt64 = 1
    let noise = (0..<16_000).map { _ -> Float in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 40) / Float(1 << 24) - 0.5
    }
    let values = SpeechStatistics(try #require(SpeechSound(noise))).values
    let place = try #require(SpeechStatistics.names.firstIndex(of: "part3.pitch"))
    #expect(values[place] == 0)
  }

  @Test func `of many candidates for the pitch the best five are kept, best first`() {
    var correlation = LagProducts()
    // Peaks of rising height at lags 10, 16, 22 …: one every sixth of 64 lags.
    withUnsafeMutableBytes(of: &correlation) { bytes in
      let values = bytes.assumingMemoryBound(to: Float.self)
      for peak in 0..<8 { values[3 + 6 * peak] = 0.4 + 0.07 * Float(peak) }
    }
    let candidates = PitchCandidates(correlation, firstLag: 7, rate: 4000, loudness: 1)
    #expect(candidates.count == 5)
    // 4,000 Hz over the lags of the last five peaks, the highest first.
    for (place, lag) in [52, 46, 40, 34, 28].enumerated() {
      #expect(abs(candidates.frequencies[place] - 4000 / Float(lag)) < 1e-2)
    }
  }
}
