internal import Glibc

/// Why a file could not be read or written.
public struct FileError: Error, Equatable, CustomStringConvertible {
  /// What was tried, as in "cannot … the file".
  public var operation: String
  /// The file.
  public var path: String
  /// The system's error number.
  public var code: Int32

  /// One sentence for the person at the terminal.
  public var description: String {
    "Cannot \(operation) \(path): \(String(cString: strerror(code)))."
  }
}

/// Reads a whole file.
///
/// - Parameters:
///   - path: the file.
///   - limit: files larger than this many bytes are refused with `EFBIG`.
/// - Throws: ``FileError``.
public func readFile(_ path: String, limit: Int = 1 << 31) throws(FileError) -> [UInt8] {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { throw FileError(operation: "open", path: path, code: errno) }
  defer { close(file) }
  var status = stat()
  guard fstat(file, &status) == 0 else {
    throw FileError(operation: "read", path: path, code: errno)
  }
  guard status.st_mode & S_IFMT != S_IFDIR else {
    throw FileError(operation: "read", path: path, code: EISDIR)
  }
  var bytes: [UInt8] = []
  var failure: Int32 = 0
  bytes.reserveCapacity(max(0, min(limit, Int(status.st_size))))
  let step = 1 << 20
  while failure == 0 {
    let before = bytes.count
    guard before <= limit else {
      failure = EFBIG
      break
    }
    bytes += [UInt8](repeating: 0, count: step)
    let got = bytes.withUnsafeMutableBytes {
      read(file, $0.baseAddress?.advanced(by: before), step)
    }
    if got < 0 {
      if errno != EINTR { failure = errno }
      bytes.removeLast(step)
    } else {
      bytes.removeLast(step - got)
      if got == 0 { return bytes }
    }
  }
  throw FileError(operation: "read", path: path, code: failure)
}

/// Writes a whole file so that, whatever happens, either the old or the new content is there: into
/// a temporary file beside it, to the disk, and then renamed over it.
///
/// - Throws: ``FileError``; the temporary file is removed.
public func writeFileAtomically(_ path: String, _ bytes: [UInt8]) throws(FileError) {
  let temporary = "\(path).\(getpid()).partial"
  let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
  guard file >= 0 else { throw FileError(operation: "create", path: temporary, code: errno) }
  var failure: Int32 = 0
  var done = 0
  while done < bytes.count, failure == 0 {
    let wrote = bytes.withUnsafeBytes {
      write(file, $0.baseAddress?.advanced(by: done), bytes.count - done)
    }
    if wrote >= 0 { done += wrote } else if errno != EINTR { failure = errno }
  }
  if failure == 0, fsync(file) != 0 { failure = errno }
  if close(file) != 0, failure == 0 { failure = errno }
  if failure == 0, rename(temporary, path) != 0 { failure = errno }
  guard failure == 0 else {
    unlink(temporary)
    throw FileError(operation: "write", path: path, code: failure)
  }
  // The new name reaches the disk only with its folder.
  let cut = path.lastIndex(of: "/")
  let folder = open(cut.map { String(path[...$0]) } ?? ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  if folder >= 0 {
    fsync(folder)
    close(folder)
  }
}

extension FileError {
  /// Whether the file is simply not there.
  public var isAbsence: Bool { code == ENOENT }
}

/// Whether there is a regular file that may be read.
public func isFile(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, R_OK) == 0
}
