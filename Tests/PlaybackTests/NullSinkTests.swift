import Playback
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
    #expect(alignedCorrelation(heard, clip.samples) > 0.99)
    #expect(log.all.last?.heard == .init(token: 1, milliseconds: 2000))
  }
}
