internal import TOMLKit

/// Themes as files:
///
///     inherits = "dark"                  # optional: another theme, whose entries hold unless replaced
///
///     [palette]                          # optional: names for colours, also for inherited entries
///     ink = "#d7dae0"
///     sun = 220
///
///     [scopes]
///     text = { fg = "ink", bg = "#16181d" }
///     "emotion.joy" = { fg = "sun", modifiers = ["bold"] }
///     "emotion.fear" = "magenta"         # short for { fg = "magenta" }
///
/// A colour is a name of the palette, `default`, one of ``Color/names``, a number from 0 to 255 or
/// `"#rrggbb"`. Modifiers are `bold`, `reverse`, `underline`, `dim` and `italic`.
extension Theme {
  /// Reads a theme.
  ///
  /// - Parameters:
  ///   - toml: the text of the file.
  ///   - name: the theme's name.
  ///   - file: the file's name, for messages.
  ///   - inherited: gives the text of the theme of a name, `nil` if there is none.
  /// - Returns: the theme, and what of it could not be used. A file that is not TOML gives
  ///   ``fallback``.
  public static func parse(
    _ toml: String, name: String, file: String,
    inheriting inherited: (String) -> String? = { _ in nil }
  ) -> (theme: Theme, warnings: [ConfigurationWarning]) {
    var reader = ThemeReader()
    reader.read(toml, name: name, file: file, inherited: inherited)
    guard !reader.layers.isEmpty else { return (fallback, reader.warnings) }
    let entries = reader.entries()
    return (Theme(name: name, entries: entries), reader.warnings)
  }
}

private struct ThemeReader {
  struct Layer {
    var file: String
    var table: TOMLTable
  }

  /// From the theme itself to the last one it inherits from.
  var layers: [Layer] = []
  var warnings: [ConfigurationWarning] = []

  mutating func read(
    _ toml: String, name: String, file: String, inherited: (String) -> String?
  ) {
    var next: (toml: String, file: String)? = (toml, file)
    var seen: Set<String> = [name]
    while let (toml, file) = next {
      next = nil
      let table: TOMLTable
      do {
        table = try TOMLTable(string: toml)
      } catch {
        warn(file, "", tomlProblem(error))
        return
      }
      layers.append(Layer(file: file, table: table))
      for key in table.keys where !["inherits", "palette", "scopes"].contains(key) {
        warn(file, key, "unknown; expected inherits, [palette] or [scopes].")
      }
      guard let value = table["inherits"] else { continue }
      guard let parent = value.string else {
        warn(file, "inherits", "expected the name of a theme in quotes.")
        continue
      }
      guard seen.insert(parent).inserted else {
        warn(file, "inherits", "the theme \(parent) inherits from itself; name another one.")
        continue
      }
      guard let text = inherited(parent) else {
        warn(file, "inherits", "there is no theme called \(parent).")
        continue
      }
      next = (text, "\(parent).toml")
    }
  }

  mutating func entries() -> [String: Theme.Entry] {
    var palette: [String: Color] = [:]
    var entries: [String: Theme.Entry] = [:]
    for layer in layers.reversed() { readPalette(of: layer, into: &palette) }
    for layer in layers.reversed() {
      guard let value = layer.table["scopes"] else { continue }
      guard let scopes = value.table else {
        warn(layer.file, "scopes", "expected a table: [scopes].")
        continue
      }
      for scope in scopes.keys {
        guard let value = scopes[scope] else { continue }
        entries[scope] = entry(value, key: "scopes.\(quoted(scope))", layer.file, palette)
      }
    }
    return entries
  }

  private mutating func readPalette(of layer: Layer, into palette: inout [String: Color]) {
    guard let value = layer.table["palette"] else { return }
    guard let table = value.table else {
      warn(layer.file, "palette", "expected a table: [palette].")
      return
    }
    for name in table.keys {
      guard let value = table[name] else { continue }
      palette[name] = color(value, key: "palette.\(quoted(name))", layer.file, [:])
    }
  }

  private mutating func entry(
    _ value: any TOMLValueConvertible, key: String, _ file: String, _ palette: [String: Color]
  ) -> Theme.Entry {
    guard let table = value.table else {
      return Theme.Entry(foreground: color(value, key: key, file, palette))
    }
    var entry = Theme.Entry()
    for field in table.keys {
      guard let value = table[field] else { continue }
      switch field {
      case "fg": entry.foreground = color(value, key: "\(key).fg", file, palette)
      case "bg": entry.background = color(value, key: "\(key).bg", file, palette)
      case "modifiers": entry.attributes = modifiers(value, key: "\(key).modifiers", file)
      default:
        let hint =
          value.table == nil ? "" : " A scope with a dot is written in quotes: \"emotion.joy\"."
        warn(file, "\(key).\(field)", "unknown; expected fg, bg or modifiers.\(hint)")
      }
    }
    return entry
  }

  private mutating func color(
    _ value: any TOMLValueConvertible, key: String, _ file: String, _ palette: [String: Color]
  ) -> Color? {
    if let text = value.string, let color = palette[text] ?? Color(text) { return color }
    if let number = value.int, let index = UInt8(exactly: number) { return .indexed(index) }
    let found = value.string.map { "\"\($0.visible)\" is not a colour; " } ?? ""
    let names = palette.isEmpty ? "" : "a name of the palette, "
    warn(
      file, key,
      "\(found)expected \(names)a colour name such as \"red\", a number from 0 to 255 or "
        + "\"#rrggbb\".")
    return nil
  }

  private mutating func modifiers(
    _ value: any TOMLValueConvertible, key: String, _ file: String
  ) -> Attributes {
    let known: [String: Attributes] = [
      "bold": .bold, "reverse": .reverse, "underline": .underline, "dim": .dim, "italic": .italic,
    ]
    var attributes: Attributes = []
    guard let list = value.array else {
      warn(file, key, "expected a list such as [\"bold\"].")
      return attributes
    }
    for element in list {
      if let name = element.string, let attribute = known[name] {
        attributes.insert(attribute)
      } else {
        let found = element.string.map { "\"\($0.visible)\" is unknown; " } ?? ""
        warn(file, key, "\(found)expected bold, reverse, underline, dim or italic.")
      }
    }
    return attributes
  }

  private mutating func warn(_ file: String, _ key: String, _ message: String) {
    warnings.append(ConfigurationWarning(file: file, key: key.visible, message: message))
  }
}

/// A key as it must be written in TOML: in quotes if it is not a bare key.
func quoted(_ key: String) -> String {
  let isBare =
    !key.isEmpty
    && key.utf8.allSatisfy {
      Character(Unicode.Scalar($0)).isASCIIWordCharacter || $0 == UInt8(ascii: "-")
    }
  return isBare ? key : "\"\(key)\""
}

/// A sentence on why a text is not TOML.
func tomlProblem(_ error: any Error) -> String {
  guard let error = error as? TOMLParseError else { return "this is not TOML." }
  return "line \(error.source.begin.line) is not TOML: \(error.description.visible)"
}

extension Character {
  fileprivate var isASCIIWordCharacter: Bool {
    isASCII && (isLetter || isNumber || self == "_")
  }
}
