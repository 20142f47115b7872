import Testing
import TestSupport

@testable import Playback

/// Exact bytes through alsa-lib: its `file` plugin keeps what a device would have got.
@Suite(.serialized) struct CaptureTests {
  @Test(arguments: [8000, 16_000, 22_050, 44_100, 48_000, 96_000], [1, 2])
  func `the device gets exactly the clip and then silence to the end of a period`(
    rate: Int, channels: Int
  ) throws {
    useRigConfiguration()
    let folder = try makeTemporaryFolder("undertone-capture")
    defer { removeFolder(folder) }
    let clip = chirp(seconds: 0.777, rate: rate, channels: channels)
    let log = StatusLog()
    let player = Player(device: captureDevice(file: "\(folder)/raw")) { log.append($0) }
    player.play(clip, token: 1)
    #expect(log.waitFor { $0 == .finished(1) })
    player.close()
    let bytes = readFloats("\(folder)/raw")
    #expect(Array(bytes.prefix(clip.samples.count)) == clip.samples)
    let rest = bytes.dropFirst(clip.samples.count)
    #expect(rest.allSatisfy { $0 == 0 })
    // Silence to the end of the period, and of one more where the clip ended with it.
    #expect(rest.count <= 2 * channels * rate / 100)
  }

  @Test func `a device that is not there fails with a sentence and prints nothing`() {
    useRigConfiguration()
    for device in ["default", "hw:31,0", "no such device", "plug:'x'", "", "a\u{1B}[2J\nb"] {
      let log = StatusLog()
      let player = Player(device: device) { log.append($0) }
      player.play(chirp(seconds: 0.1, rate: 48_000), token: 9)
      #expect(log.waitFor { if case .failed(9, _) = $0 { true } else { false } })
      player.close()
      guard case .failed(_, let message) = log.all.last?.state else { continue }
      #expect(message.hasSuffix("."))
      #expect(!message.contains("\u{1B}") && !message.contains("\n"))
    }
  }

  @Test func `a player that was closed or never used does nothing`() {
    useRigConfiguration()
    let log = StatusLog()
    let player = Player { log.append($0) }
    player.pause()
    player.close()
    player.play(chirp(seconds: 0.1, rate: 48_000), token: 1)
    player.close()
    _ = Player { log.append($0) }
    #expect(log.all.isEmpty)
  }
}
