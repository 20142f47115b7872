import Annotator
import Dialogues
import Screen

/// The labels of a scheme that no key gives: there are ten digits, and a scheme may have more labels.
struct LabelsWithoutKeys {
  private let names: [String]

  /// Looks at the keys that labels have in a key map, the settings file's included.
  init(_ keyMap: KeyMap, _ scheme: LabelScheme) {
    names = scheme.labels.map(\.name).filter {
      keyMap.keys(for: KeyMap.labelAction($0), in: KeyContext.turn.rawValue).isEmpty
    }
  }

  /// Looks at the keys of a scheme by itself.
  init(_ scheme: LabelScheme) {
    names = scheme.labels.filter(\.key.isEmpty).map(\.name)
  }

  /// Which they are and what to do about them; `nil` if every label has a key.
  ///
  /// - Parameter palette: the key that opens the list of labels by name.
  func sentence(palette: String = ":") -> String? {
    guard !names.isEmpty else { return nil }
    let shown =
      names.prefix(3).map(\.visibleName).joined(separator: ", ") + (names.count > 3 ? ", …" : "")
    return "\(counted(names.count, "label")) without a key (\(shown)): “\(palette)” finds labels "
      + "by name, [keys.turn] in the settings file gives them keys."
  }
}
