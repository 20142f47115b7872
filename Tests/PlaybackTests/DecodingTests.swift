import Glibc
import Testing
import TestSupport

@testable import Playback

private let ffmpeg = ClipDecoder.findProgram("ffmpeg", searchPath: "/usr/bin:/usr/local/bin")

/// Real files of every format, made by the programs people make them with.
@Suite struct DecodingTests {
  private let decoder = ClipDecoder(ffmpegPath: ffmpeg)

  /// A folder with `tone.EXT`, three seconds in which the pitch rises.
  private func encoded(_ ext: String, _ options: [String] = []) throws -> (
    folder: String, path: String
  ) {
    let folder = try makeTemporaryFolder("undertone-decode")
    let path = "\(folder)/tone.\(ext)"
    try runTool(
      "ffmpeg",
      [
        "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i",
        "aevalsrc=0.5*sin(2*PI*(150*t+475*t*t)):s=48000:d=3",
      ] + options + [path])
    return (folder, path)
  }

  /// The same sound, computed.
  private func reference(rate: Int, from: Double = 0, seconds: Double = 3) -> [Float] {
    (0..<Int(seconds * Double(rate))).map {
      let time = from + Double($0) / Double(rate)
      return Float(0.5 * sin(2 * .pi * (150 * time + 475 * time * time)))
    }
  }

  static let formats: [(String, [String])] = [
    ("wav", []), ("wav", ["-c:a", "pcm_s24le"]), ("wav", ["-c:a", "pcm_f32le"]),
    ("wav", ["-c:a", "pcm_mulaw"]), ("flac", []), ("ogg", ["-c:a", "libvorbis", "-q:a", "6"]),
    ("opus", ["-c:a", "libopus", "-b:a", "96k"]), ("mp3", ["-b:a", "192k"]), ("aiff", []),
    ("mp4", ["-c:a", "aac", "-b:a", "192k"]), ("m4a", ["-c:a", "alac"]), ("mkv", ["-c:a", "ac3"]),
    ("webm", ["-c:a", "libopus", "-b:a", "96k"]), ("avi", ["-c:a", "pcm_s16le"]),
  ]

  @Test(.enabled(if: ffmpeg != nil, "ffmpeg is absent"), arguments: formats)
  func `a file of any usual format is decoded to the sound that went into it`(
    ext: String, options: [String]
  ) throws {
    let (folder, path) = try encoded(ext, options)
    defer { removeFolder(folder) }
    let clip = try decoder.decode(path: path)
    #expect(clip.sampleRate == 48_000)
    #expect(clip.channelCount == 1)
    // MP3 and AAC pad the ends.
    #expect(abs(clip.duration - 3) < 0.1)
    let sound = reference(rate: 48_000)
    #expect(alignedCorrelation(clip.samples, sound, reach: 3000) > 0.99)

    let part = try decoder.decode(path: path, span: ClipSpan(start: 1, end: 2))
    #expect(part.note == nil)
    #expect(abs(part.duration - 1) < 0.001)
    // A part begins where it says, to within what the format's own padding shifts it.
    let expected = reference(rate: 48_000, from: 1, seconds: 1)
    #expect(alignedCorrelation(part.samples, expected, reach: 3000) > 0.99)
  }

  @Test(.enabled(if: ffmpeg != nil, "ffmpeg is absent"))
  func `a part of a lossless file is exact to the sample`() throws {
    let (folder, path) = try encoded("flac")
    defer { removeFolder(folder) }
    let whole = try decoder.decode(path: path)
    let part = try decoder.decode(path: path, span: ClipSpan(start: 0.5, end: 1.25))
    #expect(part.samples == Array(whole.samples[24_000..<60_000]))
    let rest = try decoder.decode(path: path, span: ClipSpan(start: 2.5))
    #expect(rest.samples == Array(whole.samples[120_000...]))
  }

  @Test(.enabled(if: ffmpeg != nil, "ffmpeg is absent"), arguments: ["wav", "mp4"])
  func `six channels are mixed down to two`(ext: String) throws {
    let (folder, path) = try encoded(ext, ["-af", "pan=5.1|FC=c0"])
    defer { removeFolder(folder) }
    let clip = try decoder.decode(path: path)
    #expect(clip.channelCount == 2)
    let left = stride(from: 0, to: clip.samples.count, by: 2).map { clip.samples[$0] }
    let right = stride(from: 1, to: clip.samples.count, by: 2).map { clip.samples[$0] }
    #expect(alignedCorrelation(left, reference(rate: 48_000), reach: 3000) > 0.99)
    #expect(alignedCorrelation(left, right) > 0.999)
  }

  @Test(.enabled(if: ffmpeg != nil, "ffmpeg is absent"))
  func `a video is found by ffmpeg whatever its name looks like`() throws {
    let (folder, path) = try encoded("mp4")
    defer { removeFolder(folder) }
    for name in ["-i.mp4", "http:x.mp4", "a b'\"$(x).mp4", "%d.mp4", "concat:a|b.mp4", "音.mp4"] {
      let renamed = "\(folder)/\(name)"
      rename(path, renamed)
      defer { rename(renamed, path) }
      #expect(try decoder.decode(path: renamed).frameCount > 140_000)
    }
  }

