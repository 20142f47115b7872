import Foundation
import Testing

@testable import Acoustics

@Suite struct SoundVariationTests {
  /// Eight harmonics of 150 Hz, for a second.
  private static let buzz = (0..<16_000).map { n -> Float in
    let t = Double(n) / 16_000
    return Float((1...8).reduce(0.0) { $0 + sin(2 * Double.pi * 150 * Double($1) * t) / 10 })
  }

  private func medianPitch(_ samples: [Float]) throws -> Float {
    let sound = try #require(SpeechSound(samples))
    let pitch = PitchContour(sound, frames: SpectralFrames(sound).count)
    let voiced = pitch.frequency.filter { $0 > 0 }.sorted()
    try #require(!voiced.isEmpty)
    return voiced[voiced.count / 2]
  }

  @Test(arguments: [0.8, 1, 1.25] as [Float])
  func `a stretched sound is longer and neither higher nor lower nor louder`(
    factor: Float
  ) throws {
    let stretched = TimeStretch.stretched(Self.buzz, by: factor)
    #expect(stretched.count == Int(16_000 * factor))
    #expect(abs(try medianPitch(stretched) - 150) < 1.5)
    func power(_ x: [Float]) -> Float { x.reduce(0) { $0 + $1 * $1 } / Float(x.count) }
    // The last piece fades out.
    #expect(abs(power(stretched) / power(Self.buzz) - 1) < 0.1)
    let silenced = TimeStretch.stretched(
      Self.buzz[..<8000] + [Float](repeating: 0, count: 8000), by: factor)
    let end = silenced.lastIndex { abs($0) > 0.05 } ?? 0
    #expect(abs(Float(end) - 8000 * factor) < 600)
  }

  @Test func `what is too short to be cut stays as it is`() {
    let short = Array(Self.buzz[..<500])
    #expect(TimeStretch.stretched(short, by: 1.2) == short)
    #expect(TimeStretch.stretched([], by: 1.2).isEmpty)
  }

  @Test func `speed moves the pitch, duration the length, and a peak the level`() throws {
    var random = SystemRandomNumberGenerator()
    var variation = SoundVariation(using: &random)
    #expect(variation.peaks.count == 3)
    (variation.room, variation.line, variation.noise) = (nil, nil, nil)
    (variation.speed, variation.duration, variation.tilt, variation.gain) = (1.1, 0.9, 0, 0)
    variation.peaks = []
    let plain = variation.applied(to: Self.buzz, using: &random)
    #expect(abs(plain.count - 14_400) < 3)
    #expect(abs(try medianPitch(plain) - 165) < 2)
    // Six decibels at the frequency of a tone double its amplitude.
    let tone = (0..<16_000).map { Float(0.1 * sin(2 * Double.pi * 1000 * Double($0) / 16_000)) }
    (variation.speed, variation.duration) = (1, 1)
    variation.peaks = [(frequency: 1000, gain: 6)]
    let raised = variation.applied(to: tone, using: &random)
    #expect(abs((raised[4000..<8000].max() ?? 0) - 0.1 * powf(10, 0.3)) < 0.004)
  }
}
