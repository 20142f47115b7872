import Annotator
import EmotionModel
import Glibc
import Screen
import TOMLKit

/// The user's settings file, `settings.toml`: preferences, the sound device, and keys.
///
///     theme = "light"
///     play_on_arrival = true
///     advance_after_label = true
///     ask_for_dimensions = true
///     show_suggestions = true
///     accept_refined = false
///     context_turns = 3
///     device = "default"
///     ascii = false
///     voices = "fast"
///
///     [encoders]
///     minilm = "/home/ana/all-MiniLM-L6-v2"
///     clap = "/home/ana/clap-htsat-unfused"
///     onnxruntime = "/home/ana/onnxruntime/capi"
///
///     [keys.turn]
///     "z" = "undo"
///
/// The file is the user's: the program changes the value of a setting that was changed by a key and
/// leaves every other character, comments included, as it is.
struct Settings {
  var preferences = Preferences()
  /// The ALSA device.
  var device = "default"
  /// Whether to draw with ASCII alone.
  var usesASCII = false
  /// How closely voices are listened to.
  var voices = Voices.fast
  /// Folders of encoders by name, and of ONNX Runtime.
  var encoderFolders: [String: String] = [:]
  /// The text of the file, for the key map; empty if there is none.
  var text = ""
  /// The file.
  let path: String
  /// Whether the file is there and could not be read, so that it must be left as it is.
  private var isUnreadable = false
  /// What of the file could not be used.
  var warnings: [String] = []

  /// Reads the file; a missing one gives the defaults, a broken one too, with a warning.
  init(path: String) {
    self.path = path
    guard let text = readText(path) else {
      isUnreadable = access(path, F_OK) == 0
      if isUnreadable {
        warnings.append(
          "The settings are not used: \(path.visible) must be a file of UTF-8 text and is not.")
      }
      return
    }
    self.text = text
    guard let table = try? TOMLTable(string: text) else {
      // The key map reads the file, too, and says where it is broken.
      return
    }
    read("theme", from: table, into: \.preferences.theme, \.string, expected: "a name in quotes")
    let switches: [(String, WritableKeyPath<Settings, Bool>)] = [
      ("play_on_arrival", \.preferences.playsOnArrival),
      ("advance_after_label", \.preferences.advancesAfterLabel),
      ("ask_for_dimensions", \.preferences.asksForDimensions),
      ("show_suggestions", \.preferences.showsSuggestions),
      ("accept_refined", \.preferences.acceptsRefined), ("ascii", \.usesASCII),
    ]
    for (key, target) in switches {
      read(key, from: table, into: target, \.bool, expected: "true or false")
    }
    read(
      "context_turns", from: table, into: \.preferences.contextTurns, \.int,
      expected: "a number of turns")
    preferences.contextTurns = max(0, min(preferences.contextTurns, 1000))
    read(
      "device", from: table, into: \.device, \.string,
      expected: "the name of an ALSA device in quotes")
    let names = Voices.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
    read(
      "voices", from: table, into: \.voices, { $0.string.flatMap(Voices.init(rawValue:)) },
      expected: names)
    readEncoders(from: table)
    let known = [
      "theme", "play_on_arrival", "advance_after_label", "ask_for_dimensions", "show_suggestions",
      "accept_refined", "context_turns", "device", "ascii", "voices", "encoders", "keys",
    ]
    for key in table.keys.sorted() where !known.contains(key) {
      warnings.append(
        "\(path): there is no setting \(key.visible); known are \(known.joined(separator: ", ")).")
    }
  }

  private mutating func readEncoders(from table: TOMLTable) {
    guard let found = table["encoders"] else { return }
    let known = EncoderKind.allCases.map(\.rawValue) + ["onnxruntime"]
    guard let encoders = found.table else {
      warnings.append("\(path): encoders: expected a table with \(known.joined(separator: ", ")).")
      return
    }
    for key in encoders.keys.sorted() {
      if known.contains(key), let folder = encoders[key]?.string {
        encoderFolders[key] = folder
      } else {
        warnings.append(
          "\(path): encoders.\(key.visible): expected a folder in quotes for one of "
            + "\(known.joined(separator: ", ")).")
      }
    }
  }

  private mutating func read<Value>(
    _ key: String, from table: TOMLTable, into target: WritableKeyPath<Settings, Value>,
    _ value: (any TOMLValueConvertible) -> Value?, expected: String
  ) {
    guard let found = table[key] else { return }
    guard let value = value(found) else {
      warnings.append("\(path): \(key): expected \(expected).")
      return
    }
    self[keyPath: target] = value
  }

  /// Writes what a key changed into the file.
  ///
  /// - Returns: why it could not be written, as a sentence; `nil` if it was.
  mutating func remember(_ preferences: Preferences) -> String? {
    let before = self.preferences
    self.preferences = preferences
    var lines: [(key: String, value: String)] = []
    if before.theme != preferences.theme { lines.append(("theme", Self.quoted(preferences.theme))) }
    if before.playsOnArrival != preferences.playsOnArrival {
      lines.append(("play_on_arrival", "\(preferences.playsOnArrival)"))
    }
    if before.showsSuggestions != preferences.showsSuggestions {
      lines.append(("show_suggestions", "\(preferences.showsSuggestions)"))
    }
    guard !lines.isEmpty else { return nil }
    guard !isUnreadable else {
      return "The setting holds for now: \(path.visible) could not be read and is left as it is."
    }
    for (key, value) in lines { text = Self.setting(key, to: value, in: text) }
    let folder = path.split(separator: "/").dropLast().joined(separator: "/")
    guard createFolder("/\(folder)"), replaceFile(path, with: text) else {
      return "The setting holds for now but could not be written to \(path)."
    }
    return nil
  }

  /// A text as TOML writes it: a theme is named after its file, and a file may be called anything.
  static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  /// The text of a settings file with one value changed, or added before the first table.
  static func setting(_ key: String, to value: String, in text: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let firstTable = lines.firstIndex { $0.drop(while: \.isWhitespace).first == "[" } ?? lines.count
    func isSetting(_ line: String) -> Bool {
      let rest = line.drop(while: \.isWhitespace)
      guard rest.hasPrefix(key) else { return false }
      return rest.dropFirst(key.count).drop(while: \.isWhitespace).first == "="
    }
    let line = "\(key) = \(value)"
    if let place = lines[..<firstTable].firstIndex(where: isSetting) {
      lines[place] = line
    } else {
      lines.insert(line, at: 0)
    }
    return lines.joined(separator: "\n")
  }
}
