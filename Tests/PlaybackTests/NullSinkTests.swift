import Glibc
@testable import Playback
import Synchronization
import TestSupport
import Testing

/// Real time, real alsa-lib, a real sound server: only the loudspeaker is missing.
@Suite(.serialized, .enabled(if: SoundRig.absence == nil, "pulseaudio or its plugins are absent"))
struct NullSinkTests {
  @Test(arguments: [(48_000, 1), (44_100, 2), (16_000, 1)])
  func `what is heard is what was decoded`(rate: Int, channels: Int) throws {
    useRigConfiguration()
    let rig = try SoundRig()
    defer { rig.stop() }
    let recording = try rig.record()
    let clip = chirp(seconds: 2, rate: rate, channels: channels)
    let log = StatusLog()
    let player = Player(device: rig.device) { log.append($0) }
    player.play(clip, token: 1)
    #expect(log.waitFor { $0 == .finished(1) })
    let heard = recording.finish()
    player.close()
    // The monitor records the mean of both channels at 48 kHz.
    let same = chirp(seconds: 2, rate: 48_000, channels: channels).samples
    let expected = stride(from: 0, to: same.count, by: channels).map {
      (same[$0] + same[$0 + channels - 1]) / 2
    }
    #expect(alignedCorrelation(heard, expected) > 0.99)
    #expect(log.all.last?.heard == .init(token: 1, milliseconds: 2000))
  }

  @Test func `the position follows the clock and pause is where it was`() throws {
    useRigConfiguration()
    let rig = try SoundRig()
    defer { rig.stop() }
    let recording = try rig.record()
    let clip = chirp(seconds: 2, rate: 48_000)
    let log = StatusLog()
    let player = Player(device: rig.device) { log.append($0) }
    player.play(clip, token: 1)
    #expect(log.waitFor { if case .playing(1, let at) = $0 { at > 0.7 } else { false } })
    player.pause()
    #expect(log.waitFor { if case .paused = $0 { true } else { false } })
    player.resume()
    #expect(log.waitFor { $0 == .finished(1) })
    let heard = recording.finish()
    player.close()
    // Nothing is lost over the pause but what the server held, which is heard again: both halves
    // are in the recording, each in one piece.
    #expect(alignedCorrelation(heard, Array(clip.samples.prefix(28_000))) > 0.99)
    let half = Array(clip.samples.suffix(48_000))
    let tail = heard.lastIndex { abs($0) > 0.02 } ?? 0
    #expect(alignedCorrelation(Array(heard[max(0, tail - 48_200)...]), half) > 0.99)
    let positions = log.all.compactMap { status -> Double? in
      if case .playing(_, let at) = status.state { at } else { nil }
    }
    #expect(positions == positions.sorted())
  }

  @Test func `of a hundred quick plays the last is heard to its end`() throws {
    useRigConfiguration()
    let rig = try SoundRig()
    defer { rig.stop() }
    let clip = chirp(seconds: 0.3, rate: 44_100)
    let log = StatusLog()
    let player = Player(device: rig.device) { log.append($0) }
    for token in 1...100 as ClosedRange<ClipToken> {
      player.play(clip, token: token)
      if token % 7 == 0 { player.stop() }
      if token % 5 == 0 { player.seek(to: 0.1) }
      if token % 3 == 0 { usleep(20_000) }
    }
    #expect(log.waitFor { $0 == .finished(100) })
    player.close()
    let heard = log.all.compactMap(\.heard)
    #expect(heard.last == .init(token: 100, milliseconds: 200))
    #expect(Set(heard.map(\.token)).count == heard.count)
  }

  @Test func `a sound server that dies fails with a sentence, and a new one is found`() throws {
    useRigConfiguration()
    let first = try SoundRig()
    let device = first.device
    let clip = chirp(seconds: 3, rate: 48_000)
    let log = StatusLog()
    let player = Player(device: device) { log.append($0) }
    player.play(clip, token: 1)
    #expect(log.waitFor { if case .playing(1, let at) = $0 { at > 0.3 } else { false } })
    first.kill()
    #expect(log.waitFor { if case .failed(1, _) = $0 { true } else { false } })
    let wasLost = log.all.contains {
      if case .lost = $0.deviceState { true } else { false }
    }
    #expect(wasLost)
    let second = try SoundRig(folder: first.folder)
    defer { second.stop() }
    // The player waits a moment before it tries a device again.
    usleep(2_100_000)
    player.play(clip, token: 2, from: 2.5)
    #expect(log.waitFor { $0 == .finished(2) })
    player.close()
  }
}
