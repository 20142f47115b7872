import NeuralNet
import Testing

@testable import EmotionModel

@Suite struct VoiceTrustTests {
  /// Turns whose words are read rightly in 8 of 10, and whose voices go with the label with a
  /// probability, else with nothing.
  private func trust(related: Double, turns: Int, biased: Bool = false) -> VoiceTrust {
    var random = RandomSource(seed: 5)
    var trust = VoiceTrust()
    for _ in 0..<turns {
      let label = Int(random.next() % 4)
      let read = random.uniform() < 0.8 ? label : Int(random.next() % 4)
      var heard = random.uniform() < related ? label : Int(random.next() % 4)
      if biased { heard = 1 }
      trust.note(
        reading: (0..<4).map { $0 == read ? 0.85 : 0.05 },
        hearing: (0..<4).map { $0 == heard ? 0.97 : 0.01 })
    }
    return trust
  }

  @Test func `before anything was heard, four in ten voices are believed`() {
    #expect(VoiceTrust().related == 0.4)
    #expect(abs(trust(related: 1, turns: 1).related - 0.4) < 0.02)
  }

  @Test func `voices that go with the words come to be believed, others do not`() {
    // The estimate is of what was put in, within the noise of 2,000 turns.
    #expect(abs(trust(related: 0.6, turns: 2000).related - 0.6) < 0.07)
    #expect(trust(related: 0.9, turns: 2000).related > 0.8)
    #expect(trust(related: 0, turns: 2000).related < 0.1)
  }

  @Test func `a microphone that makes everybody sound angry proves nothing`() {
    // Every ratio is 1 then: neither for the voices nor against them.
    #expect(abs(trust(related: 1, turns: 500, biased: true).related - 0.4) < 1e-6)
  }

  @Test func `what is no probability is not taken in`() {
    var trust = VoiceTrust()
    trust.note(reading: [.nan, 0.5], hearing: [0.5, 0.5])
    trust.note(reading: [0.5, 0.5], hearing: [-1, 2])
    trust.note(reading: [0.5, 0.5], hearing: [1])
    #expect(trust.turns == 0)
    trust.note(reading: [0.5, 0.5], hearing: [1, 0])
    trust.note(reading: [0.2, 0.3, 0.5], hearing: [1, 0, 0])
    #expect(trust.turns == 1)
    for _ in 0..<3000 { trust.note(reading: [0.5, 0.5], hearing: [0, 0]) }
    #expect(trust.related > 0 && trust.related < 1 && trust.turns == 2000)
  }
}
