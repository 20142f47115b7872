internal import Dialogues

/// Reads one CSV file of MELD, or of a corpus made from it, with MELD's columns.
///
/// Poria et al. 2019, arXiv:1810.02508; the files are those of github.com/declare-lab/MELD.
struct MELDTable {
  /// What a MELD-like corpus has of its own.
  struct Kind: Sendable {
    /// The corpus the turns are filed under.
    var corpus: String
    /// The column with a language model's label, and the rater it becomes.
    var modelColumn: (name: String, rater: Rater)?
    /// Whether its text may have lost half of a mis-converted character.
    var isHalved = false
  }

  /// MELD's consensus of three annotators.
  static let rater = Rater(name: "MELD", kind: .corpus)
  /// The columns that make a file MELD's.
  static let columns = ["Utterance", "Speaker", "Emotion", "Dialogue_ID", "Utterance_ID"]

  let path: String
  let kind: Kind
  let split: String
  let clips: MELDClips?

  /// The header of a CSV file if it has MELD's columns; `nil` otherwise.
  static func header(_ path: String) -> [String]? {
    guard let reader = try? CSVReader(path: path), columns.allSatisfy(reader.columns.contains)
    else { return nil }
    return reader.columns
  }

  /// The split a file name speaks of; `nil` where it names none.
  static func split(of name: String) -> String? {
    let words = name.lowercased().split { !$0.isLetter }
    for (split, names) in [
      ("train", ["train", "trn"]), ("dev", ["dev", "val", "valid", "validation"]),
      ("test", ["test", "tst"]),
    ] where words.contains(where: { names.contains(String($0)) }) {
      return split
    }
    return nil
  }

  /// Reads the file into `run`.
  func read(into run: ImportRun) throws {
    let reader = try openRecords(path, renaming: run.options.columns)
    let dialogue = try reader.requiredColumn("Dialogue_ID", for: kind.corpus)
    let utterance = try reader.requiredColumn("Utterance_ID", for: kind.corpus)
    let text = try reader.requiredColumn("Utterance", for: kind.corpus)
    let emotion = try reader.requiredColumn("Emotion", for: kind.corpus)
    let speaker = reader.column("Speaker")
    let start = reader.column("StartTime")
    let end = reader.column("EndTime")
    let oldDialogue = reader.column("Old_Dialogue_ID")
    let oldUtterance = reader.column("Old_Utterance_ID")
    let model = kind.modelColumn.flatMap { column in
      reader.column(column.name).map { (place: $0, rater: column.rater) }
    }
    let used = ColumnSet(
      [dialogue, utterance, text, emotion, speaker, start, end, model?.place])

    let runs = try DialogueRuns(reader, run: run) {
      let id = trimmed(reader.text(dialogue))
      let place = trimmed(reader.text(utterance))
      guard isWholeNumber(id), isWholeNumber(place) else {
        try run.warn(
          .wrongValue, path, row: reader.row,
          "Dialogue_ID \(quoted(id)) and Utterance_ID \(quoted(place)) must both be whole numbers.")
        return nil
      }
      return DialogueKey(corpus: kind.corpus, split: split, dialogue: id)
    }

    var turns = TurnCollector()
    try runs.forEach(in: reader, run: run) { key in
      let id = trimmed(reader.text(utterance))
      if turns.place(of: id) != nil {
        try run.warn(
          .duplicate, path, row: reader.row,
          "turn \(id) of dialogue \(key.dialogue) was there before; the first is kept.")
        return
      }
      var turn = Turn(key: TurnKey(dialogue: key, turn: id))
      turn.speaker = trimmed(reader.text(speaker))
      turn.text = reader.text(text)
      try repair(&turn, in: reader, run: run)
      turn.time = try run.time(reader.text(start), reader.text(end), in: reader)
      turn.metadata = reader.metadata(except: used)
      turn.audio = try clips?.find(
        dialogue: clipNumber(reader, oldDialogue) ?? key.dialogue,
        utterance: clipNumber(reader, oldUtterance) ?? id, row: reader.row, of: path, run: run)
      var ratings: [Rating] = []
      let label = trimmed(reader.text(emotion))
      if !label.isEmpty {
        ratings.append(
          Rating(turn: turn.key, rater: Self.rater, answer: Answer(labels: [label])))
      }
      if let model {
        let label = trimmed(reader.text(model.place))
        if !label.isEmpty {
          ratings.append(
            Rating(turn: turn.key, rater: model.rater, answer: Answer(labels: [label])))
        }
      }
      turns.add(turn, order: Double(id) ?? 0, ratings: ratings)
    } end: { key in
      try turns.finish(key, file: path, run: run)
    }
  }

  private func clipNumber(_ reader: any RecordReader, _ column: Int?) -> String? {
    guard let column else { return nil }
    let id = trimmed(reader.text(column))
    return isWholeNumber(id) ? id : nil
  }

  private func repair(_ turn: inout Turn, in reader: any RecordReader, run: ImportRun) throws {
    let text = TextDecoding.repaired(turn.text, isHalved: kind.isHalved)
    let speaker = TextDecoding.repaired(turn.speaker, isHalved: kind.isHalved)
    guard text != nil || speaker != nil else { return }
    turn.text = text ?? turn.text
    turn.speaker = speaker ?? turn.speaker
    try run.warn(
      .repairedText, path, row: reader.row,
      "quotes or accents were damaged by a wrong conversion; it reads \(quoted(turn.text)) now.")
  }
}

/// Whether text is one or more ASCII digits, few enough for a number.
func isWholeNumber(_ text: String) -> Bool {
  !text.isEmpty && text.utf8.count <= 15 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
}