  @Test(.enabled(if: ffmpeg != nil, "ffmpeg is absent"))
  func `without ffmpeg one sentence says how to get it`() throws {
    let (folder, path) = try encoded("mp4")
    defer { removeFolder(folder) }
    let error = DecodeError(path: path, .needsFFmpeg)
    #expect(throws: error) { try ClipDecoder(ffmpegPath: nil).decode(path: path) }
    #expect(
      "\(error)"
        == "\(path) is not WAV, FLAC, Ogg, Opus or MP3; install ffmpeg to hear it "
        + "(sudo apt install ffmpeg).")
    #expect(throws: DecodeError(path: path, .ffmpegFailed(code: ENOENT))) {
      try ClipDecoder(ffmpegPath: "/nowhere/ffmpeg").decode(path: path)
    }
  }

  @Test(.enabled(if: ffmpeg != nil, "ffmpeg is absent"))
  func `a video without sound says so`() throws {
    let folder = try makeTemporaryFolder("undertone-decode")
    defer { removeFolder(folder) }
    let path = "\(folder)/silent.mp4"
    try runTool(
      "ffmpeg",
      ["-nostdin", "-f", "lavfi", "-i", "testsrc=d=1:s=64x64:r=5", "-c:v", "mpeg4", path])
    #expect(throws: DecodeError(path: path, .silent)) { try decoder.decode(path: path) }
  }

  @Test func `a decoder that hangs is ended at its deadline, and at once when nobody waits`() throws
  {
    let folder = try makeTemporaryFolder("undertone-decode")
    defer { removeFolder(folder) }
    // `yes` ignores ffmpeg's arguments, or fails on them; `sleep` is a stand-in that never writes.
    let program = "\(folder)/hang"
    try writeBytes(Array("#!/bin/sh\nexec sleep 100\n".utf8), to: program)
    chmod(program, 0o700)
    let path = "\(folder)/unknown"
    try writeBytes(Array("not sound at all, not even nearly".utf8), to: path)
    let slow = ClipDecoder(ffmpegPath: program, ffmpegDeadline: 0.3)
    #expect(throws: DecodeError(path: path, .tooSlow(seconds: 0.3))) { try slow.decode(path: path) }
    let patient = ClipDecoder(ffmpegPath: program, ffmpegDeadline: 1000)
    #expect(throws: DecodeError(path: path, .cancelled)) {
      try patient.decode(path: path, isCancelled: { true })
    }
  }

  @Test(.enabled(if: ffmpeg != nil, "ffmpeg is absent"))
  func `what a span may not be is refused with a sentence`() throws {
    let (folder, path) = try encoded("flac")
    defer { removeFolder(folder) }
    let nonsense = [
      ClipSpan(start: 1, end: 1), ClipSpan(start: 2, end: 1), ClipSpan(start: -1, end: 1),
      ClipSpan(start: .nan), ClipSpan(start: 0, end: .nan), ClipSpan(start: .infinity),
    ]
    for span in nonsense {
      #expect { try decoder.decode(path: path, span: span) } throws: { error in
        if case .badSpan = (error as? DecodeError)?.reason { true } else { false }
      }
    }
    #expect(throws: DecodeError(path: path, .beyondTheEnd(start: 3, duration: 3))) {
      try decoder.decode(path: path, span: ClipSpan(start: 3, end: 4))
    }
    let cut = try decoder.decode(path: path, span: ClipSpan(start: 2, end: 5))
    #expect(cut.frameCount == 48_000)
    #expect(cut.note == "\(path) ends 2.0 s before the turn does.")
    #expect(throws: DecodeError(path: path, .tooLong(limit: 2))) {
      try ClipDecoder(ffmpegPath: nil, longestSeconds: 2).decode(path: path)
    }
    #expect(throws: DecodeError(path: path, .tooLong(limit: 900))) {
      try decoder.decode(path: path, span: ClipSpan(start: 0, end: 1e9))
    }
  }

  @Test(.enabled(if: ffmpeg != nil, "ffmpeg is absent"), arguments: ["wav", "mp4", "m4a"])
  func `a long file is refused, a part of it is decoded`(ext: String) throws {
    let (folder, path) = try encoded(ext)
    defer { removeFolder(folder) }
    let decoder = ClipDecoder(ffmpegPath: ffmpeg, longestSeconds: 2)
    #expect(throws: DecodeError(path: path, .tooLong(limit: 2))) { try decoder.decode(path: path) }
    #expect(try decoder.decode(path: path, span: ClipSpan(start: 2, end: 3)).duration > 0.9)
  }
}

func writeBytes(_ bytes: [UInt8], to path: String) throws {
  let file = try #require(fopen(path, "w"))
  fwrite(bytes, 1, bytes.count, file)
  fclose(file)
}
