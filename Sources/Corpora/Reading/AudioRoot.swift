/// The folder that a corpus's audio paths start from, and the only place they may lead to.
///
/// A manifest from a stranger must not make the program open files elsewhere, and paths that leave
/// the folder break when the corpus is moved.
final class AudioRoot {
  /// The folder, absolute, links resolved.
  let path: String
  private var folders: [String: String] = [:]

  /// - Throws: ``CorpusError`` if there is no such folder.
  init(_ folder: String) throws(CorpusError) {
    guard FileSystem.isFolder(folder), let path = FileSystem.resolved(folder) else {
      throw CorpusError(file: folder, message: "it is not a folder that can be read.")
    }
    self.path = path
  }

  /// What became of a path.
  enum Lookup: Equatable {
    /// The file is there, under this path below the root.
    case found(String)
    /// It is not; this is where it should be.
    case missing(String)
    /// It would lead outside; the sentence says how.
    case outside(String)
  }

  /// Folders below the root that manifests leave out of their paths.
  private static let usual = ["", "audio/", "wav/", "wavs/", "clips/"]

  /// Looks for a file named by the corpus.
  func find(_ name: String) -> Lookup {
    let parts = name.replacing("\\", with: "/").split(
      separator: "/", omittingEmptySubsequences: false)
    if name.hasPrefix("/") || name.hasPrefix("\\") || name.dropFirst().hasPrefix(":\\")
      || name.dropFirst().hasPrefix(":/")
    {
      return .outside(
        "the path \(quoted(name)) is absolute; give it relative to the folder of the corpus.")
    }
    if parts.contains("..") {
      return .outside("the path \(quoted(name)) leaves the folder of the corpus with “..”.")
    }
    if name.utf8.contains(0) { return .outside("the path \(quoted(name)) holds a zero byte.") }
    let plain = Self.joined(parts)
    if plain.isEmpty { return .outside("the path \(quoted(name)) names no file.") }
    // A backslash separates folders on Windows and may be part of a name here.
    let verbatim = Self.joined(name.split(separator: "/"))
    for spelling in verbatim == plain ? [plain] : [verbatim, plain] {
      for folder in Self.usual {
        let candidate = folder + spelling
        guard FileSystem.isFile("\(path)/\(candidate)") else { continue }
        return isInside(candidate)
          ? .found(candidate)
          : .outside("the path \(quoted(name)) follows a link out of the folder of the corpus.")
      }
    }
    return .missing(plain)
  }

  private static func joined(_ parts: [Substring]) -> String {
    parts.filter { !$0.isEmpty && $0 != "." }.joined(separator: "/")
  }

  /// Whether the file is below the root once links are followed.
  ///
  /// Resolving takes a system call for every part of a path, so folders are remembered and only the
  /// file's own name is resolved.
  private func isInside(_ candidate: String) -> Bool {
    let full = "\(path)/\(candidate)"
    let folder = FileSystem.folder(of: full)
    let resolved: String
    if let known = folders[folder] {
      resolved = known
    } else {
      resolved = FileSystem.resolved(folder) ?? ""
      folders[folder] = resolved
    }
    guard contains(resolved) else { return false }
    guard FileSystem.isLink(full) else { return true }
    return FileSystem.resolved(full).map(contains) ?? false
  }

  private func contains(_ resolved: String) -> Bool {
    resolved == path || resolved.hasPrefix(path == "/" ? "/" : path + "/")
  }
}
