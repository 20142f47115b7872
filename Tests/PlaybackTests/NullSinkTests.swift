@testable import Playback
import Synchronization
import TestSupport
import Testing

/// Real time, real alsa-lib, a real sound server: only the loudspeaker is missing.
@Suite(.serialized, .enabled(if: SoundRig.absence == nil, "pulseaudio or its plugins are absent"))
struct NullSinkTests {
  @Test func `what is heard is what was decoded`() throws {
    useRigConfiguration()
    let rig = try SoundRig()
    defer { rig.stop() }
    let recording = try rig.record()
    let clip = chirp(seconds: 2, rate: 48_000)
    let log = StatusLog()
    let player = Player(device: rig.device) { log.append($0) }
    player.play(clip, token: 1)
    #expect(log.waitFor { $0 == .finished(1) })
    let heard = recording.finish()
    player.close()
    print(alignedCorrelation(heard, clip.samples))
    #expect(alignedCorrelation(heard, clip.samples) > 0.99)
    #expect(log.all.last?.heard == .init(token: 1, milliseconds: 2000))
  }

  @Test func `the first sample is handed over soon`() throws {
    useRigConfiguration()
    let rig = try SoundRig()
    defer { rig.stop() }
    let clip = chirp(seconds: 0.3, rate: 44_100)
    let log = StatusLog()
    let first = Mutex<[ClipToken: UInt64]>([:])
    let player = Player(
      device: rig.device, onFirstWrite: { token, time in first.withLock { $0[token] = time } }
    ) { log.append($0) }
    var times: [Double] = []
    for token in 1...60 as ClosedRange<ClipToken> {
      let asked = monotonicNanoseconds()
      player.play(clip, token: token)
      _ = waitUntil(seconds: 5) { first.withLock { $0[token] != nil } }
      times.append(Double(first.withLock { $0[token]! } - asked) / 1e6)
      if token % 3 == 0 { player.stop() }
    }
    player.close()
    print(times)
    print("sorted", times.sorted()[30], times.sorted()[57], log.all.count)
  }
}
