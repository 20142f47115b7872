internal import Glibc

/// The folder of corpora that some tests read, if this machine has it.
///
/// The data may not be redistributed, so whoever clones the project does not have it: tests that
/// need it are enabled by this and otherwise skipped, saying so.
///
/// - Parameter name: a path inside the folder, e.g. `meld/dev_sent_emo.csv`.
/// - Returns: its absolute path, in `$UNDERTONE_DATA` or else `../shared/data` beside the package; `nil` if
///   it is absent.
public func sharedData(_ name: String) -> String? {
  let root = getenv("UNDERTONE_DATA").map { String(cString: $0) } ?? "../shared/data"
  // Absolute, because programs that tests start run in folders of their own.
  guard let path = realpath("\(root)/\(name)", nil) else { return nil }
  defer { free(path) }
  return access(path, R_OK) == 0 ? String(cString: path) : nil
}
