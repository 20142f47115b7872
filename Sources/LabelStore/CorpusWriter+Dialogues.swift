internal import Dialogues
internal import GRDB

/// Storing dialogues.
extension CorpusWriter {
  /// What becomes of titles, times, words and further columns of a dialogue that is already there.
  enum Update {
    /// They follow the newest import.
    case following
    /// Of two the greater one counts, which is the same in every order of merging.
    case settling
  }

  /// Appends a dialogue, or compares it with the one that is there.
  func store(_ dialogue: Dialogue, _ update: Update) throws {
    guard let corpus, dialogue.key.corpus == corpus.name else {
      throw refusal("\(dialogue.key): the dialogue does not belong to the corpus being imported.")
    }
    if let id = try project.dialogueID(db, dialogue.key) {
      try compare(dialogue, id, update)
    } else {
      try append(dialogue)
    }
  }

  private func append(_ dialogue: Dialogue) throws {
    guard dialogue.turns.count <= TurnRow.mostTurns else {
      throw refusal("\(dialogue.key): the dialogue has more than \(TurnRow.mostTurns) turns.")
    }
    guard !dialogue.key.dialogue.isEmpty,
      !(dialogue.key.split + dialogue.key.dialogue).utf8.contains(0)
    else {
      throw refusal("\(dialogue.key): the id of the dialogue is empty or holds a NUL character.")
    }
    lastDialogue += 1
    lastDialogueIsNew = true
    newRatings.removeAll(keepingCapacity: true)
    report.newDialogues += 1
    corpus?.dialogues += 1
    try db.run(
      """
      INSERT INTO dialogue (id, corpus, split, name, title, turn_count) VALUES (?, ?, ?, ?, ?, ?)
      """, lastDialogue, corpus?.id, dialogue.key.split, dialogue.key.dialogue,
      StoredText.clean(dialogue.title), dialogue.turns.count)
    var rows: [String: TurnRow] = [:]
    rows.reserveCapacity(dialogue.turns.count)
    for (place, turn) in dialogue.turns.enumerated() {
      let row = TurnRow(dialogue: lastDialogue, turn: place)
      guard turn.key.dialogue == dialogue.key,
        rows.updateValue(row, forKey: turn.key.turn) == nil
      else {
        throw refusal("\(turn.key): the turn occurs twice in its dialogue or belongs to another.")
      }
      try append(turn, at: row)
    }
    places.remember(dialogue.key, rows)
  }

  private func append(_ turn: Turn, at row: TurnRow) throws {
    let columns = try TurnColumns(turn, refusal: refusal)
    try turnInsertion.run(
      db,
      [
        .integer(row.id), .integer(row.dialogue), .integer(Int64(row.place.turn)),
        .text(turn.key.turn), .text(columns.speaker), .text(columns.text),
        .optional(columns.audioPath), .optional(columns.audio?.start),
        .optional(columns.audio?.end), .optional(columns.time?.start), .optional(columns.time?.end),
        .optional(columns.words), .optional(columns.metadata),
      ])
    report.newTurns += 1
    corpus?.turns += 1
    // A sum does not depend on the order of the dialogues.
    var fingerprint = Fingerprint()
    for part in [turn.key.description, columns.speaker, columns.text] { fingerprint.add(part) }
    corpus?.fingerprint &+= fingerprint.value
  }

