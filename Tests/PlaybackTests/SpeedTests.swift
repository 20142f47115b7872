import Glibc
import Testing

@testable import Playback

@Suite struct SpeedTests {
  /// A second and a half of a 200 Hz tone.
  private let tone = Clip(
    samples: (0..<72_000).map { Float(0.5 * sin(2 * .pi * 200 * Double($0) / 48_000)) },
    sampleRate: 48_000, channelCount: 1)!

  @Test(arguments: [0.25, 0.8, 1.5, 2.0])
  func `another speed changes the length and keeps the pitch`(speed: Double) {
    let bench = EngineBench()
    bench.play(tone, speed: speed)
    bench.run(seconds: 7)
    let sound = bench.sound
    let seconds = Double(sound.count) / 48_000
    // libsonic moves by whole pitch periods, the longest of which is 1/65 s.
    #expect(abs(seconds - 1.5 / speed) < 0.04)
    // The tone crosses zero upwards 200 times a second at any speed.
    let crossings = zip(sound, sound.dropFirst()).count { $0 < 0 && $1 >= 0 }
    #expect(abs(Double(crossings) / seconds - 200) < 4)
    #expect(bench.heard == [.init(token: 1, milliseconds: 1500)])
  }

  @Test(arguments: [0.5, 2.0])
  func `the position is told in the clip's own time`(speed: Double) {
    let bench = EngineBench()
    bench.play(tone, speed: speed)
    bench.run(seconds: 0.6)
    let heard = Double(bench.device.heard.count) / 48_000
    #expect(abs(bench.lastSeconds! - heard * speed) < 0.04 * max(1, speed))
  }

  @Test func `a change of speed takes effect at once, where the sound is`() {
    let bench = EngineBench()
    bench.play(tone)
    bench.run(seconds: 1)
    bench.engine.setSpeed(0.5, now: bench.now)
    bench.run(seconds: 0.5)
    #expect(abs(bench.lastSeconds! - 1.25) < 0.05)
    bench.run(seconds: 3)
    // A second at the clip's own speed, the other half at half of it.
    #expect(abs(Double(bench.sound.count) / 48_000 - 2) < 0.04)
    #expect(bench.states.last == .finished(1))
  }

  @Test(arguments: [4000, 16_000, 96_000], [1, 2])
  func `any rate can be slowed down and sped up`(rate: Int, channels: Int) {
    let clip = Clip(
      samples: (0..<rate / 2 * channels).map { Float(sin(Double($0 / channels) * 0.3)) },
      sampleRate: rate, channelCount: channels)!
    for speed in [0.25, 4] {
      let bench = EngineBench()
      bench.play(clip, speed: speed)
      bench.run(seconds: 3)
      #expect(bench.states.last == .finished(1))
      #expect(abs(Double(bench.sound.count / channels) / Double(rate) - 0.5 / speed) < 0.06)
    }
  }
}
