import Foundation
import TestSupport
import Testing

extension EndToEndTests {
  @Suite("Hearing") struct Hearing {
    @Test(
      .enabled(if: SoundRig.absence == nil, "no sound server"),
      .enabled(
        if: FileManager.default.isExecutableFile(atPath: "/usr/bin/ffmpeg"),
        "ffmpeg is not installed: apt-get install ffmpeg"))
    func `what is heard is the turn as ffmpeg decodes it`() throws {
      let home = try Home.quiet(sound: true)
      let rig = try #require(home.sound)
      let screen = try home.open()
      try screen.wait(forText: "0.0 / 1.9 s")
      let recording = try rig.record()
      try screen.press("Space")
      try screen.waitForSound()
      try screen.waitForSilence()
      let heard = recording.finish()
      try screen.quit()

      let decoded = home.path("decoded")
      let result = try home.run(
        program: "/usr/bin/ffmpeg",
        [
          "-v", "error", "-i", "\(Home.checkout)/sample-dialogs/audio/boxes/1.opus", "-f", "f32le",
          "-ac", "1", "-ar", "48000", decoded,
        ])
      #expect(result.status == 0, "\(result.text)")
      let original = readFloats(decoded)
      #expect(original.count > 48_000)
      #expect(alignedCorrelation(heard, original) > 0.99)
    }

    @Test func `without a sound device one line says so and labelling goes on`() throws {
      let home = try Home()
      let screen = try home.open("--device", "nosuch")
      try screen.wait(forTurn: "1/17")
      let problem = "The sound device \"nosuch\" is not there"
      let shown = try screen.wait(forText: problem)
      #expect(shown.rows.count { $0.contains(problem) } == 1)
      #expect(shown.contains("♪ no device"))
      try screen.press("4")
      try screen.wait(forTurn: "2/17")
      try screen.waitForSaved()
      try screen.press("5")
      try screen.wait(forTurn: "3/17")
      try screen.wait(for: "4 anger", inRowOf: "You moved the boxes.")
      try screen.wait(for: "5 sadness", inRowOf: "I thought you'd be pleased!")
      try screen.press("Space")
      try screen.wait(forText: problem)
      try screen.quit()
    }
  }
}

/// Pearson's correlation of a recording and a sound, at the shift that fits it best among those near
/// where each of them first becomes audible.
private func alignedCorrelation(_ heard: [Float], _ original: [Float]) -> Double {
  func onset(_ sound: [Float]) -> Int { sound.firstIndex { abs($0) > 0.02 } ?? 0 }
  let guess = onset(heard) - onset(original)
  let loudest = original.indices.max { abs(original[$0]) < abs(original[$1]) } ?? 0
  let window = max(0, loudest - 300)..<min(loudest + 300, original.count)
  let best = (guess - 1000...guess + 1000).max {
    correlation(heard, original, shift: $0, in: window)
      < correlation(heard, original, shift: $1, in: window)
  }
  return correlation(heard, original, shift: best ?? guess, in: original.indices)
}

private func correlation(
  _ heard: [Float], _ original: [Float], shift: Int, in range: Range<Int>
) -> Double {
  var (xy, xx, yy) = (0.0, 0.0, 0.0)
  for place in range {
    let x = Double(original[place])
    let y = heard.indices.contains(place + shift) ? Double(heard[place + shift]) : 0
    xy += x * y
    xx += x * x
    yy += y * y
  }
  return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : 0
}
