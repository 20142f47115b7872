internal import Glibc
internal import NeuralNet
internal import Synchronization

/// Vectors that were computed before, in a file for each encoder and version.
///
/// A file is a header and records of one length: key, vector, and a hash of both. Records are only
/// ever appended, under a lock, so that two processes may use a file at once; a record that was cut
/// off or damaged does not match its hash and is computed again. Everything in it can be computed
/// again: a cache that cannot be read or written costs time and nothing else.
///
/// A file holds at most ``limit`` bytes; when it is full, the older half of it is dropped. When a
/// cache is opened, files that were not used longest go until all together hold at most four times
/// ``limit``.
public final class FeatureCache: Sendable {
  /// The file.
  public let path: String
  /// The width of its vectors.
  public let width: Int
  /// The most bytes a file holds.
  public let limit: Int

  private let layout: FeatureFile
  /// Where in the file each key's latest record is, and how far the file has been read.
  private let index = Mutex(Index())

  private struct Index {
    var file: Int32 = -1
    var places: [FeatureKey: Int] = [:]
    var end = 0
  }

  /// Opens a cache; nothing is written yet.
  ///
  /// - Parameters:
  ///   - folder: where the files are, e.g. `~/.cache/undertone`; created when it is needed.
  ///   - encoder: the encoder's kind and version, and what it encodes: other weights must have
  ///     another name.
  ///   - width: the width of its vectors.
  ///   - limit: the most bytes a file holds.
  public init(folder: String, encoder: String, width: Int, limit: Int = 128 << 20) {
    let name = encoder.map { $0.isASCII && ($0.isLetter || $0.isNumber) || $0 == "." ? $0 : "-" }
    path = "\(folder)/\(String(name)).features"
    self.width = width
    self.limit = limit
    layout = FeatureFile(encoder: encoder, width: width)
    Self.makeRoom(in: folder, sparing: path, total: 4 * limit)
  }

  deinit {
    index.withLock { if $0.file >= 0 { close($0.file) } }
  }

  /// The vectors of some contents: those known from before, the others computed.
  ///
  /// - Parameters:
  ///   - keys: the contents.
  ///   - compute: given the places of those not known, their vectors in order; `nil` where there is
  ///     none, which is not remembered.
  /// - Returns: a vector or `nil` for each key.
  public func vectors(
    of keys: [FeatureKey], computing compute: ([Int]) throws -> [[Float]?]
  ) rethrows -> [[Float]?] {
    var vectors = index.withLock { index in
      refresh(&index)
      return keys.map { key in
        index.places[key].flatMap { layout.record(at: $0, in: index.file, key: key) }
      }
    }
    let missing = vectors.indices.filter { vectors[$0] == nil }
    guard !missing.isEmpty else { return vectors }
    var fresh: [(FeatureKey, [Float])] = []
    for (place, vector) in zip(missing, try compute(missing)) {
      vectors[place] = vector
      if let vector, vector.count == width, vector.allSatisfy(\.isFinite) {
        fresh.append((keys[place], vector))
      }
    }
    append(fresh)
    return vectors
  }

  /// How many bytes the files of a cache folder hold together.
  public static func size(of folder: String) -> Int {
    FeatureFile.list(folder).reduce(0) { $0 + $1.bytes }
  }

  /// Reads the keys that were appended since the last time, by whomever.
  private func refresh(_ index: inout Index) {
    if index.file >= 0, !FeatureFile.isSame(index.file, path) {
      // Somebody dropped the older half: a new file has taken its place.
      close(index.file)
      index = Index()
    }
    if index.file < 0 {
      index.file = open(path, O_RDWR | O_CLOEXEC)
      // So that files in use are not the ones dropped to make room.
      if index.file >= 0 { futimens(index.file, nil) }
      index.end = layout.headerLength
    }
    guard index.file >= 0 else { return }
    guard layout.hasHeader(index.file) else {
      close(index.file)
      index = Index()
      unlink(path)
      return
    }
    layout.forEachKey(in: index.file, from: &index.end) { index.places[$0] = $1 }
  }

  private func append(_ fresh: [(FeatureKey, [Float])]) {
    guard !fresh.isEmpty else { return }
    index.withLock { index in
      guard lock(&index) else { return }
      defer { flock(index.file, LOCK_UN) }
      layout.dropTornRecord(index.file)
      let bytes = fresh.flatMap { layout.encoded($0, $1) }
      if FeatureFile.size(index.file) + bytes.count > limit {
        layout.replaceByNewerHalf(path, index.file, limit: limit)
        // The file under its name is another one now; what is fresh can be computed again.
        return
      }
      FeatureFile.append(bytes, to: index.file)
      refresh(&index)
    }
  }

  /// Opens and locks the file that is under the name now, and makes it one if there is none.
  private func lock(_ index: inout Index) -> Bool {
    for _ in 0..<3 {
      refresh(&index)
      if index.file < 0 {
        guard createFolders(path), layout.create(path) else { return false }
        continue
      }
      guard flock(index.file, LOCK_EX) == 0 else { return false }
      if FeatureFile.isSame(index.file, path) { return true }
      flock(index.file, LOCK_UN)
    }
    return false
  }

  private static func makeRoom(in folder: String, sparing own: String, total: Int) {
    var files = FeatureFile.list(folder).filter { $0.path != own }.sorted { $0.used > $1.used }
    var sum = FeatureFile.list(folder).reduce(0) { $0 + $1.bytes }
    while sum > total, let oldest = files.popLast() {
      unlink(oldest.path)
      sum -= oldest.bytes
    }
  }

  private func createFolders(_ path: String) -> Bool {
    var folder = ""
    for part in path.split(separator: "/").dropLast() {
      folder += "/\(part)"
      if mkdir(folder, 0o700) != 0, errno != EEXIST, errno != EISDIR { return false }
    }
    return true
  }
}
