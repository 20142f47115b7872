/// A file of excerpts that say which turns caused a change of emotion, in the shape of MELD-FR
/// (EDiReF, SemEval 2024 task 10): a JSON list of objects with the lists `speakers`, `emotions` and
/// `utterances`, and `triggers` or `labels`.
public struct EmotionShiftFile: Equatable, Sendable {
  /// The excerpts in the order of the file.
  public var excerpts: [Excerpt]
  /// What was odd and how it was taken, one sentence each.
  public var warnings: [String]

  /// One excerpt; its last turn is the one whose emotion changed.
  public struct Excerpt: Equatable, Sendable {
    /// What the file calls it, e.g. `utterance_12`; its number from 1 where it has no name.
    public var name: String
    /// Who speaks each turn.
    public var speakers: [String]
    /// The emotion of each turn.
    public var emotions: [String]
    /// What is said.
    public var texts: [String]
    /// Whether each turn is a trigger; `nil` where the file has no answer (`null` or `NaN`).
    public var triggers: [Bool?]
  }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: the file, at most 512 MB.
  ///   - emotions: the emotions that are known, in lower case.
  /// - Throws: ``CorpusError`` that names the file and the entry if the file cannot be read, is not
  ///   of this shape, an entry's lists differ in length or are empty, an answer is neither 0 nor 1,
  ///   or an emotion is unknown.
  public init(contentsOf path: String, emotions: [String]) throws(CorpusError) {
    let file = try ByteFile(path)
    guard file.size <= 512 << 20 else {
      throw CorpusError(file: path, message: "it has more than 512 MB; split it into several.")
    }
    var bytes: [UInt8] = []
    while true {
      try file.fill(at: bytes.count)
      guard !file.buffer.isEmpty else { break }
      bytes += file.buffer
    }
    excerpts = []
    warnings = []
    for (place, entry) in try Self.entries(bytes, path).enumerated() {
      try add(entry, number: place + 1, path: path, known: Set(emotions))
    }
    guard !excerpts.isEmpty else {
      throw CorpusError(file: path, message: "its list has no entries.")
    }
  }

  /// The bytes of each element of the list the file holds.
  ///
  /// Cut apart before they are parsed, so that an error can name its entry.
  private static func entries(
    _ bytes: [UInt8], _ path: String
  ) throws(CorpusError) -> [ArraySlice<UInt8>] {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    var rest = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    rest = rest.drop(while: isSpace)
    while let last = rest.last, isSpace(last) { rest.removeLast() }
    guard rest.first == UInt8(ascii: "["), rest.count >= 2, rest.last == UInt8(ascii: "]") else {
      throw CorpusError(
        file: path,
        message: "it is not a list in JSON, from “[” to “]”, of objects with the lists speakers, "
          + "emotions, utterances and triggers.")
    }
    rest = rest.dropFirst().dropLast()
    var entries: [ArraySlice<UInt8>] = []
    var start = rest.startIndex
    var depth = 0
    var isInText = false
    var isEscaped = false
    for place in rest.indices {
      let byte = rest[place]
      if isInText {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInText = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isInText = true
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      case UInt8(ascii: ",") where depth == 0:
        entries.append(rest[start..<place])
        start = place + 1
      default: break
      }
    }
    let last = rest[start...]
    if !entries.isEmpty || !last.allSatisfy(isSpace) { entries.append(last) }
    return entries
  }

  private mutating func add(
    _ entry: ArraySlice<UInt8>, number: Int, path: String, known: Set<String>
  ) throws(CorpusError) {
    var name = "entry \(number)"
    func wrong(_ what: String) -> CorpusError {
      CorpusError(file: path, message: "\(name): \(what)")
    }
    let value: JSONValue
    do {
      var parser = JSONParser(Self.withoutNaN(entry)[...])
      value = try parser.parse()
    } catch {
      throw wrong("it cannot be read as JSON: \(error.reason).")
    }
    guard let members = value.members else { throw wrong("it is not an object.") }
    if let own = members["episode"]?.text, !own.isEmpty { name += " (\(quoted(own)))" }
    func list(_ keys: [String]) throws(CorpusError) -> [JSONValue] {
      for key in keys {
        if let member = members[key] {
          if let list = member.list { return list }
          throw wrong("\(key) is not a list.")
        }
      }
      throw wrong("it has no list \(keys.joined(separator: " or ")).")
    }
    func texts(_ key: String) throws(CorpusError) -> [String] {
      var texts: [String] = []
      for (place, value) in try list([key]).enumerated() {
        guard let text = value.text else {
          throw wrong("\(key): element \(place + 1) is not a text in quotes.")
        }
        texts.append(text)
      }
      return texts
    }
    let speakers = try texts("speakers")
    let emotions = try texts("emotions").map { $0.lowercased() }
    let utterances = try texts("utterances")
    let answers = try list(["triggers", "labels"])
    guard !speakers.isEmpty, emotions.count == speakers.count,
      utterances.count == speakers.count, answers.count == speakers.count
    else {
      throw wrong(
        "its lists must be of one length, at least 1, and have \(speakers.count) speakers, "
          + "\(emotions.count) emotions, \(utterances.count) utterances and \(answers.count) "
          + "triggers.")
    }
    for (place, emotion) in emotions.enumerated() where !known.contains(emotion) {
      throw wrong(
        "the emotion of turn \(place + 1), \(quoted(emotion)), is unknown; known are "
          + "\(known.sorted().joined(separator: ", ")).")
    }
    var triggers: [Bool?] = []
    for (place, answer) in answers.enumerated() {
      switch answer {
      case .null:
        triggers.append(nil)
        warnings.append(
          "\(path), \(name): there is no answer for turn \(place + 1); it is not counted.")
      case .bool(let isTrigger): triggers.append(isTrigger)
      default:
        guard let number = answer.double, number == 0 || number == 1 else {
          throw wrong("the trigger of turn \(place + 1) is neither 0 nor 1.")
        }
        triggers.append(number == 1)
      }
    }
    excerpts.append(
      Excerpt(
        name: members["episode"]?.text ?? "\(number)", speakers: speakers, emotions: emotions,
        texts: utterances, triggers: triggers))
  }

  /// The bytes with `null` for `NaN`, which Python writes though JSON has no such word; texts are
  /// left alone.
  private static func withoutNaN(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + 8)
    var isInText = false
    var isEscaped = false
    var place = bytes.startIndex
    while place < bytes.endIndex {
      let byte = bytes[place]
      if !isInText, bytes[place...].starts(with: "NaN".utf8) {
        result += "null".utf8
        place += 3
        continue
      }
      if isInText {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInText = false
        }
      } else if byte == UInt8(ascii: "\"") {
        isInText = true
      }
      result.append(byte)
      place += 1
    }
    return result
  }
}
