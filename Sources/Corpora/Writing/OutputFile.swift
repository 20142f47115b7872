internal import Glibc

/// A file that appears whole or not at all: written beside its place under another name, then renamed.
final class OutputFile {
  /// The path it will have.
  let path: String
  private let temporary: String
  private var descriptor: Int32
  private var buffer: [UInt8] = []
  private static let pieceSize = 256 << 10

  /// - Throws: ``CorpusError`` if no file can be made there.
  init(_ path: String) throws(CorpusError) {
    if FileSystem.isFolder(path) {
      throw CorpusError(file: path, message: "it is a folder; name a file to write.")
    }
    // Through a link the file it leads to is replaced, not the link.
    self.path = FileSystem.isLink(path) ? FileSystem.resolved(path) ?? path : path
    temporary = "\(self.path).\(getpid()).part"
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    if descriptor < 0 { throw FileSystem.refusal(path, "written") }
    buffer.reserveCapacity(Self.pieceSize * 2)
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(temporary)
  }

  /// Appends bytes by letting `body` add them to a buffer.
  func append(_ body: (inout [UInt8]) -> Void) throws(CorpusError) {
    body(&buffer)
    if buffer.count >= Self.pieceSize { try flush() }
  }

  private func flush() throws(CorpusError) {
    var done = 0
    while done < buffer.count {
      let wrote = buffer[done...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if wrote < 0 && errno == EINTR { continue }
      if wrote <= 0 { throw FileSystem.refusal(path, "written") }
      done += wrote
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Makes the file appear.
  ///
  /// Whatever was there before is replaced.
  func finish() throws(CorpusError) {
    try flush()
    // Without this a crash of the machine can leave the new name with none of the bytes.
    guard fsync(descriptor) == 0 else { throw FileSystem.refusal(path, "written") }
    let closed = close(descriptor)
    descriptor = -1
    guard closed == 0, rename(temporary, path) == 0 else {
      let error = FileSystem.refusal(path, "written")
      unlink(temporary)
      throw error
    }
  }
}
