import Glibc

/// Marks that a rater has a project open, so that a second sitting can be told: each one's undo takes back
/// what was done last in either.
///
/// A Unix socket that nobody listens on, in Linux's namespace without files: the kernel removes it with the
/// process, however that ends, and the folder of the project need not be writable.
enum SittingClaim {
  /// Marks it until the program ends.
  ///
  /// - Returns: whether the rater has the project open already; `false` where that cannot be known.
  static func isTaken(project path: String, rater: String) -> Bool {
    var file = stat()
    guard stat(path, &file) == 0 else { return false }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    // The empty byte in front makes it a name and no path. By the file's number, for a project may be
    // reached by several paths.
    let name = [0] + Array("undertone/\(file.st_dev)/\(file.st_ino)/\(rater)".utf8)
    let room = MemoryLayout.size(ofValue: address.sun_path)
    let length = min(name.count, room)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name.prefix(length)) }
    let descriptor = socket(
      AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return false }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size - room + length)
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
    }
    guard status != 0 else { return false }
    let isTaken = errno == EADDRINUSE
    close(descriptor)
    return isTaken
  }
}
