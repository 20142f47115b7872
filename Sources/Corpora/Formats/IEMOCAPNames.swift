/// The names IEMOCAP gives dialogues, turns, labels and files.
///
/// Busso et al. 2008, doi 10.1007/s10579-008-9076-6, and the layout of the release.
enum IEMOCAPNames {
  /// A turn's id taken apart.
  struct TurnID: Equatable {
    /// The dialogue, such as `Ses01F_impro01`.
    var dialogue: String
    /// Who speaks: `F` or `M`, the letter before the digits.
    ///
    /// The letter in the dialogue says only who wore the motion markers.
    var letter: Character
    /// Whether it is a turn nobody rated or cut (`_FXX0`), which is context for the others.
    var isContext: Bool
    /// The speaker as the release's `lab` folder names them, such as `Ses01_F`; ten in all.
    var speaker: String { "\(dialogue.prefix(5))_\(letter)" }
  }

  /// A turn's id taken apart; `nil` for any other text.
  ///
  /// `^(Ses0[1-5][FM]_(?:impro\d\d[ab]?|script\d\d_\d[ab]?))_([FM])(\d{3}|XX\d)$`
  static func turn(_ id: some StringProtocol) -> TurnID? {
    guard let cut = id.lastIndex(of: "_"), isDialogue(id[..<cut]) else { return nil }
    let rest = Array(id[id.index(after: cut)...].utf8)
    guard rest.count == 4, rest[0] == UInt8(ascii: "F") || rest[0] == UInt8(ascii: "M"),
      isDigit(rest[3])
    else { return nil }
    let isContext = rest[1] == UInt8(ascii: "X") && rest[2] == UInt8(ascii: "X")
    guard isContext || (isDigit(rest[1]) && isDigit(rest[2])) else { return nil }
    return TurnID(
      dialogue: String(id[..<cut]), letter: Character(Unicode.Scalar(rest[0])), isContext: isContext
    )
  }

  /// Whether text is the id of a dialogue.
  ///
  /// `^Ses0[1-5][FM]_(?:impro\d\d[ab]?|script\d\d_\d[ab]?)$`
  static func isDialogue(_ id: some StringProtocol) -> Bool {
    var rest = Array(id.utf8)[...]
    guard rest.starts(with: "Ses0".utf8), rest.count > 7 else { return false }
    rest = rest.dropFirst(4)
    guard let session = rest.popFirst(), (0x31...0x35).contains(session),
      let letter = rest.popFirst(), letter == UInt8(ascii: "F") || letter == UInt8(ascii: "M"),
      rest.popFirst() == UInt8(ascii: "_")
    else { return false }
    let pattern: [Bool]
    if rest.starts(with: "impro".utf8) {
      rest = rest.dropFirst(5)
      pattern = [true, true]
    } else if rest.starts(with: "script".utf8) {
      rest = rest.dropFirst(6)
      pattern = [true, true, false, true]
    } else {
      return false
    }
    for wantsDigit in pattern {
      guard let byte = rest.popFirst(), wantsDigit ? isDigit(byte) : byte == UInt8(ascii: "_")
      else { return false }
    }
    return rest.isEmpty || rest.elementsEqual("a".utf8) || rest.elementsEqual("b".utf8)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  /// The label behind a code of the consensus; `nil` for `xxx`, no majority, and for unknown codes.
  static func label(code: String) -> String? { codes[code] }

  /// The code of a label, the reverse of ``label(code:)``.
  static func code(label: String) -> String? { labels[label] }

  private static let labels = Dictionary(codes.map { ($1, $0) }) { first, _ in first }

  private static let codes = [
    "neu": "neutral", "hap": "happiness", "exc": "excited", "ang": "anger", "sad": "sadness",
    "fru": "frustration", "fea": "fear", "sur": "surprise", "dis": "disgust", "oth": "other",
  ]

  /// A rater's category as the scheme spells it: `Neutral state` and `Neutral` are one; a category
  /// that is not IEMOCAP's stays verbatim.
  static func label(category: String) -> String {
    let lower = category.lowercased()
    if lower == "neutral state" { return "neutral" }
    return codes.values.contains(lower) ? lower : category
  }
}
