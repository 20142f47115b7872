internal import Dialogues
internal import Foundation

/// How values are written into text columns: as JSON, which people read with `sqlite3` and its
/// `json_each`, and which sorts no key differently from one day to the next.
enum StoredText {
  /// Text as SQLite's C interface can carry it.
  ///
  /// A NUL, at which it would be cut off, becomes U+2400, its picture. Real corpora hold none; a broken or hostile file may.
  static func clean(_ text: String) -> String {
    var text = text
    // Through the bytes: this is asked of every text of an import.
    guard text.withUTF8({ $0.contains(0) }) else { return text }
    return text.replacing("\0", with: "\u{2400}")
  }

  static func text(of setting: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return String(decoding: try encoder.encode(setting), as: UTF8.self)
  }

  static func study(_ text: String, path: String) throws -> StudyDesign {
    do {
      return try JSONDecoder().decode(StudyDesign.self, from: Data(text.utf8))
    } catch {
      throw ProjectError(
        .damaged, "\(path): the study design in it cannot be read; take a backup copy.")
    }
  }

  static func scheme(_ text: String, path: String) throws -> LabelScheme {
    do {
      return try JSONDecoder().decode(LabelScheme.self, from: Data(text.utf8))
    } catch {
      throw ProjectError(
        .damaged, "\(path): the label scheme in it cannot be read; take a backup copy.")
    }
  }

  /// A JSON array of strings.
  static func list(_ strings: [String]) -> String {
    "[" + strings.map(quoted).joined(separator: ",") + "]"
  }

  /// Reads ``list(_:)``; nothing from anything else.
  static func strings(_ text: String) -> [String] {
    // By far the most usual case, at a hundredth of the cost: one label without escapes.
    let utf8 = text.utf8
    if utf8.count > 4, text.hasPrefix("[\""), text.hasSuffix("\"]"), !text.contains("\\"),
      utf8.dropFirst(2).dropLast(2).firstIndex(of: UInt8(ascii: "\"")) == nil
    {
      return [String(text.dropFirst(2).dropLast(2))]
    }
    return (try? JSONDecoder().decode([String].self, from: Data(utf8))) ?? []
  }

  /// A JSON object of numbers, which must be finite, keys sorted; `nil` for none.
  static func object(_ numbers: [String: Double]) -> String? {
    guard !numbers.isEmpty else { return nil }
    return "{"
      + numbers.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\($0.value)" }
      .joined(separator: ",") + "}"
  }

  /// Reads ``object(_:)``; nothing from anything else.
  static func numbers(_ text: String?) -> [String: Double] {
    text.flatMap { try? JSONDecoder().decode([String: Double].self, from: Data($0.utf8)) } ?? [:]
  }

  /// Word times as `[{"word":…,"start":…,"end":…},…]`; `nil` for none.
  static func words(_ words: [WordTime]) -> String? {
    guard !words.isEmpty else { return nil }
    return "["
      + words.map {
        "{\"word\":\(quoted($0.word)),\"start\":\($0.span.start),\"end\":\($0.span.end)}"
      }.joined(separator: ",") + "]"
  }

  /// Reads ``words(_:)-(Array<WordTime>)``; nothing from anything else.
  static func words(_ text: String?) -> [WordTime] {
    struct Stored: Decodable {
      var word: String
      var start: Double
      var end: Double
    }
    let stored = text.flatMap { try? JSONDecoder().decode([Stored].self, from: Data($0.utf8)) }
    return (stored ?? []).map {
      WordTime(word: $0.word, span: TimeSpan(start: $0.start, end: $0.end))
    }
  }

  /// Further columns as `[[name,value],…]`, in the corpus's order; `nil` for none.
  static func metadata(_ fields: [MetadataField]) -> String? {
    guard !fields.isEmpty else { return nil }
    return "[" + fields.map { list([$0.name, $0.value]) }.joined(separator: ",") + "]"
  }

  /// Reads ``metadata(_:)-(Array<MetadataField>)``; nothing from anything else.
  static func metadata(_ text: String?) -> [MetadataField] {
    let pairs = text.flatMap { try? JSONDecoder().decode([[String]].self, from: Data($0.utf8)) }
    return (pairs ?? []).compactMap {
      $0.count == 2 ? MetadataField(name: $0[0], value: $0[1]) : nil
    }
  }

  /// A JSON string.
  static func quoted(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }) else {
      return "\"\(text)\""
    }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
