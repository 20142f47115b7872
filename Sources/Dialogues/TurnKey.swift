/// The identity of a dialogue: which corpus, which split of it, which dialogue.
///
/// Identity is derived from content, never assigned: two people who import the same corpus on two
/// machines get the same keys, and so their projects can be merged.
public struct DialogueKey: Hashable, Sendable, Codable {
  /// The corpus, e.g. `MELD`.
  public var corpus: String
  /// The split within the corpus, e.g. `dev`; empty where the corpus has none.
  public var split: String
  /// The corpus's own id of the dialogue, e.g. `12` or `Ses01F_impro01`.
  public var dialogue: String

  /// Creates a key from the corpus's own ids.
  public init(corpus: String, split: String = "", dialogue: String) {
    self.corpus = corpus
    self.split = split
    self.dialogue = dialogue
  }
}

/// The identity of a turn: its dialogue and the corpus's own id of the turn.
public struct TurnKey: Hashable, Sendable, Codable {
  /// The dialogue the turn belongs to.
  public var dialogue: DialogueKey
  /// The corpus's own id of the turn, e.g. `3` or `Ses01F_impro01_F000`.
  public var turn: String

  /// Creates a key from the dialogue's key and the corpus's own id of the turn.
  public init(dialogue: DialogueKey, turn: String) {
    self.dialogue = dialogue
    self.turn = turn
  }
}

extension DialogueKey: CustomStringConvertible {
  /// The key as one line of text, `corpus/split/dialogue`; see ``TurnKey/description``.
  public var description: String {
    "\(escape(corpus))/\(escape(split))/\(escape(dialogue))"
  }

  /// Parses what ``description`` writes; `nil` for any other text.
  public init?(_ description: some StringProtocol) {
    let parts = description.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3,
      let corpus = unescape(parts[0]), let split = unescape(parts[1]),
      let dialogue = unescape(parts[2])
    else { return nil }
    self.init(corpus: corpus, split: split, dialogue: dialogue)
  }
}

extension TurnKey: CustomStringConvertible {
  /// The key as one line of text, `corpus/split/dialogue/turn`, e.g. `MELD/dev/12/3`.
  ///
  /// A slash, a percent sign or a control character inside an id is percent-encoded, so that the
  /// text can be split again. It is readable on purpose: it is what the project file holds, and
  /// people look into that with `sqlite3`. A hash would be shorter and tell them nothing.
  public var description: String { "\(dialogue)/\(escape(turn))" }

  /// Parses what ``description`` writes; `nil` for any other text.
  public init?(_ description: some StringProtocol) {
    guard let cut = description.lastIndex(of: "/"),
      let dialogue = DialogueKey(description[..<cut]),
      let turn = unescape(description[description.index(after: cut)...])
    else { return nil }
    self.init(dialogue: dialogue, turn: turn)
  }
}

extension DialogueKey: Comparable {
  /// Whether a dialogue comes before another by corpus, split and id, whoever imported them in
  /// whatever order: `2` before `10`, everything else by its bytes.
  public static func < (one: DialogueKey, other: DialogueKey) -> Bool {
    for part in [\DialogueKey.corpus, \.split, \.dialogue] {
      let order = naturalOrder(of: one[keyPath: part], other[keyPath: part])
      if order != 0 { return order < 0 }
    }
    return false
  }
}

/// Compares texts by their bytes, but runs of digits by the number they stand for.
///
/// - Returns: less than 0 if the first one comes first, 0 only for texts of the same bytes.
private func naturalOrder(of one: String, _ other: String) -> Int {
  var (rest, otherRest) = (Substring(one).utf8, Substring(other).utf8)
  while let byte = rest.first, let otherByte = otherRest.first {
    if isDigit(byte), isDigit(otherByte) {
      let (digits, otherDigits) = (rest.prefix(while: isDigit), otherRest.prefix(while: isDigit))
      let (number, otherNumber) = (significant(digits), significant(otherDigits))
      if number.count != otherNumber.count { return number.count - otherNumber.count }
      if number.lexicographicallyPrecedes(otherNumber) { return -1 }
      if otherNumber.lexicographicallyPrecedes(number) { return 1 }
      (rest, otherRest) = (
        rest.dropFirst(digits.count), otherRest.dropFirst(otherDigits.count)
      )
    } else {
      if byte != otherByte { return Int(byte) - Int(otherByte) }
      (rest, otherRest) = (rest.dropFirst(), otherRest.dropFirst())
    }
  }
  if rest.count != otherRest.count { return rest.count - otherRest.count }
  return one.utf8.lexicographicallyPrecedes(other.utf8)
    ? -1 : other.utf8.lexicographicallyPrecedes(one.utf8) ? 1 : 0
}

private func isDigit(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}

private func significant(_ digits: Substring.UTF8View) -> Substring.UTF8View {
  digits.drop { $0 == UInt8(ascii: "0") }
}

private let hexDigits = Array("0123456789ABCDEF".utf8)

private func mustBeEscaped(_ byte: UInt8) -> Bool {
  byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "%")
}

private func escape(_ id: String) -> String {
  guard id.utf8.contains(where: mustBeEscaped) else { return id }
  var bytes: [UInt8] = []
  for byte in id.utf8 {
    if mustBeEscaped(byte) {
      bytes += [UInt8(ascii: "%"), hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]]
    } else {
      bytes.append(byte)
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}

private func unescape(_ text: some StringProtocol) -> String? {
  var bytes: [UInt8] = []
  var rest = Array(text.utf8)[...]
  while let byte = rest.popFirst() {
    guard byte == UInt8(ascii: "%") else {
      bytes.append(byte)
      continue
    }
    guard let high = rest.popFirst().flatMap(hexDigits.firstIndex(of:)),
      let low = rest.popFirst().flatMap(hexDigits.firstIndex(of:))
    else { return nil }
    bytes.append(UInt8(high << 4 | low))
  }
  return String(validating: bytes, as: UTF8.self)
}
