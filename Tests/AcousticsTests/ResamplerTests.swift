import Acoustics
import Glibc
import Testing

/// The references are analytic: the same tone sampled at the other rate.
@Suite struct ResamplerTests {
  private func tone(_ hertz: Double, rate: Int, seconds: Double = 0.5) -> [Float] {
    (0..<Int(seconds * Double(rate))).map {
      Float(0.5 * sin(2 * .pi * hertz * Double($0) / Double(rate)))
    }
  }

  /// Signal to error in decibels, away from the ends, where the filter sees silence.
  private func quality(_ sound: [Float], _ reference: [Float]) -> Double {
    var (signal, error) = (0.0, 0.0)
    for place in reference.count / 5..<reference.count * 4 / 5 {
      signal += Double(reference[place]) * Double(reference[place])
      let difference = Double(sound[place]) - Double(reference[place])
      error += difference * difference
    }
    return 10 * log10(signal / error)
  }

  @Test(arguments: [(48_000, 16_000), (44_100, 16_000), (8000, 16_000), (16_000, 44_100)])
  func `a tone comes out as the same tone, in step`(from: Int, to: Int) throws {
    let sound = try Resampler(from: from, to: to).resample(tone(1000, rate: from))
    let reference = tone(1000, rate: to)
    #expect(sound.count == reference.count)
    #expect(quality(sound, reference) > 60)
  }

  @Test func `what the new rate cannot hold is gone and does not come back as another tone`() throws
  {
    let sound = try Resampler(from: 48_000, to: 16_000).resample(tone(10_000, rate: 48_000))
    let loudest = sound[1000..<7000].map(abs).max()!
    #expect(loudest < 0.5 / 1000)
  }

  @Test func `channels stay apart`() throws {
    let left = tone(440, rate: 48_000)
    let right = tone(1200, rate: 48_000)
    let sound = try Resampler(from: 48_000, to: 16_000)
      .resample(zip(left, right).flatMap { [$0, $1] }, channels: 2)
    let alone = try Resampler(from: 48_000, to: 16_000).resample(right)
    #expect(stride(from: 1, to: sound.count, by: 2).map { sound[$0] } == alone)
  }

  @Test func `every length comes out complete`() throws {
    let resampler = try Resampler(from: 44_100, to: 16_000)
    for frames in [0, 1, 2, 100, 441, 44_101] {
      let sound = try resampler.resample([Float](repeating: 0.25, count: frames))
      #expect(sound.count == Int((Double(frames) * 16_000 / 44_100).rounded(.up)))
    }
    let same = try Resampler(from: 16_000, to: 16_000)
    #expect(try same.resample([1, 2, 3]) == [1, 2, 3])
  }

  @Test func `rates no recording has are refused`() {
    for (from, to) in [(0, 16_000), (16_000, -1), (16_000, Int.max)] {
      #expect(throws: Resampler.Failure.self) { try Resampler(from: from, to: to) }
    }
    #expect(throws: Resampler.Failure.incompleteFrame(samples: 3, channels: 2)) {
      try Resampler(from: 8000, to: 16_000).resample([1, 2, 3], channels: 2)
    }
  }
}
