import Glibc
import TestSupport
import Testing

@testable import Playback

private let clip = Clip(
  samples: (1...72_000).map { Float($0) / 131_072 }, sampleRate: 48_000, channelCount: 1)!

@Suite struct RecoveryTests {
  @Test func `after an underrun it goes on with the next sample`() {
    let bench = EngineBench()
    bench.play(clip)
    bench.run(seconds: 0.3)
    // Nobody runs for a second: the device plays all it has.
    bench.device.now += 1_000_000_000
    bench.run(seconds: 3)
    #expect(bench.sound == clip.samples)
    #expect(bench.states.last == .finished(1))
    #expect(bench.device.opened.count == 1)
  }

  @Test func `a device that is still waking is waited for`() {
    let bench = EngineBench()
    bench.play(clip)
    bench.run(seconds: 0.3)
    bench.device.callErrors = [ESTRPIPE, ESTRPIPE, ESTRPIPE]
    bench.device.resumeErrors = [EAGAIN, EAGAIN]
    bench.run(seconds: 3)
    #expect(bench.states.last == .finished(1))
    #expect(bench.device.opened.count == 1)
  }

  @Test func `a device that cannot resume is prepared and goes on where it was heard`() {
    let bench = EngineBench()
    bench.play(clip)
    bench.run(seconds: 0.3)
    bench.device.callErrors = [ESTRPIPE]
    bench.device.resumeErrors = [ENOSYS]
    bench.run(seconds: 3)
    // A few frames may be heard twice, none is left out.
    #expect(bench.sound.suffix(50_000) == clip.samples.suffix(50_000))
    #expect(bench.sound.count >= clip.samples.count)
    #expect(bench.sound.count < clip.samples.count + 960)
  }

