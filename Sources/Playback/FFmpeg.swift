/// Decodes what libsndfile does not know in a child process.
///
/// A child and not a library: a container from a stranger is parsed by code that crashes now and
/// then, and that must not take unsaved work with it. The sound comes through a pipe as an AU
/// stream, the simplest container that says rate and channels: raw samples alone would not.
struct FFmpeg {
  /// The program.
  var program: String
  /// How long it may take, in seconds.
  var deadline: Double

  /// Containers that hold recordings.
  ///
  /// Anything else ffmpeg knows (playlists, scripts, lists of files, devices) could make it open
  /// what the corpus does not hold.
  private static let containers = [
    "3g2", "3gp", "aac", "ac3", "aiff", "amr", "amrnb", "amrwb", "ape", "asf", "au", "avi", "caf",
    "dts", "eac3", "flac", "flv", "gsm", "m4a", "matroska", "mj2", "mov", "mp3", "mp4", "mpc",
    "mpc8", "mpeg", "mpegts", "mxf", "nut", "ogg", "oma", "rm", "sox", "tta", "voc", "w64", "wav",
    "webm", "wv",
  ]

  func arguments(path: String, span: ClipSpan, longest: Double) -> [String] {
    // With `file:` before it a name that starts with a hyphen or looks like a URL is a name.
    var input = [
      "-nostdin", "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file",
      "-format_whitelist", Self.containers.joined(separator: ","),
    ]
    if span.start > 0 { input += ["-ss", plainDecimal(span.start)] }
    input += ["-i", "file:\(path)"]
    // A second more than the limit tells a file that is too long from one that just fits.
    let length = span.end.map { min($0, 1e9) - span.start } ?? longest + 1
    return input + [
      "-t", plainDecimal(length), "-map", "0:a:0", "-af", "aformat=channel_layouts=mono|stereo",
      "-map_metadata", "-1", "-fflags", "+bitexact", "-c:a", "pcm_f32be", "-f", "au", "pipe:1",
    ]
  }

  /// Decodes a file that is known to exist and to be a regular file.
  func read(
    path: String, span: ClipSpan, longest: Double, _ isCancelled: () -> Bool
  ) throws(DecodeError) -> RawSound {
    let outcome: ChildOutput
    do {
      outcome = try ChildProcess.run(
        program: program, arguments: arguments(path: path, span: span, longest: longest),
        deadline: deadline, mostBytes: ClipDecoder.mostSamples * 4 + 4096,
        isCancelled: isCancelled)
    } catch {
      switch error {
      case .cannotStart(let code): throw DecodeError(path: path, .ffmpegFailed(code: code))
      case .tooSlow: throw DecodeError(path: path, .tooSlow(seconds: deadline))
      case .tooMuch: throw DecodeError(path: path, .tooLong(limit: longest))
      case .cancelled: throw DecodeError(path: path, .cancelled)
      }
    }
    guard let sound = try parseAU(outcome.output, path: path) else {
      if outcome.messages.contains("matches no streams") { throw DecodeError(path: path, .silent) }
      throw DecodeError(path: path, .broken(details: Self.reason(outcome.messages)))
    }
    guard !sound.samples.isEmpty else {
      // Without a word of complaint there was nothing where the span starts.
      guard outcome.messages.isEmpty, span.start > 0 else {
        throw DecodeError(path: path, .silent)
      }
      throw DecodeError(path: path, .badSpan(span))
    }
    guard span.end != nil || sound.seconds <= longest else {
      throw DecodeError(path: path, .tooLong(limit: longest))
    }
    return sound.expecting(span.end.map { $0 - span.start })
  }

  /// Parses ffmpeg's AU stream: magic, offset of the data, size, encoding 6 (32-bit float), rate
  /// and channels, six big-endian words, then samples.
  ///
  /// `nil` if there is no such header.
  private func parseAU(_ bytes: [UInt8], path: String) throws(DecodeError) -> RawSound? {
    func word(_ place: Int) -> UInt32 {
      bytes[place..<place + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
    guard bytes.count >= 24, word(0) == 0x2E73_6E64, word(12) == 6 else { return nil }
    let offset = Int(word(4))
    let rate = Int(word(16))
    let channels = Int(word(20))
    guard Clip.believableRates.contains(rate), (1...2).contains(channels) else {
      throw DecodeError(path: path, .absurd(sampleRate: rate, channels: channels))
    }
    guard offset >= 24, offset <= bytes.count else { return nil }
    let count = (bytes.count - offset) / (4 * channels) * channels
    let samples = unsafe [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      for place in 0..<count {
        // `place` is below `count`, for which there is room.
        unsafe buffer.initializeElement(
          at: place, to: Float(bitPattern: word(offset + 4 * place)))
      }
      filled = count
    }
    return RawSound(sampleRate: rate, channels: channels, samples: samples)
  }

  /// The last line ffmpeg wrote, without the address it puts before it.
  private static func reason(_ messages: String) -> String {
    let last = messages.split(separator: "\n").last ?? ""
    guard let colon = last.range(of: ": ") else { return String(last) }
    return String(last[colon.upperBound...])
  }
}

extension RawSound {
  fileprivate func expecting(_ seconds: Double?) -> RawSound {
    var sound = self
    sound.expectedSeconds = seconds
    return sound
  }
}

extension StringProtocol {
  /// The first place of a short text, without Foundation.
  fileprivate func range(of text: String) -> Range<Index>? {
    indices.lazy.compactMap { start -> Range<Index>? in
      guard self[start...].hasPrefix(text) else { return nil }
      return start..<index(start, offsetBy: text.count)
    }.first
  }
}

/// A number as ffmpeg reads times: never `1e-05`.
private func plainDecimal(_ value: Double) -> String {
  let micros = Int64((value * 1_000_000).rounded())
  let fraction = String(micros % 1_000_000)
  return "\(micros / 1_000_000)." + String(repeating: "0", count: 6 - fraction.count) + fraction
}
