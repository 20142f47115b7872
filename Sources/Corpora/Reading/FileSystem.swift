internal import Glibc

/// What corpora need of the file system.
///
/// Foundation's file manager would do, but takes longer to start than a small import takes to run.
enum FileSystem {
  static func isFolder(_ path: String) -> Bool {
    var info = stat()
    return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
  }

  static func isFile(_ path: String) -> Bool {
    var info = stat()
    return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFREG
  }

  static func isLink(_ path: String) -> Bool {
    var info = stat()
    return lstat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFLNK
  }

  /// The size of a file in bytes; `nil` where there is no such file.
  static func size(_ path: String) -> Int? {
    var info = stat()
    guard stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(info.st_size)
  }

  /// The names in a folder in byte order, without those that begin with a dot: macOS strews `._*`
  /// files that look like corpus files and are not.
  ///
  /// Empty where there is no such folder.
  static func names(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  /// The path with links and dots resolved; `nil` where it does not exist.
  static func resolved(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  /// The whole of a small file.
  ///
  /// - Throws: ``CorpusError`` if it cannot be read or is larger than `limit` bytes.
  static func contents(_ path: String, limit: Int = 64 << 20) throws(CorpusError) -> [UInt8] {
    let file = try ByteFile(path)
    guard file.size <= limit else {
      throw CorpusError(
        file: path, message: "it is larger than \(limit >> 20) MiB, which no such file is.")
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(file.size)
    while bytes.count < limit {
      try file.fill(at: bytes.count)
      if file.buffer.isEmpty { break }
      bytes += file.buffer
    }
    return bytes
  }

  /// The part of a path after its last slash.
  static func lastComponent(_ path: String) -> String {
    String(path.split(separator: "/").last ?? "")
  }

  /// The folder a path is in; `.` for a bare name.
  static func folder(of path: String) -> String {
    guard let cut = path.lastIndex(of: "/") else { return "." }
    return cut == path.startIndex ? "/" : String(path[..<cut])
  }

  /// A name without its last extension.
  static func stem(_ name: String) -> String {
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return name }
    return String(name[..<dot])
  }

  /// A name's last extension in lower case, without the dot; empty where there is none.
  static func fileExtension(_ name: String) -> String {
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return "" }
    return name[name.index(after: dot)...].lowercased()
  }

  /// The sentence for an operation the system refused.
  static func refusal(_ path: String, _ action: String) -> CorpusError {
    let code = errno
    let reason = strerror(code).map { String(cString: $0) } ?? "error \(code)"
    return CorpusError(file: path, message: "it cannot be \(action): \(reason).")
  }
}
