internal import Glibc

/// What the system says about an error number, such as `Permission denied`.
func errnoText(_ code: Int32) -> String {
  // Not `strerror`, which may share one buffer among threads. The call ends the text within the
  // buffer it is given the size of.
  var text = [CChar](repeating: 0, count: 128)
  guard unsafe strerror_r(code, &text, text.count) == 0 else { return "error \(code)" }
  return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// A file descriptor that is closed when its owner is gone.
struct Descriptor: ~Copyable {
  let number: Int32

  init(_ number: Int32) { self.number = number }

  deinit { _ = close(number) }
}

/// Opens a regular file for reading without ever waiting: a FIFO or a device that stands where a
/// file should be must not hang the program.
func openRegularFile(_ path: String) throws(DecodeError) -> Descriptor {
  guard !path.utf8.contains(0) else { throw DecodeError(path: path, .missing) }
  let number = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
  guard number >= 0 else {
    let code = errno
    switch code {
    case ENOENT, ENOTDIR: throw DecodeError(path: path, .missing)
    case ENXIO, ENODEV: throw DecodeError(path: path, .notAFile)
    default: throw DecodeError(path: path, .unreadable(code: code))
    }
  }
  let file = Descriptor(number)
  var status = stat()
  guard unsafe fstat(number, &status) == 0 else {
    throw DecodeError(path: path, .unreadable(code: errno))
  }
  guard status.st_mode & S_IFMT == S_IFREG else { throw DecodeError(path: path, .notAFile) }
  guard status.st_size > 0 else { throw DecodeError(path: path, .empty) }
  return file
}

/// Nanoseconds of the monotonic clock, which no one sets.
func monotonicNanoseconds() -> UInt64 {
  var time = timespec()
  // The pointer lives for this one call.
  _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
