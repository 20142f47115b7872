import Glibc
import Testing
import TestSupport

@testable import Playback

private let ffmpeg = ClipDecoder.findProgram("ffmpeg", searchPath: "/usr/bin:/usr/local/bin")

/// Files nobody should have made.
///
/// Each ends in a clip or in a sentence, and none hangs.
@Suite struct HostileFileTests {
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = try makeTemporaryFolder("undertone-hostile")
    defer { removeFolder(folder) }
    try body(folder)
  }

  /// The sentence it ends in; `nil` if it was decoded.
  private func outcome(_ path: String, ffmpeg: String? = nil) -> String? {
    do {
      let clip = try ClipDecoder(ffmpegPath: ffmpeg).decode(path: path)
      #expect(clip.frameCount > 0)
      #expect(clip.samples.allSatisfy { abs($0) <= 1 })
      return nil
    } catch {
      let sentence = "\(error)"
      #expect(sentence.hasSuffix(".") || sentence.hasSuffix(")."))
      #expect(!sentence.unicodeScalars.contains { $0.properties.generalCategory == .control })
      return sentence
    }
  }

  /// A WAV header that claims whatever it is told to, and the data it has.
  private func wav(
    format: UInt16 = 1, channels: UInt16 = 1, rate: UInt32 = 16_000, bits: UInt16 = 16,
    claimed: UInt32? = nil, data: [UInt8]
  ) -> [UInt8] {
    func word(_ value: UInt32) -> [UInt8] {
      (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    func half(_ value: UInt16) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8)] }
    let frame = channels &* (bits / 8)
    var bytes = Array("RIFF".utf8) + word(claimed.map { $0 &+ 36 } ?? UInt32(36 + data.count))
    bytes += Array("WAVEfmt ".utf8) + word(16) + half(format) + half(channels) + word(rate)
    bytes += word(rate &* UInt32(frame)) + half(frame) + half(bits)
    return bytes + Array("data".utf8) + word(claimed ?? UInt32(data.count)) + data
  }

  @Test func `what is not a file is refused without waiting`() throws {
    try inFolder { folder in
      let fifo = "\(folder)/fifo"
      mkfifo(fifo, 0o600)
      #expect(outcome(fifo) == "\(fifo) is not a regular file; the turn's sound must be a file.")
      #expect(outcome(folder)?.contains("not a regular file") == true)
      #expect(outcome("/dev/zero")?.contains("not a regular file") == true)
      let missing = "\(folder)/none.wav"
      #expect(
        outcome(missing) == "\(missing) is missing; check where the corpus's sound files are.")
      #expect(outcome("\(folder)/a\u{0}b")?.contains("is missing") == true)
      #expect(outcome("")?.contains("is missing") == true)
      let empty = "\(folder)/empty.wav"
      try writeBytes([], to: empty)
      #expect(outcome(empty) == "\(empty) is empty; copy it again from the corpus.")
    }
  }

  @Test func `headers that claim the impossible are not believed`() throws {
    try inFolder { folder in
      let path = "\(folder)/x.wav"
      let data = [UInt8](repeating: 7, count: 4000)
      let bad: [[UInt8]] = [
        wav(channels: 0, data: data), wav(channels: 1000, data: data), wav(rate: 0, data: data),
        wav(rate: .max, data: data), wav(rate: 3, data: data), wav(bits: 0, data: data),
        wav(bits: 77, data: data), wav(format: 0xBEEF, data: data), wav(data: []),
      ]
      for (place, bytes) in bad.enumerated() {
        try writeBytes(bytes, to: path)
        #expect(outcome(path) != nil, "header \(place)")
      }
      try writeBytes(wav(channels: 1000, data: data), to: path)
      #expect(
        outcome(path)
          == "\(path) claims 16000 Hz and 1000 channels, so it must be broken; "
          + "copy it again from the corpus.")
      // A claim of 4 GiB of data costs no memory; what is there is played.
      try writeBytes(wav(claimed: 0xFFFF_FF00, data: data), to: path)
      let clip = try ClipDecoder(ffmpegPath: nil).decode(path: path)
      #expect(clip.frameCount == 2000)
    }
  }

  @Test func `samples that are not numbers are played as silence and said`() throws {
    try inFolder { folder in
      let path = "\(folder)/x.wav"
      let values: [Float] = [.nan, 0.5, .infinity, -.infinity, 3, -3, -0.25, 1e38]
      let data = values.flatMap { value in
        (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
      }
      try writeBytes(wav(format: 3, bits: 32, data: data), to: path)
      let clip = try ClipDecoder(ffmpegPath: nil).decode(path: path)
      #expect(clip.samples == [0, 0.5, 1, -1, 1, -1, -0.25, 1])
      #expect(clip.note == "\(path) has 3 samples that are not numbers, played as silence.")
      try writeBytes(
        wav(format: 3, bits: 32, data: Array(repeating: 0xFF, count: 400)), to: path)
      #expect(outcome(path)?.contains("none of its samples is a number") == true)
    }
  }

  @Test(
    .enabled(if: ffmpeg != nil, "ffmpeg is absent"),
    arguments: ["wav", "flac", "ogg", "opus", "mp3", "mp4"])
  func `a file cut short anywhere or with bytes changed ends in a clip or a sentence`(
    ext: String
  ) throws {
    try inFolder { folder in
      let whole = "\(folder)/whole.\(ext)"
      try runTool(
        "ffmpeg",
        ["-nostdin", "-f", "lavfi", "-i", "sine=d=0.2:r=48000"]
          + (ext == "ogg" ? ["-c:a", "libvorbis"] : []) + [whole])
      let bytes = readBytes(whole)
      try #require(bytes.count > 500)
      var random = SplitMix(seed: 1)
      let path = "\(folder)/cut.\(ext)"
      // A child process for each is slow; headers are where the trouble is.
      let step = ext == "mp4" ? bytes.count / 8 : bytes.count / 40
      for length in Array(stride(from: 0, to: bytes.count, by: step)) + [1, 4, 12, 44, 45] {
        try writeBytes(Array(bytes.prefix(length)), to: path)
        _ = outcome(path, ffmpeg: ext == "mp4" ? ffmpeg : nil)
      }
      for _ in 0..<(ext == "mp4" ? 6 : 100) {
        var changed = bytes
        for _ in 0..<20 {
          let place = Int.random(in: 0..<min(changed.count, 2000), using: &random)
          changed[place] = .random(in: 0...255, using: &random)
        }
        try writeBytes(changed, to: path)
        _ = outcome(path, ffmpeg: ext == "mp4" ? ffmpeg : nil)
      }
    }
  }

  @Test func `random bytes under any name end in a sentence`() throws {
    try inFolder { folder in
      var random = SplitMix(seed: 2)
      for ext in ["wav", "flac", "ogg", "opus", "mp3", "mp4", "raw", "au", "\u{1B}[31m"] {
        let path = "\(folder)/x.\(ext)"
        try writeBytes((0..<5000).map { _ in .random(in: 0...255, using: &random) }, to: path)
        #expect(outcome(path) != nil, "\(ext)")
        if let ffmpeg { #expect(outcome(path, ffmpeg: ffmpeg) != nil, "\(ext)") }
      }
    }
  }

  @Test(.enabled(if: ffmpeg != nil, "ffmpeg is absent"))
  func `a playlist does not make ffmpeg open other files`() throws {
    try inFolder { folder in
      let sound = "\(folder)/sound.mp4"
      try runTool("ffmpeg", ["-nostdin", "-f", "lavfi", "-i", "sine=d=0.5:r=48000", sound])
      let lists = [
        "ffconcat version 1.0\nfile '\(sound)'\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n\(sound)\n#EXT-X-ENDLIST\n",
      ]
      for (list, ext) in zip(lists, ["ffconcat", "m3u8"]) {
        let path = "\(folder)/list.\(ext)"
        try writeBytes(Array(list.utf8), to: path)
        #expect(outcome(path, ffmpeg: ffmpeg) != nil)
      }
    }
  }

  @Test func `a program is looked for in absolute folders only`() throws {
    try inFolder { folder in
      try writeBytes(Array("#!/bin/sh\n".utf8), to: "\(folder)/tool")
      #expect(ClipDecoder.findProgram("tool", searchPath: "\(folder)") == nil)
      chmod("\(folder)/tool", 0o700)
      #expect(ClipDecoder.findProgram("tool", searchPath: ":.:\(folder)") == "\(folder)/tool")
      #expect(ClipDecoder.findProgram("folder", searchPath: "") == nil)
      #expect(ClipDecoder.findProgram("bin", searchPath: "/usr") == nil)
    }
  }
}

private func readBytes(_ path: String) -> [UInt8] {
  guard let file = fopen(path, "r") else { return [] }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var block = [UInt8](repeating: 0, count: 65_536)
  while case let count = fread(&block, 1, block.count, file), count > 0 {
    bytes += block[..<count]
  }
  return bytes
}
