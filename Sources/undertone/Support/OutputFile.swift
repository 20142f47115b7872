import Glibc

/// Where a command is told to write a file.
enum OutputFile {
  /// Refuses a path at which work would be destroyed or nothing can be written, before hours are spent
  /// on what is to be written there.
  ///
  /// - Parameter inputs: what the command reads, and must not write over.
  static func check(_ path: String, inputs: [String] = []) throws {
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT != S_IFDIR else {
        throw Failure("\(path.visibleName): this is a folder; name a file in it.")
      }
      if holdsDatabase(path) {
        throw Failure(
          "\(path.visibleName): this is a project, and it would be written over. Name another file."
        )
      }
      for input in inputs where isSame(path, input) {
        throw Failure(
          "\(path.visibleName): it is read and would be written over. Name another file.")
      }
    }
    let folder = path.contains("/") ? String(path[..<path.lastIndex(of: "/")!]) : "."
    guard access(folder.isEmpty ? "/" : folder, W_OK) == 0 else {
      throw Failure(
        "\(path.visibleName): \(errno == ENOENT ? "its folder does not exist" : "you may not write there")."
      )
    }
  }

  private static func isSame(_ one: String, _ other: String) -> Bool {
    var (first, second) = (stat(), stat())
    return stat(one, &first) == 0 && stat(other, &second) == 0 && first.st_dev == second.st_dev
      && first.st_ino == second.st_ino
  }

  /// Whether a file begins as SQLite's do, which projects are.
  private static func holdsDatabase(_ path: String) -> Bool {
    guard let file = fopen(path, "r") else { return false }
    defer { fclose(file) }
    var start = [UInt8](repeating: 0, count: 15)
    return fread(&start, 1, start.count, file) == start.count
      && start.elementsEqual("SQLite format 3".utf8)
  }
}
