internal import Glibc

extension FileSystem {
  /// Whether anything is at a path, be it a link that leads nowhere.
  static func exists(_ path: String) -> Bool {
    var info = stat()
    return lstat(path, &info) == 0
  }

  /// Writes all bytes.
  static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(CorpusError) {
    var done = 0
    while done < bytes.count {
      let wrote = bytes[done...].withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if wrote < 0 && errno == EINTR { continue }
      if wrote <= 0 { throw refusal(path, "written") }
      done += wrote
    }
  }

  /// Renames a file to a path where there is none, unless it may be replaced.
  static func move(
    _ temporary: String, to path: String, overwrites: Bool
  ) throws(CorpusError) {
    if overwrites {
      guard rename(temporary, path) == 0 else { throw refusal(path, "written") }
      return
    }
    // A hard link is made only where there is nothing, in one step; not all file systems have them.
    if link(temporary, path) == 0 {
      unlink(temporary)
      return
    }
    if errno == EEXIST || exists(path) { throw OutputFile.isThere(path) }
    guard rename(temporary, path) == 0 else { throw refusal(path, "written") }
  }

  /// Puts a folder in the place of another, which is then where `aside` says.
  ///
  /// Two steps, for want of one that every file system has; between them both are there, under other
  /// names.
  static func replace(_ path: String, by folder: String, aside: String) throws(CorpusError) {
    guard rename(path, aside) == 0 else { throw refusal(path, "replaced") }
    guard rename(folder, path) == 0 else {
      let error = refusal(path, "replaced")
      _ = rename(aside, path)
      throw error
    }
  }

  static func isEmptyFolder(_ path: String) -> Bool {
    isFolder(path) && allNames(in: path).isEmpty
  }

  /// The path below a folder of the first file, in byte order, that a closure picks.
  static func firstFile(
    in folder: String, below prefix: String = "", where picks: (String) -> Bool
  ) -> String? {
    for name in allNames(in: folder) {
      let path = "\(folder)/\(name)"
      if isFolder(path) && !isLink(path) {
        if let file = firstFile(in: path, below: "\(prefix)\(name)/", where: picks) { return file }
      } else if picks(prefix + name) {
        return prefix + name
      }
    }
    return nil
  }

  /// Removes a folder with all that is in it; links are removed, not followed.
  static func removeTree(_ folder: String) {
    for name in allNames(in: folder) {
      let path = "\(folder)/\(name)"
      if isFolder(path) && !isLink(path) { removeTree(path) } else { unlink(path) }
    }
    rmdir(folder)
  }

  /// The names in a folder in byte order, hidden ones too.
  private static func allNames(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}