  private func compare(_ dialogue: Dialogue, _ id: Int64, _ update: Update) throws {
    report.knownDialogues += 1
    guard let stored = try project.dialogue(db, id: id) else { return }
    var title = StoredText.clean(dialogue.title)
    if update == .settling { title = greater(title, stored.title) ?? "" }
    if !title.isEmpty, title != stored.title {
      try db.run("UPDATE dialogue SET title = ? WHERE id = ?", title, id)
    }
    if dialogue.turns.map(\.key) != stored.turns.map(\.key) {
      report.changedTurns += dialogue.turns.count
      report.note(
        "\(dialogue.key): the dialogue has other turns than when it was imported "
          + "(\(stored.turns.count) then, \(dialogue.turns.count) now); it was kept as it was.")
      return
    }
    for (place, (turn, stored)) in zip(dialogue.turns, stored.turns).enumerated() {
      var columns = try TurnColumns(turn, refusal: refusal)
      let before = try TurnColumns(stored, refusal: refusal)
      if update == .settling { columns.settle(with: before) }
      if columns.speaker != before.speaker || columns.text != before.text {
        report.changedTurns += 1
        report.note(
          "\(turn.key): it was “\(before.speaker): \(before.text)” and is now "
            + "“\(columns.speaker): \(columns.text)”; it was kept as it was.")
      } else if columns == before {
        report.unchangedTurns += 1
      } else {
        report.updatedTurns += 1
        try write(columns, to: TurnRow(dialogue: id, turn: place))
      }
    }
  }

  private func write(_ columns: TurnColumns, to row: TurnRow) throws {
    try db.run(
      """
      UPDATE turn SET audio_path = ?, audio_start = ?, audio_end = ?, start = ?, end = ?, words = ?,
        metadata = ? WHERE id = ?
      """, columns.audioPath, columns.audio?.start, columns.audio?.end, columns.time?.start,
      columns.time?.end, columns.words, columns.metadata, row.id)
  }

  func refusal(_ sentence: String) -> ProjectError {
    ProjectError(.refused, "\(project.path): \(sentence)")
  }
}

/// A turn as it lies in its columns.
private struct TurnColumns: Equatable {
  var speaker: String
  var text: String
  var audioPath: String?
  var audio: TimeSpan?
  var time: TimeSpan?
  var words: String?
  var metadata: String?

  init(_ turn: Turn, refusal: (String) -> ProjectError) throws {
    guard !turn.key.turn.isEmpty, !turn.key.turn.utf8.contains(0) else {
      throw refusal("\(turn.key): the id of the turn is empty or holds a NUL character.")
    }
    speaker = StoredText.clean(turn.speaker)
    text = StoredText.clean(turn.text)
    if let audio = turn.audio {
      let parts = audio.path.split(separator: "/", omittingEmptySubsequences: false)
      guard !audio.path.isEmpty, !audio.path.hasPrefix("/"), !parts.contains(".."),
        !audio.path.utf8.contains(0)
      else {
        throw refusal("\(turn.key): its sound “\(audio.path)” lies outside the corpus.")
      }
      audioPath = audio.path
      self.audio = audio.span
    }
    time = turn.time
    let times = [audio, time].compactMap(\.self) + turn.words.map(\.span)
    guard times.allSatisfy({ $0.start.isFinite && $0.end.isFinite }) else {
      throw refusal("\(turn.key): one of its times is not a number of seconds.")
    }
    words = StoredText.words(turn.words)
    metadata = StoredText.metadata(turn.metadata)
  }

  /// Takes over what is greater in a copy that is kept, and where the sound lies there: it need not lie
  /// in the same place elsewhere.
  mutating func settle(with kept: TurnColumns) {
    if kept.audioPath == audioPath {
      audio = greater(kept.audio, audio)
    } else if kept.audioPath != nil {
      (audioPath, audio) = (kept.audioPath, kept.audio)
    }
    time = greater(kept.time, time)
    words = greater(kept.words, words)
    metadata = greater(kept.metadata, metadata)
  }
}

/// The greater of two texts by their bytes, nothing being the least.
private func greater(_ one: String?, _ other: String?) -> String? {
  guard let one, let other else { return one ?? other }
  return one.utf8.lexicographicallyPrecedes(other.utf8) ? other : one
}

private func greater(_ one: TimeSpan?, _ other: TimeSpan?) -> TimeSpan? {
  guard let one, let other else { return one ?? other }
  return (one.start, one.end) < (other.start, other.end) ? other : one
}
