import Foundation
import TestSupport
import Testing

@testable import Acoustics

/// Expected values were computed with NumPy 2 and librosa 0.11 (`filters.mel` with `htk=True,
/// norm=None`, `feature.spectral_*` over the power spectrum, `feature.delta` with width 5), SciPy's
/// orthonormal `dct` and Praat 6.1.38 through parselmouth 0.4.7 (`to_pitch_ac` from 60 to 500 Hz),
/// by scripts/acoustics_reference.py, which prints them.
@Suite struct SpeechFeatureTests {
  /// A rising tone and a fading one.
  private static let glide = (0..<16_000).map { n -> Float in
    let t = Double(n) / 16_000
    let rising = 0.4 * sin(2 * Double.pi * (200 + 150 * t) * t)
    return Float(rising + 0.1 * sin(2 * Double.pi * 3000 * t) * exp(-t))
  }

  @Test func `log-mel bands are those of NumPy and librosa`() {
    let spectra = SpectralFrames(samples: Self.glide)
    #expect(spectra.count == 98)
    let mean = spectra.logMel.reduce(0) { $0 + Double($1) } / Double(spectra.logMel.count)
    #expect(abs(mean - -4.620708) < 1e-3)
    let expected: [(frame: Int, band: Int, value: Float)] = [
      (0, 0, -1.673698), (0, 3, 6.559687), (10, 5, 7.267515), (50, 31, -6.224925),
      (97, 44, -6.224925),
    ]
    for (frame, band, value) in expected {
      #expect(abs(spectra.logMel[frame * 64 + band] - value) < 1e-3)
    }
    #expect(abs((spectra.logMel.max() ?? 0) - 7.590586) < 1e-4)
  }

  @Test func `the shape of the spectrum is that of librosa`() {
    let spectra = SpectralFrames(samples: Self.glide)
    let expected: [(frame: Int, centroid: Float, bandwidth: Float, rolloff: Float)] = [
      (0, 364.41252884, 651.13223919, 218.75), (50, 411.79130869, 388.27546373, 375),
      (97, 516.50526638, 233.58871414, 531.25),
    ]
    for (frame, centroid, bandwidth, rolloff) in expected {
      #expect(abs(spectra.centroid[frame] - centroid) < 0.05)
      #expect(abs(spectra.bandwidth[frame] - bandwidth) < 0.05)
      #expect(spectra.rolloff[frame] == rolloff)
    }
    #expect(abs(spectra.level[0] - -14.97182508) < 1e-3)
    #expect(abs(spectra.level[50] - -15.13247002) < 1e-3)
    #expect(abs(spectra.alphaRatio[50] - 16.49260937) < 1e-3)
    #expect(abs(spectra.hammarberg[50] - 16.13875697) < 1e-3)
  }

  @Test func `cepstral coefficients are those of SciPy`() {
    let spectra = SpectralFrames(samples: Self.glide)
    let cepstrum = Cepstrum(spectra).coefficients
    for (coefficient, value) in [11.7827199, 10.01136969, 14.78760011].enumerated() {
      #expect(abs(Double(cepstrum[coefficient * spectra.count + 10]) - value) < 2e-3)
    }
    #expect(abs(cepstrum[19 * spectra.count + 97] - 0.15983889) < 2e-3)
  }

  /// Ten harmonics gliding up an octave, with a pause from 0.4 to 0.6 s.
  private static let voice: [Float] = {
    var phase = 0.0
    return (0..<16_000).map { n -> Float in
      let t = Double(n) / 16_000
      phase += 2 * Double.pi * 120 * pow(2, t) / 16_000
      guard t < 0.4 || t >= 0.6 else { return 0 }
      return Float((1...10).reduce(0.0) { $0 + sin(Double($1) * phase) / Double($1) } * 0.1)
    }
  }()

  @Test func `pitch is that of Praat, to a tenth of a semitone`() {
    let pitch = PitchContour(samples: Self.voice, frames: 98)
    let praat: [(time: Double, hertz: Double)] = [
      (0.1, 128.6180), (0.2, 137.8492), (0.3, 147.7430), (0.7, 194.9483), (0.8, 208.9404),
      (0.9, 223.9369),
    ]
    for (time, hertz) in praat {
      // The middle of a frame lies 12.5 ms after its start; the glide is a semitone in 83 ms.
      let place = (time - 0.0125) * 100
      let (a, b) = (Int(place), Int(place) + 1)
      let part = place - Double(a)
      let ours = Double(pitch.frequency[a]) * (1 - part) + Double(pitch.frequency[b]) * part
      #expect(abs(12 * log2(ours / hertz)) < 0.1)
    }
    for frame in 45..<55 { #expect(pitch.frequency[frame] == 0) }
  }

  @Test func `percentiles are those of NumPy`() {
    // numpy.percentile([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5], [10, 50, 90]) and std.
    let values: [Float] = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5]
    let statistics = ContourStatistics(values)
    #expect(statistics.deciles == (1, 4, 6))
    #expect(abs(statistics.mean - 4) < 1e-6)
    #expect(abs(statistics.deviation - 2.2563043) < 1e-5)
    // numpy.percentile([1, 2, 4, 8], [10, 50, 90]) = 1.3, 3, 6.8
    let few: [Float] = [8, 1, 4, 2]
    let deciles = ContourStatistics(few).deciles
    #expect(abs(deciles.low - 1.3) < 1e-6 && deciles.median == 3 && abs(deciles.high - 6.8) < 1e-5)
  }

