internal import Dialogues
public import Screen

// From a key press to an event. Actions have names; the key map is data.

extension KeyMap {
  /// The default keys of every command, and the scheme's keys of its labels.
  ///
  /// A label's key that a command also has by default goes to the label: a scheme is made with care
  /// for one project, the command can be reached by its other keys or by name.
  ///
  /// - Returns: the key map, and a sentence for every command that lost a key to a label.
  public static func annotator(
    labels: [(name: String, key: String)]
  ) -> (keyMap: KeyMap, warnings: [String]) {
    var bindings: [Binding] = []
    for command in Command.allCases {
      for key in command.defaultKeys.compactMap(Key.init) {
        bindings.append(Binding(key, in: command.context.rawValue, command.rawValue))
      }
    }
    let commands = bindings
    var warnings: [String] = []
    for label in labels {
      guard let key = Key(label.key) else { continue }
      let binding = Binding(key, in: KeyContext.turn.rawValue, labelAction(label.name))
      if let other = commands.first(where: { $0.context == binding.context && $0.key == key }) {
        warnings.append("\(label.key) gives the label \(label.name), no longer \(other.action).")
      }
      bindings.append(binding)
      if commands.contains(where: { $0.context == KeyContext.review.rawValue && $0.key == key }) {
        bindings.append(Binding(key, in: KeyContext.review.rawValue, binding.action))
      }
    }
    var parents: [String: String] = [:]
    for context in KeyContext.allCases { parents[context.rawValue] = context.parent?.rawValue }
    return (KeyMap(bindings, parents: parents), warnings)
  }

  /// The names of all actions that a key can be given, labels included.
  public static func actionNames(labels: [String]) -> Set<String> {
    Set(Command.allCases.map(\.rawValue)).union(labels.map(labelAction))
  }

  /// The name of the action that gives a label, e.g. `label-joy`.
  public static func labelAction(_ label: String) -> String { "label-\(label)" }
}

extension KeyHints {
  /// The keys as a key map has them.
  public init(_ keyMap: KeyMap) {
    var keys: [Command: [String]] = [:]
    for command in Command.allCases {
      keys[command] = keyMap.keys(for: command.rawValue, in: command.context.rawValue)
        .map(\.description)
    }
    self.init(keys)
  }
}

extension State {
  /// What a key press means now; nothing for a key that is not bound.
  public func events(for key: Key, in keyMap: KeyMap) -> [Event] {
    if case .paste(let text) = key {
      // Pasted text is for a field; as keys it would label turns.
      guard keyContext == .field else { return [] }
      return text.map { $0.isNewline || $0 == "\t" ? " " : $0 }.map(Event.typed)
    }
    if let name = keyMap.action(for: key, in: keyContext.rawValue) {
      if let command = Command(rawValue: name) { return [.command(command)] }
      if let place = project.scheme.labels.firstIndex(where: {
        KeyMap.labelAction($0.name) == name
      }) {
        return [.label(place)]
      }
    }
    if case .character(let character) = key, keyContext == .field || keyContext == .dimensions {
      return [.typed(character)]
    }
    return []
  }
}
