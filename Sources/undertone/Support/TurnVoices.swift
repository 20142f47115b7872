import Dialogues
import EmotionModel
import Glibc
import Playback
import Synchronization

/// The statistics of turns' sounds, remembered by the content of their files: a file that was heard
/// before, under whatever name, is neither decoded nor analysed again.
final class TurnVoices: Sendable {
  /// What tells a file's content apart from what it was, without reading it.
  private struct FileState: Hashable {
    var device: UInt
    var number: UInt
    var bytes: Int
    var seconds: Int
    var nanoseconds: Int
  }

  private let sounds: TurnSounds
  private let statistics: VoiceStatistics
  private let cache: FeatureCache?
  /// A recording that many turns are part of is read once to know it.
  private let known = Mutex<[FileState: FeatureKey]>([:])

  /// - Parameter cache: the folder to remember statistics in; `nil` to remember none.
  init(_ sounds: TurnSounds, _ statistics: VoiceStatistics, cache: String?) {
    self.sounds = sounds
    self.statistics = statistics
    self.cache = cache.map {
      FeatureCache(
        folder: $0, encoder: statistics.version, width: statistics.count)
    }
  }

  /// The statistics of each turn's sound: `nil` for a turn without sound, for silence, and where
  /// the sound cannot be read.
  ///
  /// - Parameter complain: told why a sound cannot be read.
  func statistics(of turns: [Turn], complain: (any Error) -> Void) -> [[Float]?] {
    /// A few turns at a time: together they take less time, and all of a long dialogue much memory.
    func computed(_ turns: [Turn]) -> [[Float]?] {
      stride(from: 0, to: turns.count, by: 32).flatMap { start -> [[Float]?] in
        let samples = turns[start..<min(turns.count, start + 32)].map { turn -> [Float] in
          do {
            return try sounds.samples(of: turn) ?? []
          } catch {
            complain(error)
            return []
          }
        }
        return statistics.values(of: samples)
      }
    }
    guard let cache else { return computed(turns) }
    var result = [[Float]?](repeating: nil, count: turns.count)
    var (places, keys) = ([Int](), [FeatureKey]())
    for (place, turn) in turns.enumerated() {
      do {
        guard let file = try sounds.file(of: turn) else { continue }
        guard let whole = key(of: file.path) else {
          result[place] = computed([turn])[0]
          continue
        }
        places.append(place)
        keys.append(FeatureKey(from: file.span.start, to: file.span.end, of: whole))
      } catch {
        complain(error)
      }
    }
    let vectors = cache.vectors(of: keys) { missing in
      computed(missing.map { turns[places[$0]] })
    }
    for (place, vector) in zip(places, vectors) { result[place] = vector }
    return result
  }

  /// `nil` if the file cannot be read, of which decoding will say more.
  private func key(of path: String) -> FeatureKey? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    let state = FileState(
      device: status.st_dev, number: status.st_ino, bytes: status.st_size,
      seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
    if let key = known.withLock({ $0[state] }) { return key }
    guard let key = try? FeatureKey(contentsOf: path) else { return nil }
    known.withLock { known in
      // Forgetting costs a reading; a corpus of more files than this is not read over and over.
      if known.count >= 100_000 { known.removeAll() }
      known[state] = key
    }
    return key
  }
}
