import Testing

@testable import Playback

/// A second and a half of samples that all differ, and none of which is silent.
private let clip = Clip(
  samples: (1...72_000).map { Float($0) / 131_072 }, sampleRate: 48_000, channelCount: 1)!

@Suite struct PlayingTests {
  @Test func `a clip is heard to its last sample and nothing after it`() {
    let bench = EngineBench()
    bench.play(clip)
    bench.run(seconds: 3)
    #expect(bench.sound == clip.samples)
    #expect(bench.states.last == .finished(1))
    #expect(bench.heard == [.init(token: 1, milliseconds: 1500)])
    #expect(bench.device.largestWrite == 480)
  }

  @Test func `the position is where it is heard and not where it is written`() {
    let bench = EngineBench()
    bench.play(clip)
    bench.run(seconds: 0.5)
    let heard = Double(bench.device.heard.count) / 48_000
    #expect(heard > 0.45)
    #expect(bench.lastSeconds! <= heard)
    // The next report is due 33 ms after the last one.
    #expect(bench.lastSeconds! > heard - 0.05)
  }

  @Test func `the device's own delay is taken off the position`() {
    let bench = EngineBench()
    bench.device.delayError = 4800
    bench.play(clip)
    bench.run(seconds: 0.5)
    #expect(bench.lastSeconds! < 0.41)
  }

