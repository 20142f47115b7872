import Glibc
import Terminal

/// Where the program finds what it ships with and keeps what is the user's.
///
/// Environment and executable are parameters, so that tests can say where everything is.
struct Locations {
  /// The folder with `themes`, `sample-dialogs` and `models`; `nil` if it cannot be found.
  var share: String?
  /// The settings file, which the user owns.
  var settings: String
  /// Where the sample project is kept.
  var data: String
  /// Where what can be computed again is kept.
  var cache: String

  /// The XDG base directories (https://specifications.freedesktop.org/basedir-spec) and the share
  /// folder beside the executable: `../share/undertone` once installed, the checkout while building.
  init(
    environment: (String) -> String? = environmentVariable,
    executable: String? = Self.executablePath
  ) {
    let home = Self.home(environment)
    func folder(_ variable: String, else relative: String) -> String {
      // A relative path in these variables is invalid and must be ignored, says the standard.
      let value = environment(variable).flatMap { $0.hasPrefix("/") ? $0 : nil }
      return (value ?? "\(home)/\(relative)") + "/undertone"
    }
    settings = folder("XDG_CONFIG_HOME", else: ".config") + "/settings.toml"
    data = folder("XDG_DATA_HOME", else: ".local/share")
    cache = folder("XDG_CACHE_HOME", else: ".cache")
    share = environment("UNDERTONE_SHARE") ?? executable.flatMap(Self.share(besides:))
  }

  /// `HOME`, or what the system knows where that is not set: files of the user's must not land in
  /// the root folder.
  private static func home(_ environment: (String) -> String?) -> String {
    if let home = environment("HOME"), home.hasPrefix("/") { return home }
    if let entry = getpwuid(getuid()), let folder = entry.pointee.pw_dir {
      return String(cString: folder)
    }
    return "/"
  }

  /// Where vectors that encoders computed are kept.
  var features: String { "\(cache)/features" }

  /// A file or folder of the share folder, if it is there.
  func shared(_ name: String) -> String? {
    guard let share else { return nil }
    let path = "\(share)/\(name)"
    return access(path, R_OK) == 0 ? path : nil
  }

  private static func share(besides executable: String) -> String? {
    var folder = executable
    func isShare(_ path: String) -> Bool { access("\(path)/sample-dialogs", R_OK) == 0 }
    // bin/undertone → share/undertone; .build/<triple>/release/undertone → the checkout.
    for _ in 0..<5 {
      guard let slash = folder.lastIndex(of: "/"), slash > folder.startIndex else { return nil }
      folder = String(folder[..<slash])
      if isShare("\(folder)/share/undertone") { return "\(folder)/share/undertone" }
      if isShare(folder) { return folder }
    }
    return nil
  }

  /// The program's own path, links resolved; `nil` where the system does not tell.
  static var executablePath: String? {
    realpath("/proc/self/exe", nil).map { path in
      defer { free(path) }
      return String(cString: path)
    }
  }
}

/// Creates a folder and those above it, for the user alone.
///
/// - Returns: whether it is there now.
func createFolder(_ path: String) -> Bool {
  if access(path, F_OK) == 0 { return true }
  if let slash = path.lastIndex(of: "/"), slash > path.startIndex {
    guard createFolder(String(path[..<slash])) else { return false }
  }
  return mkdir(path, 0o700) == 0 || errno == EEXIST
}

/// The bytes of a file as text, or `nil` if it cannot be read, is not UTF-8 or is no regular file.
func readText(_ path: String) -> String? {
  // Opening a named pipe would wait for somebody to write into it.
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(descriptor, &buffer, buffer.count)
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { return nil }
    if count == 0 { break }
    bytes += buffer[..<count]
    // Settings, themes and guidelines are small; a file that is not was named by mistake.
    guard bytes.count <= 4 << 20 else { return nil }
  }
  return String(validating: bytes, as: UTF8.self)
}

/// Replaces a file as a whole: the old text or the new one is there, never half of it.
///
/// - Returns: whether it worked; `errno` says why not.
func replaceFile(_ path: String, with text: String) -> Bool {
  // A link is kept and what it points to replaced: people keep their settings elsewhere.
  var path = path
  if let target = realpath(path, nil) {
    path = String(cString: target)
    free(target)
  }
  let draft = "\(path).new"
  let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
  guard descriptor >= 0 else { return false }
  let bytes = Array(text.utf8)
  var written = 0
  while written < bytes.count {
    let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    if count < 0, errno == EINTR { continue }
    guard count > 0 else { break }
    written += count
  }
  let isWhole = written == bytes.count && fsync(descriptor) == 0
  guard close(descriptor) == 0, isWhole, rename(draft, path) == 0 else {
    unlink(draft)
    return false
  }
  return true
}
