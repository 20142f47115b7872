internal import Glibc

/// Where the bytes of a file go.
protocol ByteSink: AnyObject {
  /// Appends bytes by letting `body` add them to a buffer.
  func append(_ body: (inout [UInt8]) -> Void) throws(CorpusError)
  /// Ends the file.
  func finish() throws(CorpusError)
}

/// A file that appears whole or not at all: written beside its place under another name, then renamed.
final class OutputFile: ByteSink {
  /// The path it will have.
  let path: String
  private let temporary: String
  private let overwrites: Bool
  private var descriptor: Int32
  private var buffer: [UInt8] = []
  private static let pieceSize = 256 << 10

  /// - Parameter overwrites: whether a file that is there already is replaced.
  /// - Throws: ``CorpusError`` if no file can be made there, or one is there and may not be replaced.
  init(_ path: String, overwrites: Bool) throws(CorpusError) {
    if FileSystem.isFolder(path) {
      throw CorpusError(file: path, message: "it is a folder; name a file to write.")
    }
    if !overwrites, FileSystem.exists(path) { throw Self.isThere(path) }
    // Through a link the file it leads to is replaced, not the link.
    self.path = FileSystem.isLink(path) ? FileSystem.resolved(path) ?? path : path
    self.overwrites = overwrites
    temporary = "\(self.path).\(getpid()).part"
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    if descriptor < 0 { throw FileSystem.refusal(path, "written") }
    buffer.reserveCapacity(Self.pieceSize * 2)
  }

  /// What is said of something that is in the way.
  static func isThere(_ path: String) -> CorpusError {
    CorpusError(
      file: path,
      message: "it is there already; name another, or replace it with --overwrite.")
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
    try FileSystem.write(buffer, to: descriptor, path)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Makes the file appear.
  ///
  /// - Throws: ``CorpusError`` if the disk is full or gone, or a file has appeared there meanwhile
  ///   that may not be replaced; what is there stays as it is.
  func finish() throws(CorpusError) {
    try flush()
    // Without this a crash of the machine can leave the new name with none of the bytes.
    guard fsync(descriptor) == 0 else { throw FileSystem.refusal(path, "written") }
    let closed = close(descriptor)
    descriptor = -1
    do throws(CorpusError) {
      guard closed == 0 else { throw FileSystem.refusal(path, "written") }
      try FileSystem.move(temporary, to: path, overwrites: overwrites)
    } catch {
      unlink(temporary)
      throw error
    }
  }
}
