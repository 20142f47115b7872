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
}
