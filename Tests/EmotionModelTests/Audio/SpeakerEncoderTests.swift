import Foundation
import NeuralNet
import Testing

@testable import Acoustics
@testable import EmotionModel

/// Expected values by librosa and PyTorch: `scripts/speaker_reference.py`.
@Suite struct SpeakerEncoderTests {
  private static let path = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("models/speaker.safetensors").path

  private func sound(_ count: Int, pitch: Double) throws -> SpeechSound {
    try #require(
      SpeechSound(
        (0..<count).map { place in
          let t = Double(place) / 16_000
          let low = 0.4 * sin(2 * Double.pi * (pitch + 150 * t) * t)
          return Float(low + 0.1 * sin(2 * Double.pi * 3000 * t) * exp(-t))
        }))
  }

  private func sounds() throws -> [SpeechSound] {
    [
      try sound(16_000, pitch: 200), try sound(9_001, pitch: 330), try sound(300, pitch: 120),
    ]
  }

  @Test func `mel bands are those that librosa computes`() throws {
    let expected: [[(row: Int, band: Int, value: Float)]] = [
      [(0, 0, 0.014698142), (1, 2, 0.25735235), (50, 4, 0.27680585), (100, 39, 3.2215959e-07)],
      [(0, 0, 0.0034543793), (1, 2, 0.0041778027), (28, 4, 0.14406979), (56, 39, 2.5124125e-06)],
      [(0, 0, 0.082774781), (1, 2, 0.014974386), (1, 4, 0.00013050035), (1, 39, 7.4828739e-07)],
    ]
    for (sound, expected) in zip(try sounds(), expected) {
      let rows = SpeakerSpectrum().rows(of: sound)
      #expect(rows.rows == SpeakerSpectrum.frames(of: sound) && rows.columns == 40)
      #expect(rows.rows == (expected.map(\.row).max() ?? 0) + 1)
      for (row, band, value) in expected {
        #expect(abs(rows[row, band] - value) < 1e-6 + 1e-4 * value, "\(row), \(band)")
      }
    }
  }

  @Test func `states are those that PyTorch computes, of sounds alone or together`() throws {
    let encoder = try SpeakerEncoder(contentsOf: Self.path)
    let sounds = try sounds()
    let places = [0, 1, 100, 255, 256, 300, 511]
    let expected: [(values: [Float], sum: Float, squares: Float)] = [
      (
        [-0.095458, -0.253507, 0.548752, -0.134166, 0.145319, 0.229578, 0.124786], 24.26443,
        12.00703
      ),
      (
        [0.002292, -0.303020, 0.740220, -0.092231, 0.035794, 0.090510, 0.119683], 19.48977,
        12.14312
      ),
      (
        [0.078186, 0.022221, -0.049499, 0.043068, 0.053327, 0.013445, 0.015203], 6.59527, 3.15765
      ),
    ]
    // The shortest first: sequences are sorted inside, and must come back as they were given.
    for order in [[0, 1, 2], [2, 0, 1]] {
      let found = encoder.statistics(of: order.map { sounds[$0] })
      for (values, place) in zip(found, order) {
        #expect(values.count == SpeakerEncoder.count)
        for (index, value) in zip(places, expected[place].values) {
          #expect(abs(values[index] - value) < 1e-4, "sound \(place), statistic \(index)")
        }
        #expect(abs(values.reduce(0, +) - expected[place].sum) < 2e-3)
        #expect(abs(values.reduce(0) { $0 + $1 * $1 } - expected[place].squares) < 2e-3)
      }
    }
    for place in sounds.indices {
      let alone = encoder.statistics(of: [sounds[place]])[0]
      let together = encoder.statistics(of: sounds)[place]
      #expect(zip(alone, together).allSatisfy { abs($0 - $1) < 1e-5 })
    }
    #expect(encoder.statistics(of: []).isEmpty)
  }

  @Test func `statistics by the encoder stand behind the others, and silence has none`() throws {
    let plain = VoiceStatistics()
    let both = VoiceStatistics(speaker: try SpeakerEncoder(contentsOf: Self.path))
    #expect(both.count == plain.count + SpeakerEncoder.count && both.version != plain.version)
    let samples = try sound(9_001, pitch: 330).samples
    let found = both.values(of: [[], samples, [Float](repeating: 0, count: 999)])
    #expect(found[0] == nil && found[2] == nil)
    #expect(found[1]?.count == both.count)
    #expect(found[1].map { Array($0.prefix(plain.count)) } == plain.values(of: [samples])[0])
    #expect(found[1]?.allSatisfy(\.isFinite) ?? false)
  }

  @Test func `an hour of noise takes no more than its middle`() throws {
    let encoder = try SpeakerEncoder(contentsOf: Self.path)
    var random = RandomSource(seed: 1)
    let second = (0..<16_000).map { _ in Float(random.uniform()) - 0.5 }
    let hour = VoiceStatistics(speaker: encoder).values(
      of: [[Float]((0..<3600).lazy.map { _ in second }.joined())])
    #expect(hour[0]?.allSatisfy(\.isFinite) ?? false)
  }

  @Test func `a file that is no such encoder is refused with what is wrong`() throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("undertone-speaker-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let whole = try Safetensors(Array(Data(contentsOf: URL(fileURLWithPath: Self.path))))
    func refusal(_ change: (inout Safetensors) -> Void) throws -> String {
      var file = whole
      change(&file)
      try Data(file.encoded()).write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: CheckpointError.self) { try SpeakerEncoder(contentsOf: path) }
      return error?.description ?? ""
    }
    #expect(
      try refusal { $0.metadata["undertone-speaker"] = "2" }.contains("no encoder of speakers"))
    #expect(
      try refusal { $0.tensors["speaker.1.bias"] = nil }.contains("speaker.1.bias are missing"))
    #expect(
      try refusal { $0.tensors["speaker.0.input.row_scales"] = nil }.contains("speaker.0.input"))
    #expect(
      try refusal {
        $0.tensors["speaker.0.bias"] = .single(Matrix(rows: 1, columns: 1024, repeating: .nan))
      }.contains("not a number"))
    try Data(Data(contentsOf: URL(fileURLWithPath: Self.path)).prefix(5000)).write(
      to: URL(fileURLWithPath: path))
    #expect(throws: CheckpointError.self) { try SpeakerEncoder(contentsOf: path) }
    #expect(throws: CheckpointError.self) { try SpeakerEncoder(contentsOf: "\(path).none") }
  }
}
