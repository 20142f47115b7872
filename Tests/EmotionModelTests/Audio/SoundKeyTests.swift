import Foundation
import NeuralNet
import Testing

@testable import EmotionModel

@Suite struct SoundKeyTests {
  @Test func `a recording is known again under another name, and a changed one is not`() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func file(_ name: String, _ bytes: [UInt8]) throws -> String {
      let path = folder.appendingPathComponent(name).path
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      return path
    }
    let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let key = try FeatureKey(contentsOf: try file("a.opus", bytes))
    #expect(try FeatureKey(contentsOf: try file("b.opus", bytes)) == key)
    // Beyond the first piece that is read.
    var changed = bytes
    changed[2_500_000] ^= 1
    #expect(try FeatureKey(contentsOf: try file("a.opus", changed)) != key)
    #expect(throws: FileError.self) {
      try FeatureKey(contentsOf: folder.appendingPathComponent("none").path)
    }
  }

  @Test func `turns of one recording are told apart`() {
    let whole = FeatureKey(text: "recording")
    let other = FeatureKey(text: "another")
    let keys = [
      FeatureKey(from: 0, to: nil, of: whole), FeatureKey(from: 0, to: 2, of: whole),
      FeatureKey(from: 1, to: 2, of: whole), FeatureKey(from: 0, to: 2, of: other), whole, other,
    ]
    #expect(Set(keys).count == keys.count)
    #expect(FeatureKey(from: 0, to: 2, of: whole) == keys[1])
  }

  @Test func `statistics are remembered under a name that says how they were computed`() {
    let statistics = VoiceStatistics()
    #expect(statistics.version.hasPrefix("voice-statistics-"))
    #expect(statistics.count == statistics.values(of: [[0.5, -0.5]])[0]?.count)
  }
}
