internal import TOMLKit

/// Keys as a file of the user's:
///
///     [keys.turn]                 # a table for each context
///     "x" = "undo"                # a key and the name of its action
///     "Ctrl-P" = "palette"
///     "u" = ""                    # nothing: the key does nothing here any more
///
/// Keys are written as ``Key/init(_:)`` reads them.
extension KeyMap {
  /// This key map with a user's file laid over it.
  ///
  /// - Parameters:
  ///   - toml: the text of the file; everything outside `[keys]` is left to others.
  ///   - file: the file's name, for messages.
  ///   - actions: the names of all actions.
  /// - Returns: the key map, and what of the file could not be used or takes a key away from
  ///   another action that the file gives no other key.
  public func overlaid(
    with toml: String, file: String, actions: Set<String>
  ) -> (keyMap: KeyMap, warnings: [ConfigurationWarning]) {
    var overlay = Overlay(file: file, actions: actions, defaults: self, keyMap: self)
    do {
      let table = try TOMLTable(string: toml)
      overlay.apply(table["keys"])
    } catch {
      overlay.warn("", tomlProblem(error))
    }
    return (overlay.keyMap, overlay.warnings)
  }
}

private struct Overlay {
  let file: String
  let actions: Set<String>
  let defaults: KeyMap
  var keyMap: KeyMap
  var warnings: [ConfigurationWarning] = []
  /// What the file binds, with the text of each key: `Tab` and `Ctrl-I` are the same key.
  var own: [(written: String, binding: KeyMap.Binding)] = []

  mutating func apply(_ keys: (any TOMLValueConvertible)?) {
    guard let keys else { return }
    guard let contexts = keys.table else {
      return warn("keys", "expected a table for each context, such as [keys.turn].")
    }
    let known = defaults.contexts
    for context in contexts.keys {
      let place = "keys.\(quoted(context))"
      guard known.contains(context) else {
        warn(place, "unknown; expected one of \(known.joined(separator: ", ")).")
        continue
      }
      guard let table = contexts[context]?.table else {
        warn(place, "expected a table: [keys.\(context)].")
        continue
      }
      for name in table.keys {
        guard let value = table[name] else { continue }
        read(name, value, context, at: "\(place).\(quoted(name))")
      }
    }
    reportDisplaced()
  }

  private mutating func read(
    _ name: String, _ value: any TOMLValueConvertible, _ context: String, at place: String
  ) {
    guard let key = Key(name) else {
      return warn(
        place, "not a key; expected one such as x, Space, Enter, PageDown, F1, Ctrl-R or Alt-x.")
    }
    guard let action = value.string else {
      return warn(place, "expected the name of an action in quotes, or \"\" for none.")
    }
    if action.isEmpty {
      keyMap.unbind(key, in: context)
      return
    }
    guard actions.contains(action) else {
      let near = nearest(to: action).map { " Did you mean \($0)?" } ?? ""
      return warn(place, "there is no action called \(action.visible).\(near)")
    }
    if let other = own.first(where: { $0.binding.context == context && $0.binding.key == key }),
      other.binding.action != action
    {
      return warn(
        place,
        "\(name.visible) and \(other.written.visible) are the same key, but one is \(action) and "
          + "the other \(other.binding.action); \(other.binding.action) keeps it.")
    }
    let binding = KeyMap.Binding(key, in: context, action)
    own.append((name, binding))
    keyMap.bind(binding)
  }

  /// A key taken from another action is a collision, unless the file shows that it is meant: by
  /// giving that action another key.
  private mutating func reportDisplaced() {
    for (written, binding) in own {
      guard let old = defaults.binding(for: binding.key, in: binding.context),
        old.action != binding.action,
        !own.contains(where: { $0.binding.action == old.action })
      else { continue }
      let rest = keyMap.keys(for: old.action, in: binding.context)
      let left =
        rest.isEmpty
        ? "\(old.action) has no key there now"
        : "\(old.action) keeps \(rest.map(\.description).joined(separator: ", "))"
      warn(
        "keys.\(quoted(binding.context)).\(quoted(written))",
        "\(binding.key) was \(old.action) and is now \(binding.action); \(left).")
    }
  }

  private func nearest(to name: String) -> String? {
    let candidates = actions.sorted().map { ($0, editDistance(name, $0)) }
    guard let best = candidates.min(by: { $0.1 < $1.1 }), best.1 <= 3 else { return nil }
    return best.0
  }

  mutating func warn(_ key: String, _ message: String) {
    warnings.append(ConfigurationWarning(file: file, key: key.visible, message: message))
  }
}

/// The Levenshtein distance of two names.
private func editDistance(_ one: String, _ other: String) -> Int {
  let first = Array(one.utf8.prefix(64))
  let second = Array(other.utf8.prefix(64))
  var row = Array(0...second.count)
  for (i, a) in first.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, b) in second.enumerated() {
      let above = row[j + 1]
      row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
      diagonal = above
    }
  }
  return row[second.count]
}