  @Test func `every statistic has a name of its own and is a number`() throws {
    let statistics = SpeechStatistics(try #require(SpeechSound(Self.voice)))
    #expect(statistics.values.count == SpeechStatistics.names.count)
    #expect(Set(SpeechStatistics.names).count == SpeechStatistics.names.count)
    #expect(!statistics.values.contains { !$0.isFinite })
  }

  @Test func `how much silence lies around a sound does not matter`() throws {
    func padded(_ count: Int) throws -> [Float] {
      let silence = [Float](repeating: 0, count: count)
      return SpeechStatistics(try #require(SpeechSound(silence + Self.voice + silence))).values
    }
    // Whole steps of 10 ms, so that frames fall on the same samples.
    #expect(try padded(1600) == padded(16_000))
  }

  @Test func `twice the amplitude is six decibels more`() throws {
    let plain = SpeechStatistics(try #require(SpeechSound(Self.voice)))
    let louder = SpeechStatistics(try #require(SpeechSound(Self.voice.map { $0 * 2 })))
    for name in ["level.high", "level.peak"] {
      let place = try #require(SpeechStatistics.names.firstIndex(of: name))
      // 20 log₁₀ 2.
      #expect(abs(louder.values[place] - plain.values[place] - 6.0206) < 0.01)
    }
  }
}

@Suite struct HostileSoundTests {
  @Test func `what holds no sound has no features`() {
    #expect(SpeechSound([]) == nil)
    #expect(SpeechSound([Float](repeating: 0, count: 16_000)) == nil)
    #expect(SpeechSound([.nan, .infinity, -.infinity]) == nil)
  }

  @Test(arguments: [1, 2, 159, 160, 399, 400, 401, 559, 560, 561, 4000])
  func `a sound of any length gives finite numbers`(count: Int) throws {
    let sound = try #require(SpeechSound((0..<count).map { $0 % 2 == 0 ? 0.5 : -0.25 }))
    #expect(!SpeechStatistics(sound).values.contains { !$0.isFinite })
  }

  @Test func `samples that are no numbers count as silence`() throws {
    var samples = (0..<16_000).map { Float(sin(Double($0) * 0.1)) * 0.3 }
    samples[5000] = .nan
    samples[6000] = .infinity
    samples[7000] = -.greatestFiniteMagnitude
    let statistics = SpeechStatistics(try #require(SpeechSound(samples)))
    #expect(!statistics.values.contains { !$0.isFinite })
  }

  @Test func `of an hour the half minute in the middle counts`() throws {
    var hour = [Float](repeating: 0, count: 3600 * 16_000)
    // Noise before, a tone in the middle.
    for place in 0..<16_000 { hour[place] = place % 2 == 0 ? 0.9 : -0.9 }
    let middle = hour.count / 2
    for place in middle - 16_000..<middle + 16_000 {
      hour[place] = Float(sin(Double(place) * 2 * Double.pi * 200 / 16_000)) * 0.1
    }
    let sound = try #require(SpeechSound(hour))
    #expect(sound.samples.count <= SpeechSound.longestSeconds * SpeechSound.rate)
    #expect(abs((sound.samples.max() ?? 0) - 0.1) < 1e-3)
    #expect(!SpeechStatistics(sound).values.contains { !$0.isFinite })
  }
}

@Suite struct LanesTests {
  @Test func `logarithms are those of the C library, from the quietest band to the loudest`() {
    // Eight steps to the octave from 1e-10 upwards, past what 16-bit sound can reach.
    var greatest: Float = 0
    for step in 0..<60 {
      let values = SIMD8<Float>((0..<8).map { 1e-10 * exp2f(Float(8 * step + $0) / 8) })
      let ours = values.logarithm
      for lane in 0..<8 {
        let expected = Float(log(Double(values[lane])))
        greatest = max(greatest, abs(ours[lane] - expected) / max(1, abs(expected)))
      }
    }
    #expect(greatest < 2.4e-7)
    #expect(SIMD8<Float>(repeating: 1).logarithm == .zero)
  }

  @Test func `columns of four vectors become rows`() {
    let rows = transposed([0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11], [12, 13, 14, 15])
    #expect(rows.0 == [0, 4, 8, 12] && rows.1 == [1, 5, 9, 13])
    #expect(rows.2 == [2, 6, 10, 14] && rows.3 == [3, 7, 11, 15])
  }

  @Test func `the greatest magnitude is found at any length and place`() {
    for count in 0..<40 {
      for place in 0..<count {
        var values = (0..<count).map { Float($0) / 100 }
        values[place] = -3
        #expect(greatestMagnitude(values[...]) == 3)
      }
    }
    #expect(greatestMagnitude([5, 1, -2][1...]) == 2)
    #expect(greatestMagnitude([]) == 0)
  }
}
