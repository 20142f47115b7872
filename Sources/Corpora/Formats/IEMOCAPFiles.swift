/// A file of IEMOCAP as lines of text.
struct IEMOCAPLines {
  /// The lines, without their ends; the first is row 1.
  let lines: [String]
  /// Whether the bytes were not UTF-8.
  let isForeign: Bool

  init(_ path: String) throws(CorpusError) {
    let bytes = try FileSystem.contents(path)
    var lines: [String] = []
    var isForeign = false
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      let (text, isUTF8) = TextDecoding.decode(line.last == 0x0D ? line.dropLast() : line)
      isForeign = isForeign || !isUTF8
      lines.append(text)
    }
    self.lines = lines
    self.isForeign = isForeign
  }
}

/// One turn's block in an `EmoEvaluation` file.
struct IEMOCAPEvaluation {
  /// The row of its first line.
  var row: Int
  /// The turn's id.
  var turn: String
  /// Start and end in the dialogue, in seconds.
  var start, end: Double
  /// The consensus code, such as `neu`; `xxx` without majority.
  var code: String
  /// The means the corpus ships, verbatim: `[2.5000, 2.5000, 2.5000]`.
  var means: String
  /// The lines of its raters and of the speakers themselves.
  var answers: [RaterLine] = []

  /// A line such as `C-E3:	Frustration; Anger;	(both)` or `A-E3:	val 3; act 2; dom  2;	()`.
  struct RaterLine: Equatable {
    /// The rater as the line spells it, such as `E3` or `F1`.
    var rater: String
    /// The categories as the line spells them; empty in a line of dimensions.
    var categories: [String] = []
    /// The dimensions under their modern names; one that is left empty is absent, not 0.
    var dimensions: [String: Double] = [:]
    /// What stands in the parentheses.
    var comment = ""
  }

  /// What a line of the file is.
  enum Line {
    case turn(IEMOCAPEvaluation)
    case rater(RaterLine)
    /// The head of the file, or empty.
    case nothing
    case wrong(String)
  }

  static func parse(_ line: String, row: Int) -> Line {
    if line.isEmpty || line.hasPrefix("%") { return .nothing }
    if line.hasPrefix("[") { return parseTurn(line, row: row) }
    if line.hasPrefix("C-") || line.hasPrefix("A-") { return parseRater(line) }
    return trimmed(line).isEmpty
      ? .nothing : .wrong("it is neither a turn nor a rater's line: \(quoted(line)).")
  }

  private static func parseTurn(_ line: String, row: Int) -> Line {
    let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
    guard cells.count >= 3, cells[0].hasSuffix("]") else {
      return .wrong("a turn needs a time in brackets, an id and a label, separated by tabs.")
    }
    let times = cells[0].dropFirst().dropLast().split(separator: " - ").map { trimmed($0) }
    guard times.count == 2, let start = ClockTime.seconds(times[0]),
      let end = ClockTime.seconds(times[1])
    else { return .wrong("the time \(quoted(cells[0])) is not like [6.2901 - 8.2357].") }
    return .turn(
      IEMOCAPEvaluation(
        row: row, turn: trimmed(cells[1]), start: start, end: end, code: trimmed(cells[2]),
        means: cells.count > 3 ? trimmed(cells[3]) : ""))
  }

  private static func parseRater(_ line: String) -> Line {
    let cells = line.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false)
    guard cells.count >= 2, cells[0].hasSuffix(":"), cells[0].count >= 4 else {
      return .wrong("a rater's line needs a name, a colon and a tab: \(quoted(line)).")
    }
    var answer = RaterLine(rater: String(cells[0].dropFirst(2).dropLast()))
    if cells.count == 3 {
      var comment = trimmed(cells[2])
      if comment.hasPrefix("("), comment.hasSuffix(")"), comment.count >= 2 {
        comment = String(comment.dropFirst().dropLast())
      }
      answer.comment = trimmed(comment)
    }
    let parts = cells[1].split(separator: ";").map { trimmed($0) }.filter { !$0.isEmpty }
    if line.hasPrefix("C-") {
      answer.categories = parts
      return .rater(answer)
    }
    let names = ["val": "valence", "act": "arousal", "dom": "dominance"]
    for part in parts {
      let words = part.split(separator: " ")
      guard let name = words.first.flatMap({ names[String($0)] }), words.count <= 2 else {
        return .wrong("\(quoted(part)) is not val, act or dom with a number.")
      }
      guard words.count == 2 else { continue }
      guard let value = Double(words[1]), (1...5).contains(value) else {
        return .wrong("\(quoted(part)) is not a number from 1 to 5.")
      }
      answer.dimensions[name] = value
    }
    return .rater(answer)
  }
}

/// A line of a transcript, such as `Ses01F_impro01_F000 [006.2901-007.4051]: Good morning`.
struct IEMOCAPTranscriptLine: Equatable {
  /// The turn's id.
  var turn: String
  /// Start and end in the dialogue, in seconds; `nil` where the line has no time.
  var time: ClosedTime?
  /// What is said, with its tags such as `[LAUGHTER]`.
  var text: String

  /// Two times in seconds.
  struct ClosedTime: Equatable {
    var start, end: Double
  }

  /// `nil` for a line without a turn's id: a few dialogues have stray ones.
  static func parse(_ line: String) -> IEMOCAPTranscriptLine? {
    guard let space = line.firstIndex(where: { $0 == " " || $0 == "\t" || $0 == ":" }) else {
      return nil
    }
    let id = line[..<space]
    guard IEMOCAPNames.turn(id) != nil else { return nil }
    var rest = line[space...].drop { $0 == " " || $0 == "\t" }
    var time: ClosedTime?
    if rest.hasPrefix("["), let close = rest.firstIndex(of: "]") {
      let times = rest[rest.index(after: rest.startIndex)..<close].split(separator: "-")
        .map { trimmed($0) }
      if times.count == 2, let start = ClockTime.seconds(times[0]),
        let end = ClockTime.seconds(times[1])
      {
        time = ClosedTime(start: start, end: end)
        rest = rest[rest.index(after: close)...]
      }
    }
    guard rest.hasPrefix(":") else { return nil }
    return IEMOCAPTranscriptLine(
      turn: String(id), time: time, text: trimmed(rest.dropFirst()))
  }
}

/// A `ForcedAlignment` file: when each word is said, by the Sphinx recogniser, in frames of 10 ms.
enum IEMOCAPAlignment {
  /// The words, without silences, noises and the numbers of pronunciations (`THE(2)`).
  ///
  /// - Returns: the words with start and end in seconds from the start of the turn, and the rows that
  ///   cannot be read.
  static func parse(
    _ lines: [String]
  ) -> (words: [(word: String, start: Double, end: Double)], wrong: [Int]) {
    var words: [(word: String, start: Double, end: Double)] = []
    var wrong: [Int] = []
    for (place, line) in lines.enumerated() {
      let cells = line.split { $0 == " " || $0 == "\t" }
      if cells.isEmpty || cells[0] == "SFrm" || cells[0] == "Total" { continue }
      guard cells.count == 4, let first = Int(cells[0]), let last = Int(cells[1]), first >= 0,
        last >= first, last < 1_000_000
      else {
        wrong.append(place + 1)
        continue
      }
      var word = cells[3]
      if word.hasPrefix("<") || word.hasPrefix("++") { continue }
      if word.hasSuffix(")"), let open = word.lastIndex(of: "("), open > word.startIndex {
        word = word[..<open]
      }
      words.append((String(word), Double(first) / 100, Double(last + 1) / 100))
    }
    return (words, wrong)
  }
}
