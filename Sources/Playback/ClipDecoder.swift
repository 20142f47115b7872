internal import Glibc

/// Reads a turn's sound from its file into a ``Clip``.
///
/// libsndfile reads WAV, FLAC, Ogg Vorbis, Opus and MP3; whatever it does not recognise is handed
/// to an ffmpeg child process if there is one. The decoder has no state, so any thread may use it.
/// It blocks until it is done: call it on a decode queue, not on the main loop.
public struct ClipDecoder: Sendable {
  /// The ffmpeg program; `nil` where there is none.
  ///
  /// See ``findProgram(_:searchPath:)``.
  public var ffmpegPath: String?
  /// The longest stretch that is decoded, in seconds.
  public var longestSeconds: Double
  /// How long ffmpeg may take, in seconds.
  public var ffmpegDeadline: Double

  /// The most samples a clip may have, 256 MiB of them, whatever its rate.
  static let mostSamples = 64 << 20
  /// The most channels that are believed: an ambisonic recording of the third order has 16.
  static let mostChannels = 32

  /// Creates a decoder.
  public init(
    ffmpegPath: String?, longestSeconds: Double = 15 * 60, ffmpegDeadline: Double = 30
  ) {
    self.ffmpegPath = ffmpegPath
    self.longestSeconds = longestSeconds
    self.ffmpegDeadline = ffmpegDeadline
  }

  /// Decodes a file or a part of it.
  ///
  /// Sound of more than two channels is mixed down: nobody labels on a surround system, and few
  /// devices take six channels.
  ///
  /// - Parameters:
  ///   - path: the file, relative to the working directory or absolute. Untrusted.
  ///   - span: which part; only that part is decoded. A span that ends after the file does is cut
  ///     short, and the clip's ``Clip/note`` says so if more than a tenth of a second is missing.
  ///   - isCancelled: asked between blocks; once it says yes, decoding ends with `.cancelled`.
  public func decode(
    path: String, span: ClipSpan = .whole, isCancelled: @Sendable () -> Bool = { false }
  ) throws(DecodeError) -> Clip {
    try check(span, of: path)
    let file = try openRegularFile(path)
    let raw: RawSound
    do {
      raw = try SoundFile(file, path: path).read(
        span, longest: longestSeconds, isCancelled: isCancelled)
    } catch {
      switch error {
      case .decode(let error): throw error
      case .unknownFormat:
        guard let ffmpegPath else { throw DecodeError(path: path, .needsFFmpeg) }
        let child = FFmpeg(program: ffmpegPath, deadline: ffmpegDeadline)
        raw = try child.read(path: path, span: span, longest: longestSeconds, isCancelled)
      }
    }
    return try clip(from: raw, path: path, span: span)
  }

  /// How long a file says it is, in seconds, by its header alone; `nil` if libsndfile cannot tell.
  ///
  /// - Parameter path: as for ``decode(path:span:isCancelled:)``.
  public func length(ofFile path: String) -> Double? {
    guard let file = try? openRegularFile(path) else { return nil }
    return (try? SoundFile(file, path: path))?.length
  }

  /// The first executable file of that name in a search path such as `$PATH`.
  ///
  /// Entries that are not absolute are passed over: a program in the folder a corpus was unpacked
  /// to must not be run by accident.
  public static func findProgram(_ name: String, searchPath: String) -> String? {
    for folder in searchPath.split(separator: ":") where folder.hasPrefix("/") {
      let path = "\(folder)/\(name)"
      var status = stat()
      // The pointers live for these calls only.
      if unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
        unsafe access(path, X_OK) == 0
      {
        return path
      }
    }
    return nil
  }

  private func check(_ span: ClipSpan, of path: String) throws(DecodeError) {
    let end = span.end ?? .infinity
    guard span.start.isFinite, span.start >= 0, span.start < 1e9, !end.isNaN, end > span.start
    else { throw DecodeError(path: path, .badSpan(span)) }
    guard span.end == nil || end - span.start <= longestSeconds else {
      throw DecodeError(path: path, .tooLong(limit: longestSeconds))
    }
  }

  private func clip(
    from raw: RawSound, path: String, span: ClipSpan
  ) throws(DecodeError) -> Clip {
    var notes: [String] = []
    let missing = raw.expectedSeconds.map { $0 - raw.seconds } ?? 0
    if missing > 0.1 {
      let amount = (missing * 10).rounded() / 10
      notes.append("\(printable(path)) ends \(amount) s before the turn does.")
    }
    var bad = 0
    for sample in raw.samples where !sample.isFinite { bad += 1 }
    if bad > 0 {
      guard bad < raw.samples.count else {
        throw DecodeError(path: path, .broken(details: "none of its samples is a number"))
      }
      notes.append("\(printable(path)) has \(bad) samples that are not numbers, played as silence.")
    }
    guard
      let clip = Clip(
        samples: raw.mixedDown(), sampleRate: raw.sampleRate, channelCount: min(raw.channels, 2),
        note: notes.isEmpty ? nil : notes.joined(separator: " "))
    else {
      throw DecodeError(path: path, .absurd(sampleRate: raw.sampleRate, channels: raw.channels))
    }
    return clip
  }
}
