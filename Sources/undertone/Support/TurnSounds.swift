import Acoustics
import Dialogues
import Glibc
import LabelStore
import Playback
import Terminal

/// Finds and decodes the sound of turns, wherever a project says it is.
struct TurnSounds: Sendable {
  private let decoder: ClipDecoder
  /// For each corpus, the folder that its audio paths are relative to.
  private let folders: [String: String]

  init(_ corpora: [Project.Corpus]) {
    decoder = Self.decoder
    folders = Dictionary(
      corpora.map { ($0.name, $0.folder) }, uniquingKeysWith: { first, _ in first })
  }

  static var decoder: ClipDecoder {
    ClipDecoder(
      ffmpegPath: ClipDecoder.findProgram("ffmpeg", searchPath: environmentVariable("PATH") ?? ""))
  }

  /// The samples of a turn, mono; `nil` for a turn without sound.
  ///
  /// - Parameter rate: samples a second.
  /// - Throws: what the matter with the file is, as one sentence that names it.
  func samples(of turn: Turn, rate: Int = SpeechSound.rate) throws -> [Float]? {
    guard let audio = turn.audio else { return nil }
    let span = audio.span.map { ClipSpan(start: $0.start, end: $0.end) } ?? .whole
    return try Self.speech(decoder.decode(path: try path(of: turn, audio), span: span), rate: rate)
  }

  /// How long the file of a turn's sound says it is, in seconds; `nil` where that cannot be told.
  func seconds(of turn: Turn) -> Double? {
    guard let audio = turn.audio, let path = try? path(of: turn, audio) else { return nil }
    return decoder.length(ofFile: path)
  }

  private func path(of turn: Turn, _ audio: AudioSpan) throws -> String {
    guard let folder = folders[turn.key.dialogue.corpus] else {
      throw Failure("The project does not say where the sound of its corpus is.")
    }
    // The project may have come by mail: its paths are checked again before anything is opened.
    guard !audio.path.hasPrefix("/"), !audio.path.split(separator: "/").contains("..") else {
      throw Failure("\(audio.path.visibleName): it lies outside the folder of the corpus.")
    }
    let path = "\(folder)/\(audio.path)"
    guard !leadsOutside(path, of: folder) else {
      throw Failure(
        "\(audio.path.visibleName): it follows a link out of the folder of the corpus.")
    }
    return path
  }

  /// A clip as models of voices take it: mono, at 16 kHz unless told otherwise.
  static func speech(_ clip: Clip, rate: Int = SpeechSound.rate) throws -> [Float] {
    var mono = clip.samples
    if clip.channelCount > 1 {
      mono = (0..<clip.frameCount).map { frame in
        let start = frame * clip.channelCount
        return clip.samples[start..<start + clip.channelCount].reduce(0, +)
          / Float(clip.channelCount)
      }
    }
    return try Resampler(from: clip.sampleRate, to: rate, quality: 4).resample(mono)
  }
}

/// Whether a file that is there lies outside a folder once links are followed.
func leadsOutside(_ path: String, of folder: String) -> Bool {
  guard let target = realpath(path, nil) else { return false }
  defer { free(target) }
  guard let root = realpath(folder, nil) else { return false }
  defer { free(root) }
  let inside = String(cString: root)
  return !String(cString: target).hasPrefix(inside == "/" ? inside : "\(inside)/")
}
