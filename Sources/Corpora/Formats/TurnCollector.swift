internal import Dialogues

/// The turns of one dialogue while its rows come in.
struct TurnCollector {
  private struct Entry {
    var order: Double
    var turn: Turn
    var ratings: [Rating]
  }

  private var entries: [Entry] = []
  private var places: [String: Int] = [:]
  /// The dialogue's title; empty where the corpus has none.
  var title = ""
  /// What models predict for the turns added so far.
  var predictions: [ImportedPrediction] = []

  /// The place of a turn met before; `nil` if it is new.
  func place(of turn: String) -> Int? { places[turn] }

  /// The turn at a place.
  subscript(place: Int) -> Turn {
    get { entries[place].turn }
    set { entries[place].turn = newValue }
  }

  /// The ratings of the turn at a place.
  func ratings(at place: Int) -> [Rating] { entries[place].ratings }

  /// Adds a rating to the turn at a place.
  mutating func add(_ rating: Rating, at place: Int) { entries[place].ratings.append(rating) }

  /// Adds a rating to the turn at a place, or to what the same rater said of it before.
  ///
  /// - Returns: whether nothing said before contradicts it. Otherwise nothing changes.
  mutating func merge(_ rating: Rating, at place: Int) -> Bool {
    guard
      let known = entries[place].ratings.firstIndex(where: { $0.rater.name == rating.rater.name })
    else {
      entries[place].ratings.append(rating)
      return true
    }
    var answer = entries[place].ratings[known].answer
    guard
      answer.labels.isEmpty || rating.answer.labels.isEmpty
        || answer.labels == rating.answer.labels,
      rating.answer.dimensions.allSatisfy({ answer.dimensions[$0.key] ?? $0.value == $0.value })
    else { return false }
    if answer.labels.isEmpty { answer.labels = rating.answer.labels }
    answer.dimensions.merge(rating.answer.dimensions) { first, _ in first }
    answer.confidence = answer.confidence ?? rating.answer.confidence
    entries[place].ratings[known].answer = answer
    return true
  }

  /// Adds a turn that ``place(of:)`` does not know.
  ///
  /// Turns are handed on by `order`; equal ones, in the order they were added.
  mutating func add(_ turn: Turn, order: Double = 0, ratings: [Rating]) {
    places[turn.key.turn] = entries.count
    entries.append(Entry(order: order, turn: turn, ratings: ratings))
  }

  /// The turns added so far, in that order.
  var count: Int { entries.count }

  /// Where several turns share one recording, a turn's times are its part of the file.
  ///
  /// Where each has a file of its own, it plays whole, and times are information.
  mutating func shareRecordings() {
    var users: [String: Int] = [:]
    for entry in entries { if let audio = entry.turn.audio { users[audio.path, default: 0] += 1 } }
    guard users.values.contains(where: { $0 > 1 }) else { return }
    for place in entries.indices {
      let turn = entries[place].turn
      guard let audio = turn.audio, audio.span == nil, users[audio.path, default: 0] > 1,
        let time = turn.time, time.end > time.start
      else { continue }
      entries[place].turn.audio?.span = time
    }
  }

  /// Hands the dialogue on and begins anew.
  mutating func finish(_ key: DialogueKey, file: String, run: ImportRun) throws {
    // The standard library's sort is stable in fact but not in contract.
    let order = entries.indices.sorted { (entries[$0].order, $0) < (entries[$1].order, $1) }
    let imported = ImportedDialogue(
      dialogue: Dialogue(key: key, title: title, turns: order.map { entries[$0].turn }),
      ratings: order.flatMap { entries[$0].ratings }, predictions: predictions)
    predictions.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
    title = ""
    try run.emit(imported, file: file)
  }
}

/// Some of a table's columns, quick to ask for.
struct ColumnSet {
  private var members: [Bool] = []

  init(_ places: [Int?]) {
    for place in places { if let place { insert(place) } }
  }

  mutating func insert(_ place: Int) {
    while members.count <= place { members.append(false) }
    members[place] = true
  }

  func contains(_ place: Int) -> Bool { place < members.count && members[place] }
}

extension RecordReader {
  /// The cells of the columns that have no field of their own, without the empty ones.
  func metadata(except used: ColumnSet) -> [MetadataField] {
    var fields: [MetadataField] = []
    for (place, name) in columns.enumerated() where !used.contains(place) && !name.isEmpty {
      let value = text(place)
      if !value.isEmpty { fields.append(MetadataField(name: name, value: value)) }
    }
    return fields
  }
}

extension ImportRun {
  /// A turn's time from two cells, as ``ClockTime`` reads them; `nil`, and a warning, where they are
  /// there and cannot be read.
  func time(_ start: String, _ end: String, in reader: any RecordReader) throws -> TimeSpan? {
    let (start, end) = (trimmed(start), trimmed(end))
    if start.isEmpty && end.isEmpty { return nil }
    guard let from = ClockTime.seconds(start), let to = ClockTime.seconds(end) else {
      try warn(
        .unreadableValue, reader.path, row: reader.row,
        "the times \(quoted(start)) and \(quoted(end)) are not both readable; the turn has none.")
      return nil
    }
    if to < from {
      try warn(
        .backwardTime, reader.path, row: reader.row,
        "the turn starts at \(quoted(start)) and ends at \(quoted(end)).")
    }
    return TimeSpan(start: from, end: to)
  }
}
