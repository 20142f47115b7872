/// Keys as text, in settings and on the help screen: `u`, `Space`, `Enter`, `PageDown`, `F1`,
/// `Ctrl-R`, `Alt-x`, `Alt-Up`.
extension Key: CustomStringConvertible {
  /// The key's name.
  ///
  /// ``init(_:)`` reads it again.
  public var description: String {
    switch self {
    case .character(" "): "Space"
    case .character(let character): String(character)
    case .control(let character): "Ctrl-\(character.uppercased())"
    case .alt(let key): "Alt-\(key)"
    case .function(let number): "F\(number)"
    case .paste: "Paste"
    default: Self.named.first { $0.key == self }?.name ?? ""
    }
  }

  /// Reads a key's name.
  ///
  /// Upper and lower case matter only in a single character: `PageDown`, `pagedown` and `PgDn` are
  /// one key, `u` and `U` are two. `nil` for what is not a key.
  public init?(_ name: String) {
    if name.count == 1, let character = name.first {
      guard let key = Self.typed(character) else { return nil }
      self = key
      return
    }
    let lower = name.lowercased()
    if let rest = Self.rest(of: name, after: ["ctrl-", "control-", "c-", "^"]) {
      guard rest.count == 1, let character = rest.first else {
        if rest.lowercased() == "space" {
          self = .control("@")
          return
        }
        return nil
      }
      self.init(control: character)
    } else if let rest = Self.rest(of: name, after: ["alt-", "meta-", "m-", "a-"]) {
      guard let key = Key(rest) else { return nil }
      if case .alt = key { return nil }
      self = .alt(key)
    } else if lower.first == "f", let number = Int(lower.dropFirst()), (1...63).contains(number),
      lower.dropFirst().first?.isNumber == true
    {
      self = .function(number)
    } else if lower == "space" {
      self = .character(" ")
    } else if let (_, key) = Self.named.first(where: { $0.name.lowercased() == lower })
      ?? Self.alternatives.first(where: { $0.name == lower })
    {
      self = key
    } else {
      return nil
    }
  }

  /// The key that types a character; `nil` for one that cannot be typed as such.
  private static func typed(_ character: Character) -> Key? {
    guard let scalar = character.unicodeScalars.first,
      scalar.properties.generalCategory != .control
    else { return nil }
    return .character(character)
  }

  private static func rest(of name: String, after prefixes: [String]) -> String? {
    let lower = name.lowercased()
    for prefix in prefixes where lower.hasPrefix(prefix) && lower.count > prefix.count {
      return String(name.dropFirst(prefix.count))
    }
    return nil
  }

  private static let named: [(name: String, key: Key)] = [
    ("Enter", .enter), ("Tab", .tab), ("BackTab", .backTab), ("Escape", .escape),
    ("Backspace", .backspace), ("Delete", .delete), ("Insert", .insert), ("Home", .home),
    ("End", .end), ("PageUp", .pageUp), ("PageDown", .pageDown), ("Up", .up), ("Down", .down),
    ("Left", .left), ("Right", .right),
  ]

  private static let alternatives: [(name: String, key: Key)] = [
    ("return", .enter), ("shift-tab", .backTab), ("esc", .escape), ("del", .delete),
    ("ins", .insert), ("pgup", .pageUp), ("pgdn", .pageDown), ("pgdown", .pageDown),
  ]
}
