import Annotator
import Glibc
import Screen

/// The themes there are: those that ship with the program and the user's own.
struct Themes {
  /// Folders that hold themes, the user's first: a theme of the same name wins.
  let folders: [String]

  init(_ locations: Locations) {
    let config = locations.settings.split(separator: "/").dropLast().joined(separator: "/")
    folders = ["/\(config)/themes", locations.shared("themes")].compactMap { $0 }
  }

  /// All names, in alphabetical order.
  var names: [String] {
    var names: Set<String> = []
    for folder in folders {
      guard let directory = opendir(folder) else { continue }
      defer { closedir(directory) }
      while let entry = readdir(directory) {
        let file = withUnsafeBytes(of: entry.pointee.d_name) {
          String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        if file.hasSuffix(".toml"), !file.hasPrefix(".") { names.insert(String(file.dropLast(5))) }
      }
    }
    return names.sorted()
  }

  /// A theme by name, with what was wrong with it. A name nobody has gives the compiled-in theme.
  func theme(named name: String) -> (theme: Theme, warnings: [String]) {
    guard let (text, file) = source(of: name) else {
      let known = names
      let hint = known.isEmpty ? "" : " There are \(known.joined(separator: ", "))."
      return (
        .fallback,
        name == Preferences.defaultTheme && known.isEmpty
          ? [] : ["There is no theme called \(name.visible).\(hint)"]
      )
    }
    let parsed = Theme.parse(text, name: name, file: file) { source(of: $0)?.text }
    return (parsed.theme, parsed.warnings.map(\.description))
  }

  private func source(of name: String) -> (text: String, file: String)? {
    // A name is a name, not a path out of the folders.
    guard !name.isEmpty, !name.contains("/"), !name.hasPrefix(".") else { return nil }
    for folder in folders {
      let file = "\(folder)/\(name).toml"
      if let text = readText(file) { return (text, file) }
    }
    return nil
  }
}
