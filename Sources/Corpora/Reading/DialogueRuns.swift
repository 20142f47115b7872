internal import Dialogues

/// Where in a file the rows of each dialogue are.
///
/// A turn belongs after the turns before it, so a dialogue can only be handed on whole; but nothing
/// says that its rows stand together. Reading the whole file into memory would do, and does not
/// for a million turns. So the file is read twice: once for the ids, keeping a few bytes for each
/// run of rows of the same dialogue, and once dialogue by dialogue.
struct DialogueRuns {
  private struct Run {
    var dialogue: Int32
    var count: Int32
    var position: RecordPosition
  }

  /// The dialogues, in the order they first appear.
  private(set) var keys: [DialogueKey] = []
  private var numbers: [DialogueKey: Int32] = [:]
  private var runs: [Run] = []

  /// Reads the file once.
  ///
  /// Rows that break the rules of the format are reported here, once.
  ///
  /// - Parameter key: the dialogue of the row just read; `nil` for a row to leave out, which it has
  ///   reported.
  init(
    _ reader: any RecordReader, run: ImportRun, key: () throws -> DialogueKey?
  ) throws {
    var isSorted = true
    var current: Int32 = -1
    run.expect(bytes: 2 * reader.size)
    while true {
      let position = reader.position
      let outcome = try reader.next()
      run.advance(bytes: reader.position.offset - position.offset)
      if outcome == .end { break }
      if case .wrong(let reason) = outcome {
        try run.warn(.malformedRow, reader.path, row: reader.row, reason)
        current = -1
        continue
      }
      guard let key = try key() else {
        current = -1
        continue
      }
      if current >= 0, keys[Int(current)] == key {
        runs[runs.count - 1].count += 1
        continue
      }
      if run.wantsFirstDialogue, current >= 0 { break }
      if let number = numbers[key] {
        isSorted = isSorted && number >= (runs.last?.dialogue ?? 0)
        current = number
      } else {
        current = Int32(keys.count)
        numbers[key] = current
        keys.append(key)
      }
      runs.append(Run(dialogue: current, count: 1, position: position))
    }
    if !isSorted {
      runs.sort { ($0.dialogue, $0.position.offset) < ($1.dialogue, $1.position.offset) }
    }
  }

  /// Goes through the dialogues in the order they first appear.
  ///
  /// - Parameters:
  ///   - row: reads the row the reader is at.
  ///   - end: ends the dialogue whose rows were read since it was last called.
  func forEach(
    in reader: any RecordReader, run: ImportRun, row: (DialogueKey) throws -> Void,
    end: (DialogueKey) throws -> Void
  ) throws {
    for (place, stretch) in runs.enumerated() {
      let key = keys[Int(stretch.dialogue)]
      try read(stretch, in: reader, run: run) { try row(key) }
      if place + 1 == runs.count || runs[place + 1].dialogue != stretch.dialogue { try end(key) }
    }
  }

  /// Goes through the rows of one dialogue; there may be none.
  func forEachRow(
    of key: DialogueKey, in reader: any RecordReader, run: ImportRun, row: () throws -> Void
  ) throws {
    guard let number = numbers[key] else { return }
    // Runs are in the order of their dialogues' numbers.
    var low = 0
    var high = runs.count
    while low < high {
      let middle = (low + high) / 2
      if runs[middle].dialogue < number { low = middle + 1 } else { high = middle }
    }
    while low < runs.count, runs[low].dialogue == number {
      try read(runs[low], in: reader, run: run, row: row)
      low += 1
    }
  }

  private func read(
    _ stretch: Run, in reader: any RecordReader, run: ImportRun, row: () throws -> Void
  ) throws {
    reader.seek(stretch.position)
    for _ in 0..<stretch.count {
      let start = reader.position.offset
      guard try reader.next() == .record else {
        throw CorpusError(
          file: reader.path, row: reader.row, message: "the file changed while it was read.")
      }
      try row()
      run.advance(bytes: reader.position.offset - start)
      if reader.metForeignEncoding {
        try run.warn(
          .encoding, reader.path, row: reader.row,
          "it is not UTF-8 and was read as Windows-1252; check its accents and quotes.")
      }
    }
  }
}
