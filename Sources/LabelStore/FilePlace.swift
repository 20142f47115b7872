internal import Glibc

/// Where a file is, and what the system says about it.
struct FilePlace {
  /// The absolute path: SQLite would read one that begins with `file:` as a URI.
  var absolute: String

  init(_ path: String) {
    guard !path.hasPrefix("/") else {
      absolute = path
      return
    }
    let current = getcwd(nil, 0)
    defer { free(current) }
    absolute = (current.map { String(cString: $0) } ?? ".") + "/" + path
  }

  /// The folder it lies in.
  var folder: String {
    absolute.lastIndex(of: "/").map { $0 == absolute.startIndex ? "/" : String(absolute[..<$0]) }
      ?? "."
  }

  /// The last part of the path.
  var name: String {
    absolute.lastIndex(of: "/").map { String(absolute[absolute.index(after: $0)...]) } ?? absolute
  }

  var exists: Bool { access(absolute, F_OK) == 0 }
  var isReadable: Bool { access(absolute, R_OK) == 0 }
  var isWritable: Bool { access(absolute, W_OK) == 0 }
  var folderExists: Bool { FilePlace.kind(of: folder) == S_IFDIR }
  var folderIsWritable: Bool { access(folder, W_OK | X_OK) == 0 }
  var isRegularFile: Bool { FilePlace.kind(of: absolute) == S_IFREG }
  var isFolder: Bool { FilePlace.kind(of: absolute) == S_IFDIR }

  /// The size in bytes; 0 if there is no such file.
  var size: Int {
    var status = stat()
    return stat(absolute, &status) == 0 ? Int(status.st_size) : 0
  }

  private static func kind(of path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }

  /// What the last failed call of the system said.
  static var failure: String { String(cString: strerror(errno)) }

  /// Makes entries of the folder survive a power failure.
  func syncFolder() {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    Glibc.close(descriptor)
  }
}
