/// The tiers of one of Praat's TextGrid files, in its long or its short text format.
///
/// Read as Praat itself reads text files: what counts are numbers and flags (`<exists>`) that stand
/// free between blanks and texts in double quotes, in which a quote is doubled; all else, such as
/// `intervals [1]:` or `xmin =`, is comment, and so is a line's rest after `!` (Praat manual, "TextGrid
/// file formats"). So both formats are one.
struct TextGridFile {
  private enum Token: Equatable {
    case number(Double)
    case text(String)
    case flag(String)
  }

  /// A tier as the file has it.
  struct Tier {
    var name: String
    /// Whether it holds points in time, which have no length.
    var isPoints: Bool
    var entries: [(start: Double, end: Double, text: String, row: Int)]
  }

  private(set) var tiers: [Tier] = []
  /// Entries that cannot be read, with their rows.
  private(set) var wrong: [(row: Int, reason: String)] = []

  private let path: String
  private let bytes: [UInt8]
  private var place = 0
  private var line = 1
  /// The line the token read last begins in.
  private var row = 1

  private static let mostEntries = 1 << 20

  /// - Parameters:
  ///   - text: the file as UTF-8.
  ///   - path: the file, for messages.
  init(_ text: [UInt8], path: String) throws(CorpusError) {
    bytes = text
    self.path = path
    try readHead()
    let count = try self.count("how many tiers there are")
    for _ in 0..<count {
      guard try readTier() else { break }
    }
  }

  private func failure(_ message: String) -> CorpusError {
    CorpusError(file: path, row: row, message: message)
  }

  private mutating func readHead() throws(CorpusError) {
    if bytes.starts(with: "ooBinaryFile".utf8) {
      throw failure("it is a binary TextGrid; in Praat, save it as a text file.")
    }
    let kind = try next()
    guard case .text(let type)? = kind, type.hasPrefix("ooTextFile") else {
      throw CorpusError(
        file: path,
        message: "it does not begin like a TextGrid, with File type = \"ooTextFile\".")
    }
    guard try next() == .text("TextGrid") else {
      throw failure("it is a Praat file and holds no TextGrid.")
    }
    guard case .number? = try next(), case .number? = try next() else {
      throw failure("the times at which the TextGrid begins and ends are missing.")
    }
    guard try next() == .flag("exists") else { throw failure("the TextGrid has no tiers.") }
  }

  private mutating func count(_ what: String) throws(CorpusError) -> Int {
    guard case .number(let number)? = try next(), let count = Int(exactly: number),
      (0...Self.mostEntries).contains(count)
    else { throw failure("it does not say \(what).") }
    return count
  }

  /// Reads a tier; false where the file ends before it.
  private mutating func readTier() throws(CorpusError) -> Bool {
    guard case .text(let kind)? = try next() else {
      wrong.append((row, "a tier is missing: the file ends, or its class is not in quotes."))
      return false
    }
    let isPoints = kind == "TextTier"
    guard isPoints || kind == "IntervalTier" else {
      throw failure("\(quoted(kind)) is neither an IntervalTier nor a TextTier.")
    }
    guard case .text(let name)? = try next(), case .number? = try next(), case .number? = try next()
    else { throw failure("a tier lacks its name, its start or its end.") }
    let count = try count("how many entries the tier \(quoted(name)) has")
    var tier = Tier(name: name, isPoints: isPoints, entries: [])
    for number in 0..<count {
      guard let start = try time(), let end = isPoints ? start : try time(),
        case .text(let text)? = try next()
      else {
        wrong.append(
          (
            row,
            "entry \(number + 1) of the tier \(quoted(name)) is not a time and a text in quotes."
          ))
        tiers.append(tier)
        return false
      }
      tier.entries.append((start, end, text, row))
    }
    tiers.append(tier)
    return true
  }

  private mutating func time() throws(CorpusError) -> Double? {
    guard case .number(let value)? = try next(), value.isFinite else { return nil }
    return value
  }

  private mutating func next() throws(CorpusError) -> Token? {
    while place < bytes.count {
      let byte = bytes[place]
      if isSpace(byte) {
        step()
        continue
      }
      row = line
      if byte == UInt8(ascii: "\"") { return .text(try quotedText()) }
      if byte == UInt8(ascii: "!") {
        while place < bytes.count, bytes[place] != UInt8(ascii: "\n") { place += 1 }
        continue
      }
      let start = place
      // A quote inside a word begins no text; Praat takes the word for a comment up to a blank.
      while place < bytes.count, !isSpace(bytes[place]) { place += 1 }
      let word = bytes[start..<place]
      if byte == UInt8(ascii: "<"), word.last == UInt8(ascii: ">"), word.count > 2 {
        return .flag(String(decoding: word.dropFirst().dropLast(), as: UTF8.self))
      }
      if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") || (0x30...0x39).contains(byte),
        let number = Double(String(decoding: word, as: UTF8.self))
      {
        return .number(number)
      }
    }
    row = line
    return nil
  }

  private mutating func step() {
    if bytes[place] == UInt8(ascii: "\n") { line += 1 }
    place += 1
  }

  private mutating func quotedText() throws(CorpusError) -> String {
    place += 1
    var text: [UInt8] = []
    while place < bytes.count {
      let byte = bytes[place]
      step()
      guard byte == UInt8(ascii: "\"") else {
        text.append(byte)
        continue
      }
      guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else {
        return String(decoding: text, as: UTF8.self)
      }
      text.append(byte)
      place += 1
    }
    throw failure("a quote is never closed.")
  }
}