  @Test func `a device that vanishes and comes back goes on where it was heard last`() {
    let bench = EngineBench()
    bench.play(clip)
    bench.run(seconds: 0.5)
    bench.device.callErrors = [ENODEV]
    bench.device.openError = ENOENT
    bench.run(seconds: 0.6)
    let lost = bench.told.last!
    #expect(
      lost.deviceState
        == .lost(
          message: "The sound device \"test\" is gone (No such device); connect it and play again.")
    )
    #expect(bench.told.filter { $0.deviceState == lost.deviceState }.count == 1)
    bench.device.openError = nil
    bench.run(seconds: 4)
    #expect(bench.states.last == .finished(1))
    #expect(bench.told.last?.deviceState == .open)
    #expect(bench.sound.suffix(47_000) == clip.samples.suffix(47_000))
    #expect(bench.sound.count >= clip.samples.count)
    #expect(bench.sound.count < clip.samples.count + 960)
    #expect(bench.heard == [.init(token: 1, milliseconds: 1500)])
  }

  @Test func `a device that stays away fails once, and the next play finds it again`() {
    let bench = EngineBench()
    bench.play(clip)
    bench.run(seconds: 0.5)
    bench.device.callErrors = [EIO]
    bench.device.openError = ENOENT
    #expect(bench.run(seconds: 20) == .onCommand)
    #expect(
      bench.states.last
        == .failed(
          1,
          message: "The sound device \"test\" is not there; connect it or choose another device."))
    #expect(bench.heard.count == 1)
    let attempts = bench.device.openAttempts
    #expect((3...6).contains(attempts))
    bench.device.openError = nil
    bench.play(clip, token: 2)
    bench.run(seconds: 3)
    #expect(bench.states.last == .finished(2))
  }

  @Test func `a missing device fails every play at once and is not tried more often than useful`() {
    let bench = EngineBench()
    bench.device.openError = ENOENT
    for token in 1...100 as ClosedRange<ClipToken> {
      bench.play(clip, token: token)
      #expect(bench.run(seconds: 0.01) == .onCommand)
      guard case .failed(token, _) = bench.states.last else {
        Issue.record("play \(token) did not fail")
        return
      }
    }
    #expect(bench.device.openAttempts < 5)
    #expect(bench.heard.isEmpty)
    bench.device.now += 3_000_000_000
    bench.device.openError = nil
    bench.play(clip, token: 101)
    bench.run(seconds: 2)
    #expect(bench.states.last == .finished(101))
  }

  @Test func `a device in use says so`() {
    let bench = EngineBench()
    bench.device.openError = EBUSY
    bench.play(clip)
    bench.run(seconds: 0.1)
    #expect(
      bench.states.last
        == .failed(
          1,
          message:
            "The sound device \"test\" is used by another program; close that and play again."))
  }

  @Test func `a device on which time stands still is given up`() {
    let bench = EngineBench()
    bench.play(clip)
    bench.run(seconds: 0.5)
    bench.device.isStuck = true
    bench.run(seconds: 30)
    guard case .failed(1, _) = bench.states.last else {
      Issue.record("still \(String(describing: bench.states.last))")
      return
    }
    #expect(bench.device.openSinks == 0)
  }

  @Test func `a device that refuses every period is given up`() {
    let bench = EngineBench()
    bench.device.callErrors = Array(repeating: EAGAIN, count: 100_000)
    bench.play(clip)
    #expect(bench.run(seconds: 60) == .onCommand)
    guard case .failed(1, _) = bench.states.last else {
      Issue.record("still \(String(describing: bench.states.last))")
      return
    }
  }

  @Test func `a device that underruns for ever is given up and does not spin`() {
    let bench = EngineBench()
    bench.device.callErrors = Array(repeating: EPIPE, count: 100_000)
    bench.play(clip)
    #expect(bench.run(seconds: 60) == .onCommand)
    #expect(bench.device.callErrors.count > 99_000)
  }

  @Test func `pausing, seeking and stopping while the device is away work`() {
    let bench = EngineBench()
    bench.play(clip)
    bench.run(seconds: 0.5)
    bench.device.callErrors = [ENODEV]
    bench.device.openError = ENODEV
    bench.run(seconds: 0.1)
    bench.engine.seek(to: 1, now: bench.now)
    bench.engine.pause(now: bench.now)
    #expect(bench.states.last == .paused(1, seconds: 1))
    bench.device.openError = nil
    bench.run(seconds: 10)
    bench.engine.resume(now: bench.now)
    bench.run(seconds: 1)
    #expect(bench.states.last == .finished(1))
    #expect(bench.sound.suffix(24_000) == clip.samples.suffix(24_000))
  }

  @Test
  func `whatever is asked in whatever order, only the clip is heard and each end is told once`() {
    for seed in 0..<200 as Range<UInt64> {
      var random = SplitMix(seed: seed)
      let bench = EngineBench(linger: 0.2)
      var token: ClipToken = 0
      for _ in 0..<60 {
        switch Int.random(in: 0..<12, using: &random) {
        case 0, 1:
          token += 1
          bench.play(
            clip, token: token, from: Double.random(in: -0.1...1.6, using: &random),
            until: Bool.random(using: &random) ? Double.random(in: 0...1.6, using: &random) : nil,
            loop: Bool.random(using: &random))
        case 2: bench.engine.pause(now: bench.now)
        case 3: bench.engine.resume(now: bench.now)
        case 4: bench.engine.seek(to: .random(in: -1...2, using: &random), now: bench.now)
        case 5: bench.engine.setLoop(.random(using: &random), now: bench.now)
        case 6:
          bench.device.callErrors = [
            [EPIPE, ENODEV, EAGAIN, ESTRPIPE].randomElement(using: &random)!
          ]
        case 7: bench.device.openError = Bool.random(using: &random) ? ENODEV : nil
        case 8: bench.device.now += .random(in: 0...500_000_000, using: &random)
        case 9: bench.engine.stop(now: bench.now)
        default: bench.run(seconds: .random(in: 0...0.4, using: &random))
        }
      }
      bench.engine.close(now: bench.now)
      #expect(bench.device.openSinks == 0)
      #expect(bench.device.heard.allSatisfy { (0...0.55).contains($0) })
      let tokens = bench.heard.map(\.token)
      #expect(Set(tokens).count == tokens.count)
      #expect(
        bench.heard.allSatisfy { (1...1500).contains($0.milliseconds) || $0.milliseconds == 0 })
    }
  }
}
