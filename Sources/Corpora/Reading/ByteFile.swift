internal import Glibc

/// A regular file, read in pieces by position.
///
/// Not mapped into memory: a file that shrinks while it is mapped kills the process, and corpora
/// lie on network drives.
final class ByteFile {
  /// The path as the person named it.
  let path: String
  /// The size when it was opened, in bytes.
  let size: Int
  /// The bytes that ``fill(at:)`` read last.
  private(set) var buffer: [UInt8] = []
  /// Where ``buffer`` begins in the file.
  private(set) var origin = 0

  private let descriptor: Int32
  private static let smallestPiece = 4 << 10
  private static let largestPiece = 256 << 10
  private var pieceSize = largestPiece

  /// Opens a file for reading.
  ///
  /// - Throws: ``CorpusError`` if that is refused or it is not a regular file.
  init(_ path: String) throws(CorpusError) {
    // Opening a pipe would otherwise wait for its writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileSystem.refusal(path, "opened") }
    var info = stat()
    guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw CorpusError(file: path, message: "it is not a file that can be read piece by piece.")
    }
    self.path = path
    self.descriptor = descriptor
    size = Int(info.st_size)
  }

  deinit { close(descriptor) }

  /// Reads the next piece from `offset` on; ``buffer`` is empty at the end of the file.
  func fill(at offset: Int) throws(CorpusError) {
    var failed = false
    // Whoever reads on wants much at once; whoever jumps, as for the rows of a shuffled table, wants a
    // row, and a large piece for each would be read sixty times over.
    let isReadingOn = offset == 0 || offset == origin + buffer.count
    pieceSize = isReadingOn ? min(2 * pieceSize, Self.largestPiece) : Self.smallestPiece
    buffer = [UInt8](unsafeUninitializedCapacity: pieceSize) { space, count in
      var got: Int
      repeat {
        got = pread(descriptor, space.baseAddress, pieceSize, off_t(offset))
      } while got < 0 && errno == EINTR
      failed = got < 0
      count = max(0, got)
    }
    origin = offset
    if failed { throw FileSystem.refusal(path, "read") }
  }
}
