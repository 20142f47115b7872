internal import Glibc

/// A folder that appears whole or not at all: filled beside its place under another name, then
/// renamed.
///
/// At its root lies `undertone.json`, which says what wrote it and lists every file. Only a folder
/// that holds nothing but what such a list names is ever replaced, so that no `--overwrite` can
/// delete what somebody else put there.
final class OutputFolder {
  /// The file at the root that says what was exported.
  static let description = "undertone.json"

  /// The path it will have.
  let path: String
  private let temporary: String
  private let overwrites: Bool
  private var isOurs = false
  private var folders: Set<String> = []
  private let list: FolderFile

  /// - Parameters:
  ///   - overwrites: whether an earlier export that is there already is replaced.
  ///   - describe: writes the members of `undertone.json` before the list of files.
  /// - Throws: ``CorpusError`` if no folder can be made there, or something is there that may not be
  ///   replaced.
  init(
    _ path: String, overwrites: Bool, describe: (inout JSONWriter) -> Void
  ) throws(CorpusError) {
    var path = path
    while path.hasSuffix("/") && path.count > 1 { path.removeLast() }
    if FileSystem.isLink(path) { path = FileSystem.resolved(path) ?? path }
    try Self.check(path, overwrites: overwrites)
    self.path = path
    self.overwrites = overwrites
    temporary = "\(path).\(getpid()).part"
    guard mkdir(temporary, 0o755) == 0 else { throw FileSystem.refusal(path, "made") }
    list = try FolderFile("\(temporary)/\(Self.description)", shown: "\(path)/\(Self.description)")
    isOurs = true
    var json = JSONWriter()
    json.object(describe)
    try list.append { bytes in
      bytes += json.bytes.dropLast()
      bytes += (json.bytes.count > 2 ? "," : "").utf8
      bytes += "\"files\":[\n".utf8
      JSONText.append(Self.description, to: &bytes)
    }
  }

  deinit {
    if isOurs { FileSystem.removeTree(temporary) }
  }

  /// Begins a file in it.
  ///
  /// - Parameter name: its path below the folder, of parts that ``FileName/escaped(_:)`` made.
  func file(_ name: String) throws(CorpusError) -> FolderFile {
    if let cut = name.lastIndex(of: "/") { try make(String(name[..<cut])) }
    try list.append { bytes in
      bytes += ",\n".utf8
      JSONText.append(name, to: &bytes)
    }
    return try FolderFile("\(temporary)/\(name)", shown: "\(path)/\(name)")
  }

  private func make(_ folder: String) throws(CorpusError) {
    guard folders.insert(folder).inserted else { return }
    if let cut = folder.lastIndex(of: "/") { try make(String(folder[..<cut])) }
    guard mkdir("\(temporary)/\(folder)", 0o755) == 0 || errno == EEXIST else {
      throw FileSystem.refusal("\(path)/\(folder)", "made")
    }
  }

  /// Makes the folder appear.
  ///
  /// - Throws: ``CorpusError`` if the disk is full or gone, or something is there that may not be
  ///   replaced; what is there stays as it is.
  func finish() throws(CorpusError) {
    try list.append { $0 += "\n]}\n".utf8 }
    try list.finish()
    // One wait for the disk instead of one for each of a hundred thousand files.
    sync()
    try Self.check(path, overwrites: overwrites)
    if FileSystem.isFolder(path) && !FileSystem.isEmptyFolder(path) {
      try FileSystem.replace(path, by: temporary, aside: "\(temporary).old")
      FileSystem.removeTree("\(temporary).old")
    } else {
      guard rename(temporary, path) == 0 else { throw FileSystem.refusal(path, "made") }
    }
    isOurs = false
  }

  /// Refuses a path where something is that may not be replaced.
  private static func check(_ path: String, overwrites: Bool) throws(CorpusError) {
    guard FileSystem.exists(path) else { return }
    guard FileSystem.isFolder(path) else {
      throw CorpusError(file: path, message: "it is a file; name a folder to make.")
    }
    if FileSystem.isEmptyFolder(path) { return }
    guard overwrites else { throw OutputFile.isThere(path) }
    guard let bytes = try? FileSystem.contents("\(path)/\(description)") else {
      throw CorpusError(
        file: path,
        message: "it is no earlier export (it has no \(description)), so --overwrite does not "
          + "replace it; name another folder.")
    }
    var parser = JSONParser(bytes[...])
    let names = (try? parser.parse())?.members?["files"]?.list?.compactMap(\.text) ?? []
    let known = Set(names)
    if let stranger = FileSystem.firstFile(in: path, where: { !known.contains($0) }) {
      throw CorpusError(
        file: path,
        message: "it holds \(quoted(stranger)), which the earlier export did not write, so "
          + "--overwrite does not replace it; name another folder.")
    }
  }
}

/// One file of an ``OutputFolder``.
final class FolderFile: ByteSink {
  /// What is yet to be written.
  private var bytes: [UInt8] = []
  private let shown: String
  private var descriptor: Int32

  fileprivate init(_ path: String, shown: String) throws(CorpusError) {
    self.shown = shown
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    if descriptor < 0 { throw FileSystem.refusal(shown, "written") }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Appends bytes by letting `body` add them to a buffer.
  func append(_ body: (inout [UInt8]) -> Void) throws(CorpusError) {
    body(&bytes)
    if bytes.count >= 64 << 10 { try flush() }
  }

  private func flush() throws(CorpusError) {
    try FileSystem.write(bytes, to: descriptor, shown)
    bytes.removeAll(keepingCapacity: true)
  }

  /// Ends the file.
  func finish() throws(CorpusError) {
    try flush()
    let closed = close(descriptor)
    descriptor = -1
    if closed != 0 { throw FileSystem.refusal(shown, "written") }
  }
}

/// Ids as names of files.
enum FileName {
  /// An id as one part of a path.
  ///
  /// Bytes that a path or a terminal would not take for themselves are percent-encoded, as in the
  /// description of a turn's key, and so is a dot at the beginning, which would hide the file.
  /// Different ids give different names; the empty one gives `_`.
  static func escaped(_ id: String) -> String {
    if id.isEmpty { return "_" }
    if id == "_" { return "%5F" }
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in id.utf8 {
      let isHidden = bytes.isEmpty && byte == UInt8(ascii: ".")
      if byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "%")
        || isHidden
      {
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
