import Foundation
import Testing

@testable import EmotionModel

struct ClapFrontEndTests {
  /// 0.4 sin(2π(200 + 150t)t) + 0.1 sin(2π·3000t)e^−t, three seconds at 48 kHz.
  private let sound = (0..<144_000).map { n -> Float in
    let t = Double(n) / 48_000
    return Float(
      0.4 * sin(2 * .pi * (200 + 150 * t) * t) + 0.1 * sin(2 * .pi * 3000 * t) * exp(-t))
  }

  /// The numbers are those of the reference's front end (torchlibrosa as laion_clap sets it up).
  @Test func `the features of a known sound are the reference's`() throws {
    let features = try #require(ClapFrontEnd.features(of: sound, isQuantised: false))
    #expect(features.count == 1001 * 64)
    let numbers = features.map(Double.init)
    let mean = numbers.reduce(0, +) / Double(numbers.count)
    let spread = (numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count))
      .squareRoot()
    #expect(abs(mean - -71.544937) < 2e-3)
    #expect(abs(spread - 34.659801) < 2e-3)
    #expect(abs(try #require(numbers.max()) - 23.076693) < 1e-4)
    for (frame, band, wanted) in [
      (0, 0, 18.046537), (50, 3, 6.949452), (100, 20, -57.663960), (500, 31, -88.333992),
      (950, 40, -100),
    ] {
      #expect(abs(numbers[frame * 64 + band] - wanted) < 1e-2, "frame \(frame), band \(band)")
    }
  }

  @Test func `rounding to 16 bits goes towards zero and stays within the range`() throws {
    let loud = try #require(ClapFrontEnd.features(of: [2, -2, 0.5].map(Float.init)))
    let clipped = try #require(
      ClapFrontEnd.features(of: [1, -1, 16_383.0 / 32_767].map(Float.init), isQuantised: false))
    #expect(zip(loud, clipped).allSatisfy { abs($0 - $1) < 1e-3 })
  }

  @Test func `an hour is heard for ten seconds, nothing is not heard at all`() throws {
    let hour = repeatElement(Float(0.1), count: 48_000 * 3600)
    let features = try #require(ClapFrontEnd.features(of: hour))
    #expect(features == ClapFrontEnd.features(of: hour.prefix(480_000)))
    #expect(ClapFrontEnd.features(of: [Float]()) == nil)
  }

  @Test func `numbers that are none count as silence`() throws {
    let broken = try #require(ClapFrontEnd.features(of: [Float.nan, .infinity, -.infinity]))
    #expect(broken.allSatisfy { $0 == -100 })
  }
}
