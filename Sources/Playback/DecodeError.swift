/// Why a turn's sound could not be decoded: which file, and what is the matter with it.
public struct DecodeError: Error, Equatable, Sendable {
  /// The file, as it was named.
  public var path: String
  /// What is the matter.
  public var reason: Reason

  /// Creates an error about a file.
  public init(path: String, _ reason: Reason) {
    self.path = path
    self.reason = reason
  }

  /// What can be the matter with a file.
  public enum Reason: Equatable, Sendable {
    /// There is no such file.
    case missing
    /// The system refused to open it: an errno.
    case unreadable(code: Int32)
    /// It is a folder, a device, a pipe or a socket.
    case notAFile
    /// It holds no bytes.
    case empty
    /// It is none of the formats libsndfile reads, and ffmpeg is not installed.
    case needsFFmpeg
    /// Its content contradicts its format; what the decoder says about it.
    case broken(details: String)
    /// It holds no sound, or none that could be decoded.
    case silent
    /// Its header claims something no recording has: frames per second and channels.
    case absurd(sampleRate: Int, channels: Int)
    /// The span ends before it starts, has no length, or is not a number.
    case badSpan(ClipSpan)
    /// The span starts after the end of the file, which lasts so many seconds.
    case beyondTheEnd(start: Double, duration: Double)
    /// What should be decoded is longer than a turn may be: both in seconds.
    case tooLong(limit: Double)
    /// ffmpeg could not be started: an errno.
    case ffmpegFailed(code: Int32)
    /// ffmpeg did not finish within so many seconds.
    case tooSlow(seconds: Double)
    /// The caller lost interest.
    case cancelled
  }
}

extension DecodeError: CustomStringConvertible {
  /// The error as one sentence for a status line: the file, what is wrong, what to do.
  public var description: String {
    let name = printable(path)
    switch reason {
    case .missing: return "\(name) is missing; check where the corpus's sound files are."
    case .unreadable(let code):
      return "\(name) cannot be opened (\(errnoText(code))); check its permissions."
    case .notAFile: return "\(name) is not a regular file; the turn's sound must be a file."
    case .empty: return "\(name) is empty; copy it again from the corpus."
    case .needsFFmpeg:
      return "\(name) is not WAV, FLAC, Ogg, Opus or MP3; install ffmpeg to hear it "
        + "(sudo apt install ffmpeg)."
    case .broken(let details):
      let why = details.isEmpty ? "" : " (\(printable(details)))"
      return "\(name) is broken or not a sound file\(why); copy it again from the corpus."
    case .silent: return "\(name) holds no sound; copy it again from the corpus."
    case .absurd(let sampleRate, let channels):
      return "\(name) claims \(sampleRate) Hz and \(channels) channels, so it must be broken; "
        + "copy it again from the corpus."
    case .badSpan(let span):
      let end = span.end.map { seconds($0) } ?? "the end"
      return "The turn is said to last from \(seconds(span.start)) to \(end) of \(name), "
        + "which is no stretch of time; correct the corpus's times."
    case .beyondTheEnd(let start, let duration):
      return "The turn is said to start at \(seconds(start)) of \(name), which lasts only "
        + "\(seconds(duration)); correct the corpus's times."
    case .tooLong(let limit):
      return "\(name) is longer than the \(seconds(limit)) a turn may last; "
        + "give the turn a start and an end."
    case .ffmpegFailed(let code):
      return "ffmpeg, which \(name) needs, cannot be started (\(errnoText(code))); "
        + "install it again (sudo apt install ffmpeg)."
    case .tooSlow(let limit):
      return "ffmpeg took more than \(seconds(limit)) to read \(name); "
        + "convert the file to FLAC."
    case .cancelled: return "\(name) is no longer needed."
    }
  }
}

/// A time as people write it: `1.25 s`.
private func seconds(_ value: Double) -> String {
  guard value.isFinite, abs(value) < 1e12 else { return "\(value) s" }
  let rounded = (value * 100).rounded() / 100
  return rounded == rounded.rounded() ? "\(Int64(rounded)) s" : "\(rounded) s"
}

/// Names of files and messages of decoders come from outside: what a terminal could take for a
/// command is shown as a question mark.
func printable(_ text: String) -> String {
  String(
    String.UnicodeScalarView(
      text.unicodeScalars.map { scalar in
        scalar.properties.generalCategory == .control ? "?" : scalar
      }))
}
