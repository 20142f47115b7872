internal import Dialogues

/// The columns of a table that hold a rater's answer.
struct AnswerColumns {
  private let label: Int?
  private let confidence: Int?
  private let time: Int?
  private let dimensions: [(name: String, column: Int)]

  /// The dimensions known by name; a project's own are added to them.
  static let usualDimensions = ["valence", "arousal", "dominance"]

  init(_ reader: any RecordReader, scheme: LabelScheme?) {
    label = reader.column("label")
    confidence = reader.column("confidence")
    time = reader.column("time")
    let names = (scheme?.dimensions.map(\.name) ?? []).filter { !Self.usualDimensions.contains($0) }
    dimensions = (Self.usualDimensions + names).compactMap { name in
      reader.column(name).map { (name, $0) }
    }
  }

  /// All of them.
  var places: [Int] { [label, confidence, time].compactMap(\.self) + dimensions.map(\.column) }

  /// The labels of a cell: several are separated by semicolons, as in IEMOCAP's files.
  static func labels(_ cell: String) -> [String] {
    cell.utf8.contains(UInt8(ascii: ";"))
      ? cell.split(separator: ";").map { trimmed($0) }.filter { !$0.isEmpty }
      : [trimmed(cell)].filter { !$0.isEmpty }
  }

  /// The answer and time of the row just read; `nil` where it holds neither a label nor a dimension.
  func answer(
    in reader: any RecordReader, run: ImportRun
  ) throws -> (answer: Answer, time: Double?)? {
    var answer = Answer(labels: Self.labels(reader.text(label)))
    for (name, column) in dimensions {
      let cell = trimmed(reader.text(column))
      if cell.isEmpty { continue }
      if let value = Double(cell), value.isFinite {
        answer.dimensions[name] = value
      } else {
        try run.warn(
          .unreadableValue, reader.path, row: reader.row,
          "\(name) \(quoted(cell)) is not a number; it is left out.")
      }
    }
    if answer.labels.isEmpty && answer.dimensions.isEmpty { return nil }
    let sure = trimmed(reader.text(confidence))
    if !sure.isEmpty {
      answer.confidence = Int(sure).flatMap { (1...3).contains($0) ? $0 : nil }
      if answer.confidence == nil {
        try run.warn(
          .unreadableValue, reader.path, row: reader.row,
          "confidence \(quoted(sure)) is not 1, 2 or 3; it is left out.")
      }
    }
    let moment = trimmed(reader.text(time))
    if moment.isEmpty { return (answer, nil) }
    guard let seconds = Timestamp.seconds(moment) else {
      try run.warn(
        .unreadableValue, reader.path, row: reader.row,
        "time \(quoted(moment)) is neither seconds since 1970 nor like 2026-05-01T14:02:00Z; "
          + "it is left out.")
      return (answer, nil)
    }
    return (answer, seconds)
  }
}

/// Points in time in files.
enum Timestamp {
  /// Seconds since 1970 from a number or from ISO 8601 with seconds, in UTC or with an offset; `nil`
  /// for anything else.
  static func seconds(_ text: String) -> Double? {
    if let number = Double(text) { return number.isFinite ? number : nil }
    let bytes = Array(text.utf8)
    guard bytes.count >= 19, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      bytes[10] == UInt8(ascii: "T") || bytes[10] == 0x20, bytes[13] == UInt8(ascii: ":"),
      bytes[16] == UInt8(ascii: ":"),
      let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
      let day = number(bytes[8..<10]), let hour = number(bytes[11..<13]),
      let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
      (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60
    else { return nil }
    var rest = bytes[19...]
    var fraction = 0.0
    if rest.first == UInt8(ascii: ".") {
      let digits = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
      guard !digits.isEmpty, let value = Double("0." + String(decoding: digits, as: UTF8.self))
      else { return nil }
      fraction = value
      rest = rest.dropFirst(1 + digits.count)
    }
    guard let offset = offset(rest) else { return nil }
    // Days from the civil calendar, Howard Hinnant, "chrono-compatible low-level date algorithms".
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let days =
      era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    return Double(days * 86_400 + hour * 3600 + minute * 60 + second - offset) + fraction
  }

  private static func offset(_ rest: ArraySlice<UInt8>) -> Int? {
    guard let sign = rest.first else { return 0 }
    if sign == UInt8(ascii: "Z") { return rest.count == 1 ? 0 : nil }
    let digits = rest.dropFirst().filter { $0 != UInt8(ascii: ":") }
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), digits.count == 4,
      let hours = number(digits[0..<2]), let minutes = number(digits[2..<4]), minutes < 60
    else { return nil }
    return (sign == UInt8(ascii: "-") ? -1 : 1) * (hours * 3600 + minutes * 60)
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }
}
