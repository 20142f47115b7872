import Agreement
import Corpora
import Report

/// A CSV file of ratings with the columns `item`, `rater`, `label` and optionally `dialogue`: what
/// agreement can be computed on without a project.
///
/// Columns `speaker`, `position`, `condition`, `split` and `time` (a number) are used where a scope asks
/// for them; others are passed over. The file is read piece by piece.
struct RatingsFile {
  let path: String
  let level: AgreementReport.Level
  let labels: [String]
  let raters: Set<String>
  let scopes: [AgreementScope]

  /// Reads all ratings.
  ///
  /// - Parameter skip: raters to leave out.
  /// - Returns: the ratings and the row of each; sentences on what was left out.
  /// - Throws: a failure with the row and a reason for anything that is no rating.
  func read() throws -> (ratings: RatingCollector, rows: [Int32], notes: [String]) {
    let labels = level == .ordinal && labels.isEmpty ? try orderedNumbers() : labels
    let reader = try CSVReader(path: path)
    func column(_ name: String) throws -> Int {
      if let column = reader.column(name) { return column }
      throw CorpusError(
        file: path,
        message: "ratings need the columns item, rater and label; the file has "
          + reader.columns.map { "“\($0.visibleName)”" }.joined(separator: ", ") + ".")
    }
    let (item, rater, label) = (try column("item"), try column("rater"), try column("label"))
    let dialogue = reader.column("dialogue")
    let named = try scopes.filter { $0 != .label && $0 != .window }.map { scope in
      (scope, try scopeColumn(scope.rawValue, for: scope, in: reader))
    }
    let time = try scopes.contains(.window) ? scopeColumn("time", for: .window, in: reader) : nil
    var ratings = RatingCollector(level: level, labels: labels, merging: !labels.isEmpty)
    var rows: [Int32] = []
    var (withoutLabel, others) = (0, 0)
    let bar = ProgressBar(path)
    func fail(_ reason: String) -> CorpusError {
      CorpusError(file: path, row: reader.row, message: reason)
    }
    while true {
      switch try reader.next() {
      case .end:
        bar.finish()
        var notes: [String] = []
        if withoutLabel > 0 {
          notes.append("\(counted(withoutLabel, "row")) without a label left out.")
        }
        if others > 0 { notes.append("\(counted(others, "rating")) of other raters left out.") }
        return (ratings, rows, notes)
      case .wrong(let reason):
        throw fail(reason)
      case .record:
        break
      }
      if reader.row & 0xFFF == 0 {
        try Interruption.check()
        bar.update(reader.fractionRead)
      }
      let name = reader.text(rater).withoutBlanks
      guard !name.isEmpty else { throw fail("the rater is empty.") }
      guard raters.isEmpty || raters.contains(name) else {
        others += 1
        continue
      }
      let what = reader.text(item).withoutBlanks
      guard !what.isEmpty else { throw fail("the item is empty.") }
      let answer = reader.text(label).withoutBlanks
      guard !answer.isEmpty || level == .sets else {
        withoutLabel += 1
        continue
      }
      let home = dialogue.map { reader.text($0).withoutBlanks }
      do {
        try ratings.add(
          item: what, dialogue: home.flatMap { $0.isEmpty ? nil : $0 }, rater: name,
          labels: level == .sets ? parts(of: answer) : [numbered(answer)])
      } catch {
        throw fail("\(error)")
      }
      rows.append(Int32(clamping: reader.row))
      for (scope, column) in named {
        let part = reader.text(column).withoutBlanks
        ratings.note(part.isEmpty ? nil : part, for: scope)
      }
      if let time {
        let text = reader.text(time).withoutBlanks
        guard text.isEmpty || Double(text)?.isFinite == true else {
          throw fail("the time “\(text.visibleName)” is not a number.")
        }
        ratings.note(time: Double(text))
      }
    }
  }

  private func scopeColumn(
    _ name: String, for scope: AgreementScope, in reader: CSVReader
  ) throws -> Int {
    if let column = reader.column(name) { return column }
    throw CorpusError(
      file: path, message: "--by \(scope.rawValue) needs a column “\(name)” in a file of ratings.")
  }

  /// The labels of an ordinal scale whose order nobody said: numbers in theirs.
  private func orderedNumbers() throws -> [String] {
    let reader = try CSVReader(path: path)
    guard let label = reader.column("label") else { return [] }
    var values: Set<Double> = []
    while true {
      switch try reader.next() {
      case .end: return values.sorted().map { numbered("\($0)") }
      case .wrong(let reason): throw CorpusError(file: path, row: reader.row, message: reason)
      case .record: break
      }
      let text = reader.text(label).withoutBlanks
      guard !text.isEmpty else { continue }
      guard let value = Double(text), value.isFinite else {
        throw CorpusError(
          file: path, row: reader.row,
          message:
            "“\(text.visibleName)” is not a number; where ordered labels are words, say their "
            + "order with --labels low,middle,high.")
      }
      values.insert(value == 0 ? 0 : value)
      if values.count > AgreementCommand.mostLabels { throw AgreementCommand.tooManyLabels(path) }
    }
  }

  /// 3, 3.0 and 3e0 are the same place on an ordinal scale of numbers.
  private func numbered(_ answer: String) -> String {
    guard level == .ordinal, labels.isEmpty, let value = Double(answer) else { return answer }
    return Int(exactly: value).map { "\($0)" } ?? "\(value)"
  }

  private func parts(of answer: String) -> [String] {
    answer.split(separator: "|").map { String($0).withoutBlanks }.filter { !$0.isEmpty }
  }
}

extension String {
  /// Without the blanks and line ends around it, which people do not mean as part of a name.
  var withoutBlanks: String {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    guard let first = utf8.first, let last = utf8.last, isBlank(first) || isBlank(last) else {
      return self
    }
    var rest = utf8.drop(while: isBlank)
    while let last = rest.last, isBlank(last) { rest.removeLast() }
    return String(Substring(rest))
  }
}
