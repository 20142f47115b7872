/// A line of text being typed. The cursor stands between characters as a person sees them.
public struct TextField: Equatable, Sendable {
  /// The text.
  public var text: String { String(characters) }
  /// The place of the cursor, from 0 to the number of characters.
  public private(set) var cursor: Int
  private var characters: [Character]

  /// Creates a field with the cursor at its end.
  public init(_ text: String = "") {
    characters = Array(text)
    cursor = characters.count
  }

  /// The text before the cursor, for drawing it in its place.
  public var textBeforeCursor: String { String(characters[..<cursor]) }

  /// The longest text that can be typed. A note is a sentence, not a file pasted by mistake.
  static let limit = 2000

  mutating func insert(_ character: Character) {
    guard characters.count < Self.limit else { return }
    // A combining mark typed on its own joins the character before it, as it does on screen.
    let joined = Array(String(characters[..<cursor]) + String(character))
    characters.replaceSubrange(..<cursor, with: joined)
    cursor = joined.count
  }

  mutating func deleteBackward() {
    guard cursor > 0 else { return }
    cursor -= 1
    characters.remove(at: cursor)
  }

  mutating func deleteForward() {
    guard cursor < characters.count else { return }
    characters.remove(at: cursor)
  }

  mutating func deleteToStart() {
    characters.removeSubrange(..<cursor)
    cursor = 0
  }

  mutating func deleteWord() {
    var start = cursor
    while start > 0, characters[start - 1] == " " { start -= 1 }
    while start > 0, characters[start - 1] != " " { start -= 1 }
    characters.removeSubrange(start..<cursor)
    cursor = start
  }

  mutating func moveCursor(by step: Int) {
    cursor = max(0, min(cursor + step, characters.count))
  }

  mutating func moveToStart() { cursor = 0 }

  mutating func moveToEnd() { cursor = characters.count }
}