  @Test func `pause falls silent at once and resume misses no sample`() {
    let bench = EngineBench()
    bench.play(clip)
    bench.run(seconds: 0.5)
    bench.engine.pause(now: bench.now)
    let before = bench.device.heard.count
    #expect(
      bench.states.last == .paused(1, seconds: Double(before) / 48_000))
    bench.run(seconds: 1)
    #expect(bench.device.heard.count == before)
    bench.engine.resume(now: bench.now)
    bench.run(seconds: 3)
    #expect(bench.sound == clip.samples)
    // A pause does not make two playings of one.
    #expect(bench.heard == [.init(token: 1, milliseconds: 1500)])
  }

  @Test func `stop falls silent and tells how much was heard`() {
    let bench = EngineBench()
    bench.play(clip)
    bench.run(seconds: 0.5)
    bench.engine.stop(now: bench.now)
    let frames = bench.device.heard.count
    bench.run(seconds: 1)
    #expect(bench.device.heard.count == frames)
    #expect(bench.states.last == .idle)
    #expect(bench.heard == [.init(token: 1, milliseconds: (frames + 24) / 48)])
  }

  @Test func `seeking jumps and ends the stretch that was heard`() {
    let bench = EngineBench()
    bench.play(clip)
    bench.run(seconds: 0.5)
    bench.engine.seek(to: 1.25, now: bench.now)
    let before = bench.device.heard.count
    bench.run(seconds: 2)
    #expect(bench.sound == Array(clip.samples[..<before]) + Array(clip.samples[60_000...]))
    // The longest stretch is the one before the jump, not the sum of both.
    #expect(bench.heard == [.init(token: 1, milliseconds: (before + 24) / 48)])
  }

  @Test func `seeking while paused stays paused and resumes there`() {
    let bench = EngineBench()
    bench.play(clip)
    bench.run(seconds: 0.2)
    bench.engine.pause(now: bench.now)
    let before = bench.device.heard.count
    bench.engine.seek(to: 1, now: bench.now)
    #expect(bench.states.last == .paused(1, seconds: 1))
    bench.engine.resume(now: bench.now)
    bench.run(seconds: 2)
    #expect(Array(bench.sound[before...]) == Array(clip.samples[48_000...]))
  }

  @Test func `seeking outside the clip ends at its ends`() {
    let bench = EngineBench()
    bench.play(clip)
    bench.run(seconds: 0.2)
    bench.engine.seek(to: -7, now: bench.now)
    #expect(bench.states.last == .playing(1, seconds: 0))
    bench.engine.seek(to: .nan, now: bench.now)
    #expect(bench.states.last == .playing(1, seconds: 0))
    bench.engine.seek(to: 1e300, now: bench.now)
    bench.run(seconds: 1)
    #expect(bench.states.last == .finished(1))
  }

  @Test func `a part is played from its start to its end`() {
    let bench = EngineBench()
    bench.play(clip, from: 0.25, until: 0.75)
    bench.run(seconds: 2)
    #expect(bench.sound == Array(clip.samples[12_000..<36_000]))
    #expect(bench.heard == [.init(token: 1, milliseconds: 500)])
  }

  @Test(arguments: [(2.0, nil), (1.0, 0.5), (Double.infinity, nil), (0, 0)] as [(Double, Double?)])
  func `a part without a frame is finished at once`(from: Double, until: Double?) {
    let bench = EngineBench()
    bench.play(clip, from: from, until: until, loop: true)
    #expect(bench.run(seconds: 1) == .onCommand)
    #expect(bench.states == [.finished(1)])
    #expect(bench.device.openAttempts == 0)
  }

  @Test func `a loop begins again without a gap until told otherwise`() {
    let bench = EngineBench()
    bench.play(clip, from: 0.5, until: 0.75, loop: true)
    bench.run(seconds: 1.1)
    let part = Array(clip.samples[24_000..<36_000])
    let fourTimes = Array(repeatElement(part, count: 4).joined())
    #expect(Array(bench.device.heard.prefix(48_000)) == fourTimes)
    bench.engine.setLoop(false, now: bench.now)
    bench.run(seconds: 1)
    #expect(bench.sound == fourTimes + part)
    #expect(bench.states.last == .finished(1))
    #expect(bench.heard == [.init(token: 1, milliseconds: 250)])
  }

  @Test func `clips of one format follow each other without a gap and are told apart`() {
    let bench = EngineBench()
    let queue = [3, 1, 2].map { (token: ClipToken) in
      QueuedClip(token: token, clip: clip, from: 0, until: Double(token) * 0.1)
    }
    bench.engine.play(queue, speed: 1, loop: false, now: bench.now)
    bench.run(seconds: 2)
    let parts: [ArraySlice<Float>] = [14_400, 4800, 9600].map { clip.samples[..<$0] }
    #expect(bench.sound == Array(parts.joined()))
    #expect(bench.heard.map(\.token) == [3, 1, 2])
    #expect(bench.heard.map(\.milliseconds) == [300, 100, 200])
    let order = bench.states.compactMap { state -> ClipToken? in
      if case .finished(let token) = state { token } else { nil }
    }
    #expect(order == [3, 1, 2])
    #expect(bench.device.opened.count == 1)
  }

  @Test func `clips of different formats open the device anew for each`() {
    let bench = EngineBench()
    let stereo = Clip(
      samples: Array(repeating: 0.25, count: 22_050), sampleRate: 22_050, channelCount: 2)!
    bench.engine.play(
      [QueuedClip(token: 1, clip: clip), QueuedClip(token: 2, clip: stereo)], speed: 1,
      loop: false, now: bench.now)
    bench.run(seconds: 4)
    #expect(bench.sound == clip.samples + stereo.samples)
    #expect(bench.device.opened == [clip.format, stereo.format])
    #expect(bench.states.last == .finished(2))
  }

  @Test func `a new play takes the place of the old one`() {
    let bench = EngineBench()
    bench.play(clip, token: 1)
    bench.run(seconds: 0.3)
    bench.play(clip, token: 2)
    let before = bench.device.heard.count
    bench.run(seconds: 2)
    #expect(bench.sound == Array(clip.samples[..<before]) + clip.samples)
    #expect(bench.heard.map(\.token) == [1, 2])
  }

  @Test func `the position is told about thirty times a second and never while idle`() {
    let bench = EngineBench()
    bench.play(clip)
    bench.run(seconds: 1)
    let count = bench.told.count
    #expect((25...32).contains(count))
    bench.run(seconds: 1)
    let after = bench.told.count
    bench.run(seconds: 100)
    #expect(bench.told.count == after)
  }

  @Test func `the device is given back after a while and nothing runs then`() {
    let bench = EngineBench(linger: 5)
    bench.play(clip, until: 0.1)
    bench.run(seconds: 1)
    #expect(bench.device.openSinks == 1)
    #expect(bench.run(seconds: 6) == .onCommand)
    #expect(bench.device.openSinks == 0)
    bench.play(clip, token: 2, until: 0.1)
    bench.run(seconds: 1)
    #expect(bench.states.last == .finished(2))
  }

  @Test func `a device that takes a few frames at a time gets them all`() {
    let bench = EngineBench()
    bench.device.mostPerWrite = 307
    bench.play(clip)
    bench.run(seconds: 3)
    #expect(bench.sound == clip.samples)
  }
}
